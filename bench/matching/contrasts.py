"""Claims with everything that can be said to them, read from `tests/data/bearings/`: pairs that differ in little.

    python -m bench.matching.contrasts [FILE …]

Checks and counts them.
"""

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from bench.matching.outlines import NONE, REPEATS
from bench.matching.stories import Stance
from claimtrack.extraction.attribution import Kind
from claimtrack.extraction.dates import due_on
from claimtrack.matching.stance import ClaimFacts, StatementFacts

OWN = Path(__file__).parents[2] / "tests" / "data" / "bearings"
STANCES = {*map(str, Stance), REPEATS, NONE}
SPEAKERS = {"same", "other"}
UNNAMED_YEAR = 2026
_YEAR = re.compile(r"\b20[2-4]\d\b")
_APART = (0, 0, 1, 8, 30, 75, 140)  # days, taken in turn
_OUTCOME_AFTER = 365


@dataclass(frozen=True, slots=True)
class Answer:
    """What one speaker says to a claim: the claim's own (`by_same`) or another."""

    by_same: bool
    kind: str
    stance: str
    text: str


@dataclass(frozen=True, slots=True)
class Contrast:
    """A claim and what is said to it, each by itself."""

    kind: str
    text: str
    answers: tuple[Answer, ...]

    def examples(self) -> Iterator[tuple[StatementFacts, ClaimFacts, str]]:
        """The claim with each answer, on days that fit: outcomes are told a year later, all else within months."""
        speaker, day = frozenset({"one"}), self._said_on()
        due = due_on(self.text, day, kind=Kind(self.kind))
        claim = ClaimFacts(0, self.text, speaker, self.kind, first_said_on=day, due_on=due)
        for number, answer in enumerate(self.answers):
            after = _OUTCOME_AFTER if answer.stance == Stance.REPORTS_OUTCOME else _APART[number % len(_APART)]
            said_on = day + timedelta(days=after)
            by = speaker if answer.by_same else frozenset({"another"})
            due = due_on(answer.text, said_on, kind=Kind(answer.kind))
            yield StatementFacts(answer.text, by, answer.kind, said_on=said_on, due_on=due), claim, answer.stance

    def _said_on(self) -> date:
        years = [int(year) for year in _YEAR.findall(self.text)]
        return date(max(years, default=UNNAMED_YEAR), 1, 20)


def own_contrasts() -> list[Contrast]:
    """All that there are."""
    return [one for path in sorted(OWN.glob("*.tsv")) for one in read_contrasts(path)]


def read_contrasts(path: Path) -> list[Contrast]:
    """Read a file strictly. Raises ValueError that names the line."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    contrasts: list[Contrast] = []
    for number, row in enumerate(rows, start=1):
        try:
            match row:
                case [kind, text]:
                    contrasts.append(Contrast(Kind(kind), _words(text), ()))
                case [who, kind, stance, text]:
                    claim = contrasts.pop()
                    answer = _answer(claim, who, Kind(kind), stance, _words(text))
                    contrasts.append(Contrast(claim.kind, claim.text, (*claim.answers, answer)))
                case _:
                    raise ValueError(f"{len(row)} columns, not two (a claim) or four (an answer)")
        except (ValueError, IndexError) as error:
            raise ValueError(f"{path.name}, line {number}: {error}") from error
    return contrasts


def _words(text: str) -> str:
    if not text or text != text.strip():
        raise ValueError("no text, or blanks around it")
    return text


def _answer(claim: Contrast, who: str, kind: Kind, stance: str, text: str) -> Answer:
    if who not in SPEAKERS:
        raise ValueError(f"speaker {who!r} is none of {sorted(SPEAKERS)}")
    if stance not in STANCES:
        raise ValueError(f"stance {stance!r} is none of {sorted(STANCES)}")
    if who == "other" and stance in {REPEATS, Stance.REVISES}:
        raise ValueError(f"only the same speaker {stance}")
    if claim.kind == Kind.ASSERTION and stance == Stance.REPORTS_OUTCOME:
        raise ValueError("an assertion has no outcome")
    return Answer(who == "same", kind, stance, text)


def main(paths: Sequence[str]) -> None:
    """Check files, all where none is named, and count what they hold."""
    contrasts = [one for path in map(Path, paths) for one in read_contrasts(path)] if paths else own_contrasts()
    counts = Counter((answer.stance, answer.by_same) for one in contrasts for answer in one.answers)
    print(f"{len(contrasts):,} claims, {counts.total():,} answers")
    for (stance, by_same), number in sorted(counts.items()):
        print(f"{number:6,} {stance} by {'the same' if by_same else 'another'}")


if __name__ == "__main__":
    main(sys.argv[1:])
