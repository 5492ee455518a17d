"""Spans linked to attributions: each content to its cue, each cue to its source."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from claimtrack.extraction.network import Network, WindowScores
from claimtrack.extraction.phrases import Range
from claimtrack.extraction.sentences import Text
from claimtrack.extraction.tagging import Role, Scores, TaggedSpan, spans
from claimtrack.extraction.windows import Window, shapes, windows
from claimtrack.wordpieces import WordPieces

# Chosen on the articles that training holds out.
OWN_VIEW = 0.5  # how much what the cue itself takes for its own counts beside what points to it
LEAST_CUE = 0.8  # score, of at most 1 + OWN_VIEW, under which a content has no cue
LEAST_SOURCE = 0.5  # ... under which a cue has no source


@dataclass(slots=True)
class Linked:
    """A cue with its source and contents, in ranges of words; `sure` is between 0 and 1."""

    cue: Range
    source: Range | None
    content: list[Range] = field(default_factory=list)
    sure: float = 1.0


def linked_spans(prepared: Text, network: Network) -> list[Linked]:
    """Return what the network finds in a text; time and memory grow with its length."""
    book = _Book(prepared)
    for window, pieces, marks, words in network_input(prepared, network.vocabulary):
        book.enter(window, network.scores(pieces, marks, words))
    return [one for one in book.cues.values() if one.content]


def network_input(prepared: Text, vocabulary: WordPieces) -> Iterator[tuple[Window, list[int], list[int], list[int]]]:
    """Yield each window of the text with its pieces, their shapes, and the place of each word's first piece."""
    pieces_of, shape_of = [vocabulary.of(token.text) for token in prepared.tokens], shapes(prepared)
    for window in windows(prepared, [len(pieces) for pieces in pieces_of]):
        pieces, marks, words = [vocabulary.opens], [0], []
        for number in range(window.first, window.last):
            words.append(len(pieces))
            pieces += pieces_of[number]
            marks += [shape_of[number]] * len(pieces_of[number])
        yield window, [*pieces, vocabulary.closes], [*marks, 0], words


class _Book:
    """The spans met so far, window by window."""

    def __init__(self, prepared: Text) -> None:
        self._breaks = [first for first, _ in prepared.paragraphs] + [len(prepared.tokens)]
        self._spans: list[TaggedSpan] = []
        self._unlinked: list[TaggedSpan] = []
        self.cues: dict[Range, Linked] = {}

    def enter(self, window: Window, scores: WindowScores) -> None:
        new = [
            span for part in self._parts(window) for span in spans(scores.tags[slice(*part)], part[0] + window.first)
        ]
        seen = [span for span in self._spans if span.words[0] >= window.first] + new
        self._spans = seen
        sources = [span for span in seen if span.role == Role.SOURCE]
        cues = [span for span in seen if span.role == Role.CUE]
        for span in cues:
            if span.words not in self.cues:
                self.cues[span.words] = Linked(span.words, _source(span, sources, scores, window.first), [], span.sure)
        contents = [span for span in self._unlinked if span.words[0] >= window.first]
        contents += [span for span in new if span.role == Role.CONTENT]
        self._unlinked = []
        for content in contents:
            cue = _cue(content, cues, scores, window.first)
            if cue is None:
                self._unlinked.append(content)
                continue
            owner = self.cues[cue.words]
            owner.content.append(content.words)
            owner.sure = min(owner.sure, content.sure)

    def _parts(self, window: Window) -> Iterator[Range]:
        """Yield the new words of the window, paragraph by paragraph, counted from the window's beginning."""
        inside = [at for at in self._breaks if window.new < at < window.last]
        for first, last in pairwise([window.new, *inside, window.last]):
            yield first - window.first, last - window.first


def _source(cue: TaggedSpan, sources: Sequence[TaggedSpan], scores: WindowScores, first: int) -> Range | None:
    """Return the words that say who: those to which the cue's words point and which they take for their own."""
    rows = slice(cue.words[0] - first, cue.words[1] - first)
    pointed = _pointed(scores.links[1, rows], scores.none[1, rows]).mean(axis=0)
    own = _likely(scores.links[2, rows].mean(axis=0))
    best = max(sources, key=lambda span: _rank(span, pointed, own, first), default=None)
    if best is None or _rank(best, pointed, own, first) < LEAST_SOURCE:
        return None
    return best.words


def _rank(span: TaggedSpan, pointed: Scores, own: Scores, first: int) -> float:
    words = slice(span.words[0] - first, span.words[1] - first)
    return float(pointed[words].sum() + OWN_VIEW * own[words].mean())


def _cue(content: TaggedSpan, cues: Sequence[TaggedSpan], scores: WindowScores, first: int) -> TaggedSpan | None:
    rows = slice(content.words[0] - first, content.words[1] - first)
    pointed = _pointed(scores.links[0, rows], scores.none[0, rows]).mean(axis=0)

    def rank(cue: TaggedSpan) -> float:
        words = slice(cue.words[0] - first, cue.words[1] - first)
        own = _likely(scores.links[3, words].mean(axis=0))[rows].mean()
        return float(pointed[words].sum() + OWN_VIEW * own)

    best = max(cues, key=rank, default=None)
    return best if best is not None and rank(best) >= LEAST_CUE else None


def _pointed(scores: Scores, none: Scores) -> Scores:
    """Return how likely each row's word points to each word; what is missing to 1 points to none."""
    highest = np.maximum(scores.max(axis=1), none)[:, np.newaxis]
    weights = np.exp(scores - highest)
    every = weights.sum(axis=1, keepdims=True) + np.exp(none[:, np.newaxis] - highest)
    pointed: Scores = np.divide(weights, every, dtype=np.float32)
    return pointed


def _likely(scores: Scores) -> Scores:
    likely: Scores = np.reciprocal(1 + np.exp(-scores), dtype=np.float32)
    return likely
