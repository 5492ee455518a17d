"""From a tag for each word to spans: the likeliest sequence in which no span goes on before it begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from claimtrack.extraction.phrases import Range

type Scores = NDArray[np.float32]

TAGS = 7  # outside; then begins and goes on, for each role
RELUCTANCE = 0.85  # taken off the score of "outside": the links, and neural.py, drop what was marked too lightly


class Role(IntEnum):
    SOURCE = 0
    CUE = 1
    CONTENT = 2


@dataclass(frozen=True, slots=True)
class TaggedSpan:
    """Words with one role; `sure` is the mean probability of the role over them."""

    role: Role
    words: Range
    sure: float


def spans(scores: Scores, first: int) -> list[TaggedSpan]:
    """Return the spans of one stretch of text, from the tags' log probabilities [word, tag]; `first` is its place."""
    weighed = scores - np.array([RELUCTANCE] + [0] * (TAGS - 1), dtype=np.float32)
    tags = weighed.argmax(axis=1).tolist()
    if not _is_allowed(tags):
        tags = _likeliest(weighed)
    likely = np.exp(scores)
    found: list[TaggedSpan] = []
    start = 0
    for end in range(1, len(tags) + 1):
        if end < len(tags) and _goes_on(tags[end]):
            continue
        if tags[start]:
            role = Role((tags[start] - 1) // 2)
            sure = float(likely[start:end, 2 * role + 1 : 2 * role + 3].sum(axis=1).mean())
            found.append(TaggedSpan(role, (first + start, first + end), sure))
        start = end
    return found


def _goes_on(tag: int) -> bool:
    return tag > 0 and tag % 2 == 0


def _may_follow(tag: int, before: int) -> bool:
    return not _goes_on(tag) or before in (tag, tag - 1)


def _is_allowed(tags: Sequence[int]) -> bool:
    return all(_may_follow(tag, before) for tag, before in zip(tags, [0, *tags[:-1]], strict=True))


_FORBIDDEN = np.array([[0.0 if _may_follow(tag, before) else -1e9 for tag in range(TAGS)] for before in range(TAGS)])


def _likeliest(scores: Scores) -> list[int]:
    """Return the best allowed sequence (Viterbi)."""
    best = scores[0] + _FORBIDDEN[0]
    came_from: list[NDArray[np.intp]] = []
    for row in scores[1:]:
        ways = best[:, np.newaxis] + _FORBIDDEN
        came_from.append(ways.argmax(axis=0))
        best = ways.max(axis=0) + row
    tags = [int(best.argmax())]
    for ways_back in reversed(came_from):
        tags.append(int(ways_back[tags[-1]]))
    return tags[::-1]
