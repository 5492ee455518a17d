"""What a statement does to a claim: repeats it, contradicts it, revises it, or tells how it turned out."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from claimtrack.matching.normalize import Tense, proposition
from claimtrack.matching.similarity import Similarity

CLEAR_AT = 0.60
LIKELY_AT = 0.75
SURE, LESS_SURE, UNSURE = 1.0, 0.8, 0.5
SAME_TIME_WITHIN = timedelta(days=14)
FULFILLABLE = frozenset({"promise", "prediction", "demand"})


class Stance(StrEnum):
    """How a statement bears on a claim. `makes` is never judged from words: it falls to who said it first."""

    MAKES = "makes"
    REPEATS = "repeats"
    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    REVISES = "revises"
    REPORTS_OUTCOME = "reports_outcome"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class StatementFacts:
    """What matching needs to know of a statement.

    `text` is its proposition as a sentence of its own; `polarity_negated_by_cue` is true where the cue
    negates it ("denied that"), which its words do not show. `kind` is assertion, promise, prediction or
    demand.
    """

    text: str
    speaker_ids: frozenset[str]
    kind: str
    polarity_negated_by_cue: bool = False
    said_on: date | None = None
    due_on: date | None = None
    check_worthiness: float = 1.0


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """What matching needs to know of a claim, whatever its status."""

    claim_id: int
    text: str
    speaker_ids: frozenset[str]
    kind: str
    polarity_negated_by_cue: bool = False
    first_said_on: date | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class StanceJudgement:
    """A stance with how sure it is, 0 to 1, and why, in words for a reviewer."""

    stance: Stance
    confidence: float
    reasons: tuple[str, ...]


def denied_by_cue(text: str, *, negated: bool) -> bool:
    """Whether a statement that the reader calls negated is so by its cue, not by a negation in its words."""
    return negated and not proposition(text).negations


def judge_stance(statement: StatementFacts, claim: ClaimFacts, alike: Similarity) -> StanceJudgement:
    """Say what the statement does to the claim, given how alike their wordings are."""
    stance, sureness, why = _stance(statement, claim, alike)
    reasons = [*alike.reasons, why]
    if statement.polarity_negated_by_cue != claim.polarity_negated_by_cue:
        reasons.insert(-1, "one of them is denied by its speaker")
    return StanceJudgement(stance, round(sureness * alike.score, 4), tuple(reasons))


def times_differ(statement: StatementFacts, claim: ClaimFacts, alike: Similarity) -> bool:
    """Whether they may speak of different times; where both have a due date, that decides.

    "Last year" or "in March", said months apart, may well be another year.
    """
    if statement.due_on and claim.due_on:
        return statement.due_on != claim.due_on
    return alike.dates_differ or _relative_times_apart(statement, claim)


def _stance(statement: StatementFacts, claim: ClaimFacts, alike: Similarity) -> tuple[Stance, float, str]:
    same_speaker = bool(statement.speaker_ids & claim.speaker_ids)
    denied_by_one = statement.polarity_negated_by_cue != claim.polarity_negated_by_cue
    if doubt := _doubt(alike, same_speaker=same_speaker):
        return Stance.UNSURE, UNSURE, doubt
    if _tells_the_outcome(statement, claim, alike, same_speaker=same_speaker):
        return Stance.REPORTS_OUTCOME, LESS_SURE, f"says in the past tense what became of the {claim.kind}"
    if alike.polarity_differs != denied_by_one:
        return Stance.CONTRADICTS, SURE, "says the opposite"
    if alike.numbers_differ or times_differ(statement, claim, alike):
        return _other_figures(statement, claim, alike, same_speaker=same_speaker)
    return _same_proposition(alike, same_speaker=same_speaker)


def _doubt(alike: Similarity, *, same_speaker: bool) -> str:
    """Why nothing can be told from the words, or nothing."""
    if alike.score < CLEAR_AT:
        return "they have little in common"
    if alike.roles_swapped:
        return "who does it to whom may differ"
    if alike.names_differ and not same_speaker:
        return "they name different people or places"
    return ""


def _tells_the_outcome(statement: StatementFacts, claim: ClaimFacts, alike: Similarity, *, same_speaker: bool) -> bool:
    """Whether it says, without a hedge and in the past tense, that the claim's actor did it or did not."""
    said = proposition(statement.text)
    is_of_the_actor = same_speaker or alike.shares_name
    is_later = not (statement.said_on and claim.first_said_on and statement.said_on < claim.first_said_on)
    return (
        claim.kind in FULFILLABLE
        and statement.kind == "assertion"
        and said.tense is Tense.PAST
        and not said.marks
        and proposition(claim.text).tense is not Tense.PAST
        and is_of_the_actor
        and is_later
    )


def _other_figures(
    statement: StatementFacts, claim: ClaimFacts, alike: Similarity, *, same_speaker: bool
) -> tuple[Stance, float, str]:
    """The same act with another number or time, or with one where the other has none."""
    due_dates_clash = bool(statement.due_on and claim.due_on) and statement.due_on != claim.due_on
    if not (alike.numbers_clash or alike.dates_clash or due_dates_clash):
        return Stance.UNSURE, UNSURE, "the number or the time may be another"
    if same_speaker:
        return Stance.REVISES, LESS_SURE, "the same speaker gives another number or time"
    return Stance.CONTRADICTS, LESS_SURE, "another speaker gives another number or time"


def _same_proposition(alike: Similarity, *, same_speaker: bool) -> tuple[Stance, float, str]:
    if alike.score < LIKELY_AT:
        return Stance.UNSURE, UNSURE, "the rest differs"
    if same_speaker:
        return Stance.REPEATS, SURE, "the same speaker says the same"
    return Stance.SUPPORTS, SURE, "another speaker says the same"


def _relative_times_apart(statement: StatementFacts, claim: ClaimFacts) -> bool:
    times = proposition(statement.text).dates
    if not times or any(time.isdigit() for time in times):
        return False
    if not (statement.said_on and claim.first_said_on):
        return False
    return abs(statement.said_on - claim.first_said_on) > SAME_TIME_WITHIN
