"""What a statement does to a claim: repeats it, contradicts it, revises it, or tells how it turned out."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from claimtrack.matching.calendar import Dated, Shared, Timing, compare_times, times
from claimtrack.matching.lexicon import RELEASES
from claimtrack.matching.normalize import Proposition, Tense, proposition
from claimtrack.matching.quantities import same_up_to_rounding
from claimtrack.matching.similarity import Similarity

CLEAR_AT = 0.60
LIKELY_AT = 0.75
SURE, LESS_SURE, UNSURE = 1.0, 0.8, 0.5
SAME_TIME_WITHIN = timedelta(days=14)
FULFILLABLE = frozenset({"promise", "prediction", "demand"})
SIGNS = frozenset("%$€£¥")

type Vector = NDArray[np.float32]


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
    demand. `meaning` is the vector of the text, of length 1, where there is one.
    """

    text: str
    speaker_ids: frozenset[str]
    kind: str
    polarity_negated_by_cue: bool = False
    said_on: date | None = None
    due_on: date | None = None
    check_worthiness: float = 1.0
    meaning: Vector | None = field(default=None, compare=False, repr=False)

    @property
    def in_full(self) -> str:
        """What the statement says: a denial says that its content is not so."""
        return _denied(self.text) if self.polarity_negated_by_cue else self.text


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """What matching needs to know of a claim, whatever its status; `attracted` counts the statements linked to it."""

    claim_id: int
    text: str
    speaker_ids: frozenset[str]
    kind: str
    polarity_negated_by_cue: bool = False
    first_said_on: date | None = None
    due_on: date | None = None
    attracted: int = 0
    meaning: Vector | None = field(default=None, compare=False, repr=False)

    @property
    def in_full(self) -> str:
        """What the claim says, as of a statement."""
        return _denied(self.text) if self.polarity_negated_by_cue else self.text


@dataclass(frozen=True, slots=True)
class StanceJudgement:
    """A stance with how sure it is, 0 to 1, and why, in words for a reviewer."""

    stance: Stance
    confidence: float
    reasons: tuple[str, ...]


def denied_by_cue(text: str, *, negated: bool) -> bool:
    """Whether a statement that the reader calls negated is so by its cue, not by a negation in its words."""
    return negated and not proposition(text).negations


def _denied(text: str) -> str:
    return f"It is not true that {text[:1].lower()}{text[1:]}"


@dataclass(frozen=True, slots=True)
class Bearing:
    """How the facts of a statement and a claim lie to each other, and what it is to it if they are about one thing.

    `turned` says that one negates, or states the opposite of, what the other affirms; `other_numbers` that both give
    numbers of which none agrees.
    """

    stance: Stance
    why: str
    same_speaker: bool
    timing: Timing
    shared_time: Shared
    shares_number: bool
    other_numbers: bool
    turned: bool


def judge_stance(statement: StatementFacts, claim: ClaimFacts, alike: Similarity, bearing: Bearing) -> StanceJudgement:
    """Say what the statement does to the claim by their words alone, given how alike these are and how they lie."""
    stance, sureness, why = bearing.stance, SURE, bearing.why
    if stance in {Stance.REVISES, Stance.REPORTS_OUTCOME} or bearing.other_numbers:
        sureness = LESS_SURE
    if doubt := _doubt(statement, claim, alike, bearing):
        stance, sureness, why = Stance.UNSURE, UNSURE, doubt
    return StanceJudgement(stance, round(sureness * alike.score, 4), (*reasons_of(statement, claim, alike), why))


def bearing_stance(bearing: Bearing, kind: str) -> Stance:
    """The stance of a statement of this kind that bears on the claim without saying the same."""
    if bearing.stance is not Stance.REPEATS:
        return bearing.stance
    return Stance.REVISES if kind in FULFILLABLE else Stance.CONTRADICTS


def reasons_of(statement: StatementFacts, claim: ClaimFacts, alike: Similarity) -> tuple[str, ...]:
    """What the two have in common and where they differ, in words for a reviewer."""
    denied = statement.polarity_negated_by_cue != claim.polarity_negated_by_cue
    return (*alike.reasons, *["one of them is denied by its speaker"] * denied)


def bearing_of(statement: StatementFacts, claim: ClaimFacts, alike: Similarity) -> Bearing:
    """Compare who, when, how many and whether; the stance is what it is to the claim if both are about one thing."""
    said, known = proposition(statement.text), proposition(claim.text)
    timing, shared_time = compare_times(
        _dated(statement.text, said, statement.said_on), _dated(claim.text, known, claim.first_said_on)
    )
    if statement.due_on and claim.due_on and timing is not Timing.SAME and statement.due_on != claim.due_on:
        timing = Timing.APART if timing is not Timing.FITS else timing
    denied_by_one = statement.polarity_negated_by_cue != claim.polarity_negated_by_cue
    shares_number = any(same_up_to_rounding(a, b) for a in said.quantities for b in known.quantities)
    facts = Bearing(
        Stance.UNSURE,
        "",
        same_speaker=bool(statement.speaker_ids & claim.speaker_ids),
        timing=timing,
        shared_time=shared_time,
        shares_number=shares_number,
        other_numbers=not shares_number and (alike.numbers_clash or _count_apart(said, known)),
        turned=_is_turned(said, known, alike) != denied_by_one,
    )
    stance, why = _stance(statement, claim, alike, facts)
    return replace(facts, stance=stance, why=why)


