"""Short news items with the speakers marked whom pronouns and descriptions stand for.

    python -m bench.reading.speaker_items [--engine neural|rules] [--errors]

Checks all of ours and prints how many of the marked speakers the reader tells. The format is described in
`tests/data/speakers/README.md`.
"""

import argparse
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.reading.engines import reader_of
from bench.reading.scoring import is_one_of
from claimtrack.extraction import Engine
from claimtrack.extraction.attribution import Attribution, Span

OWN_ITEMS = Path(__file__).parents[2] / "tests" / "data" / "speakers"
_PART = re.compile(r"^---[ \t]*$", re.MULTILINE)
_MARK = re.compile(r"\[([^\[\]=]*)=([^\[\]=]*)\]")


class ItemError(ValueError):
    """An item breaks the format; says which file, item and mark."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A source without a name: its place in the text and whom it means, nothing where the item never names him."""

    span: Span
    words: str
    name: str

    @property
    def names(self) -> tuple[str, ...]:
        """The right names, none where the item never names him."""
        return (self.name,) if self.name else ()

    @property
    def sort(self) -> str:
        """Tell "she" from "the minister"."""
        return "description" if " " in self.words else "pronoun"


@dataclass(frozen=True, slots=True)
class Item:
    """A short article with every source in it marked that is a pronoun or a description."""

    name: str
    title: str
    text: str
    marks: tuple[Mark, ...]


def own_items() -> list[Item]:
    """Read all of ours. Raises ItemError for the first that breaks the format."""
    return [item for path in sorted(OWN_ITEMS.glob("*.txt")) for item in read_items(path)]


def read_items(path: Path) -> list[Item]:
    """Read one file and check it. Raises ItemError for the first thing that is wrong."""
    parts = _PART.split(path.read_text(encoding="utf-8"))
    return [_item(f"{path.stem}, item {number}", part.strip()) for number, part in enumerate(parts, 1)]


def _item(name: str, given: str) -> Item:
    title, _, body = given.partition("\n")
    if not title or "[" in title or not body.strip():
        raise ItemError(f"{name}: no headline without marks, or nothing below it")
    body = body.strip()
    text, marks, end = "", [], 0
    for match in _MARK.finditer(body):
        text += body[end : match.start()]
        words, meant = match.groups()
        if not words or words != words.strip() or meant != meant.strip():
            raise ItemError(f"{name}: {match.group()} is empty or has blanks around it")
        marks.append(Mark((len(text), len(text) + len(words)), words, meant))
        text, end = text + words, match.end()
    text += body[end:]
    if stray := re.search(r"[\[\]].{0,30}", text):
        raise ItemError(f"{name}: stray bracket at {stray.group()}")
    for mark in marks:
        if mark.name not in f"{title}\n{text}":
            raise ItemError(f"{name}: [{mark.words}={mark.name}] means a name that does not occur")
    if not marks:
        raise ItemError(f"{name}: nothing is marked")
    return Item(name, title, text, tuple(marks))


def readings_of(item: Item, read: Sequence[Attribution]) -> Iterator[tuple[Mark, Attribution | None]]:
    """Yield each marked source with the attribution read for it, None where it is taken for no source."""
    for mark in item.marks:
        start, end = mark.span
        yield mark, next((one for one in read if any(a < end and b > start for a, b in one.source)), None)


def is_mark_right(mark: Mark, read: Attribution) -> bool:
    """Tell whether the speaker read is the one marked, or none has a name."""
    return is_one_of(mark.names, read.speaker)


def main() -> None:
    """Read everything; print the scores and, where asked for, the errors."""
    parser = argparse.ArgumentParser(prog="python -m bench.reading.speaker_items", description="Score the speakers.")
    parser.add_argument("--engine", type=Engine, choices=Engine, default=Engine.NEURAL)
    parser.add_argument("--errors", action="store_true", help="print the speakers that are wrong")
    arguments = parser.parse_args()
    reader = reader_of(arguments.engine)
    counts: Counter[str] = Counter()
    items = own_items()
    for item in items:
        for mark, read in readings_of(item, reader(item.text, title=item.title)):
            counts[f"{mark.sort} marked"] += 1
            if read is None:
                continue
            is_right = is_mark_right(mark, read)
            counts.update([f"{mark.sort} found", *[f"{mark.sort} right"] * is_right])
            if arguments.errors and not is_right:
                print(f"{item.name}: [{mark.words}={mark.name}] read as {read.speaker.name}")
    print(f"{len(items)} items")
    for sort in ("pronoun", "description"):
        marked, found, right = (counts[f"{sort} {what}"] for what in ("marked", "found", "right"))
        print(
            f"{sort}s: {marked} marked, {found} found as sources, {right} of them right ({right / max(1, found):.1%})"
        )


if __name__ == "__main__":
    main()
