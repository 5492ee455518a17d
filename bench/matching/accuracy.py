"""How many answers are right, with a 95 % interval from drawing again what they are about."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

DRAWS, SEED = 2000, 7


def shown(right: Sequence[bool], groups: Sequence[str]) -> str:
    """Return the share of right answers in percent and its interval; answers of one group are drawn together."""
    by_group: defaultdict[str, list[bool]] = defaultdict(list)
    for is_right, group in zip(right, groups, strict=True):
        by_group[group].append(is_right)
    counts = np.array([[sum(answers), len(answers)] for answers in by_group.values()])
    draws = np.random.default_rng(SEED).integers(len(counts), size=(DRAWS, len(counts)))
    hits, asked = counts[draws].sum(axis=1).T
    low, high = 100 * np.quantile(hits / asked, [0.025, 0.975])
    return f"{100 * sum(right) / len(right):.1f} ({low:.1f}–{high:.1f})"
