"""Stories told in outline, statement by statement, from which the pair network and the matcher's weights learn.

    python -m bench.matching.outlines [FILE ...]

Checks the files named, or all of ours, and prints how many statements and pairs they have. The format is described
in `tests/data/outlines/README.md`; what is marked, in `tests/data/stories/README.md`.
"""

import csv
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from bench.matching.stories import Stance, StoryError, check_agreement, day, demand, one_of
from claimtrack.extraction.attribution import Kind

OWN_OUTLINES = Path(__file__).parents[2] / "tests" / "data" / "outlines"
COLUMNS = ("day", "speaker", "kind", "claim", "bears on", "text")
REPEATS, NONE = "repeats", "none"


@dataclass(frozen=True, slots=True)
class Statement:
    """One saying: the claim it says and its stance to others by key; the first of a claim makes it."""

    said_on: date
    speaker: str
    kind: Kind
    claim: str
    bears_on: Mapping[str, Stance]
    text: str


@dataclass(frozen=True, slots=True)
class Outline:
    """The statements of a story in the order of time."""

    name: str
    title: str
    statements: tuple[Statement, ...]

    def pairs(self) -> Iterator[tuple[Statement, Statement, str]]:
        """Each statement with the one that made each earlier claim, and what it does to it: a stance or `none`."""
        made: dict[str, Statement] = {}
        for statement in self.statements:
            for key, claim in made.items():
                stance = REPEATS if key == statement.claim else statement.bears_on.get(key, NONE)
                yield statement, claim, str(stance)
            made.setdefault(statement.claim, statement)


def own_outlines() -> list[Outline]:
    """Read all of ours. Raises StoryError for one that breaks the format."""
    return [read_outline(path) for path in sorted(OWN_OUTLINES.glob("*.tsv"))]


def read_outline(path: Path) -> Outline:
    """Read one and check it. Raises StoryError for the first thing that is wrong."""
    title, *lines = path.read_text(encoding="utf-8").splitlines()
    demand(title.startswith("# "), path.stem, 'the first line is not "# " and a title')
    rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    made: dict[str, Statement] = {}
    told = []
    for number, row in enumerate(rows, 2):
        place = f"{path.stem}, line {number}"
        statement = _statement(row, made, place)
        made.setdefault(statement.claim, statement)
        told.append((place, statement))
    for (_, before), (place, statement) in pairwise(told):
        demand(before.said_on <= statement.said_on, place, "said before the line above it")
    check_agreement(told)
    return Outline(path.stem, title.removeprefix("# "), tuple(statement for _, statement in told))


def _statement(row: Sequence[str], made: Mapping[str, Statement], place: str) -> Statement:
    demand(len(row) == len(COLUMNS), place, f"has {len(row)} columns and not {len(COLUMNS)}: {', '.join(COLUMNS)}")
    for name, value in zip(COLUMNS, row, strict=True):
        demand(value == value.strip() != "", place, f"{name} is empty or has blanks around it")
    said_on, speaker, kind, claim, bearings, text = row
    first = made.get(claim)
    if first:
        demand((speaker, kind) == (first.speaker, first.kind), place, f"{claim} is of another speaker or kind")
    bears_on: dict[str, Stance] = {}
    for bearing in bearings.split() if bearings != "-" else []:
        name, _, other = bearing.partition(":")
        stance = one_of(Stance, name, place)
        demand(other in made, place, f"bears on {other}, which nobody has said before")
        demand(other not in {claim, *bears_on}, place, f"bears on {other} twice, or says it")
        its_own = stance is not Stance.REVISES or made[other].speaker == speaker
        demand(its_own, place, f"revises {other}, which is of another speaker")
        bears_on[other] = stance
    return Statement(day(said_on, place), speaker, one_of(Kind, kind, place), claim, bears_on, text)


def main() -> None:
    """Check, count; end with 1 where one is wrong."""
    paths = [Path(name) for name in sys.argv[1:]] or sorted(OWN_OUTLINES.glob("*.tsv"))
    counts: Counter[str] = Counter()
    is_wrong = False
    for path in paths:
        try:
            outline = read_outline(path)
        except StoryError as error:
            print(error)
            is_wrong = True
            continue
        counts.update(outlines=1, statements=len(outline.statements))
        counts.update(stance for _, _, stance in outline.pairs())
    print(", ".join(f"{number:,} {name}" for name, number in counts.items()))
    sys.exit(is_wrong)


if __name__ == "__main__":
    main()
