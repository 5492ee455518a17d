"""Reporting verbs in a sentence: where one stands, in which form, and with which words around it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from claimtrack.extraction.lexicon import Cue, Form, cues
from claimtrack.extraction.words import Token

_BE = {"am", "is", "are", "was", "were", "be", "been", "being", "'s", "’s", "isn't", "wasn't", "weren't", "aren't"}
_NEGATIONS = {"not", "never", "cannot"}
_STANDING_ALONE = {"another", "others", "some", "many", "most", "all", "both", "few", "several", "each"}
_SAYING = {
    "said",
    "say",
    "told",
    "tell",
    "wrote",
    "asked",
    "added",
}  # no participles before a noun: "some reported cases"
MAX_BEHIND_HEAD = 5
_DETERMINING = {"article", "possessive", "possessive-mark", "number"}


@dataclass(frozen=True, slots=True)
class CueMatch:
    """A reporting verb with its auxiliaries, adverbs and particles: tokens `first` up to and without `last`."""

    cue: Cue
    form: Form
    first: int
    verb: int
    last: int
    passive: bool = False
    negated: bool = False
    infinitive: bool = False


def find_cues(tokens: Sequence[Token], first: int, last: int) -> Iterator[CueMatch]:
    """Yield the reporting verbs of a sentence that stand outside quotation marks."""
    verbs = cues().verbs
    for i in range(first, last):
        token = tokens[i]
        if token.quoted or token.low not in verbs:
            continue
        if token.tag == "capital" and (i > first or token.text.isupper()):
            continue
        found = _match(tokens, i, first, last)
        if found is not None:
            yield found


def _match(tokens: Sequence[Token], i: int, first: int, last: int) -> CueMatch | None:
    start = i
    negated = False
    helpers: set[str] = set()
    while start > first and not tokens[start - 1].quoted:
        if tokens[start - 1].low == "longer" and start - 2 >= first and tokens[start - 2].low == "no":
            start, negated = start - 2, True
        elif tokens[start - 1].tag in {"auxiliary", "adverb"}:
            start -= 1
        else:
            break
        low = tokens[start].low
        helpers.add(low)
        negated = negated or low in _NEGATIONS or low.endswith(("n't", "n’t"))
    if tokens[i].low == "saying" and start - first > 2 and tokens[start - 1].low == "as":
        start = _quoted_as(tokens, start - 1, first)
    before = tokens[start - 1] if start > first else None
    infinitive = before is not None and before.low == "to" and start == i
    form = _form(tokens, i, helpers, before, infinitive=infinitive)
    if form is None:
        return None
    chosen = _entry(tokens, i, last, form)
    if chosen is None:
        return None
    cue, end = chosen
    passive = form in (Form.PAST, Form.PARTICIPLE) and bool(helpers & _BE)
    return CueMatch(cue, form, start, i, end, passive, negated, infinitive)


def _quoted_as(tokens: Sequence[Token], end: int, first: int) -> int:
    """ "was quoted as saying" is one verb."""
    start = end
    if tokens[start - 1].low in {"quoted", "cited"}:
        start -= 1
        while start > first and tokens[start - 1].tag in {"auxiliary", "adverb"}:
            start -= 1
    return start


def _form(tokens: Sequence[Token], i: int, helpers: set[str], before: Token | None, *, infinitive: bool) -> Form | None:
    forms = [form for form, _ in cues().verbs[tokens[i].low]]
    if infinitive:
        return Form.BASE if Form.BASE in forms else None
    if before is not None and not helpers:
        if before.low in _STANDING_ALONE and tokens[i].low in _SAYING:
            return Form.PAST if Form.PAST in forms else Form.BASE
        if before.tag in _DETERMINING:
            return None
        if before.tag == "preposition" and forms != [Form.ING]:
            return None
    if Form.PAST in forms:
        return Form.PAST
    if Form.BASE in forms:
        return Form.BASE if helpers or _is_plural_subject(before) or _is_plural_head(tokens, i) else None
    return forms[0]


def _is_plural_subject(before: Token | None) -> bool:
    if before is None or before.tag in {"mark", "pronoun", "relative", "subordinator"}:
        return before is not None and before.low not in {"he", "she", "it"}
    return before.low.endswith("s") or before.low in {
        "people",
        "some",
        "many",
        "others",
        "most",
        "both",
        "few",
        "men",
        "women",
        "police",
    }


def _is_plural_head(tokens: Sequence[Token], i: int) -> bool:
    """ "police in Norwich believe": the plural stands before a preposition."""
    for n in range(i - 1, max(0, i - MAX_BEHIND_HEAD), -1):
        if tokens[n].tag == "preposition":
            return tokens[n - 1].tag in {"word", "capital"} and _is_plural_subject(tokens[n - 1])
        if tokens[n].tag not in {"word", "capital", "article", "possessive", "number"}:
            return False
    return False


def _entry(tokens: Sequence[Token], i: int, last: int, form: Form) -> tuple[Cue, int] | None:
    """Choose the entry whose particles follow the verb; the longest wins."""
    best: tuple[Cue, int] | None = None
    for known, entries in cues().verbs[tokens[i].low]:
        if known != form:
            continue
        for cue in entries:
            end = i + 1 + len(cue.particles)
            if end > last or (best is not None and end <= best[1]):
                continue
            if all(tokens[i + 1 + n].low == particle for n, particle in enumerate(cue.particles)):
                best = (cue, end)
    return best
