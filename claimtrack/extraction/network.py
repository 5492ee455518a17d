"""The trained network: for one window of words, what role each has and which belong together."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

from claimtrack.extraction.tagging import Scores
from claimtrack.inference import open_session
from claimtrack.wordpieces import WordPieces


@dataclass(frozen=True, slots=True)
class WindowScores:
    """What the network says of a window.

    `tags` [word, tag] are log probabilities; `links` [4, word, word] are scores: from a word of a content to its cue,
    from a word of a cue to its source, and from a word of a cue to what is its source, and its content, in its eyes;
    `none` [2, word] are the scores of having no cue and no source.
    """

    tags: Scores
    links: Scores
    none: Scores


class Network:
    """An ONNX session, and the vocabulary that goes with it."""

    def __init__(self, folder: Path) -> None:
        self._session = open_session(folder / "reader.onnx")
        self.vocabulary = WordPieces.packaged()

    def scores(self, pieces: list[int], shapes: list[int], words: list[int]) -> WindowScores:
        """Read one window: its pieces, a shape for each piece, and the place of each word's first piece."""
        given = {"pieces": pieces, "shapes": shapes, "words": words}
        arrays = {name: np.array(values, dtype=np.int64) for name, values in given.items()}
        tags, links, none = self._session.run(["tags", "links", "none"], arrays)
        return WindowScores(tags, links, none)


@cache
def packaged_network() -> Network:
    """Load the network that comes with the project; once per process, when it is first needed."""
    with as_file(files(__package__) / "model") as folder:
        return Network(folder)
