"""Words and texts cut into the pieces that a network knows: WordPiece, greedy from the left (Wu et al. 2016)."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

MAX_PIECES = 12  # of one word: what is longer is no word
MAX_LENGTH = 60
LONGEST_IN_TEXT = 100
_PART = re.compile(r"[^\W_]+|\S")
# The signs that stand as words of their own in BERT's texts: Han in all its blocks.
_HAN = re.compile(
    "[\u4e00-\u9fff\u3400-\u4dbf\U00020000-\U0002a6df\U0002a700-\U0002ceaf\uf900-\ufaff\U0002f800-\U0002fa1f]"
)
_ASCII_MARKS = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


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

    @classmethod
    @cache
    def packaged(cls) -> "WordPieces":
        """The vocabulary that all networks of the project share: that of all-MiniLM-L6-v2."""
        return cls((files("claimtrack") / "vocab.txt").read_text(encoding="utf-8").removesuffix("\n").split("\n"))

    def of(self, word: str) -> Sequence[int]:
        """Return the numbers of a word's pieces: at least one, at most `MAX_PIECES`."""
        return self._remembered(word[:MAX_LENGTH])

    def of_text(self, text: str, *, most: int) -> list[int]:
        """Return the numbers of a text's pieces between its opening and closing mark, at most so many with them.

        The same as BERT's own uncased tokenizer gives.
        """
        pieces = [self.opens]
        for word in _words(text):
            pieces += self._greedy(word) if len(word) <= LONGEST_IN_TEXT else [self._unknown]
            if len(pieces) >= most:
                break
        return [*pieces[: most - 1], self.closes]

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


def _words(text: str) -> Iterator[str]:
    """Cut a text where it has spaces, and around each punctuation mark and Han sign; without case and accents."""
    spaced = _HAN.sub(r" \g<0> ", "".join(map(_clean, text)))
    plain = "".join(sign.lower() for sign in unicodedata.normalize("NFD", spaced) if unicodedata.category(sign) != "Mn")
    for run in plain.split(" "):
        word = ""
        for sign in run:
            if sign in _ASCII_MARKS or unicodedata.category(sign).startswith("P"):
                yield from filter(None, (word, sign))
                word = ""
            else:
                word += sign
        if word:
            yield word


def _clean(sign: str) -> str:
    """A space for any space, nothing for a sign that does not show."""
    if sign.isspace():
        return " "
    return "" if sign == "\ufffd" or unicodedata.category(sign).startswith("C") else sign
