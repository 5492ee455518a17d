"""Scores of the matcher on our own stories, with 95 % intervals: part of `make eval`.

python -m bench.matching [--errors]
"""

import argparse
from collections.abc import Sequence

from bench.figures import Estimate, estimates
from bench.matching.figures import FIGURES
from bench.matching.outlines import NONE
from bench.matching.scoring import Matched, count, match
from bench.matching.stories import HALVES, own_stories
from bench.matching.told import Facts


def main() -> None:
    """Match both halves, then print the table and, where asked for, the errors in the tuned half."""
    parser = argparse.ArgumentParser(prog="python -m bench.matching", description="Score the matcher on told stories.")
    parser.add_argument("--errors", action="store_true", help="print the errors in the tuned half, as marked")
    arguments = parser.parse_args()
    columns = {f"{half}, {facts}": match(own_stories(half), facts) for half in HALVES for facts in Facts}
    if arguments.errors:
        _print_errors(columns[f"{HALVES[0]}, {Facts.MARKED}"])
    print(f"{'%, 95 % interval':32}" + "".join(f"{name:>20}" for name in columns))
    scored = [estimates(FIGURES, [count(article) for article in articles]) for articles in columns.values()]
    for figure in FIGURES:
        print(f"{figure:32}" + "".join(f"{_cell(found.get(figure)):>20}" for found in scored))


def _cell(one: Estimate | None) -> str:
    return "–" if one is None else f"{one.value * 100:.1f} ({one.low * 100:.0f}–{one.high * 100:.0f})"


def _print_errors(articles: Sequence[Sequence[Matched]]) -> None:
    for one in (one for article in articles for one in article):
        for key in sorted({*one.marked, *one.suggested}):
            marked, found = one.marked.get(key, NONE), one.suggested.get(key, NONE)
            if marked != found and one.told.facts is not None:
                print(f"{one.told.article.id} {key[1]}: {found}, marked {marked}: {one.told.facts.text}")
    print()


if __name__ == "__main__":
    main()
