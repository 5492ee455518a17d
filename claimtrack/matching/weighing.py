"""How likely a statement says what a claim says, or bears on it: by wording, meaning, speaker, numbers and times.

Two logistic regressions over facts that a reviewer can follow. `python -m bench.matching.fit` makes their weights
from the tuned stories and from pairs of our own; it prints what stands below.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log

import numpy as np

from claimtrack.matching.calendar import Shared, Timing
from claimtrack.matching.normalize import proposition
from claimtrack.matching.pairs import STANCES, Probabilities
from claimtrack.matching.similarity import Similarity
from claimtrack.matching.stance import (
    CLEAR_AT,
    FULFILLABLE,
    Bearing,
    ClaimFacts,
    Stance,
    StatementFacts,
    bearing_stance,
)

LINE = frozenset({Stance.REPEATS, Stance.REVISES})  # only the same speaker's
AGREEING = frozenset({Stance.REPEATS, Stance.SUPPORTS})
LEAST = 1e-4  # probabilities beyond are not told apart

type Features = Mapping[str, float]

SAME: Features = {
    "always": -12.14,
    "meaning": 4.30,
    "wording": -3.30,
    "speaker": 5.07,
    "speaker, meaning": 1.89,
    "speaker, one day": 2.91,
    "speaker, one month": 0.94,
    "times apart": -1.60,
    "times fit": -0.27,
    "one names a time": -0.89,
    "speaker, a number": 1.09,
    "other numbers": -0.66,
    "a number more": -1.09,
    "turned": -0.17,
    "one kind": 3.87,
    "both to come": 1.31,
    "another tense": 0.28,
    "other names": -0.39,
}
BEARS: Features = {
    "always": -5.25,
    "meaning": 9.39,
    "meaning twice": -3.35,
    "wording": 2.49,
    "speaker": 0.66,
    "a name": -0.56,
    "other names": -0.28,
    "times apart": -0.20,
    "times fit": -0.24,
    "one time": 1.30,
    "one names a time": -0.43,
    "other numbers": -0.20,
    "turned": 0.02,
    "times apart, meaning": 0.38,
    "turned, meaning": 0.77,
    "one kind": 0.87,
    "speaker, one kind": -0.04,
    "reports_outcome": 1.55,
    "reports_outcome, meaning": -0.65,
    "contradicts": 0.41,
    "contradicts, meaning": -0.55,
    "revises": 0.47,
    "revises, meaning": -0.65,
}


SAME_READ: Features = {
    "always": -0.69,
    "by facts": 0.69,
    "read": 0.83,
    "read, speaker": -0.19,
    "read, unrelated": -0.10,
}
BEARS_READ: Features = {
    "always": 1.04,
    "by facts": 0.64,
    "read, unrelated": -0.45,
    "read, contradicts": 0.30,
    "read, reports_outcome": 0.17,
}
STANCE_READ: Mapping[Stance, Features] = {
    Stance.REPEATS: {"always": -0.17, "speaker": -0.17, "by facts": 0.05, "read": 1.03},
    Stance.SUPPORTS: {"always": 0.52, "speaker": 0.47, "by facts": 0.19, "read": 0.61},
    Stance.CONTRADICTS: {"always": -0.35, "speaker": 0.20, "by facts": 0.71, "read": 0.45},
    Stance.REVISES: {"always": -0.03, "speaker": -0.03, "by facts": 0.26, "read": 0.81},
    Stance.REPORTS_OUTCOME: {"always": 0.04, "speaker": -0.47, "by facts": 0.55, "read": 0.91},
}


@dataclass(frozen=True, slots=True)
class Weighed:
    """Probabilities: `same`, that it says what the claim says; `bears`, that it bears on it without saying it.

    `stances` are what it may do to the claim if it does anything, the likeliest first; `closeness` is the cosine of
    their meanings.
    """

    same: float
    bears: float
    stances: tuple[Stance, ...]
    closeness: float

    @property
    def likely(self) -> float:
        return self.same + self.bears


def weigh(statement: StatementFacts, claim: ClaimFacts, alike: Similarity, bearing: Bearing) -> Weighed | None:
    """Weigh everything that is known of the two; nothing where the meaning of one is not known."""
    if statement.meaning is None or claim.meaning is None:
        return None
    return weigh_facts(statement, claim, alike, bearing, float(np.dot(statement.meaning, claim.meaning)))


def weigh_facts(
    statement: StatementFacts,
    claim: ClaimFacts,
    alike: Similarity,
    bearing: Bearing,
    closeness: float,
    *,
    same_by: Features = SAME,
    bears_by: Features = BEARS,
) -> Weighed:
    """Weigh the two by facts; `closeness` is the cosine of their meanings."""
    same = _probability(same_by, same_features(statement, claim, alike, bearing, closeness))
    bears = _probability(bears_by, bears_features(statement, claim, alike, bearing, closeness))
    return Weighed(same, (1 - same) * bears, (Stance.REPEATS, bearing_stance(bearing, statement.kind)), closeness)


def weigh_read(weighed: Weighed, alike: Similarity, bearing: Bearing, read: Probabilities) -> Weighed:
    """Weigh what was found by facts with what the pair network reads, a probability for each of `STANCES`.

    It overlooks negations: what plainly says the opposite in the same words neither repeats nor supports.
    """
    is_opposite = bearing.turned and alike.score >= CLEAR_AT
    same = 0.0 if is_opposite else _probability(SAME_READ, same_read_features(weighed, bearing, read))
    bears = _probability(BEARS_READ, bears_read_features(weighed, read))
    of = {
        stance: _sum(weights, stance_read_features(stance, bearing, read))
        for stance, weights in STANCE_READ.items()
        if (bearing.same_speaker or stance not in LINE) and not (is_opposite and stance in AGREEING)
    }
    return Weighed(same, (1 - same) * bears, tuple(sorted(of, key=lambda stance: -of[stance])), weighed.closeness)


def same_read_features(weighed: Weighed, bearing: Bearing, read: Probabilities) -> Features:
    """What speaks for and against that both say the same, once they are read."""
    repeats = _odds(float(read[STANCES.index(Stance.REPEATS)]))
    return {
        "always": 1.0,
        "by facts": _odds(weighed.same),
        "read": repeats,
        "read, speaker": bearing.same_speaker * repeats,
        "read, unrelated": _odds(float(read[STANCES.index(None)])),
    }


def bears_read_features(weighed: Weighed, read: Probabilities) -> Features:
    """What speaks for and against that the one bears on the other without saying the same, once they are read."""
    return {
        "always": 1.0,
        "by facts": _odds(weighed.bears),
        "read, unrelated": _odds(float(read[STANCES.index(None)])),
        "read, contradicts": _odds(float(read[STANCES.index(Stance.CONTRADICTS)])),
        "read, reports_outcome": _odds(float(read[STANCES.index(Stance.REPORTS_OUTCOME)])),
    }


def stance_read_features(stance: Stance, bearing: Bearing, read: Probabilities) -> Features:
    """What speaks for this stance among those that bear."""
    return {
        "always": 1.0,
        "speaker": bearing.same_speaker,
        "by facts": bearing.stance is stance,
        "read": log(max(float(read[STANCES.index(stance)]), LEAST)),
    }


def same_features(
    statement: StatementFacts, claim: ClaimFacts, alike: Similarity, bearing: Bearing, closeness: float
) -> Features:
    """What speaks for and against that both say the same."""
    said, known = proposition(statement.text), proposition(claim.text)
    speaker = bearing.same_speaker
    shared_time = Shared.NOTHING if bearing.timing is Timing.APART else bearing.shared_time
    return {
        "always": 1.0,
        "meaning": closeness,
        "wording": alike.score,
        "speaker": speaker,
        "speaker, meaning": speaker * closeness,
        "speaker, one day": speaker and shared_time is Shared.DAY,
        "speaker, one month": speaker and shared_time is Shared.MONTH,
        "times apart": bearing.timing is Timing.APART,
        "times fit": bearing.timing is Timing.FITS,
        "one names a time": bearing.timing is Timing.ONE,
        "speaker, a number": speaker and bearing.shares_number,
        "other numbers": bearing.other_numbers,
        "a number more": alike.numbers_differ and not bearing.shares_number,
        "turned": bearing.turned,
        "one kind": statement.kind == claim.kind,
        "both to come": (statement.kind in FULFILLABLE) == (claim.kind in FULFILLABLE),
        "another tense": said.tense is not known.tense,
        "other names": alike.names_differ,
    }


def bears_features(
    statement: StatementFacts, claim: ClaimFacts, alike: Similarity, bearing: Bearing, closeness: float
) -> Features:
    """What speaks for and against that the one bears on the other without saying the same."""
    features = {
        "always": 1.0,
        "meaning": closeness,
        "meaning twice": closeness**2,
        "wording": alike.score,
        "speaker": bearing.same_speaker,
        "a name": alike.shares_name,
        "other names": alike.names_differ,
        "times apart": bearing.timing is Timing.APART,
        "times fit": bearing.timing is Timing.FITS,
        "one time": bearing.timing is Timing.SAME,
        "one names a time": bearing.timing is Timing.ONE,
        "other numbers": bearing.other_numbers,
        "turned": bearing.turned,
        "times apart, meaning": (bearing.timing is Timing.APART) * closeness,
        "turned, meaning": bearing.turned * closeness,
        "one kind": statement.kind == claim.kind,
        "speaker, one kind": bearing.same_speaker and statement.kind == claim.kind,
    }
    for stance in (Stance.REPORTS_OUTCOME, Stance.CONTRADICTS, Stance.REVISES):
        features[stance] = bearing.stance is stance
        features[f"{stance}, meaning"] = (bearing.stance is stance) * closeness
    return features


def _probability(weights: Features, features: Features) -> float:
    return 1 / (1 + exp(-_sum(weights, features)))


def _sum(weights: Features, features: Features) -> float:
    return sum(weights[name] * value for name, value in features.items())


def _odds(probability: float) -> float:
    """The logarithm of the odds, within reason."""
    kept = min(max(probability, LEAST), 1 - LEAST)
    return log(kept / (1 - kept))
