"""Where a text puts words between quotation marks."""

from collections.abc import Sequence
from dataclasses import dataclass

from claimtrack.extraction.words import Token, word_set

DOUBLE = {'"', "''", "``", "“", "”", "„", "«", "»", "‟"}
SINGLE = {"'", "‘", "’"}
_OPENING_ONLY = {"“", "„", "«", "``", "‟"}
_CLOSING_ONLY = {"”", "»"}
_ENDS = {".", ",", "!", "?", "…", "..."}
MAX_SINGLE = 80


@dataclass(frozen=True, slots=True)
class Quotation:
    """Tokens from the opening mark up to and with the closing mark; `last` is exclusive.

    An unclosed quotation ends with its paragraph: the next paragraph goes on with it.
    """

    first: int
    last: int
    closed: bool = True


def find_quotations(tokens: Sequence[Token], paragraphs: Sequence[tuple[int, int]], text: str) -> list[Quotation]:
    """Find the quotations of every paragraph and mark their tokens as quoted.

    An opening mark without a closing one counts only where it begins its paragraph or the next paragraph begins with
    an opening mark as well, as in a quotation over several paragraphs.
    """
    found: list[Quotation] = []
    for number, (first, last) in enumerate(paragraphs):
        following = paragraphs[number + 1][0] if number + 1 < len(paragraphs) else None
        goes_on = following is not None and tokens[following].text in DOUBLE
        found += _in_paragraph(tokens, first, last, text, goes_on=goes_on)
    for quotation in found:
        for token in tokens[quotation.first : quotation.last]:
            token.quoted = True
    return found


def _in_paragraph(tokens: Sequence[Token], first: int, last: int, text: str, *, goes_on: bool) -> list[Quotation]:
    found: list[Quotation] = []
    opened: int | None = None
    outside: list[tuple[int, int]] = []
    free_from = first
    for i in range(first, last):
        token = tokens[i]
        if token.text not in DOUBLE:
            continue
        if opened is None:
            if _may_open(tokens, i, text):
                opened = i
                outside.append((free_from, i))
        elif _may_close(tokens, i, text):
            found.append(Quotation(opened, i + 1))
            opened, free_from = None, i + 1
    if opened is not None and (opened == first or goes_on):
        found.append(Quotation(opened, last, closed=False))
    elif opened is not None:
        outside.append((opened + 1, last))
    else:
        outside.append((free_from, last))
    for start, end in outside:
        found += _single(tokens, start, end, text)
    return sorted(found, key=lambda quotation: quotation.first)


def _may_open(tokens: Sequence[Token], i: int, text: str) -> bool:
    token = tokens[i]
    if token.text in _CLOSING_ONLY:
        return False
    if token.text in _OPENING_ONLY:
        return True
    before = text[token.start - 1] if token.start else " "
    after = text[token.end : token.end + 1] or " "
    return (not before.isalnum() and before not in ".,!?") and not after.isspace()


def _may_close(tokens: Sequence[Token], i: int, text: str) -> bool:
    token = tokens[i]
    if token.text in _OPENING_ONLY:
        return False
    if token.text in _CLOSING_ONLY:
        return True
    before = text[token.start - 1] if token.start else " "
    after = text[token.end : token.end + 1] or " "
    return not before.isspace() or after.isspace()


def _single(tokens: Sequence[Token], first: int, last: int, text: str) -> list[Quotation]:
    """Find quotations in single marks; an apostrophe is not one."""
    found: list[Quotation] = []
    i = first
    while i < last:
        if _opens_single(tokens, i, last, text):
            end = _single_end(tokens, i, min(last, i + MAX_SINGLE), text)
            if end is not None:
                found.append(Quotation(i, end + 1))
                i = end
        i += 1
    return found


def _opens_single(tokens: Sequence[Token], i: int, last: int, text: str) -> bool:
    token = tokens[i]
    if token.text not in SINGLE or i + 1 >= last:
        return False
    before = text[token.start - 1] if token.start else " "
    after = tokens[i + 1]
    if after.start != token.end or not (after.text[0].isalpha() or token.text == "‘"):
        return False
    if (token.text + after.low) in word_set("names", "elisions"):
        return False
    return before.isspace() or before in "([—–-:"


def _single_end(tokens: Sequence[Token], opened: int, last: int, text: str) -> int | None:
    plural: int | None = None
    for i in range(opened + 2, last):
        token = tokens[i]
        if token.text not in ("'", "’") or tokens[i - 1].end != token.start:
            continue
        after = text[token.end : token.end + 1]
        if after.isalnum():
            continue
        if tokens[i - 1].low.endswith("s") and plural is None:
            plural = i
            continue
        return i
    return plural
