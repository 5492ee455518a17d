"""The figures made of the counts, with 95 % intervals from drawing the articles again."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from claimtrack.extraction.attribution import Kind

DRAWS = 2000
SEED = 7

type Ratio = tuple[tuple[str, ...], tuple[str, ...]]  # the sum of these counts over the sum of those


def _f1(both: str, marked: str, read: str) -> Ratio:
    return (both, both), (marked, read)


# Each is the mean of its ratios, those without a case left out.
FIGURES: dict[str, list[Ratio]] = {
    "found, precision": [(("found",), ("read",))],
    "found, recall": [(("found",), ("marked",))],
    "found, F1": [_f1("found", "marked", "read")],
    "with source, precision": [(("with source",), ("read",))],
    "with source, recall": [(("with source",), ("marked",))],
    "with source, F1": [_f1("with source", "marked", "read")],
    "exact content, precision": [(("exact",), ("read",))],
    "exact content, recall": [(("exact",), ("marked",))],
    "exact content, F1": [_f1("exact", "marked", "read")],
    "recall, direct": [(("direct found",), ("direct marked",))],
    "recall, mixed": [(("mixed found",), ("mixed marked",))],
    "recall, indirect": [(("indirect found",), ("indirect marked",))],
    "nested": [(("nested found",), ("nested marked",))],
    "nested, with speaker": [(("nested right",), ("nested marked",))],
    "nested, with chain": [(("chain right",), ("nested marked",))],
    "speaker": [(("speaker right",), ("speaker",))],
    "speaker of a pronoun": [(("pronoun right",), ("pronoun",))],
    "kind": [(("kind right",), ("speaker",))],
    "kind, macro-F1": [_f1(f"{kind} right", f"{kind} marked", f"{kind} read") for kind in Kind],
    "polarity": [(("polarity right",), ("speaker",))],
    "negated, F1": [_f1("negated both", "negated marked", "negated read")],
    "hedge": [(("hedge right",), ("speaker",))],
    "hedged, F1": [_f1("hedged both", "hedged marked", "hedged read")],
    "due date": [(("due right",), ("due given",))],
    "due date, of all marked": [(("due right",), ("due all",))],
    "due date invented": [(("due invented",), ("due absent",))],
    "said on": [(("said right",), ("speaker",))],
    "addressee": [(("addressee right",), ("addressee given",))],
    "addressee invented": [(("addressee invented",), ("addressee absent",))],
}


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure between 0 and 1 with its interval, and of how many cases (of an F1: marked ones) it is."""

    value: float
    low: float
    high: float
    cases: int


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


def estimates(articles: Sequence[Counter[str]]) -> dict[str, Estimate]:
    """Return every figure over all articles, with the interval of 95 in 100 sets drawn from them."""
    totals = sum(articles, Counter[str]())
    drawn = _drawn(articles, sorted(totals))
    found = {}
    for name, value in values(totals).items():
        spread = [again for counts in drawn if (again := _mean(FIGURES[name], counts)) is not None]
        low, high = np.percentile(spread, [2.5, 97.5])
        cases = sum(totals[bottom[0]] for _, bottom in FIGURES[name])
        found[name] = Estimate(value, float(low), float(high), cases)
    return found


def _drawn(articles: Sequence[Counter[str]], keys: Sequence[str]) -> list[dict[str, int]]:
    """Draw the articles with replacement, again and again, and sum their counts."""
    table = np.array([[counts[key] for key in keys] for counts in articles])
    times: NDArray[np.int64] = np.random.default_rng(SEED).multinomial(
        len(articles), [1 / len(articles)] * len(articles), size=DRAWS
    )
    return [dict(zip(keys, row, strict=True)) for row in (times @ table).tolist()]
