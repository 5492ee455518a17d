"""Figures made of counts, with 95 % intervals from drawing the articles again."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DRAWS = 2000
SEED = 7

type Ratio = tuple[tuple[str, ...], tuple[str, ...]]  # the sum of these counts over the sum of those
type Figures = Mapping[str, Sequence[Ratio]]  # each is the mean of its ratios, those without a case left out


def f1(both: str, marked: str, found: str) -> Ratio:
    """The F1 of what is right in both, of what is marked and what was found."""
    return (both, both), (marked, found)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure between 0 and 1 with its interval, and of how many cases (of an F1: marked ones) it is."""

    value: float
    low: float
    high: float
    cases: int


def values(figures: Figures, counts: Mapping[str, int]) -> dict[str, float]:
    """Return every figure for which there are cases."""
    return {name: value for name, ratios in figures.items() if (value := _mean(ratios, counts)) is not None}


def _mean(ratios: Sequence[Ratio], counts: Mapping[str, int]) -> float | None:
    found = [
        sum(counts.get(key, 0) for key in top) / cases
        for top, bottom in ratios
        if (cases := sum(counts.get(key, 0) for key in bottom))
    ]
    return sum(found) / len(found) if found else None


def estimates(figures: Figures, articles: Sequence[Counter[str]]) -> dict[str, Estimate]:
    """Return every figure over all articles, with the interval of 95 in 100 sets drawn from them."""
    totals = sum(articles, Counter[str]())
    drawn = _drawn(articles, sorted(totals))
    found = {}
    for name, value in values(figures, totals).items():
        spread = [again for counts in drawn if (again := _mean(figures[name], counts)) is not None]
        low, high = np.percentile(spread, [2.5, 97.5])
        cases = sum(totals[bottom[0]] for _, bottom in figures[name])
        found[name] = Estimate(value, float(low), float(high), cases)
    return found


def _drawn(articles: Sequence[Counter[str]], keys: Sequence[str]) -> list[dict[str, int]]:
    """Draw the articles with replacement, again and again, and sum their counts."""
    table = np.array([[counts[key] for key in keys] for counts in articles])
    times: NDArray[np.int64] = np.random.default_rng(SEED).multinomial(
        len(articles), [1 / len(articles)] * len(articles), size=DRAWS
    )
    return [dict(zip(keys, row, strict=True)) for row in (times @ table).tolist()]
