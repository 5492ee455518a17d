"""Fit the weights of `claimtrack/extraction/antecedent_weights.py` on the tuned articles and our items of speakers.

    python -m bench.reading.fit_speakers [--rounds N]

Prints how often speakers are told right in texts that the weights have not seen (five folds, by item), then the tables.
What stands before a pronoun depends on how the pronouns before it were understood, and so on the weights: each round
reads everything with those of the round before.
"""

import argparse
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from bench.reading.articles import Article, own_articles
from bench.reading.engines import reader_of
from bench.reading.scoring import is_one_of, is_same_name
from bench.reading.speaker_items import Item, own_items
from claimtrack.extraction import Engine, antecedents
from claimtrack.extraction.antecedents import FOR_DESCRIPTIONS, FOR_PRONOUNS, Choice, Option, Weights
from claimtrack.extraction.attribution import Attribution, SpeakerKind, SpeakerName
from claimtrack.extraction.names import Entity
from claimtrack.extraction.words import Token

FOLDS, SEED = 5, 7
HELD_BACK = 1.0  # how strongly weights are drawn to nought, or to what is known before:
KNOWN = {"name differs": -6.0}  # lists of given names err seldom; in our items, on purpose, oftener than elsewhere
RARER = {"new": 0.5}  # added to what is fitted: our items hold fewer whom nobody names than news do
STEPS = 800
RATED_EVERY = 50  # steps after which the rate is set anew
LEAST = 3  # cases in which a sign must stand
SORTS = ("pronoun", "description")

type Array = NDArray[np.float64]
type Tables = Mapping[str, Weights]


@dataclass(frozen=True, slots=True)
class Example:
    """A text with its sources: whom each means, by where it begins, and which stand for somebody named elsewhere."""

    set: str
    name: str
    title: str
    text: str
    meant: Mapping[int, tuple[str, ...]]
    stand_for: frozenset[int]


@dataclass(frozen=True, slots=True)
class Case:
    """One choice in an example: the signs of each option, and which of them mean the right one."""

    name: str
    sort: str
    signs: Sequence[tuple[str, ...]]
    is_right: Sequence[bool]


def main() -> None:
    """Read and fit in turn, score on what was not learned from, and print the tables as they stand in the code."""
    parser = argparse.ArgumentParser(prog="python -m bench.reading.fit_speakers", description="Fit the speakers.")
    parser.add_argument("--rounds", type=int, default=2)
    examples = _examples()
    tables: Tables = {"pronoun": FOR_PRONOUNS, "description": FOR_DESCRIPTIONS}
    fitted: dict[str, Mapping[str, float]] = {}
    for _ in range(parser.parse_args().rounds):
        cases = [case for example in examples for case in _read(example, tables)[1]]
        fitted = {sort: fit([case for case in cases if case.sort == sort]) for sort in SORTS}
        tables = {sort: Weights(weights) for sort, weights in fitted.items()}
    _print_scores(_across_folds(examples, cases))
    for sort, weights in fitted.items():
        print(f"{sort.upper()}: Mapping[str, float] = {{")
        for sign, weight in sorted(weights.items(), key=lambda one: -one[1]):
            print(f'    "{sign}": {weight:.2f},')
        print("}")


def _examples() -> list[Example]:
    return [*map(_of_article, own_articles("tuned")), *map(_of_item, own_items())]


def _of_item(item: Item) -> Example:
    meant = {mark.span[0]: mark.names for mark in item.marks}
    return Example("items", item.name, item.title, item.text, meant, frozenset(meant))


def _of_article(article: Article) -> Example:
    marked = [(one.source[0][0], one.details) for one in article.marked if one.source and one.details is not None]
    meant = {start: details.speakers for start, details in marked}
    stand_for = frozenset(start for start, details in marked if details.is_pronoun)
    return Example("tuned", article.name, article.title, article.text, meant, stand_for)


def _read(example: Example, tables: Tables) -> tuple[Sequence[Attribution], list[Case]]:
    """Read an example with these weights; return the choices too that were made for what is marked in it."""
    made: dict[int, tuple[str, Sequence[Option]]] = {}
    choose = antecedents.likeliest

    def likeliest(token: Token, options: Sequence[Option], weights: Weights) -> Choice:
        sort = "pronoun" if weights is FOR_PRONOUNS else "description"
        made[token.start] = (sort, options)
        return choose(token, options, tables[sort])

    with patch.object(antecedents, "likeliest", likeliest):
        read = reader_of(Engine.NEURAL)(example.text, title=example.title)
    cases = []
    for start, names in example.meant.items():
        sort, options = made.get(start, ("", ()))
        is_right = [entity is not None and _is_meant(entity, names) for entity, _ in options]
        if not any(is_right):
            is_right = [entity is None and _is_new(names, example.text[start:]) for entity, _ in options]
        if any(is_right) and not all(is_right):
            signs = [tuple(chain.from_iterable(parts)) for _, parts in options]
            cases.append(Case(example.name, sort, signs, is_right))
    return read, cases


