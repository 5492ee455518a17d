"""A text as the network sees it: words with their shapes, in windows of whole paragraphs with some context before."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from claimtrack.extraction.phrases import Range
from claimtrack.extraction.sentences import Text
from claimtrack.extraction.words import Token

MAX_PIECES = 254  # in one window, without the marks at its ends
MAX_CONTEXT = 48  # of them, repeated from before
SHAPES = 20


@dataclass(frozen=True, slots=True)
class Window:
    """Words `first` up to and without `last`; those before `new` are context, read in an earlier window."""

    first: int
    new: int
    last: int


def shapes(prepared: Text) -> list[int]:
    """Return a number below `SHAPES` for each word: its letters' case, whether it is quoted or opens a paragraph.

    The network's vocabulary has no case, and quotation marks are better paired by rule.
    """
    opening = {first for first, _ in prepared.paragraphs}
    return [_case(token) * 4 + 2 * token.quoted + (number in opening) for number, token in enumerate(prepared.tokens)]


def _case(token: Token) -> int:
    text = token.text
    if not text[0].isalnum():
        return 0
    if text.isupper() and len(text) > 1:
        return 3
    if text[0].isupper():
        return 2
    return 1 if text.islower() else 4


def windows(prepared: Text, sizes: Sequence[int]) -> list[Window]:
    """Divide a text whose words have these numbers of pieces; every word is new in exactly one window."""
    found: list[Window] = []
    parts = _parts(prepared, sizes)
    number = 0
    while number < len(parts):
        new = parts[number][0]
        first, room = new, MAX_PIECES
        while first > 0 and MAX_PIECES - room + sizes[first - 1] <= MAX_CONTEXT:
            first -= 1
            room -= sizes[first]
        last = new
        while number < len(parts) and (size := sum(sizes[slice(*parts[number])])) <= room:
            last = parts[number][1]
            room -= size
            number += 1
        found.append(Window(first, new, last))
    return found


def _parts(prepared: Text, sizes: Sequence[int]) -> list[Range]:
    """Return what is never divided: paragraphs, the sentences of a long one, lengths of a long sentence."""
    limit = MAX_PIECES - MAX_CONTEXT
    starts = [first for first, _ in prepared.sentences]
    found: list[Range] = []
    for first, last in prepared.paragraphs:
        if sum(sizes[first:last]) <= limit:
            found.append((first, last))
            continue
        for sentence in prepared.sentences[bisect_left(starts, first) : bisect_left(starts, last)]:
            found += _cut(sentence, sizes, limit)
    return found


def _cut(words: Range, sizes: Sequence[int], limit: int) -> list[Range]:
    found: list[Range] = []
    first, length = words[0], 0
    for number in range(*words):
        if length + sizes[number] > limit:
            found.append((first, number))
            first, length = number, 0
        length += sizes[number]
    return [*found, (first, words[1])]
