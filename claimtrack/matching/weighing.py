"""How likely a statement says what a claim says, or bears on it: by wording, meaning, speaker, numbers and times.

Two logistic regressions over facts that a reviewer can follow. `python -m bench.matching.fit` makes their weights
from the tuned stories and from pairs of our own; it prints what stands below.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp

import numpy as np

from claimtrack.matching.calendar import Shared, Timing
from claimtrack.matching.normalize import proposition
from claimtrack.matching.similarity import Similarity
from claimtrack.matching.stance import FULFILLABLE, Bearing, ClaimFacts, Stance, StatementFacts

type Features = Mapping[str, float]

SAME: Features = {
    "always": -7.18,
    "meaning": 4.10,
    "wording": -0.16,
    "speaker": 3.25,
    "speaker, meaning": -0.14,
    "speaker, one day": 2.38,
    "speaker, one month": 2.29,
    "times apart": -1.97,
    "times fit": -1.29,
    "one names a time": -1.92,
    "speaker, a number": 2.94,
    "other numbers": -1.43,
    "a number more": -1.14,
    "turned": -1.17,
    "one kind": 1.35,
    "both to come": 0.22,
    "another tense": 0.57,
    "other names": -0.40,
}
BEARS: Features = {
    "always": -7.29,
    "meaning": 7.67,
    "meaning twice": 1.41,
    "wording": 3.01,
    "speaker": 1.79,
    "a name": -1.04,
    "other names": -0.03,
    "times apart": 0.20,
    "times fit": -0.06,
    "one time": 2.45,
    "one names a time": -0.04,
    "other numbers": -0.03,
    "turned": -0.51,
    "times apart, meaning": -0.61,
    "turned, meaning": 3.62,
    "one kind": 0.86,
    "speaker, one kind": -1.00,
    "reports_outcome": 1.85,
    "reports_outcome, meaning": 0.94,
    "contradicts": 0.37,
    "contradicts, meaning": 2.05,
    "revises": 1.22,
    "revises, meaning": 0.34,
}


@dataclass(frozen=True, slots=True)
class Weighed:
    """Probabilities: `same`, that it says what the claim says; `bears`, that it bears on it without saying it."""

    same: float
    bears: float


def weigh(statement: StatementFacts, claim: ClaimFacts, alike: Similarity, bearing: Bearing) -> Weighed | None:
    """Weigh everything that is known of the two; nothing where the meaning of one is not known."""
    if statement.meaning is None or claim.meaning is None:
        return None
    closeness = float(np.dot(statement.meaning, claim.meaning))
    same = _probability(SAME, same_features(statement, claim, alike, bearing, closeness))
    bears = _probability(BEARS, bears_features(statement, claim, alike, bearing, closeness))
    return Weighed(same, (1 - same) * bears)


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
    return 1 / (1 + exp(-sum(weights[name] * value for name, value in features.items())))
