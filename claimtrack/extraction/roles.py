"""Roles, compared across articles: "the finance minister of Peru" is "Peru's finance minister"."""

import re

from claimtrack.extraction.spelling import name_key

_POSSESSIVE = re.compile(r"['’]s?(?=\s|$)")
_LINKS = frozenset(["the", "of", "for", "in", "at"])
_COMPLEMENT = re.compile(r"\s+(?:of|for|in|at|to)\s|,")


def role_key(role: str) -> str:
    """Return the words of a role in one order, without those that only join them."""
    words = name_key(_POSSESSIVE.sub("", role)).split()
    return " ".join(sorted(word for word in words if word not in _LINKS))


def role_head(role: str) -> str:
    """Return the word that says what somebody is: the "minister" of a "finance minister of Peru"."""
    words = name_key(_COMPLEMENT.split(_POSSESSIVE.sub("", role), maxsplit=1)[0]).split()
    return words[-1] if words else ""


def is_same_role(one: str, other: str) -> bool:
    """Tell whether two roles may be one, of which one article says less: "chancellor", "German chancellor"."""
    some, more = sorted((set(role_key(one).split()), set(role_key(other).split())), key=len)
    return bool(some) and some <= more and role_head(one) == role_head(other)


def described_role(description: str) -> str:
    """Return the key of a role that names its place or body, as held by one person; empty where it does not.

    "The harbour master of Setúbal" and "Peru's finance minister" do; "the minister" and "a spokesman" do not.
    """
    words = description.split()
    is_definite = words[0].lower() == "the" or _POSSESSIVE.search(words[0]) is not None if words else False
    rest = words[1:] if words and words[0].lower() == "the" else words
    names_something = any(word[:1].isupper() for word in rest)
    return role_key(description) if is_definite and names_something and len(rest) > 1 else ""
