"""Annotated articles: our own set, and JSON Lines in the format of the trainer (bench/reader/README.md)."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from claimtrack.extraction.attribution import Kind, Polarity, Span, Speech
from claimtrack.extraction.sentences import Text, prepare

OWN_SET = Path(__file__).parents[2] / "tests" / "data" / "reading"
HALVES = ("tuned", "held_out")


@dataclass(frozen=True, slots=True)
class Details:
    """What is marked in our own set only. Several `speakers` are all right; none where the article names nobody."""

    kind: Kind
    polarity: Polarity
    hedged: bool
    speakers: tuple[str, ...]
    is_pronoun: bool
    addressee: str | None
    said_on: date | None
    due_on: date | None
    nested_in: int | None


@dataclass(frozen=True, slots=True)
class Marked:
    """One attribution as people marked it."""

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    speech: Speech
    details: Details | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """A text and what is marked in it; nested sayings too (`is_own`), or outermost ones only."""

    name: str
    title: str
    text: str
    published_on: date | None
    marked: tuple[Marked, ...]
    is_own: bool


def own_articles(half: str) -> list[Article]:
    """Read one half of our own set; its format is in the README beside it."""
    paths = sorted((OWN_SET / half).glob("*.json"))
    return [_own_article(path.stem, json.loads(path.read_text(encoding="utf-8"))) for path in paths]


def articles_in(path: Path) -> list[Article]:
    """Read JSON Lines with `text`, `attributions` and perhaps `id`, `title` and `published_on` in each line."""
    with path.open(encoding="utf-8") as lines:
        return [_outside_article(f"{path.stem}:{number}", json.loads(line)) for number, line in enumerate(lines, 1)]


def _own_article(name: str, given: dict[str, Any]) -> Article:
    text = given["text"]
    marked = tuple(_own_marked(text, one) for one in given["attributions"])
    return Article(name, given["title"], text, date.fromisoformat(given["published_on"]), marked, is_own=True)


def _own_marked(text: str, given: dict[str, Any]) -> Marked:
    content = [_place(text, given["content"][0], given.get("nth", 0))]
    for words in given["content"][1:]:
        start = text.index(words, content[-1][1])
        content.append((start, start + len(words)))
    details = Details(
        kind=Kind(given["kind"]),
        polarity=Polarity(given["polarity"]),
        hedged=given["hedged"],
        speakers=tuple(filter(None, (given["speaker"], *given.get("speaker_also", ())))),
        is_pronoun=given["speaker_is_pronoun"],
        addressee=given["addressee"],
        said_on=_day(given["said_on"]),
        due_on=_day(given["due_on"]),
        nested_in=given["nested_in"],
    )
    source, cue = (
        (_place(text, given[role], given.get(f"{role}_nth", 0)),) if given[role] else () for role in ("source", "cue")
    )
    return Marked(source, cue, tuple(content), Speech(given["speech"]), details)


def _place(text: str, words: str, nth: int) -> Span:
    return [match.span() for match in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text)][nth]


def _outside_article(name: str, given: dict[str, Any]) -> Article:
    prepared = prepare(given["text"])
    marked = []
    for one in given["attributions"]:
        source, cue, content = (
            tuple((start, end) for start, end in one[role]) for role in ("source", "cue", "content")
        )
        marked.append(Marked(source, cue, content, _speech(prepared, content)))
    return Article(
        name=given.get("id", name),
        title=given.get("title") or "",
        text=given["text"],
        published_on=_day(given.get("published_on")),
        marked=tuple(marked),
        is_own=False,
    )


def _speech(prepared: Text, content: Sequence[Span]) -> Speech:
    """Tell the speech by the quotation marks, where it is not marked."""
    quoted = [
        token.quoted
        for token in prepared.tokens
        if token.tag != "mark" and any(token.start < end and token.end > start for start, end in content)
    ]
    if quoted and all(quoted):
        return Speech.DIRECT
    return Speech.MIXED if any(quoted) else Speech.INDIRECT


def _day(given: str | None) -> date | None:
    return date.fromisoformat(given) if given else None
