"""Pairs of a statement and a claim with what the one does to the other, of our own, from which the matcher learns."""

from collections.abc import Iterator

from bench.matching.outlines import Outline, Statement
from claimtrack.extraction.dates import due_on
from claimtrack.extraction.spelling import name_key
from claimtrack.matching.stance import ClaimFacts, StatementFacts

type Example = tuple[StatementFacts, ClaimFacts, str]  # the last a stance, `repeats` or `none`


def examples_in(outline: Outline) -> Iterator[Example]:
    """Each statement of an outline with each claim made before it."""
    for statement, claim, stance in outline.pairs():
        yield statement_facts(statement), claim_facts(claim), stance


def statement_facts(one: Statement) -> StatementFacts:
    """What the matcher would know of it."""
    due = due_on(one.text, one.said_on, kind=one.kind)
    return StatementFacts(one.text, frozenset({name_key(one.speaker)}), one.kind, said_on=one.said_on, due_on=due)


def claim_facts(one: Statement, claim_id: int = 0) -> ClaimFacts:
    """The claim that the service would open for it."""
    of = statement_facts(one)
    return ClaimFacts(claim_id, of.text, of.speaker_ids, of.kind, first_said_on=of.said_on, due_on=of.due_on)
