"""How often something was right, how sure that is, and which thresholds follow from it. Pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

Z95 = 1.959964
FEWEST = 20
"""Decisions below which no threshold is proposed."""

type Judged = tuple[float, bool]
"""A score, and whether people found what was scored right."""


@dataclass(frozen=True, slots=True)
class Share:
    """Right of all that people reviewed, with the 95 % interval of the true share (Wilson's)."""

    right: int
    reviewed: int
    share: float
    low: float
    high: float


def share_of(right: int, reviewed: int) -> Share:
    """The share with its interval; of nothing reviewed nothing is known: from 0 to 1.

    Wilson, E. B.: Probable inference, the law of succession, and statistical inference, JASA 22 (1927).
    """
    if not reviewed:
        return Share(0, 0, 0.0, 0.0, 1.0)
    found = right / reviewed
    weight = 1 + Z95**2 / reviewed
    middle = (found + Z95**2 / (2 * reviewed)) / weight
    half = Z95 / weight * sqrt(found * (1 - found) / reviewed + Z95**2 / (4 * reviewed**2))
    return Share(right, reviewed, found, max(0.0, middle - half), min(1.0, middle + half))


def accept_from(judged: Sequence[Judged], *, at_least: float) -> float | None:
    """The lowest score from which on all together were right at least so often, by the lower end of the interval.

    None where no score is so sure, or too few were reviewed.
    """
    found, right = None, 0
    ordered = sorted(judged, reverse=True)
    for reviewed, (score, is_right) in enumerate(ordered, start=1):
        right += is_right
        is_last_of_score = reviewed == len(ordered) or ordered[reviewed][0] < score
        if is_last_of_score and reviewed >= FEWEST and share_of(right, reviewed).low >= at_least:
            found = score
    return found


def review_from(judged: Sequence[Judged], *, lose_at_most: float) -> float | None:
    """The highest score below which no more than this share of all that was right lies; None with too few reviewed."""
    right = sorted(score for score, is_right in judged if is_right)
    if len(judged) < FEWEST or not right:
        return None
    return right[int(lose_at_most * len(right))]
