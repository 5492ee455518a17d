"""What was measured, as a table beside its targets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

LOAD_MINUTES, RECALL = 30, 0.95
ALL = "all claims"


class Step(StrEnum):
    """What is timed; `BOTH` is searching, fetching and scoring together, the next two are that with both networks."""

    SEARCH = "search for candidates"
    FETCH = "fetching them"
    SCORE = "scoring them"
    BOTH = "search and scoring"
    NETWORKS = "with embedding and three pairs read"
    ALL_READ = "with embedding and all pairs read"
    EXACT = "exact search by vector"
    TRIGRAMS = "search by pg_trgm"


TARGETS: Mapping[str, tuple[float, float]] = {Step.BOTH: (25, 60), Step.NETWORKS: (float("inf"), 100)}


@dataclass(slots=True)
class Measured:
    """Milliseconds of each step on the clock and of the processor, by the name of the step or of who asked; the share
    of questions whose claim was found, and of the nearest claims that the index found, by whose claims, where `ALL`
    has a target; bytes of table and index."""

    questions: int
    clock: Mapping[str, Sequence[float]]
    processor: Mapping[str, Sequence[float]]
    found: float
    recall: Mapping[str, float]
    sizes: Mapping[str, int] = field(default_factory=dict)


def print_figures(measured: Measured, minutes: float) -> int:
    """Print all figures, and return 1 where a target is missed, else 0."""
    missed = []
    usual = float(np.median(measured.clock[Step.BOTH]))
    print(f"\n{measured.questions} questions; milliseconds on the clock (of the processor)")
    print(f"{'':<38}{'half':>14}{'95 in 100':>16}{'ratio':>8}  target")
    for name, times in measured.clock.items():
        half, most = np.quantile(times, [0.5, 0.95])
        half_worked, most_worked = np.quantile(measured.processor[name], [0.5, 0.95])
        target = TARGETS.get(name)
        if target and (half > target[0] or most > target[1]):
            missed.append(name)
        print(
            f"{name:<38}{half:>7.1f} ({half_worked:.1f}){most:>9.1f} ({most_worked:.1f}){half / usual:>7.1f}"
            f"  {_shown(target)}"
        )
    print(f"{'':<38}found in {measured.found:.3f} of the questions the claim that they tell again")
    for whose, share in measured.recall.items():
        print(f"recall@20 among {whose}: {share:.3f}{f' (target {RECALL})' if whose == ALL else ''}")
    if measured.recall[ALL] < RECALL:
        missed.append("recall")
    print(", ".join(f"{name} {size / 1e6:,.0f} MB" for name, size in measured.sizes.items()))
    print(f"loaded in {minutes:.1f} minutes (target {LOAD_MINUTES})")
    if minutes > LOAD_MINUTES:
        missed.append("loading")
    print(f"missed: {', '.join(missed)}" if missed else "every target is met")
    return int(bool(missed))


def _shown(target: tuple[float, float] | None) -> str:
    if target is None:
        return ""
    half, most = target
    return f"{half:.0f} / {most:.0f}" if np.isfinite(half) else f"– / {most:.0f}"
