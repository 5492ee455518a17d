"""What is known of two sentences: how alike they are, what one lacks, and what the networks make of them."""

import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from claimtrack.matching.embedding import embed
from claimtrack.matching.lexicon import lemma
from claimtrack.matching.normalize import Proposition, proposition
from claimtrack.matching.pairs import packaged
from claimtrack.matching.side_by_side import WORD, Seen, compare
from claimtrack.matching.similarity import similarity

LEAST = 3  # words with the fewest likeness in the other sentence
DENIALS = frozenset({"no", "not", "nobody", "none", "never", "nothing", "without", "t"})
LIGHT = frozenset({"a", "an", "the", "be", "is", "are", "to", "of", "and", "by", "in", "on", "at", "with"})
_LETTERS = re.compile(r"[^\W\d_]+")

type Matrix = NDArray[np.float64]
type Row = list[float]
type Vectors = Mapping[str, NDArray[np.float32]]


def features(pairs: Sequence[tuple[str, str]]) -> list[Matrix]:
    """Return tables with a row for each pair of sentences: what is counted, vectors, what was replaced, judgements."""
    sentences = sorted({text for pair in pairs for text in pair})
    of_sentence = dict(zip(sentences, embed(sentences), strict=True))
    words = sorted({form for text in sentences for word in _words(text) for form in (word, lemma(word))})
    of_word = dict(zip(words, embed(words), strict=True))
    one, other = (np.array([of_sentence[pair[side]] for pair in pairs]) for side in (0, 1))
    counted = [[*_overlap(*pair), *_closeness(*pair, of_word)] for pair in pairs]
    middle = np.mean(list(of_word.values()), axis=0)
    replaced = [np.append(_only_in(*pair, of_word, middle), _only_in(*pair[::-1], of_word, middle)) for pair in pairs]
    judged = [_judged(*pair) for pair in pairs]
    return [
        np.column_stack([(one * other).sum(axis=1), np.array(counted, dtype=np.float64)]),
        np.column_stack([abs(one - other), one * other]).astype(np.float64),
        np.array(replaced, dtype=np.float64),
        np.array(judged, dtype=np.float64),
    ]


def _overlap(one: str, other: str) -> Row:
    """What `similarity` says: overlap, opposites, negations, numbers, and what only one of them has."""
    a, b = proposition(one), proposition(other)
    alike = similarity(a, b)
    return [
        alike.score,
        len(alike.opposites),
        alike.polarity_differs,
        alike.numbers_differ,
        alike.numbers_clash,
        alike.roles_swapped,
        alike.is_reordered,
        alike.is_whole,
        len(alike.shared),
        len(a.quantifiers ^ b.quantifiers),
        abs(len(a.negations) - len(b.negations)),
        *_of_one(a, [word.weight for word in alike.only_a]),
        *_of_one(b, [word.weight for word in alike.only_b]),
    ]


def _of_one(text: Proposition, only: Sequence[float]) -> Row:
    return [len(only), sum(only), not only, text.size, len(text.negations), len(text.quantifiers)]


def _closeness(one: str, other: str, of_word: Vectors) -> Row:
    """How near each word has one in the other sentence, by vectors and as the pair network is told."""
    words, others = _words(one), _words(other)
    cosines = np.array([of_word[word] for word in words]) @ np.array([of_word[word] for word in others]).T
    row: Row = [len(set(words) & set(others)) / len(set(words) | set(others)), sorted(words) == sorted(others)]
    for nearest, own in ((cosines.max(axis=1), words), (cosines.max(axis=0), others)):
        least = np.sort(nearest)[:LEAST]
        row += [nearest.mean(), *least, *[1.0] * (LEAST - len(least)), len(own), len(DENIALS & set(own))]
    row.append(len(DENIALS & set(words)) != len(DENIALS & set(others)))
    for text, beside in ((one, other), (other, one)):
        row += np.bincount(compare(WORD.findall(text), WORD.findall(beside)), minlength=len(Seen) + 1).tolist()
        row.append(text.lower().startswith("there is no"))
    return row


def _only_in(one: str, other: str, of_word: Vectors, middle: NDArray[np.float32]) -> NDArray[np.float32]:
    """The sum of the vectors of what one says and the other does not, so that like replacements lie together."""
    only = {lemma(word) for word in _words(one)} - {lemma(word) for word in _words(other)} - LIGHT
    return sum((of_word[form] - middle for form in sorted(only)), np.zeros_like(middle))


def _judged(one: str, other: str) -> Row:
    """What the pair network makes of them, both ways."""
    judge = packaged()
    row: Row = []
    for a, b in ((one, other), (other, one)):
        read = judge.read(a, b)
        row += [*np.log(read.answers).tolist(), *read.inner.tolist()]
    return row


def _words(text: str) -> list[str]:
    return _LETTERS.findall(text.lower())
