"""What tells whether a person is a man or a woman: titles, roles and given names."""

from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from unicodedata import combining, normalize

from claimtrack.extraction.words import word_set


class Gender(StrEnum):
    MALE = "male"
    FEMALE = "female"
    UNKNOWN = "unknown"


def gender_of_role(words: Iterable[str]) -> Gender:
    """Return the gender that words in lower case tell: "spokeswoman", "Mr", "the first woman in the post"."""
    known = set(words)
    for gender in (Gender.MALE, Gender.FEMALE):
        if not known.isdisjoint(_nouns(gender)):
            return gender
    return Gender.UNKNOWN


@cache
def _nouns(gender: Gender) -> frozenset[str]:
    return frozenset().union(*(word_set(table, gender, file="people") for table in ("titles", "roles", "nouns")))


@cache
def gender_of_given_name(low: str) -> Gender:
    """Return the gender of a common given name in lower case, of the first one in "jean-luc"."""
    genders = _genders(low)
    return genders[0] if len(genders) == 1 else Gender.UNKNOWN


def is_given_name(low: str) -> bool:
    """Tell whether a word in lower case is a common given name, of whichever gender."""
    return bool(_genders(low))


@cache
def _genders(low: str) -> tuple[Gender, ...]:
    plain = "".join(sign for sign in normalize("NFKD", low.replace("ı", "i")) if not combining(sign))
    for name in (plain, plain.partition("-")[0]):
        found = tuple(one for one in (Gender.MALE, Gender.FEMALE) if name in word_set("given", one, file="people"))
        if found:
            return found
    return ()


def sounds_female(name: str) -> bool:
    """Tell whether the given name of an unknown person ends as most names of women do and few of men."""
    given, _, rest = name.partition(" ")
    return bool(rest) and given.endswith(("a", "á")) and gender_of_given_name(given.lower()) == Gender.UNKNOWN
