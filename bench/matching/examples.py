"""Pairs of a statement and a claim with what the one does to the other, of our own, from which the matcher learns."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bench.matching.outlines import Outline, Statement
from claimtrack.extraction.dates import due_on
from claimtrack.extraction.spelling import name_key
from claimtrack.matching.stance import ClaimFacts, StatementFacts

OWN_PAIRS = Path(__file__).parents[2] / "tests" / "data" / "bearings" / "pairs.tsv"
SAME_DAY, LATER = date(2030, 2, 3), date(2030, 6, 20)

type Example = tuple[StatementFacts, ClaimFacts, str]  # the last a stance, `repeats` or `none`


def own_pairs() -> Iterator[Example]:
    """Single pairs written for this, over many topics: who, kinds, stance and the two texts."""
    with OWN_PAIRS.open(encoding="utf-8", newline="") as lines:
        for who, kind, claim_kind, stance, text, claim in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            said_on = LATER if stance == "reports_outcome" else SAME_DAY
            speaker = frozenset({"one" if who == "same" else "another"})
            yield (
                StatementFacts(text, speaker, kind, said_on=said_on),
                ClaimFacts(0, claim, frozenset({"one"}), claim_kind, first_said_on=SAME_DAY),
                stance,
            )


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
