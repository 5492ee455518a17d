"""Is this statement a claim that we already know? The machine accepts only what cannot be mistaken."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from claimtrack.matching.normalize import proposition
from claimtrack.matching.similarity import Similarity, similarity
from claimtrack.matching.stance import (
    ClaimFacts,
    Stance,
    StanceJudgement,
    StatementFacts,
    judge_stance,
    times_differ,
)

MATCHER = "lexical-1"
ACCEPT_AT = 0.90
REVIEW_AT = 0.60
CHECK_WORTHY_AT = 0.40
FEWEST_CONTENT_WORDS = 5
MOST_SUGGESTIONS = 3

SAYS_THE_SAME = frozenset({Stance.REPEATS, Stance.SUPPORTS})


class Outcome(StrEnum):
    """Linked at once, left to a person, or like nothing that is known."""

    ACCEPT = "accept"
    REVIEW = "review"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A claim that the statement bears on: `score` is how alike they are, `confidence` how sure we are."""

    claim_id: int
    stance: Stance
    score: float
    confidence: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a statement: with ACCEPT exactly one suggestion, with REVIEW up to three, else none.

    `opens_claim` says that it is also a claim of its own.
    """

    outcome: Outcome
    suggestions: tuple[Suggestion, ...]
    opens_claim: bool


@dataclass(frozen=True, slots=True)
class _Comparison:
    claim: ClaimFacts
    alike: Similarity
    judgement: StanceJudgement

    def suggestion(self) -> Suggestion:
        return Suggestion(
            claim_id=self.claim.claim_id,
            stance=self.judgement.stance,
            score=self.alike.score,
            confidence=self.judgement.confidence,
            reasons=self.judgement.reasons,
        )


def decide(
    statement: StatementFacts,
    candidates: Sequence[ClaimFacts],
    *,
    accept_at: float = ACCEPT_AT,
    review_at: float = REVIEW_AT,
    check_worthy_at: float = CHECK_WORTHY_AT,
) -> Decision:
    """Accept a plain repetition, ask a person about a likely bearing, else open a new claim.

    A statement that waits as a repetition opens no claim; one that contradicts, revises or reports does,
    since it is a new proposition of its speaker. Below `check_worthy_at` none does.
    """
    is_worthy = statement.check_worthiness >= check_worthy_at
    likely = [
        comparison
        for comparison in (_compare(statement, claim) for claim in candidates)
        if comparison.alike.score >= review_at
    ]
    likely.sort(key=lambda one: (-one.judgement.confidence, one.claim.claim_id))
    for comparison in likely:
        if comparison.alike.score >= accept_at and _is_plain_repetition(statement, comparison):
            return Decision(Outcome.ACCEPT, (comparison.suggestion(),), opens_claim=False)
    if not likely:
        return Decision(Outcome.NEW, (), opens_claim=is_worthy)
    suggestions = tuple(comparison.suggestion() for comparison in likely[:MOST_SUGGESTIONS])
    is_known = any(suggestion.stance in SAYS_THE_SAME for suggestion in suggestions)
    return Decision(Outcome.REVIEW, suggestions, opens_claim=is_worthy and not is_known)


def _compare(statement: StatementFacts, claim: ClaimFacts) -> _Comparison:
    alike = similarity(proposition(statement.text), proposition(claim.text))
    return _Comparison(claim, alike, judge_stance(statement, claim, alike))


def _is_plain_repetition(statement: StatementFacts, comparison: _Comparison) -> bool:
    """Whether the same speaker says all of the same, as firmly, in the same tense, of the same time."""
    said, known = proposition(statement.text), proposition(comparison.claim.text)
    demands = {statement.kind == "demand", comparison.claim.kind == "demand"}
    return (
        comparison.judgement.stance is Stance.REPEATS
        and comparison.alike.is_whole
        and min(said.size, known.size) >= FEWEST_CONTENT_WORDS
        and (said.marks, said.directions, said.tense) == (known.marks, known.directions, known.tense)
        and len(demands) == 1
        and not times_differ(statement, comparison.claim, comparison.alike)
    )
