"""Is this statement a claim that we already know? The machine accepts only what cannot be mistaken."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from claimtrack.matching.calendar import Timing
from claimtrack.matching.normalize import proposition
from claimtrack.matching.pairs import Probabilities, circumstances, judge_stances
from claimtrack.matching.side_by_side import Circumstances
from claimtrack.matching.similarity import Similarity, similarity
from claimtrack.matching.stance import (
    Bearing,
    ClaimFacts,
    Stance,
    StanceJudgement,
    StatementFacts,
    bearing_of,
    bearing_stance,
    judge_stance,
    reasons_of,
    times_differ,
)
from claimtrack.matching.weighing import Weighed, weigh, weigh_read

MATCHER = "weighing-3"
ACCEPT_AT = 0.9
REVIEW_AT = 0.35
REPEATS_AT = 0.4
WORDS_ALIKE_AT, MOST_WORDS_AT = 0.60, 0.75
CHECK_WORTHY_AT = 0.40
FEWEST_CONTENT_WORDS, FEWEST_FACTS = 5, 3
MOST_SUGGESTIONS = 8
BROAD_FROM, BROAD_TIMES = 20, 5
MOST_READ, LIKELY_ENOUGH, NEAR_ENOUGH = 8, 0.03, 0.15

SEEMS = {
    Stance.REPEATS: "seems to say the same in other words",
    Stance.SUPPORTS: "seems to make it likelier",
    Stance.CONTRADICTS: "seems to say something that cannot hold beside it",
    Stance.REVISES: "the same speaker seems to change its terms",
    Stance.REPORTS_OUTCOME: "seems to tell what became of it",
}

type ReadPairs = Callable[[Sequence[tuple[str, str, Circumstances]]], Probabilities]


class Outcome(StrEnum):
    """Linked at once, left to a person, or like nothing that is known."""

    ACCEPT = "accept"
    REVIEW = "review"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A claim that the statement bears on: `score` says how likely it does as judged."""

    claim_id: int
    stance: Stance
    score: float
    confidence: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a statement: with ACCEPT exactly one suggestion, with REVIEW up to `MOST_SUGGESTIONS`, else none.

    `opens_claim` says that it is also a claim of its own.
    """

    outcome: Outcome
    suggestions: tuple[Suggestion, ...]
    opens_claim: bool


@dataclass(frozen=True, slots=True)
class _Weighing:
    """A claim beside the statement by facts; nothing weighed where their words decide."""

    claim: ClaimFacts
    alike: Similarity
    bearing: Bearing
    by_words: StanceJudgement
    weighed: Weighed | None

    @property
    def is_whole(self) -> bool:
        """Whether the statement says all of the claim in its words."""
        return self.by_words.stance is Stance.REPEATS and self.alike.is_whole


@dataclass(frozen=True, slots=True)
class Comparison:
    """A claim beside the statement: `likely` says that it bears on it, `surely` that it does as judged."""

    claim: ClaimFacts
    alike: Similarity
    bearing: Bearing
    judgement: StanceJudgement
    likely: float
    surely: float

    @property
    def repeats(self) -> bool:
        return self.judgement.stance is Stance.REPEATS

    @property
    def is_said_already(self) -> bool:
        """Whether the claim says the same, so that the statement opens none of its own."""
        is_echo = self.judgement.stance is Stance.SUPPORTS and self.alike.score >= WORDS_ALIKE_AT
        return self.repeats or is_echo

    def suggestion(self) -> Suggestion:
        return Suggestion(
            claim_id=self.claim.claim_id,
            stance=self.judgement.stance,
            score=round(self.surely, 4),
            confidence=self.judgement.confidence,
            reasons=self.judgement.reasons,
        )


def decide(
    statement: StatementFacts,
    candidates: Sequence[ClaimFacts],
    *,
    read: ReadPairs = judge_stances,
    most_read: int = MOST_READ,
    accept_at: float = ACCEPT_AT,
    review_at: float = REVIEW_AT,
    check_worthy_at: float = CHECK_WORTHY_AT,
) -> Decision:
    """Accept a plain repetition, ask a person about a likely bearing, else open a new claim.

    A statement that waits as a repetition opens no claim; one that contradicts, revises or reports does,
    since it is a new proposition of its speaker. Below `check_worthy_at` none does. All candidates are weighed by
    facts, and the `most_read` likeliest are read beside the statement by `read`. Where what the texts mean is not
    known, their words alone decide.
    """
    compared = compare(statement, candidates, read=read, most_read=most_read)
    return conclude(statement, compared, accept_at=accept_at, review_at=review_at, check_worthy_at=check_worthy_at)


def conclude(
    statement: StatementFacts,
    compared: Sequence[Comparison],
    *,
    accept_at: float = ACCEPT_AT,
    review_at: float = REVIEW_AT,
    check_worthy_at: float = CHECK_WORTHY_AT,
) -> Decision:
    """Decide, as `decide` does, on candidates that have been compared."""
    is_worthy = statement.check_worthiness >= check_worthy_at
    likely = [one for one in compared if one.likely >= review_at]
    if not likely:
        return Decision(Outcome.NEW, (), opens_claim=is_worthy)
    repetitions = sorted((one for one in likely if one.repeats), key=lambda one: (-one.surely, one.claim.claim_id))
    for one in repetitions[:1]:
        if one.surely >= accept_at and _is_safe(statement, one, compared):
            return Decision(Outcome.ACCEPT, (one.suggestion(),), opens_claim=False)
    likely.sort(key=lambda one: (-one.judgement.confidence, one.claim.claim_id))
    kept = likely[:MOST_SUGGESTIONS]
    is_known = any(one.is_said_already for one in kept)
    return Decision(Outcome.REVIEW, tuple(one.suggestion() for one in kept), opens_claim=is_worthy and not is_known)


def compare(
    statement: StatementFacts,
    candidates: Sequence[ClaimFacts],
    *,
    read: ReadPairs = judge_stances,
    most_read: int = MOST_READ,
) -> list[Comparison]:
    """Judge each claim; of several that the statement may repeat, only the likeliest is one that it repeats."""
    weighed = _read_likeliest(statement, [_weighed(statement, claim) for claim in candidates], read, most_read)
    likeliest = max((one.weighed.same if one.weighed else one.is_whole for one in weighed), default=0.0)
    return [
        _judged(statement, one, is_best=one.weighed is not None and one.weighed.same == likeliest) for one in weighed
    ]


def _weighed(statement: StatementFacts, claim: ClaimFacts) -> _Weighing:
    alike = similarity(proposition(statement.text), proposition(claim.text))
    bearing = bearing_of(statement, claim, alike)
    one = _Weighing(claim, alike, bearing, judge_stance(statement, claim, alike, bearing), None)
    return one if one.is_whole else replace(one, weighed=weigh(statement, claim, alike, bearing))


def _read_likeliest(
    statement: StatementFacts, those: Sequence[_Weighing], read: ReadPairs, most: int
) -> list[_Weighing]:
    """Read the likeliest claims beside the statement, and weigh again with what that says."""
    likely = {
        number: one.weighed.likely for number, one in enumerate(those) if one.weighed and is_worth_reading(one.weighed)
    }
    chosen = sorted(likely, key=lambda number: -likely[number])[:most]
    found = read([_as_pair(statement, those[number]) for number in chosen])
    readings = dict(zip(chosen, found, strict=True))
    return [
        replace(one, weighed=weigh_read(one.weighed, one.alike, one.bearing, readings[number]))
        if one.weighed and number in readings
        else one
        for number, one in enumerate(those)
    ]


def is_worth_reading(weighed: Weighed) -> bool:
    """Whether the two may have to do with each other: of others the pair network knows nothing."""
    return weighed.likely >= LIKELY_ENOUGH and weighed.closeness >= NEAR_ENOUGH


def _as_pair(statement: StatementFacts, one: _Weighing) -> tuple[str, str, Circumstances]:
    return one.claim.in_full, statement.in_full, circumstances(statement, one.claim, one.bearing)


def _judged(statement: StatementFacts, one: _Weighing, *, is_best: bool) -> Comparison:
    claim, alike, bearing, weighed = one.claim, one.alike, one.bearing, one.weighed
    if weighed is None:
        likely = _by_words(alike.score)
        return Comparison(claim, alike, bearing, one.by_words, likely, likely)
    may_repeat = is_best and weighed.same >= REPEATS_AT
    stance = Stance.REPEATS if may_repeat else next(one for one in weighed.stances if one is not Stance.REPEATS)
    likely = weighed.likely if stance in {Stance.REPEATS, weighed.stances[0]} else weighed.bears
    surely = weighed.same if stance is Stance.REPEATS else weighed.bears
    why = bearing.why if stance is bearing_stance(bearing, statement.kind) else SEEMS[stance]
    reasons = (*reasons_of(statement, claim, alike), _dated(why, claim, bearing))
    return Comparison(claim, alike, bearing, StanceJudgement(stance, round(surely, 4), reasons), likely, surely)


def _by_words(score: float) -> float:
    """A likelihood for a likeness of words, where nothing else is known: what is alike enough is asked about."""
    if score < WORDS_ALIKE_AT:
        return score / WORDS_ALIKE_AT * REVIEW_AT * 0.99
    share = (score - WORDS_ALIKE_AT) / (1 - WORDS_ALIKE_AT)
    return REVIEW_AT + share * (1 - REVIEW_AT)


def _is_safe(statement: StatementFacts, one: Comparison, compared: Sequence[Comparison]) -> bool:
    """Whether nothing at all speaks against the repetition, and the claim is not one that attracts everything."""
    demands = {statement.kind == "demand", one.claim.kind == "demand"}
    if len(demands) > 1 or _is_broad(one.claim, compared):
        return False
    if one.alike.is_whole:
        return _is_plain_repetition(statement, one)
    return _is_safe_in_other_words(statement, one)


def _is_plain_repetition(statement: StatementFacts, one: Comparison) -> bool:
    """Whether the same speaker says all of the same, as firmly, in the same tense, of the same time."""
    said, known = proposition(statement.text), proposition(one.claim.text)
    return (
        min(said.size, known.size) >= FEWEST_CONTENT_WORDS
        and (said.marks, said.directions, said.tense) == (known.marks, known.directions, known.tense)
        and not times_differ(statement, one.claim, one.alike)
    )


def _is_safe_in_other_words(statement: StatementFacts, one: Comparison) -> bool:
    """Whether speaker, numbers, times and negation agree, and there is enough of them to tell.

    Where most words are the same, one that differs is likely meant: "to ferries" for "to tankers".
    """
    said, known, facts = proposition(statement.text), proposition(one.claim.text), one.bearing
    has_numbers = bool(said.quantities or known.quantities)
    return (
        facts.same_speaker
        and one.alike.score < MOST_WORDS_AT
        and min(said.size + len(said.dates), known.size + len(known.dates)) >= FEWEST_FACTS
        and facts.timing in {Timing.SAME, Timing.NEITHER}
        and not (facts.turned or facts.other_numbers or one.alike.names_differ)
        and (facts.shares_number or not has_numbers)
    )


def _is_broad(claim: ClaimFacts, compared: Sequence[Comparison]) -> bool:
    """Whether a claim attracts far more statements than the others of its kind: it may say too little."""
    others = [
        one.claim.attracted for one in compared if one.claim.kind == claim.kind and one.claim.claim_id != claim.claim_id
    ]
    usual = sum(others) / len(others) if others else 0
    return claim.attracted >= max(BROAD_FROM, BROAD_TIMES * usual)


def _dated(why: str, claim: ClaimFacts, bearing: Bearing) -> str:
    """The reason with the day on which the same speaker said the claim."""
    is_line = bearing.same_speaker and claim.first_said_on
    return f"{why}, first on {claim.first_said_on}" if is_line else why
