"""Paragraphs and sentences of a text.

A sentence never ends inside a quotation, which the general splitters do not know; so this is done here.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from claimtrack.extraction.quotations import Quotation, find_quotations
from claimtrack.extraction.words import Token, tokenize, word_set

_BREAK = re.compile(r"\n[ \t\r\f\v\u00a0]*\n|\u2029")
_END = {".", "!", "?", "…", "..."}
_DASHES = {"-", "–", "—", "--"}
MAX_SENTENCE = 400
MAX_DATELINE = 14
MIN_QUOTED = 4  # tokens between quotation marks that may hold a sentence


@dataclass(slots=True)
class Text:
    """A text made ready for reading; paragraphs and sentences are half-open ranges of tokens."""

    text: str
    tokens: list[Token]
    paragraphs: list[tuple[int, int]]
    quotations: list[Quotation]
    sentences: list[tuple[int, int]]
    closes_at: dict[int, int] = field(default_factory=dict)
    opens_at: dict[int, int] = field(default_factory=dict)


def prepare(text: str) -> Text:
    """Split a text into words, paragraphs, quotations and sentences."""
    tokens = tokenize(text)
    paragraphs = _paragraphs(tokens, text)
    quotations = find_quotations(tokens, paragraphs, text)
    opens_at = {quotation.first: quotation.last for quotation in quotations}
    sentences: list[tuple[int, int]] = []
    for first, last in paragraphs:
        start = _after_dateline(tokens, first, last)
        for token in tokens[first:start]:
            token.tag = "mark"  # a place that nobody speaks of
        sentences += _sentences(tokens, start, last, opens_at)
    closes_at = {quotation.last - 1: quotation.first for quotation in quotations}
    return Text(text, tokens, paragraphs, quotations, sentences, closes_at, opens_at)


def inside_quotations(prepared: Text) -> Text:
    """Return the same text as read between its quotation marks: those words count as not quoted, the sentences
    are theirs, and only what is quoted once more is a quotation."""
    tokens = list(prepared.tokens)
    inside = [(one.first + 1, one.last - one.closed) for one in prepared.quotations]
    inside = [(first, last) for first, last in inside if last - first >= MIN_QUOTED]
    for first, last in inside:
        tokens[first:last] = [Token(one.start, one.end, one.text, one.low, one.tag) for one in tokens[first:last]]
    quotations = find_quotations(tokens, inside, prepared.text) if inside else []
    opens_at = {quotation.first: quotation.last for quotation in quotations}
    closes_at = {quotation.last - 1: quotation.first for quotation in quotations}
    sentences = [one for first, last in inside for one in _sentences(tokens, first, last, opens_at)]
    return Text(prepared.text, tokens, prepared.paragraphs, quotations, sentences, closes_at, opens_at)


def _paragraphs(tokens: Sequence[Token], text: str) -> list[tuple[int, int]]:
    if not tokens:
        return []
    breaks = [match.start() for match in _BREAK.finditer(text, 0, tokens[-1].end)]
    if not breaks:
        breaks = [match.start() for match in re.finditer("\n", text[: tokens[-1].end])]
    found: list[tuple[int, int]] = []
    first = number = 0
    for i, token in enumerate(tokens):
        if number < len(breaks) and token.start > breaks[number]:
            if i > first:
                found.append((first, i))
            first = i
            while number < len(breaks) and token.start > breaks[number]:
                number += 1
    found.append((first, len(tokens)))
    return found


def _after_dateline(tokens: Sequence[Token], first: int, last: int) -> int:
    """Pass over "BERLIN, May 4 (Agency) - " at the beginning of a paragraph."""
    if not (tokens[first].text.isupper() and tokens[first].tag == "capital" and len(tokens[first].text) > 2):
        return first
    for i in range(first + 1, min(first + MAX_DATELINE, last - 1)):
        token = tokens[i]
        if token.text in _DASHES:
            apart = tokens[i - 1].end < token.start and token.end < tokens[i + 1].start
            return i + 1 if apart and not tokens[i + 1].text[0].islower() else first
        if token.quoted or not (
            token.tag in {"capital", "number"} or token.text in {",", "(", ")", "/"} or _is_month(token)
        ):
            return first
    return first


def _is_month(token: Token) -> bool:
    return token.low in word_set("names", "months")


def _sentences(tokens: Sequence[Token], first: int, last: int, opens_at: dict[int, int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    start = i = first
    while i < last:
        end = opens_at.get(i)
        if end is not None:
            if _quotation_ends_sentence(tokens, end, last):
                found.append((start, end))
                start = end
            i = end
            continue
        if _ends_here(tokens, i, last) or i - start >= MAX_SENTENCE:
            found.append((start, i + 1))
            start = i + 1
        i += 1
    if start < last:
        found.append((start, last))
    return found


def _ends_here(tokens: Sequence[Token], i: int, last: int) -> bool:
    mark = tokens[i].text
    if mark not in _END:
        return len(mark) > 2 and mark[-1] == "." and i + 1 < last and _opens_sentence(tokens[i + 1])
    if i + 1 >= last:
        return True
    after = tokens[i + 1]
    if after.start == tokens[i].end:
        return False
    return not (after.text[0].islower() or after.text in {",", ";", ":"})


def _opens_sentence(token: Token) -> bool:
    """After "Inc." or "U.S." only a word that is no name opens a sentence."""
    return token.text[0].isupper() and token.tag in {"article", "pronoun", "subordinator", "preposition", "adverb"}


def _quotation_ends_sentence(tokens: Sequence[Token], end: int, last: int) -> bool:
    """Tell whether the sentence ends with the quotation that ends before token `end`."""
    if end >= last:
        return True
    inside = tokens[end - 2].text if end >= 2 else ""
    after = tokens[end]
    if inside not in _END or after.text in {",", ".", ";", ":", "-", "—", "–", "--", ")"}:
        return False
    if after.text[0].islower():
        return False
    return inside == "." or not _short_cue_follows(tokens, end, last)


def _short_cue_follows(tokens: Sequence[Token], end: int, last: int) -> bool:
    """After a question or an exclamation, "Smith asked." still belongs to the quotation."""
    for i in range(end, min(end + 6, last)):
        if tokens[i].low in {"asked", "said", "wrote", "added", "tweeted", "replied", "exclaimed", "shouted"}:
            return True
        if tokens[i].tag == "mark":
            return False
    return False
