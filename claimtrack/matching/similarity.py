"""How far two texts speak of the same proposition, whichever way they decide it.

Words are aligned one to one: the same word or concept first, then opposites, then derived forms, then near
spellings of names. The score is a weighted overlap; names and long words weigh more. Negations, numbers
and times are compared apart.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.fuzz import ratio

from claimtrack.matching.lexicon import DERIVATIONS, OPPOSITES
from claimtrack.matching.normalize import Proposition, Word
from claimtrack.matching.quantities import Quantity

DICE_SHARE = 0.6
ENOUGH_TO_TELL = 2.2
NUMBER_WEIGHT, SAME_UNIT_CREDIT = 1.3, 0.5
NUMBERS_APART, DATES_APART, ROLES_SWAPPED = 0.85, 0.9, 0.75
DERIVED_CREDIT = 0.9
NAMES_SPELLED_ALIKE = 88.0
SHORTEST_STEM = 4

_HAVE_OPPOSITES = frozenset().union(*OPPOSITES)

type Test = Callable[[Word, Word], bool]
type Applies = Callable[[Word], bool]


@dataclass(frozen=True, slots=True)
class Similarity:
    """How alike two propositions are, 0 to 1, with what a reviewer needs to see.

    `opposites` are pairs of words that cannot both hold; `polarity_differs` says that one negates, or states
    the opposite of, what the other affirms. Numbers differ where one side has one that the other has not;
    they clash where both give another value of one unit; times likewise. `only_a` and `only_b` are
    the words that found no partner.
    """

    score: float
    reasons: tuple[str, ...]
    shared: tuple[str, ...] = ()
    opposites: tuple[tuple[str, str], ...] = ()
    polarity_differs: bool = False
    numbers_differ: bool = False
    numbers_clash: bool = False
    dates_differ: bool = False
    dates_clash: bool = False
    shares_name: bool = False
    names_differ: bool = False
    roles_swapped: bool = False
    is_reordered: bool = False
    only_a: tuple[Word, ...] = ()
    only_b: tuple[Word, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether both say all of the same, in the same order: at most one has a light word more."""
        if self.opposites or self.numbers_differ or self.dates_differ or self.is_reordered:
            return False
        return not (self.only_a and self.only_b) and all(word.is_light for word in self.only_a + self.only_b)


@dataclass(frozen=True, slots=True)
class _Pair:
    at: int
    to: int
    credit: float
    is_opposite: bool = False


def similarity(a: Proposition, b: Proposition) -> Similarity:
    """Compare two propositions, negation apart."""
    pairs = _align(a.words, b.words)
    shared = [(a.words[pair.at], b.words[pair.to]) for pair in pairs]
    only_a = _unpaired(a.words, {pair.at for pair in pairs})
    only_b = _unpaired(b.words, {pair.to for pair in pairs})
    opposites = tuple((a.words[pair.at].shown, b.words[pair.to].shown) for pair in pairs if pair.is_opposite)
    numbers_a, numbers_b = _apart(a.quantities, b.quantities)
    dates_a, dates_b = sorted(a.dates - b.dates), sorted(b.dates - a.dates)
    negated_apart = [one.shown for one, other in shared if one.negated != other.negated and not one.is_light]
    swapped = _roles_swapped(a.words, b.words, pairs)
    score = _overlap(a, b, pairs, _numbers_shared(a.quantities, numbers_a, numbers_b))
    score *= NUMBERS_APART if numbers_a and numbers_b else 1.0
    score *= DATES_APART if dates_a and dates_b else 1.0
    score *= ROLES_SWAPPED if swapped else 1.0
    reasons = [
        _listed("shares", [one.shown for one, _ in shared if not one.is_light]),
        _listed("opposites", [f"{one} / {other}" for one, other in opposites]),
        _listed("negated in only one", negated_apart),
        _facing("numbers differ", map(str, numbers_a), map(str, numbers_b)),
        _facing("dates differ", dates_a, dates_b),
        "the names stand in another order" if swapped else "",
    ]
    return Similarity(
        score=round(score, 4),
        reasons=tuple(filter(None, reasons)),
        shared=tuple(one.shown for one, _ in shared),
        opposites=opposites,
        polarity_differs=bool(negated_apart) != bool(len(opposites) % 2),
        numbers_differ=bool(numbers_a or numbers_b),
        numbers_clash={one.unit for one in numbers_a} & {one.unit for one in numbers_b} != set(),
        dates_differ=bool(dates_a or dates_b),
        dates_clash=bool(dates_a and dates_b),
        shares_name=any(one.is_name and other.is_name for one, other in shared),
        names_differ=any(word.is_name for word in only_a) and any(word.is_name for word in only_b),
        roles_swapped=swapped,
        is_reordered=_is_reordered(pairs),
        only_a=only_a,
        only_b=only_b,
    )


