"""Scores of the reader with 95 % intervals, its speed and its memory: `make eval`.

    python -m bench.reading [--data FILE.jsonl] [--engine neural|rules] [--errors]

Reads the two halves of our own set, and each file given, in the format of bench/reader/README.md.
"""

import argparse
import resource
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from bench.figures import Estimate, estimates
from bench.reading.articles import HALVES, Article, articles_in, own_articles
from bench.reading.engines import Reader, reader_of
from bench.reading.errors import errors
from bench.reading.figures import FIGURES
from bench.reading.scoring import Compared, compare, count
from bench.reading.speed import beside_the_network
from claimtrack.extraction import Engine

ARTICLE = 750  # words, to which times are brought


def main() -> None:
    """Read everything, then print the table and, where asked for, the errors in the tuned half."""
    parser = argparse.ArgumentParser(prog="python -m bench.reading", description="Score the reader.")
    parser.add_argument("--data", type=Path, action="append", default=[], help="annotated articles as JSON Lines")
    parser.add_argument("--engine", type=Engine, choices=Engine, default=Engine.NEURAL)
    parser.add_argument("--errors", action="store_true", help="print the errors in the tuned half of our own set")
    arguments = parser.parse_args()
    sets = {half: own_articles(half) for half in HALVES} | {path.stem: articles_in(path) for path in arguments.data}
    reader = reader_of(arguments.engine)
    _read(sets[HALVES[0]][0], reader)  # what is loaded at the first article is no part of the time of one
    compared, speeds = {}, {}
    for name, articles in sets.items():
        results = [_read(article, reader) for article in articles]
        compared[name] = [result for result, _ in results]
        speeds[name] = statistics.median(speed for _, speed in results)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if arguments.errors:
        _print_errors(compared[HALVES[0]])
    _print_table(compared, speeds)
    print(f"\nengine {arguments.engine}; peak memory of the process {memory:.0f} MB")
    if arguments.engine is Engine.NEURAL:
        speed = beside_the_network([article for half in HALVES for article in sets[half]])
        print(
            f"{speed.texts} texts of {ARTICLE} words: the bare network {speed.bare:.0f} ms, all of the reading "
            f"{speed.whole:.0f} ms, {speed.ratio:.2f} times as much"
        )


def _read(article: Article, reader: Reader) -> tuple[Compared, float]:
    """Return the comparison, and the milliseconds of processor time that 750 words of this article take."""
    began = time.process_time()
    read = reader(article.text, title=article.title, published_on=article.published_on)
    seconds = time.process_time() - began
    return compare(article, read), seconds * 1000 * ARTICLE / max(1, len(article.text.split()))


def _print_errors(compared: Sequence[Compared]) -> None:
    for one in compared:
        print(f"{one.article.name}: {one.article.title}")
        for line in errors(one):
            print(f"  {line}")
        print()


def _print_table(compared: dict[str, list[Compared]], speeds: dict[str, float]) -> None:
    print(f"{'%, 95 % interval, cases':26}" + "".join(f"{name:>24}" for name in compared))
    columns = [estimates(FIGURES, [count(one) for one in results]) for results in compared.values()]
    for figure in FIGURES:
        print(f"{figure:26}" + "".join(f"{_cell(column.get(figure)):>24}" for column in columns))
    print(f"{'ms for 750 words, median':26}" + "".join(f"{speed:>24.1f}" for speed in speeds.values()))


def _cell(one: Estimate | None) -> str:
    if one is None:
        return "–"
    return f"{one.value * 100:.1f} ({one.low * 100:.0f}–{one.high * 100:.0f}) {one.cases:5}"


if __name__ == "__main__":
    main()
