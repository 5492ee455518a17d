"""What one text does to another, read by a small network from both together: it supports, refutes, or settles nothing.

Vectors of texts do not see that one number, name or "not" was changed; a network that reads both texts does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from claimtrack.inference import open_session
from claimtrack.matching.side_by_side import Circumstances, side_by_side
from claimtrack.matching.stance import Bearing, ClaimFacts, Stance, StatementFacts
from claimtrack.wordpieces import WordPieces

MOST_READ, READ_WEIGHT = 16, 0.7

type Probabilities = NDArray[np.float32]


class Answer(IntEnum):
    """What a text does to a claim; the columns of what `judge_pairs` returns."""

    SUPPORTS = 0
    REFUTES = 1
    NOT_ENOUGH = 2


STANCES = (None, Stance.REPEATS, Stance.SUPPORTS, Stance.CONTRADICTS, Stance.REVISES, Stance.REPORTS_OUTCOME)
"""What a statement may do to a claim; the columns of what `judge_stances` returns."""


@dataclass(frozen=True, slots=True)
class Read:
    """A probability for each `Answer`, one for each of `STANCES`, and the inner layer that they come from."""

    answers: Probabilities
    stances: Probabilities
    inner: NDArray[np.float32]


_SAYS, _NOTHING = STANCES.index(Stance.REPEATS), STANCES.index(None)


class PairJudge:
    """An ONNX session and the vocabulary that goes with it."""

    def __init__(self, folder: Path) -> None:
        self._session: Any = open_session(folder / "pairs.onnx")
        self._vocabulary = WordPieces.packaged()

    def read(self, claim: str, other: str, known: Circumstances | None = None) -> Read:
        """Read one pair, and what is known of it beside the words."""
        beside = side_by_side(claim, other, self._vocabulary, known)
        given = {"pieces": np.array(beside.pieces, np.int64), "shapes": np.array(beside.shapes, np.int64)}
        answers, stances, inner = self._session.run(["answers", "stances", "features"], given)
        return Read(_likely(answers), _likely(stances), inner)


def judge_pairs(pairs: Sequence[tuple[str, str]]) -> Probabilities:
    """Return the probabilities of each `Answer` for pairs of a known claim and what is held against it, [pair, 3].

    It tells what the second text does to the first, which is not what the first does to the second. It is right about
    numbers, bounds, months and names; a negation it may overlook, and texts that speak of different things it judges
    badly: whoever asks it compares those first.
    """
    found = [packaged().read(claim, other).answers for claim, other in pairs]
    return np.array(found, dtype=np.float32).reshape(len(found), len(Answer))


def judge_stances(pairs: Sequence[tuple[str, str, Circumstances]]) -> Probabilities:
    """Return the probabilities of each of `STANCES` for pairs of a known claim and a statement, [pair, 6].

    It is asked about candidates that are worth it: 10 ms each.
    """
    found = [packaged().read(claim, other, known).stances for claim, other, known in pairs]
    return np.array(found, dtype=np.float32).reshape(len(found), len(STANCES))


def likeliest_first(text: str, claims: Sequence[str]) -> list[int]:
    """Return the places of claims that may say what a text says, given in the order of a search, likeliest first.

    The first `MOST_READ` are read beside it; where that tells little, the order of the search stays.
    """
    order = list(range(len(claims)))
    first = [packaged().read(claim, text).stances for claim in claims[:MOST_READ]]
    says = [READ_WEIGHT * np.log(read[_SAYS] / read[_NOTHING]) - np.log(1 + rank) for rank, read in enumerate(first)]
    return sorted(order[: len(first)], key=lambda place: -says[place]) + order[len(first) :]


def circumstances(statement: StatementFacts, claim: ClaimFacts, bearing: Bearing) -> Circumstances:
    """What is known of the two beside their words."""
    return Circumstances(bearing.same_speaker, bearing.timing, statement.kind, claim.kind)


def _likely(scores: NDArray[np.float32]) -> Probabilities:
    likely = np.exp(scores - scores.max())
    return np.asarray(likely / likely.sum(), dtype=np.float32)


@cache
def packaged() -> PairJudge:
    """Load the network that comes with the project; once per process, when it is first needed."""
    with as_file(files(__package__) / "model") as folder:
        return PairJudge(folder)
