"""Noun phrases and clauses, found by the classes of words and the marks around them."""

from collections.abc import Sequence

from claimtrack.extraction.lexicon import Form, cues
from claimtrack.extraction.words import Token, word_set

type Range = tuple[int, int]

MAX_PHRASE = 30
MAX_LISTED = 5  # words in one name of a list
_NAME_MARKS = {"$", "%", "&", "/", "£", "€", "#", "@"}
_DASHES = {"-", "–", "—", "--"}
_ANYBODY = {"nobody", "somebody", "someone", "everyone", "everybody", "anyone", "anybody"}  # "nobody at the mine"
_NEARBY = {"this", "last", "next", "that", "two", "three", "several"}
_RELATIVE = {"who", "which"}
_NO_GERUNDS = {"bring", "sing", "ring", "cling", "swing", "spring", "fling", "sting", "string"}
_CLAUSE_TAGS = {"relative", "question", "subordinator", "pronoun", "mark"}
_FINITE_SUFFIX = "ed"
_PARTICIPLES = {"seen", "written", "made", "held", "taken", "sent", "given", "drawn", "led", "shown", "known", "found"}


def is_verb_like(token: Token) -> bool:
    """Tell whether the word is likely a finite verb; capitals are taken for names."""
    if token.tag in {"auxiliary", "verb"}:
        return True
    if token.tag != "word":
        return False
    forms = cues().verbs.get(token.low, ())
    if any(form in (Form.PAST, Form.PRESENT) for form, _ in forms):
        return token.low not in cues().nouns
    return token.low.endswith(_FINITE_SUFFIX) and len(token.low) > 4


def noun_phrase_before(tokens: Sequence[Token], end: int, floor: int) -> int | None:
    """Return where the noun phrase begins that ends before token `end`, or None when there is none.

    Goes left over nouns, names and their prepositional phrases to a mark, a verb or the word that opens the clause.
    """
    start = end
    floor = max(floor, end - MAX_PHRASE)
    while start > floor:
        token = tokens[start - 1]
        if token.text == ")":
            opened = _bracket(tokens, start - 1, floor)
            if opened is None:
                break
            start = opened
            continue
        if not _belongs(tokens, start - 1, end, floor):
            break
        start -= 1
    while start < end and tokens[start].tag in {"preposition", "adverb", "subordinator", "possessive-mark"}:
        start += 1
    return start if _has_head(tokens, start, end) else None


def start_of_list(tokens: Sequence[Token], start: int, end: int, floor: int) -> int:
    """Return where "A, B and C" begins that ends before token `end`; `start` is where its last part was found."""
    first = start
    if start > floor + 1 and tokens[start - 1].low in {"and", "or"} and tokens[start - 2].text == ",":
        first = start - 1  # "A, B, and C"
    elif not any(token.low in {"and", "or"} for token in tokens[start:end]):
        return start
    while first - 1 > floor and tokens[first - 1].text == ",":
        begin = _listed(tokens, first - 1, max(floor, first - 1 - MAX_LISTED))
        if begin is None:
            break
        first = begin
    return start if tokens[first].low in {"and", "or"} else first


def _listed(tokens: Sequence[Token], comma: int, floor: int) -> int | None:
    """Find the name, or at the sentence's beginning the plural noun, that stands before the comma of a list."""
    i = comma
    while i > floor and tokens[i - 1].tag in {"capital", "number"} and not tokens[i - 1].quoted:
        i -= 1
    if i == comma or is_time(tokens[i]) or tokens[i].tag == "number":
        return None
    before = i - 2 if i - 1 > floor and tokens[i - 1].tag == "article" else i - 1
    return None if before >= floor and tokens[before].tag == "preposition" else i


def _bracket(tokens: Sequence[Token], closed: int, floor: int) -> int | None:
    for i in range(closed - 1, max(floor, closed - 8) - 1, -1):
        if tokens[i].text == "(":
            return i
    return None


def _belongs(tokens: Sequence[Token], i: int, end: int, floor: int) -> bool:
    token = tokens[i]
    if token.quoted:
        return False
    tag = token.tag
    if tag == "mark":
        return token.text in _NAME_MARKS
    if tag in {"relative", "question"}:
        return i == end - 1 and token.low in _RELATIVE
    if tag == "pronoun":
        return (
            i == end - 1
            or (token.low in {"one", "those"} and tokens[i + 1].low == "of")
            or (token.low in _ANYBODY and tokens[i + 1].tag == "preposition")
        )
    if end - 1 > i and tokens[i + 1].tag in {"pronoun", "relative"} and i + 2 >= end:
        return False
    if tag == "article":
        return token.low != "that"
    if tag == "subordinator":
        return token.low in {"and", "or"} and _joins_names(tokens, i, end, floor)
    if i + 1 < end and tokens[i + 1].tag in {"article", "possessive"} and tag not in {"preposition", "article"}:
        return False
    if tag == "adverb":
        return i + 1 < end and tokens[i + 1].low.endswith("ed")
    if _is_plural_verb(tokens, i, floor):
        return False
    return not is_verb_like(token) or _is_participle_inside(tokens, i, end) or _is_participle_after(tokens, i, floor)