def _align(a: Sequence[Word], b: Sequence[Word]) -> list[_Pair]:
    """Pair the words one to one, surest kind of likeness first; in the order of `a`."""
    tests: list[tuple[Test, Applies, float, bool]] = [
        (_same, _always, 1.0, False),
        (_opposite, _has_opposite, 1.0, True),
        (_derived, _has_derivations, DERIVED_CREDIT, False),
        (_spelled_alike, _is_name, DERIVED_CREDIT, False),
    ]
    pairs: list[_Pair] = []
    left_a, left_b = list(range(len(a))), list(range(len(b)))
    for test, applies, credit, is_opposite in tests:
        for at in [at for at in left_a if applies(a[at])]:
            to = next((to for to in left_b if test(a[at], b[to])), None)
            if to is not None:
                pairs.append(_Pair(at, to, credit, is_opposite))
                left_a.remove(at)
                left_b.remove(to)
    return sorted(pairs, key=lambda pair: pair.at)


def _same(a: Word, b: Word) -> bool:
    """The same word, or a name and a part of it ("Kim", "Kim Jong-un")."""
    return a.parts <= b.parts or b.parts <= a.parts


def _always(_: Word) -> bool:
    return True


def _has_opposite(word: Word) -> bool:
    return not word.parts.isdisjoint(_HAVE_OPPOSITES)


def _opposite(a: Word, b: Word) -> bool:
    return any(frozenset({one, other}) in OPPOSITES for one in a.parts for other in b.parts)


def _has_derivations(word: Word) -> bool:
    return not (word.is_name or word.is_light)


def _derived(a: Word, b: Word) -> bool:
    """One stem with different endings: "partial" and "partially", "reduce" and "reduction"."""
    if not _has_derivations(b):
        return False
    (one,), (other,) = a.parts, b.parts
    if one[0] != other[0]:
        return False
    short, long = sorted((one, other), key=len)
    stem, short_stem = _stem(long), _stem(short)
    return len(stem) < len(long) and (short_stem == stem or (short[:-1] == stem and short[-1] in "ey"))


@lru_cache(maxsize=65_536)
def _stem(word: str) -> str:
    for ending in DERIVATIONS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def _is_name(word: Word) -> bool:
    return word.is_name


def _spelled_alike(a: Word, b: Word) -> bool:
    """Two transcriptions of one name."""
    return b.is_name and ratio(" ".join(sorted(a.parts)), " ".join(sorted(b.parts))) >= NAMES_SPELLED_ALIKE


def _overlap(a: Proposition, b: Proposition, pairs: Sequence[_Pair], numbers_shared: float) -> float:
    """Weighted Dice overlap blended with how far the shorter side is covered, less where little was said."""
    in_a = sum(pair.credit * a.words[pair.at].weight for pair in pairs) + NUMBER_WEIGHT * numbers_shared
    in_b = sum(pair.credit * b.words[pair.to].weight for pair in pairs) + NUMBER_WEIGHT * numbers_shared
    all_a = sum(word.weight for word in a.words) + NUMBER_WEIGHT * len(a.quantities)
    all_b = sum(word.weight for word in b.words) + NUMBER_WEIGHT * len(b.quantities)
    if not (all_a and all_b):
        return 0.0
    dice = (in_a + in_b) / (all_a + all_b)
    covered = in_a / all_a if all_a < all_b else in_b / all_b
    return (DICE_SHARE * dice + (1 - DICE_SHARE) * covered) * min(1.0, max(in_a, in_b) / ENOUGH_TO_TELL)


def _apart(a: Sequence[Quantity], b: Sequence[Quantity]) -> tuple[list[Quantity], list[Quantity]]:
    """The quantities of each side that the other has not."""
    only_a, only_b = list(a), list(b)
    for quantity in a:
        if quantity in only_b:
            only_a.remove(quantity)
            only_b.remove(quantity)
    return only_a, only_b


def _numbers_shared(all_a: Sequence[Quantity], only_a: Sequence[Quantity], only_b: Sequence[Quantity]) -> float:
    """How many numbers they share; two different values of one unit count as half of one."""
    if not (only_a and only_b):
        return len(all_a) - len(only_a)
    units_a, units_b = Counter(one.unit for one in only_a), Counter(one.unit for one in only_b)
    return len(all_a) - len(only_a) + SAME_UNIT_CREDIT * (units_a & units_b).total()


def _roles_swapped(a: Sequence[Word], b: Sequence[Word], pairs: Sequence[_Pair]) -> bool:
    """Whether shared names come in another order: who did it to whom may have changed."""
    order = [pair.to for pair in pairs if a[pair.at].is_name or b[pair.to].is_name]
    return order != sorted(order)


def _is_reordered(pairs: Sequence[_Pair]) -> bool:
    """Whether a shared word moved further than past its neighbour ("missile and nuclear tests")."""
    rank = {to: at for at, to in enumerate(sorted(pair.to for pair in pairs))}
    return any(abs(rank[pair.to] - at) > 1 for at, pair in enumerate(pairs))


def _unpaired(words: Sequence[Word], paired: set[int]) -> tuple[Word, ...]:
    return tuple(word for position, word in enumerate(words) if position not in paired)


def _listed(label: str, words: Sequence[str]) -> str:
    return f"{label}: {', '.join(dict.fromkeys(words))}" if words else ""


def _facing(label: str, one: Iterable[str], other: Iterable[str]) -> str:
    left, right = ", ".join(one), ", ".join(other)
    return f"{label}: {left or 'none'} and {right or 'none'}" if left or right else ""
