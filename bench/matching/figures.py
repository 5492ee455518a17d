"""The figures of the matcher on told stories, with 95 % intervals from drawing the articles again."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from bench.matching.scoring import STANCES

DRAWS, SEED = 2_000, 7

type Ratio = tuple[tuple[str, ...], tuple[str, ...]]  # the sum of these counts over the sum of those


def _f1(right: str, marked: str, found: str) -> Ratio:
    return (right, right), (marked, found)


# Each is the mean of its ratios, those without a case left out.
FIGURES: dict[str, list[Ratio]] = {
    "same claim, precision": [(("pairs right",), ("pairs found",))],
    "same claim, recall": [(("pairs right",), ("pairs marked",))],
    "same claim, F1": [_f1("pairs right", "pairs marked", "pairs found")],
    "stance of what bears, macro-F1": [
        _f1(f"{one} judged rightly", f"{one} bears", f"{one} judged") for one in STANCES
    ],
    **{f"- {one}": [_f1(f"{one} judged rightly", f"{one} bears", f"{one} judged")] for one in STANCES},
    "bearing found, macro-F1": [_f1(f"{one} found rightly", f"{one} marked", f"{one} found") for one in STANCES],
    **{f"- {one} found": [_f1(f"{one} found rightly", f"{one} marked", f"{one} found")] for one in STANCES},
    "wrong accepts": [(("accepted wrongly",), ("accepted",))],
    "repeats accepted": [(("accepted rightly",), ("repeats",))],
}


def values(counts: Mapping[str, int]) -> dict[str, float]:
    """Return every figure for which there are cases."""
    return {name: value for name, ratios in FIGURES.items() if (value := _mean(ratios, counts)) is not None}


def _mean(ratios: Sequence[Ratio], counts: Mapping[str, int]) -> float | None:
    found = [
        sum(counts.get(key, 0) for key in top) / cases
        for top, bottom in ratios
        if (cases := sum(counts.get(key, 0) for key in bottom))
    ]
    return sum(found) / len(found) if found else None


def intervals(articles: Sequence[Counter[str]]) -> dict[str, tuple[float, float]]:
    """Return for every figure where it lies in 95 of 100 sets of articles drawn from these."""
    totals = sum(articles, Counter[str]())
    keys = sorted(totals)
    table = np.array([[counts[key] for key in keys] for counts in articles])
    shares = [1 / len(articles)] * len(articles)
    times = np.random.default_rng(SEED).multinomial(len(articles), shares, size=DRAWS)
    drawn = [values(dict(zip(keys, row, strict=True))) for row in (times @ table).tolist()]
    found = {}
    for name in values(totals):
        low, high = np.percentile([one[name] for one in drawn if name in one], [2.5, 97.5])
        found[name] = (float(low), float(high))
    return found
