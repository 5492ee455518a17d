"""The word lists of the matcher, read once from `data/`, and the dictionary forms of words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import product

import simplemma

type Phrase = tuple[str, ...]

GERUND = "~ing"
SHORTEST_VERB = 4


@lru_cache(maxsize=65_536)
def lemma(word: str) -> str:
    """The dictionary form of a lower-case English word, in lower case."""
    found = IRREGULAR.get(word) or _entry(word).lower()
    return _verb(word) if found == word and word.endswith("ing") else found


@lru_cache(maxsize=65_536)
def is_common_word(word: str) -> bool:
    """Whether a lower-case word is in the dictionary other than as a name."""
    return bool(simplemma.is_known(word, lang="en")) and _entry(word).islower()


def is_gerund(word: str) -> bool:
    return word.endswith("ing") and lemma(word) != word


def _verb(gerund: str) -> str:
    """The verb of a form in -ing that the dictionary keeps as a noun ("closing"), else the word itself."""
    stem = gerund.removesuffix("ing")
    verbs = [f"{stem}e", stem, *([stem[:-1]] if stem[-2:-1] == stem[-1:] else [])]
    return next((verb for verb in verbs if len(verb) >= SHORTEST_VERB and is_common_word(verb)), gerund)


def _entry(word: str) -> str:
    return str(simplemma.lemmatize(word, lang="en"))


class Phrases:
    """Phrases in dictionary form, each with a value, that are looked up in running text."""

    def __init__(self, values: Mapping[Phrase, str]) -> None:
        self._values = values
        self._longest: dict[str, int] = {}
        for first, *rest in values:
            self._longest[first] = max(1 + len(rest), self._longest.get(first, 0))
        self._longest_with = lru_cache(maxsize=65_536)(self._find_longest)

    def __getitem__(self, phrase: Phrase) -> str:
        return self._values[phrase]

    def longest_at(self, tokens: Sequence[str], position: int) -> Phrase | None:
        """The longest phrase that starts here, in any form of its words; "~ing" takes any form in -ing."""
        longest = self._longest_with(tokens[position])
        if not longest:
            return None
        for length in range(min(longest, len(tokens) - position), 0, -1):
            for spelling in _spellings(tokens[position : position + length]):
                if spelling in self._values:
                    return spelling
        return None

    def _find_longest(self, token: str) -> int:
        """How many words the longest phrase has that begins with this one, in any form of it."""
        return max(self._longest.get(token, 0), self._longest.get(lemma(token), 0))


def _spellings(words: Sequence[str]) -> Iterable[Phrase]:
    """These words as written and in dictionary form, in every mixture."""
    forms = [dict.fromkeys((word, lemma(word))) for word in words]
    if len(words) > 1 and is_gerund(words[-1]):
        forms[-1][GERUND] = None
    return product(*forms)


def _lines(name: str) -> Iterator[str]:
    text = files("claimtrack.matching").joinpath("data", f"{name}.txt").read_text("utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))


def _words(name: str) -> tuple[str, ...]:
    return tuple(word for line in _lines(name) for word in line.split())


def _phrases(name: str) -> dict[Phrase, str]:
    return {tuple(line.split()): line for line in _lines(name)}


def _pairs(name: str) -> dict[str, str]:
    return {phrase[0]: phrase[1] for phrase in _phrases(name)}


def _by_kind(name: str) -> dict[str, list[str]]:
    """Lines of "kind: contents", the contents of each kind together."""
    kinds: dict[str, list[str]] = {}
    for kind, contents in (line.split(": ", 1) for line in _lines(name)):
        kinds.setdefault(kind, []).append(contents)
    return kinds


def _marks() -> dict[Phrase, str]:
    rows = ((kind, row) for kind, rows in _by_kind("marks").items() for row in rows)
    return {tuple(phrase.split()): kind for kind, row in rows for phrase in row.split(", ")}


def _concepts() -> dict[Phrase, str]:
    groups = (line.split(", ") for line in _lines("concepts"))
    return {tuple(phrase.split()): group[0] for group in groups for phrase in group}


def _opposites(concepts: Mapping[Phrase, str]) -> frozenset[frozenset[str]]:
    def keys(side: str) -> list[str]:
        return [concepts.get((word,), word) for word in side.split(", ")]

    sides = (line.split(" | ") for line in _lines("opposites"))
    return frozenset(frozenset(pair) for left, right in sides for pair in product(keys(left), keys(right)))


def _numbers() -> dict[str, dict[str, float]]:
    def values(rows: Sequence[str]) -> dict[str, float]:
        pairs = (pair.split() for row in rows for pair in row.split(", "))
        return {word: float(value) for word, value in pairs}

    return {kind: values(rows) for kind, rows in _by_kind("numbers").items()}


STOP_WORDS = frozenset(_words("stop_words"))
LIGHT_WORDS = frozenset(_words("light_words"))
QUANTIFIERS = frozenset(_words("quantifiers"))
NEGATIONS = Phrases(_phrases("negations"))
NOT_NEGATIONS = Phrases(_phrases("not_negations"))
MARKS = Phrases(_marks())
RELEASES = Phrases(_phrases("releases"))
CONCEPTS = Phrases(_concepts())
OPPOSITES = _opposites(_concepts())
DERIVATIONS = _words("derivations")
IRREGULAR = _pairs("irregular")
UNITS = _pairs("units")
NUMBERS = _numbers()
GRAMMAR = {kind: frozenset(" ".join(rows).split()) for kind, rows in _by_kind("grammar").items()}
