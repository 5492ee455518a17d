"""How old a text says somebody is: "Ann Smith, 54,", "Ann Smith, who is 54", "54-year-old Ann Smith"."""

from collections.abc import Sequence

from claimtrack.extraction.phrases import Range
from claimtrack.extraction.words import Token

YEAR_OLD = "year-old"
MAX_BEFORE_NAME = 6  # words from "54-year-old" to the name
MAX_APPOSITION = 4  # ... and from the name to "a 54-year-old"
_LEADS = {"who", "is", "was", "has", "just", "turned", "turns", "aged"}
_AFTER_AGE = {",", ".", ")", ";", "and"}


def age_beside(tokens: Sequence[Token], role_first: int, span: Range) -> str:
    """Return the age that stands beside a name, in figures; empty where none does. Its role begins at `role_first`."""
    return _age_after(tokens, span[1]) or _age_before(tokens, role_first)


def age_in(tokens: Sequence[Token], first: int, last: int) -> str:
    """Return the age in "the 54-year-old" or "a 54-year-old nurse", empty where there is none."""
    found = (i for i in range(first + 2, min(last, len(tokens))) if tokens[i].low == YEAR_OLD)
    return next((tokens[i - 2].text for i in found if _is_age(tokens[i - 2])), "")


def _age_after(tokens: Sequence[Token], after: int) -> str:
    i = after
    while i < len(tokens) and (tokens[i].low in _LEADS or (i == after and tokens[i].text in {",", "("})):
        i += 1
    if i == after or i + 1 >= len(tokens) or tokens[i].quoted != tokens[after - 1].quoted:
        return ""
    if tokens[i].tag == "article":
        return age_in(tokens, i, i + MAX_APPOSITION)
    return tokens[i].text if _is_age(tokens[i]) and tokens[i + 1].low in _AFTER_AGE else ""


def _age_before(tokens: Sequence[Token], first: int) -> str:
    for i in range(first - 1, max(1, first - 1 - MAX_BEFORE_NAME), -1):
        if tokens[i].tag not in {"word", "capital"} or tokens[i].quoted != tokens[first].quoted:
            return ""
        if tokens[i].low == YEAR_OLD:
            return age_in(tokens, i - 2, i + 1)
    return ""


def _is_age(token: Token) -> bool:
    return token.text.isdigit() and 4 < int(token.text[:4]) < 120
