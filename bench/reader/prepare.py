"""Annotated articles as the trainer needs them: pieces, shapes and spans by word, one article a line.

    .venv/bin/python -m bench.reader.prepare articles.jsonl vocab.txt prepared.jsonl

Each line in has `text` and `attributions` with `source`, `cue` and `content` as lists of [start, end) offsets. It
uses the reader's own code, so that the network is trained on exactly what it will see.
"""

import argparse
import json
from bisect import bisect_left
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

from claimtrack.extraction.sentences import Text, prepare
from claimtrack.extraction.windows import shapes
from claimtrack.wordpieces import WordPieces


def prepared_article(article: dict[str, Any], vocabulary: WordPieces) -> dict[str, Any]:
    """Return an article's words as numbers, and its attributions as ranges of words."""
    text = prepare(article["text"])
    ends = [token.end for token in text.tokens]
    starts = [token.start for token in text.tokens]
    breaks = {first for first, _ in text.paragraphs}

    def words(spans: Iterable[list[int]]) -> list[list[int]]:
        found: list[list[int]] = []
        for start, end in sorted(spans):
            first, last = bisect_left(ends, start + 1), bisect_left(starts, end)
            edges = [first, *(word for word in range(first + 1, last) if word in breaks), last]
            found += [[one, other] for one, other in pairwise(edges) if one < other]
        return found

    return {
        "pieces": [list(vocabulary.of(token.text)) for token in text.tokens],
        "shapes": shapes(text),
        "parts": _parts(text),
        "attributions": [
            {role: words(one[role]) for role in ("source", "cue", "content")} for one in article["attributions"]
        ],
    }


def _parts(text: Text) -> list[list[int]]:
    """Return the paragraphs, each with the beginnings of its sentences."""
    sentences = [first for first, _ in text.sentences]
    return [
        [*sentences[bisect_left(sentences, first) : bisect_left(sentences, last)], last]
        for first, last in text.paragraphs
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("articles", type=Path)
    parser.add_argument("vocabulary", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    vocabulary = WordPieces.read(arguments.vocabulary)
    with arguments.articles.open(encoding="utf-8") as lines, arguments.out.open("w", encoding="utf-8") as out:
        for line in lines:
            out.write(json.dumps(prepared_article(json.loads(line), vocabulary)) + "\n")


if __name__ == "__main__":
    main()