def _is_meant(entity: Entity, names: Sequence[str]) -> bool:
    if not names:
        return entity.kind == SpeakerKind.UNNAMED
    known = [SpeakerName(name, entity.kind) for name in (entity.known_as, *entity.names)]
    return any(is_same_name(name, one) or one.name.endswith(f" {name}") for name in names for one in known)


def _is_new(names: Sequence[str], text: str) -> bool:
    """Tell whether somebody has no name, or the words of the source themselves are marked as his name."""
    return not names or any(name.lower() in text[: len(name) + len("the ")].lower() for name in names)


def fit(cases: Sequence[Case]) -> dict[str, float]:
    """Return the weights that make the right ones likeliest, drawn to what is known (accelerated gradient descent)."""
    frequent = Counter(sign for case in cases for sign in {sign for signs in case.signs for sign in signs})
    numbers = {sign: number for number, sign in enumerate(sorted(s for s, n in frequent.items() if n >= LEAST))}
    rows = [
        (at, signs, right)
        for at, case in enumerate(cases)
        for signs, right in zip(case.signs, case.is_right, strict=True)
    ]
    table = np.zeros((len(rows), len(numbers)))
    for row, (_, signs, _) in enumerate(rows):
        table[row, [numbers[sign] for sign in signs if sign in numbers]] = 1.0
    of_case = np.array([at for at, *_ in rows])
    is_right = np.array([right for *_, right in rows], dtype=float)
    known = np.array([KNOWN.get(sign, 0.0) for sign in numbers])
    weights = ahead = known
    momentum, rate = 1.0, 0.0
    for step in range(STEPS):
        scores = np.exp(table @ ahead)
        likely = scores / np.bincount(of_case, scores)[of_case]
        wanted = scores * is_right / np.bincount(of_case, scores * is_right)[of_case]
        if step % RATED_EVERY == 0:
            weighed = table * np.sqrt(np.maximum(likely, wanted))[:, None]
            rate = 1 / (float(np.linalg.norm(weighed.T @ weighed, 2)) + HELD_BACK)
        moved = ahead - rate * (table.T @ (likely - wanted) + HELD_BACK * (ahead - known))
        faster = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = moved + (momentum - 1) / faster * (moved - weights)
        weights, momentum = moved, faster
    return {sign: float(weights[number]) + RARER.get(sign, 0.0) for sign, number in numbers.items()}


def _across_folds(examples: Sequence[Example], cases: Sequence[Case]) -> Counter[tuple[str, str, str]]:
    """Count which speakers are told right in each example with weights fitted on the other folds."""
    counts: Counter[tuple[str, str, str]] = Counter()
    shuffled = random.Random(SEED).sample(examples, len(examples))
    for fold in (shuffled[number::FOLDS] for number in range(FOLDS)):
        held = {example.name for example in fold}
        learned = [case for case in cases if case.name not in held]
        tables = {sort: Weights(fit([case for case in learned if case.sort == sort])) for sort in SORTS}
        for example in fold:
            for sort, is_right in _judged(example, _read(example, tables)[0]):
                counts.update([(example.set, sort, "found"), *[(example.set, sort, "right")] * is_right])
    return counts


def _judged(example: Example, read: Sequence[Attribution]) -> Iterator[tuple[str, bool]]:
    """Yield of which sort each marked source is that was found, and whether its speaker is right."""
    for start in sorted(example.stand_for):
        one = next((one for one in read if any(first <= start < last for first, last in one.source)), None)
        if one is not None:
            words = example.text[slice(*one.source[0])].split()
            yield SORTS[len(words) > 1], is_one_of(example.meant[start], one.speaker)


def _print_scores(counts: Counter[tuple[str, str, str]]) -> None:
    for where, sort in sorted({key[:2] for key in counts}):
        found, right = counts[where, sort, "found"], counts[where, sort, "right"]
        print(f"# {where}: {right} of {found} {sort}s right ({right / found:.1%})")


if __name__ == "__main__":
    main()