def _is_plural_verb(tokens: Sequence[Token], i: int, floor: int) -> bool:
    """ "the minutes show two members": a reporting verb after a plural."""
    low = tokens[i].low
    if tokens[i].tag != "word" or i - 1 < floor or not tokens[i - 1].low.endswith("s") or low in cues().nouns:
        return False
    if tokens[i - 1].tag not in {"word", "capital"}:
        return False
    entries = [known for form, known in cues().verbs.get(low, ()) if form == Form.BASE]
    return any("bare" in cue.frames for known in entries for cue in known)


def _is_participle_inside(tokens: Sequence[Token], i: int, end: int) -> bool:
    """ "the elected officials": a participle between an article and its noun is no verb."""
    if tokens[i].tag != "word" or i + 1 >= end or i == 0:
        return False
    return tokens[i - 1].tag in {"article", "possessive", "possessive-mark"} and tokens[i + 1].tag in {
        "word",
        "capital",
    }


def _is_participle_after(tokens: Sequence[Token], i: int, floor: int) -> bool:
    """ "a study published on Monday", "a memo seen by the paper": what follows belongs to the noun."""
    if i - 1 < floor or i + 1 >= len(tokens) or not (tokens[i].low.endswith("ed") or tokens[i].low in _PARTICIPLES):
        return False
    before, after = tokens[i - 1], tokens[i + 1]
    return (
        before.tag in {"word", "capital"}
        and not is_verb_like(before)
        and (after.low in {"by", "in", "on", "at", "with", "for", "last", "this"} or is_time(after))
    )


def _joins_names(tokens: Sequence[Token], i: int, end: int, floor: int) -> bool:
    if i - 1 < floor or i + 1 >= end:
        return False
    before, after = tokens[i - 1], tokens[i + 1]
    if before.tag == "capital":
        return after.tag in {"capital", "article", "possessive"} or after.tag == "word"
    return before.tag == "word" and after.tag in {"word", "capital"} and not is_verb_like(before)


def _has_head(tokens: Sequence[Token], start: int, end: int) -> bool:
    if start >= end:
        return False
    last = tokens[end - 1]
    if last.tag in {"preposition", "possessive", "possessive-mark"} or last.low in {"a", "an", "the", "every", "no"}:
        return False
    return any(
        token.tag in {"capital", "word", "pronoun", "relative", "article", "number"} for token in tokens[start:end]
    )


def noun_phrase_after(tokens: Sequence[Token], start: int, last: int) -> int:
    """Return where the noun phrase ends that begins at token `start` (`start` itself when there is none)."""
    i = start
    seen_head = False
    last = min(last, start + MAX_PHRASE)
    while i < last:
        token = tokens[i]
        if i == start and token.low in {"lead", "leading"}:
            i += 1
            continue
        if token.quoted or token.tag in {"auxiliary", "verb", "relative", "question", "subordinator"}:
            if token.low == "and" and i + 1 < last and seen_head and tokens[i + 1].tag == "capital":
                i += 1
                continue
            break
        if token.tag == "mark" and token.text not in _NAME_MARKS:
            break
        if token.tag == "pronoun":
            return i + 1 if i == start else i
        if (
            i == start
            and token.low == "her"
            and i + 1 < last
            and tokens[i + 1].tag not in {"word", "capital", "number"}
        ):
            return i + 1
        opens = token.tag in {"article", "possessive"}
        if opens and (seen_head or token.low == "that") and tokens[i - 1].tag not in {"preposition", "article"}:
            break
        if seen_head and (is_verb_like(token) or token.tag == "adverb"):
            break
        if token.tag == "preposition" and (
            not seen_head or token.low in {"to", "in", "on", "at", "during", "after", "by"}
        ):
            break
        seen_head = seen_head or token.tag in {"capital", "word", "number"}
        i += 1
    return i if seen_head else start


def clause_subject(tokens: Sequence[Token], first: int, last: int) -> Range | None:
    """Return the subject of the clause that begins at `first`: the first noun phrase before its verb.

    An introduction ("In March, ...", "When asked, ...") is passed over.
    """
    start = _after_introduction(tokens, first, last)
    i = start
    while i < last:
        token = tokens[i]
        if token.quoted or (token.tag == "mark" and token.text not in _NAME_MARKS):
            break
        if token.tag in {"auxiliary", "verb", "relative", "question", "adverb"}:
            break
        if i > start and (is_verb_like(token) or _takes_object(tokens, i, last)):
            break
        i += 1
    if i >= last or not _has_head(tokens, start, i):
        return None
    return (start, i)


