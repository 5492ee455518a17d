"""Prepared articles cut into windows and put together in batches of about equal length."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

MAX_PIECES = 254
SHORTEST_START = 60
OPENS, CLOSES, PADDING = 101, 102, 0
BATCH_PIECES = 1024
ROLES = ("source", "cue", "content")


@dataclass(frozen=True)
class Example:
    """One window: its pieces and shapes, the place of each word, tags, and the attributions in it."""

    pieces: list[int]
    shapes: list[int]
    words: list[int]
    tags: list[int]
    attributions: list[dict[str, list[int]]]


@dataclass(frozen=True)
class Batch:
    """Windows padded to one length.

    `to_cue` and `to_source` [batch, word, word] say which words a word of a content or a cue points to, `points`
    [batch, 2, word] which words point at all; `cues` [batch, cue, word] averages over the words of each cue, `parts`
    [batch, 2, cue, word] holds the words of its source and content.
    """

    pieces: Tensor
    shapes: Tensor
    words: Tensor
    mask: Tensor
    is_word: Tensor
    tags: Tensor
    to_cue: Tensor
    to_source: Tensor
    points: Tensor
    cues: Tensor
    parts: Tensor

    def to(self, device: torch.device) -> "Batch":
        return Batch(*(getattr(self, name).to(device) for name in self.__dataclass_fields__))


def read_articles(path: Path) -> list[dict[str, Any]]:
    """Read what `prepare` wrote."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def batches(articles: Sequence[dict[str, Any]], chance: random.Random, *, shuffled: bool) -> Iterator[Batch]:
    """Yield every article's windows once; the windows are cut elsewhere each time."""
    examples = [example for article in articles for example in _examples(article, chance, shuffled=shuffled)]
    if shuffled:
        chance.shuffle(examples)
    groups: list[list[Example]] = []
    for start in range(0, len(examples), 600):
        ordered = sorted(examples[start : start + 600], key=lambda example: len(example.pieces))
        group: list[Example] = []
        for example in ordered:
            if group and (len(group) + 1) * len(example.pieces) > BATCH_PIECES:
                groups.append(group)
                group = []
            group.append(example)
        groups.append(group)
    if shuffled:
        chance.shuffle(groups)
    yield from map(_batch, groups)


def _examples(article: dict[str, Any], chance: random.Random, *, shuffled: bool) -> Iterator[Example]:
    sizes = [len(pieces) for pieces in article["pieces"]]
    room = chance.randint(SHORTEST_START, MAX_PIECES) if shuffled else MAX_PIECES
    first, last = 0, 0
    for start, end in _parts(article["parts"], sizes):
        size = sum(sizes[start:end])
        if last > first and size > room:
            yield _example(article, first, last)
            first, room = start, MAX_PIECES
        last = end
        room -= size
    if last > first:
        yield _example(article, first, last)


def _parts(paragraphs: Sequence[Sequence[int]], sizes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield paragraphs, or the sentences of a long one, or stretches of a long sentence."""
    for edges in paragraphs:
        if sum(sizes[edges[0] : edges[-1]]) <= MAX_PIECES:
            yield edges[0], edges[-1]
            continue
        for start, end in pairwise(edges):
            first, length = start, 0
            for word in range(start, end):
                if length + sizes[word] > MAX_PIECES:
                    yield first, word
                    first, length = word, 0
                length += sizes[word]
            yield first, end


def _example(article: dict[str, Any], first: int, last: int) -> Example:
    pieces, shapes, words = [OPENS], [0], []
    for word in range(first, last):
        words.append(len(pieces))
        pieces += article["pieces"][word]
        shapes += [article["shapes"][word]] * len(article["pieces"][word])
    pieces, shapes = [*pieces, CLOSES], [*shapes, 0]
    tags = [0] * (last - first)
    attributions = []
    for one in article["attributions"]:
        inside: dict[str, list[int]] = {role: [] for role in ROLES}
        for number, role in enumerate(ROLES):
            for start, end in one[role]:
                span = [word - first for word in range(max(start, first), min(end, last))]
                inside[role] += span
                for word in span:
                    tags[word] = 2 * number + 1 + (word + first > start and word > 0)
        if inside["cue"] or inside["content"]:
            attributions.append(inside)
    return Example(pieces, shapes, words, tags, attributions)


def _batch(examples: Sequence[Example]) -> Batch:
    count = len(examples)
    length = max(len(example.pieces) for example in examples)
    width = max(len(example.words) for example in examples)
    cues = max(1, *(len(example.attributions) for example in examples))

    def padded(rows: list[list[int]], size: int, value: int) -> Tensor:
        return torch.tensor([row + [value] * (size - len(row)) for row in rows])

    batch = Batch(
        pieces=padded([example.pieces for example in examples], length, PADDING),
        shapes=padded([example.shapes for example in examples], length, 0),
        words=padded([example.words for example in examples], width, 0),
        mask=padded([[1] * len(example.pieces) for example in examples], length, 0).bool()[:, None, None],
        is_word=padded([[1] * len(example.words) for example in examples], width, 0).bool(),
        tags=padded([example.tags for example in examples], width, -100),
        to_cue=torch.zeros(count, width, width, dtype=torch.bool),
        to_source=torch.zeros(count, width, width, dtype=torch.bool),
        points=torch.zeros(count, 2, width, dtype=torch.bool),
        cues=torch.zeros(count, cues, width),
        parts=torch.zeros(count, 2, cues, width),
    )
    for row, example in enumerate(examples):
        for number, one in enumerate(example.attributions):
            source, cue, content = (torch.tensor(one[role], dtype=torch.long) for role in ROLES)
            batch.points[row, 0, content] = True
            batch.points[row, 1, cue] = True
            batch.to_cue[row, content.unsqueeze(1), cue] = True
            batch.to_source[row, cue.unsqueeze(1), source] = True
            if len(cue):
                batch.cues[row, number, cue] = 1 / len(cue)
                batch.parts[row, 0, number, source] = 1
                batch.parts[row, 1, number, content] = 1
    return batch
