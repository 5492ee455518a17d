"""Words cut into the pieces that the network knows: WordPiece, greedy from the left (Wu et al. 2016)."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

MAX_PIECES = 12  # of one word: what is longer is no word
MAX_LENGTH = 60
_PART = re.compile(r"[^\W_]+|\S")


class WordPieces:
    """The pieces of an uncased vocabulary: a word's are found once and remembered."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._ids = {piece: number for number, piece in enumerate(vocabulary)}
        self.opens, self.closes, self.padding = (self._ids[mark] for mark in ("[CLS]", "[SEP]", "[PAD]"))
        self._unknown = self._ids["[UNK]"]
        self._remembered = lru_cache(maxsize=50_000)(self._cut)

    @classmethod
    def read(cls, path: Path) -> "WordPieces":
        """Read a vocabulary, one piece a line."""
        return cls(path.read_text(encoding="utf-8").removesuffix("\n").split("\n"))

    def of(self, word: str) -> Sequence[int]:
        """Return the numbers of a word's pieces: at least one, at most `MAX_PIECES`."""
        return self._remembered(word[:MAX_LENGTH])

    def _cut(self, word: str) -> tuple[int, ...]:
        plain = "".join(sign for sign in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(sign))
        pieces = [piece for part in _PART.findall(plain) for piece in self._greedy(part)]
        return tuple(pieces[:MAX_PIECES]) or (self._unknown,)

    def _greedy(self, part: str) -> list[int]:
        pieces: list[int] = []
        start = 0
        while start < len(part):
            mark = "##" if start else ""
            ends = range(len(part), start, -1)
            end = next((end for end in ends if mark + part[start:end] in self._ids), None)
            if end is None:
                return [self._unknown]
            pieces.append(self._ids[mark + part[start:end]])
            start = end
        return pieces
