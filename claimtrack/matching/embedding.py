"""What a text means, as a vector: texts that say alike things lie close together (Reimers and Gurevych 2019)."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from claimtrack.inference import open_session
from claimtrack.wordpieces import WordPieces

DIMENSIONS = 384
MOST_PIECES = 128
MOST_CHARACTERS = 4_000  # far more than so many pieces have

type Vectors = NDArray[np.float32]


class Embedder:
    """An ONNX session and the vocabulary that goes with it."""

    def __init__(self, folder: Path) -> None:
        self._session: Any = open_session(folder / "embedder.onnx")
        self._vocabulary = WordPieces.packaged()

    def embed(self, text: str) -> Vectors:
        """Return the vector of one text. Alone, because its rounding to int8 would depend on the texts beside it."""
        pieces = self._vocabulary.of_text(text[:MOST_CHARACTERS], most=MOST_PIECES)
        [vector] = self._session.run(["embedding"], {"pieces": np.array(pieces, dtype=np.int64)})
        return np.asarray(vector, dtype=np.float32)


def embed(texts: Sequence[str]) -> Vectors:
    """Return a vector of length 1 for each text, [text, `DIMENSIONS`]: 4 ms each; their products are cosines.

    Of a long text only the first `MOST_PIECES` pieces count, about a hundred words.
    """
    vectors = [_packaged().embed(text) for text in texts]
    return np.array(vectors, dtype=np.float32).reshape(len(vectors), DIMENSIONS)


@cache
def _packaged() -> Embedder:
    """Load the network that comes with the project; once per process, when it is first needed."""
    with as_file(files(__package__) / "model") as folder:
        return Embedder(folder)
