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
    """Return the gender that words in lower case tell: "spokeswoman", "Mr"."""
    known = set(words)
    for gender in (Gender.MALE, Gender.FEMALE):
        if known & (word_set("titles", gender, file="people") | word_set("roles", gender, file="people")):
            return gender
    return Gender.UNKNOWN


@cache
def gender_of_given_name(low: str) -> Gender:
    """Return the gender of a common given name in lower case, of the first one in "jean-luc"."""
    name = low if low in word_set("given", Gender.MALE, file="people") else low.partition("-")[0]
    plain = "".join(sign for sign in normalize("NFKD", name) if not combining(sign))
    genders = [one for one in (Gender.MALE, Gender.FEMALE) if plain in word_set("given", one, file="people")]
    return genders[0] if len(genders) == 1 else Gender.UNKNOWN


def sounds_female(name: str) -> bool:
    """Tell whether the given name of an unknown person ends as most names of women do and few of men."""
    given, _, rest = name.partition(" ")
    return bool(rest) and given.endswith(("a", "á")) and gender_of_given_name(given.lower()) == Gender.UNKNOWN