def _dated(text: str, read: Proposition, said_on: date | None) -> Dated:
    return Dated(times(text, said_on), said_on, negated=bool(read.negations))


def _count_apart(said: Proposition, known: Proposition) -> bool:
    """Whether each counts one thing, as people or jobs, though by different words."""
    return all(len(read.quantities) == 1 and read.quantities[0].unit not in SIGNS for read in (said, known))


def _is_turned(said: Proposition, known: Proposition, alike: Similarity) -> bool:
    if alike.score >= CLEAR_AT:
        return alike.polarity_differs
    negated_by_one = bool(said.negations) != bool(known.negations)
    is_against = ("against" in said.directions) != ("against" in known.directions)
    return negated_by_one != (is_against or bool(len(alike.opposites) % 2))


def _stance(statement: StatementFacts, claim: ClaimFacts, alike: Similarity, facts: Bearing) -> tuple[Stance, str]:
    apart = facts.timing is Timing.APART
    if _is_released(statement, claim, facts):
        return Stance.CONTRADICTS, "the same speaker no longer feels bound by it"
    if apart and facts.same_speaker and _speaks_of_a_promise(statement, claim):
        return Stance.REVISES, "the same speaker says that another time was promised"
    if _tells_the_outcome(statement, claim, alike):
        return Stance.REPORTS_OUTCOME, f"says what became of the {claim.kind}"
    if claim.kind == "demand" != statement.kind and not facts.same_speaker:
        return Stance.REPORTS_OUTCOME, "answers the demand"
    if facts.turned and facts.same_speaker and _corrects_a_number(statement, claim):
        return Stance.REVISES, "the same speaker gives another number instead"
    if facts.turned and facts.timing is not Timing.FITS and (facts.shared_time or not apart):
        return Stance.CONTRADICTS, "says the opposite"
    if apart or facts.other_numbers:
        if facts.same_speaker:
            return Stance.REVISES, "the same speaker gives another number or time"
        return Stance.CONTRADICTS, "another speaker gives another number or time"
    if facts.same_speaker:
        return Stance.REPEATS, "the same speaker says the same"
    return Stance.SUPPORTS, "another speaker says the same"


def _is_released(statement: StatementFacts, claim: ClaimFacts, facts: Bearing) -> bool:
    """Whether the speaker of a promise says that it no longer holds."""
    if not (facts.same_speaker and claim.kind == "promise" and statement.kind == "assertion"):
        return False
    tokens = proposition(statement.text).tokens
    return any(RELEASES.longest_at(tokens, position) for position in range(len(tokens)))


def _speaks_of_a_promise(statement: StatementFacts, claim: ClaimFacts) -> bool:
    words = proposition(statement.text).words
    return claim.kind == "promise" and statement.kind == "assertion" and any("pledge" in one.parts for one in words)


def _corrects_a_number(statement: StatementFacts, claim: ClaimFacts) -> bool:
    """Whether it names the claim's number beside one of its own: "three of them and not four"."""
    said, known = ({one.value for one in proposition(text).quantities} for text in (statement.text, claim.text))
    return bool(said & known) and bool(said - known)


def _tells_the_outcome(statement: StatementFacts, claim: ClaimFacts, alike: Similarity) -> bool:
    """Whether it says, without a hedge and not of the future, that it was done or was not."""
    said = proposition(statement.text)
    is_later = not (statement.said_on and claim.first_said_on and statement.said_on < claim.first_said_on)
    is_plain = alike.score < CLEAR_AT or said.tense is Tense.PAST
    return (
        claim.kind in FULFILLABLE
        and statement.kind == "assertion"
        and said.tense is not Tense.FUTURE
        and not said.marks
        and proposition(claim.text).tense is not Tense.PAST
        and is_plain
        and is_later
    )


def _doubt(statement: StatementFacts, claim: ClaimFacts, alike: Similarity, bearing: Bearing) -> str:
    """Why nothing can be told from the words alone, or nothing."""
    if alike.score < CLEAR_AT:
        return "they have little in common"
    if alike.roles_swapped:
        return "who does it to whom may differ"
    if alike.names_differ and not bearing.same_speaker:
        return "they name different people or places"
    if bearing.stance in {Stance.REPEATS, Stance.SUPPORTS}:
        if alike.numbers_differ or times_differ(statement, claim, alike):
            return "the number or the time may be another"
        if alike.score < LIKELY_AT:
            return "the rest differs"
    if bearing.stance is Stance.REVISES and claim.kind == "assertion" and not bearing.other_numbers:
        return "they may speak of different periods"
    return ""


def times_differ(statement: StatementFacts, claim: ClaimFacts, alike: Similarity) -> bool:
    """Whether they may speak of different times; where both have a due date, that decides."""
    if statement.due_on and claim.due_on:
        return statement.due_on != claim.due_on
    if not alike.dates_differ and not proposition(statement.text).dates:
        return False
    said, known = times(statement.text, statement.said_on), times(claim.text, claim.first_said_on)
    if said and known:
        timing, _ = compare_times(Dated(said, statement.said_on), Dated(known, claim.first_said_on))
        return timing is not Timing.SAME
    return alike.dates_differ or _relative_times_apart(statement, claim)


def _relative_times_apart(statement: StatementFacts, claim: ClaimFacts) -> bool:
    """Whether "last week", which only the day of the saying tells, is said of two different days."""
    if not (statement.said_on and claim.first_said_on):
        return False
    return abs(statement.said_on - claim.first_said_on) > SAME_TIME_WITHIN
