"""Ten thousand random and hostile texts through the reader: `make hostile`.

    python -m bench.reading.hostile [--texts 10000] [--engine neural|rules]

Every span must lie in the text and hold something, and no text may break the reader. Then texts of doubling length show
that the time grows in proportion, and five megabytes of one thing that what is over the limit costs next to nothing.
"""

import argparse
import random
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date

from bench.reading.articles import HALVES, own_articles
from claimtrack.extraction import Engine, read_statements

SEED = 7
DAY = date(2019, 3, 1)
FIVE_MB = 5_000_000
MARKS = ["“", "”", '"', "'", "’", "‘", "''", ",", ".", ":", ";", "-", "–", "(", ")", "?", "!", "…", "\n", "\n\n", "\t"]
ODD = [
    "😀",
    "👩‍👩‍👧",
    "\u202e",
    "\u200b",
    "\ufeff",
    "\x00",
    "\x1b[2J",
    "\u05e9\u05dc",
    "\u0645\u0631",
    "ﬁ",
    "İ",
    "ß",
    "\U0010ffff",
]
SAYINGS = [
    "Smith",
    "said",
    "that",
    "he",
    "according to",
    "told",
    "who",
    "promised to",
    "the president",
    "and",
    "by May 4",
]
ENDLESS = {
    "one word": "a",
    "words": "word ",
    "sayings": "Smith said that ",
    "opening marks": "“",
    "quotations left open": "“A b c d e.\n\n",
    "emoji": "😀",
    "right to left": "\u202e\u05d0\u05d1 ",
    "NUL": "\x00",
    "empty lines": "\n\n",
}


def main() -> None:
    """Read them all; end with 1 at the first span that is not in its text or the first text that cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m bench.reading.hostile", description=__doc__)
    parser.add_argument("--texts", type=int, default=10_000)
    parser.add_argument("--engine", type=Engine, choices=Engine, default=Engine.NEURAL)
    arguments = parser.parse_args()

    def read(text: str) -> int:
        found = read_statements(text, published_on=DAY, engine=arguments.engine)
        for one in found:
            for start, end in (*one.source, *one.cue, *one.content):
                if not 0 <= start < end <= len(text):
                    raise ValueError(f"a span {start}–{end} in a text of {len(text)} characters")
        return len(found)

    attributions = 0
    began = time.monotonic()
    for number, text in enumerate(_texts(random.Random(SEED), arguments.texts), 1):
        try:
            attributions += read(text)
        except Exception as error:
            print(f"text {number}: {error!r}\n{text[:2000]!r}")
            sys.exit(1)
        if number % 1000 == 0:
            print(f"{number} texts, {attributions} attributions, {time.monotonic() - began:.0f} s", flush=True)
    _show_growth(read)
    for name, piece in ENDLESS.items():
        print(f"5 MB of {name:22} {_seconds(read, piece * (FIVE_MB // len(piece))):6.1f} s", flush=True)


def _texts(chance: random.Random, most: int) -> Iterator[str]:
    """Yield in turn: any characters, marks and words mixed, and articles with parts cut out, doubled or replaced."""
    articles = [article.text for half in HALVES for article in own_articles(half)]
    for number in range(most):
        size = chance.choice([0, 1, 2, 5, 20, 80])
        if number % 3 == 0:
            yield "".join(_any_character(chance) for _ in range(size * 3))
        elif number % 3 == 1:
            yield chance.choice(["", " "]).join(chance.choice(MARKS + ODD + SAYINGS) for _ in range(size))
        else:
            yield _spoiled(chance, chance.choice(articles))


def _any_character(chance: random.Random) -> str:
    while unicodedata.category(sign := chr(chance.randrange(chance.choice([0x80, 0x800, 0x110000])))) == "Cs":
        pass
    return sign


def _spoiled(chance: random.Random, text: str) -> str:
    start = chance.randrange(len(text))
    text = text[start : start + chance.choice([50, 300, 900])]
    for _ in range(chance.randrange(12)):
        at = chance.randrange(len(text) + 1)
        put = chance.choice([*MARKS, *ODD, text[at : at + 30], " ".join(SAYINGS), ""])
        text = text[:at] + put + text[at + chance.choice([0, 1, 10]) :]
    return text


def _show_growth(read: Callable[[str], int]) -> None:
    article = own_articles(HALVES[0])[0].text + "\n\n"
    words = len(article.split())
    for times in (1, 2, 4, 8, 16, 32):
        seconds = _seconds(read, article * times)
        print(f"{words * times:6} words {seconds:6.2f} s, {seconds / times / words * 1e6:5.0f} µs a word", flush=True)


def _seconds(read: Callable[[str], int], text: str) -> float:
    began = time.process_time()
    read(text)
    return time.process_time() - began


if __name__ == "__main__":
    main()
