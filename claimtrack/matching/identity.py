"""Which statements of a new reading are those of an earlier one, though text or reader changed.

Both texts are cut into words and aligned. A new statement is an old one where their contents share at least
half of all their words, speaker and polarity being the same.
"""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq

SAME_AT = 0.5
MOST_TOKENS = 20_000
MOST_COMPARED = 50

TOKEN = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Placed:
    """A statement in its text: spans of its content (code points, half-open), a key of its speaker."""

    content: tuple[tuple[int, int], ...]
    speaker: str
    negated: bool


class _Reading:
    """A text as words, and where in them each statement has its content."""

    def __init__(self, statements: Sequence[Placed], text: str) -> None:
        found = [match for match, _ in zip(TOKEN.finditer(text), range(MOST_TOKENS), strict=False)]
        starts = [match.start() for match in found]
        self.statements = statements
        self.words = [match.group().casefold() for match in found]
        self.contents = [
            [at for start, end in one.content for at in range(bisect_left(starts, start), bisect_left(starts, end))]
            for one in statements
        ]

    def key(self, position: int) -> tuple[str, bool]:
        return self.statements[position].speaker, self.statements[position].negated

    def content(self, position: int) -> list[str]:
        return [self.words[at] for at in self.contents[position]]


def carried_over(old: Sequence[Placed], new: Sequence[Placed], old_text: str, new_text: str) -> dict[int, int]:
    """The position in `old` of each statement of `new` that is carried over; one to one, the best first.

    A statement whose paragraph moved is found by its own words. Words after the first `MOST_TOKENS` are not
    read.
    """
    before, after = _Reading(old, old_text), _Reading(new, new_text)
    pairs = sorted(_overlaps(before, after), key=lambda pair: (-pair[0], pair[1], pair[2]))
    carried: dict[int, int] = {}
    taken: set[int] = set()
    for _, to, at in pairs:
        if to not in carried and at not in taken:
            carried[to] = at
            taken.add(at)
    return carried | _moved(before, after, carried, taken)


def _overlaps(before: _Reading, after: _Reading) -> list[tuple[float, int, int]]:
    """Each likely pair as (share of words that are the same, new position, old position)."""
    old_word = _alignment(before.words, after.words)
    holders: dict[int, list[int]] = defaultdict(list)
    for at, content in enumerate(before.contents):
        for word in content:
            holders[word].append(at)
    pairs = []
    for to, content in enumerate(after.contents):
        shared = Counter(at for word in content if word in old_word for at in holders[old_word[word]])
        for at, count in shared.items():
            share = count / (len(content) + len(before.contents[at]) - count)
            if share >= SAME_AT and before.key(at) == after.key(to):
                pairs.append((share, to, at))
    return pairs


def _alignment(old: Sequence[str], new: Sequence[str]) -> Mapping[int, int]:
    """The old position of each word of the new text that is still there; equal ends are set apart first."""
    shorter = min(len(old), len(new))
    head = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    rest = shorter - head
    tail = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)
    aligned = {at: at for at in range(head)}
    aligned |= {len(new) - 1 - at: len(old) - 1 - at for at in range(tail)}
    blocks = LCSseq.opcodes(old[head : len(old) - tail], new[head : len(new) - tail])
    for block in blocks:
        if block.tag == "equal":
            length = block.src_end - block.src_start
            aligned |= {head + block.dest_start + at: head + block.src_start + at for at in range(length)}
    return aligned


def _moved(before: _Reading, after: _Reading, carried: Mapping[int, int], taken: set[int]) -> dict[int, int]:
    """Statements left over on both sides whose own words align as well, wherever their paragraph stands now."""
    left: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for at in range(len(before.contents)):
        if at not in taken and before.contents[at]:
            left[before.key(at)].append(at)
    moved: dict[int, int] = {}
    for to in range(len(after.contents)):
        candidates = [] if to in carried else left[after.key(to)][:MOST_COMPARED]
        shares = [(_share(before.content(at), after.content(to)), -at) for at in candidates]
        share, earliest = max(shares, default=(0.0, 0))
        if share >= SAME_AT:
            moved[to] = -earliest
            left[after.key(to)].remove(-earliest)
    return moved


def _share(one: Sequence[str], other: Sequence[str]) -> float:
    """The share of all words of both that are the same, in the same order."""
    same = LCSseq.similarity(one, other)
    return same / (len(one) + len(other) - same) if one and other else 0.0