def _takes_object(tokens: Sequence[Token], i: int, last: int) -> bool:
    """A word before an article, a possessive or a number is a verb, unless it is a preposition."""
    return tokens[i].tag == "word" and i + 1 < last and tokens[i + 1].tag in {"article", "possessive", "number"}


def _after_introduction(tokens: Sequence[Token], first: int, last: int) -> int:
    i = first
    while i < last and (tokens[i].tag in {"adverb", "mark"} or tokens[i].low in {"and", "but", "so", "yet", "nor"}):
        i += 1
    if i < last and (
        tokens[i].tag in {"preposition", "subordinator", "question"} or tokens[i].low.endswith(("ing", "ed"))
    ):
        for j in range(i, min(last, i + 40)):
            if tokens[j].text == "," and not tokens[j].quoted:
                return _after_introduction(tokens, j + 1, last)
    return i


def nearest_subject(tokens: Sequence[Token], first: int, end: int) -> Range | None:
    """Return the subject of the last clause before token `end`: of "as the mayor spoke", else of the sentence."""
    for i in range(end - 1, max(first, end - MAX_PHRASE), -1):
        token = tokens[i]
        if token.quoted or token.low not in {
            "as",
            "while",
            "when",
            "after",
            "because",
            "but",
            "and",
            "before",
            "though",
        }:
            continue
        subject = clause_subject(tokens, i + 1, end)
        if subject is not None and subject[0] == i + 1 and subject[1] < end and tokens[subject[1]].tag != "mark":
            return subject
    return clause_subject(tokens, first, end)


def looks_like_clause(tokens: Sequence[Token], start: int, last: int) -> bool:
    """Tell whether a subject and a finite verb follow, as in a report without "that"."""
    if start >= last or tokens[start].tag in {"auxiliary", "preposition", "relative"}:
        return False
    for i in range(start + 1, min(last, start + 25)):
        token = tokens[i]
        if token.text in {";", ":"} and not token.quoted:
            return False
        if is_verb_like(token) and token.low not in {"not", "never"}:
            return True
        if token.quoted and not tokens[start].quoted and not tokens[start + 1].quoted:
            return True
    return False


def opens_infinitive(tokens: Sequence[Token], i: int, last: int) -> bool:
    """Tell whether "to" and a verb stand here, not "to the summit"."""
    if i + 1 >= last or tokens[i].low != "to" or tokens[i].quoted:
        return False
    following = tokens[i + 1]
    if following.quoted:
        return following.tag != "capital"
    is_gerund = following.low.endswith("ing") and following.low not in _NO_GERUNDS
    return following.tag in {"word", "verb", "auxiliary", "adverb"} and not is_gerund


def main_verb_after(tokens: Sequence[Token], start: int, last: int) -> int | None:
    """Find the verb of the sentence after a clause inside it: "was" in "to raise fares was kept"."""
    i = start
    while i < last and tokens[i].tag == "auxiliary":
        i += 1
    for n in range(i + 1, last):
        token = tokens[n]
        if token.quoted or token.low == "that" or token.tag in _CLAUSE_TAGS:
            return None
        if token.tag == "auxiliary" and token.low not in {"not", "never", "be", "been", "being"}:
            return n
    return None


def is_time(token: Token) -> bool:
    return token.low in word_set("names", "time") or token.low in word_set("names", "months")


def after_tail(tokens: Sequence[Token], start: int, last: int) -> int:
    """Return the first token after "on Monday", "in a statement", "during an interview with ..." and the like."""
    i = start
    while i < last:
        token = tokens[i]
        if token.quoted and (i == start or tokens[i - 1].tag not in {"preposition", "possessive-mark"}):
            return i
        if token.quoted or is_time(token) or token.tag in {"adverb", "number"}:
            i += 1
        elif token.text == "," and i + 1 < last and tokens[i + 1].low in {"among", "in", "during", "at", "without"}:
            end = after_tail(tokens, i + 1, last)
            if end >= last or tokens[end].text != ",":
                return i
            i = end + 1
        elif token.low in _NEARBY and i + 1 < last and tokens[i + 1].low in word_set("names", "units"):
            i += 2
        elif token.tag == "preposition" and token.low != "to":
            end = noun_phrase_after(tokens, i + 1, last)
            if end == i + 1:
                return i
            i = end
        else:
            return i
    return i
