"""Countries: their names, seats of government and adjectives."""

from collections.abc import Iterable
from functools import cache

from claimtrack.extraction.words import load


@cache
def countries() -> dict[str, str]:
    """Return the country for each name, seat of government and adjective, in lower case."""
    found: dict[str, str] = {}
    for country, others in load("countries")["countries"].items():
        found[country.lower()] = country
        for other in others.split("|"):
            found.setdefault(other.lower(), country)
    return found


@cache
def country_names() -> frozenset[str]:
    """Return the names that stand for a government: countries and their seats, without adjectives."""
    listed = load("countries")["countries"]
    seats = {others.split("|")[0].lower() for others in listed.values()}
    short = {"us", "u.s.", "uk", "u.k.", "eu", "e.u.", "un", "u.n.", "kremlin", "america", "uae", "delhi", "kiev"}
    return frozenset({country.lower() for country in listed} | seats | short)


def countries_in(words: Iterable[str]) -> frozenset[str]:
    """Return the countries that a description in lower case names; two words ("north korean") go before one."""
    known = countries()
    parts = list(words)
    found: set[str] = set()
    i = 0
    while i < len(parts):
        pair = " ".join(parts[i : i + 2])
        width = 2 if pair in known and i + 1 < len(parts) else 1
        land = known.get(pair if width == 2 else parts[i])
        if land is not None:
            found.add(land)
        i += width
    return frozenset(found)
