"""What one text does to another, read by a small network from both together: it supports, refutes, or settles nothing.

Vectors of texts do not see that one number, name or "not" was changed; a network that reads both texts does.
"""

from collections.abc import Sequence
from enum import IntEnum
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from claimtrack.inference import open_session
from claimtrack.matching.side_by_side import side_by_side
from claimtrack.wordpieces import WordPieces

type Probabilities = NDArray[np.float32]


class Answer(IntEnum):
    """What a text does to a claim; the columns of what `judge_pairs` returns."""

    SUPPORTS = 0
    REFUTES = 1
    NOT_ENOUGH = 2


class PairJudge:
    """An ONNX session and the vocabulary that goes with it."""

    def __init__(self, folder: Path) -> None:
        self._session: Any = open_session(folder / "pairs.onnx")
        self._vocabulary = WordPieces.packaged()

    def read(self, claim: str, other: str) -> tuple[Probabilities, NDArray[np.float32]]:
        """Return a probability for each `Answer`, and the inner layer of the network that they come from."""
        beside = side_by_side(claim, other, self._vocabulary)
        given = {"pieces": np.array(beside.pieces, np.int64), "shapes": np.array(beside.shapes, np.int64)}
        scores, inner = self._session.run(["scores", "features"], given)
        likely = np.exp(scores - scores.max())
        return likely / likely.sum(), inner


def judge_pairs(pairs: Sequence[tuple[str, str]]) -> Probabilities:
    """Return the probabilities of each `Answer` for pairs of a known claim and what is held against it, [pair, 3].

    It tells what the second text does to the first, which is not what the first does to the second. It is right about
    numbers, bounds, months and names; a negation it may overlook, and texts that speak of different things it judges
    badly: whoever asks it compares those first.
    """
    found = [packaged().read(claim, other)[0] for claim, other in pairs]
    return np.array(found, dtype=np.float32).reshape(len(found), len(Answer))


@cache
def packaged() -> PairJudge:
    """Load the network that comes with the project; once per process, when it is first needed."""
    with as_file(files(__package__) / "model") as folder:
        return PairJudge(folder)
