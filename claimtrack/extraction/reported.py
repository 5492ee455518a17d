"""What follows a reporting verb: a quotation, a clause, an infinitive or a noun phrase, and where it ends."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from claimtrack.extraction.attribution import Kind
from claimtrack.extraction.cuefinding import CueMatch
from claimtrack.extraction.lexicon import Form, cues
from claimtrack.extraction.phrases import (
    Range,
    after_tail,
    is_time,
    is_verb_like,
    looks_like_clause,
    main_verb_after,
    noun_phrase_after,
    opens_infinitive,
)
from claimtrack.extraction.sentences import Text
from claimtrack.extraction.words import Token, word_set


@dataclass(frozen=True, slots=True)
class Reported:
    """What stands after a reporting verb, and to whom it was said."""

    content: Range
    kind: Kind
    addressee: Range | None = None
    is_object: bool = False


_OTHERS_TO_DO = {"expect": Kind.PREDICTION, "want": Kind.DEMAND}
NEEDS_ADDRESSEE = {"tell", "assure", "inform", "notify", "convince", "persuade"}
_CLAUSE_OPENS = {"that", "whether", "how", "what", "why", "if"}
_AFTER_OBJECT = {"mark", "preposition", "subordinator", "adverb", "auxiliary", "verb", "relative", "question"}
_WHEN = {"before", "after", "in", "during", "at", "last"}  # "pledged before the vote to pay"
_ENDINGS = {".", "!", "?", "…", "..."}


def content_after(prepared: Text, match: CueMatch, last: int) -> Reported | None:
    """Return what is reported after the verb, to whom, and the kind of claim it is; None when nothing is."""
    frames, kind = match.cue.frames, match.cue.kind
    tokens = prepared.tokens
    last = _without_final_mark(tokens, match.last, last)
    if match.passive and not frames & {"person-to", "person"}:
        return _after_passive(prepared, match, last)
    start = match.last
    if frames & {"person", "person-to"}:
        told = _told(prepared, match, last)
        if told is not None:
            return told
    between = _said_to(prepared, match, last) or _as_saying(prepared, match, last)
    between = between or _others_to_do(prepared, match, last)
    if between is not None:
        return between
    if (
        match.cue.lemma == "feel"
        and start < last
        and tokens[start].low in word_set("nouns_with", "states", file="cues")
    ):
        return Reported((start, phrase_end(prepared, start, last)), kind, is_object=True)
    if match.passive or match.cue.lemma not in NEEDS_ADDRESSEE:
        plain = _plain_content(prepared, match, start, last)
        if plain is not None:
            return Reported(plain, kind)
    if "complement" in frames:
        return _complement(prepared, match, last)
    if "object" in frames and start < last and not match.passive:
        return _promised(prepared, match, last) or _object(prepared, start, last, kind)
    return None


def _said_to(prepared: Text, match: CueMatch, last: int) -> Reported | None:
    """ "suggested to her that ...": first the one addressed."""
    tokens, start = prepared.tokens, match.last
    if match.passive or "that" not in match.cue.frames or start >= last or tokens[start].low != "to":
        return None
    end = noun_phrase_after(tokens, start + 1, last)
    if end in (start + 1, last) or tokens[end].low != "that" or tokens[end].quoted:
        return None
    return Reported((end, clause_end(prepared, end, last)), match.cue.kind, (start + 1, end))


def _as_saying(prepared: Text, match: CueMatch, last: int) -> Reported | None:
    """ "quoted Brandt as saying ...": what Brandt said is a saying of its own inside this one."""
    tokens = prepared.tokens
    if match.passive or match.cue.lemma not in {"quote", "cite"}:
        return None
    end = noun_phrase_after(tokens, match.last, last)
    if end == match.last or end + 2 >= last or tokens[end].low != "as" or tokens[end + 1].low != "saying":
        return None
    return Reported((match.last, clause_end(prepared, end + 2, last)), match.cue.kind)


def _others_to_do(prepared: Text, match: CueMatch, last: int) -> Reported | None:
    """ "expects prices to fall", "wants the city to pay"."""
    kind = _OTHERS_TO_DO.get(match.cue.lemma)
    if kind is None or match.passive:
        return None
    end = noun_phrase_after(prepared.tokens, match.last, last)
    if end == match.last or not opens_infinitive(prepared.tokens, end, last):
        return None
    addressee = (match.last, end) if kind == Kind.DEMAND else None
    return Reported((match.last, _infinitive_end(prepared, end, last)), kind, addressee)


def _without_final_mark(tokens: Sequence[Token], start: int, last: int) -> int:
    while last > start and tokens[last - 1].text in _ENDINGS and not tokens[last - 1].quoted:
        last -= 1
    return last


def _plain_content(prepared: Text, match: CueMatch, start: int, last: int) -> Range | None:
    frames = match.cue.frames
    tokens = prepared.tokens
    after_time = _after_time(tokens, start, last)
    for begin in _beginnings(prepared, start, last):
        token = tokens[begin]
        if begin in prepared.opens_at and frames & {"quote", "complement"}:
            return begin, clause_end(prepared, begin, last)
        if token.low in _CLAUSE_OPENS and "that" in frames and not token.quoted:
            if token.low == "what" and "bare" not in frames:
                continue
            return begin, clause_end(prepared, begin, last)
        opening = begin + (token.low in {"not", "never"})
        if "to" in frames and begin in (start, after_time) and opens_infinitive(tokens, opening, last):
            return begin, _infinitive_end(prepared, begin, last)
    if "to" in frames and match.cue.kind == Kind.PROMISE and start < last and tokens[start].low in _WHEN:
        begin = noun_phrase_after(tokens, start + (tokens[start].low != "last"), last)
        if opens_infinitive(tokens, begin, last):
            return begin, _infinitive_end(prepared, begin, last)
    for begin in (after_time, _after_venue(tokens, start, last)):
        if "bare" in frames and begin < last:
            end = clause_end(prepared, begin, last)
            if _opens_bare(prepared, match, begin, end):
                return begin, end
    return None


def _after_venue(tokens: Sequence[Token], start: int, last: int) -> int:
    """Return where the clause begins in "said in a statement the talks were over"; `last` where none does."""
    if start + 2 >= last or tokens[start].low not in {"in", "at", "on", "during"}:
        return last
    end = noun_phrase_after(tokens, start + 1, last)
    if tokens[end - 1].low not in word_set("nouns_with", "venues", file="cues") or end >= last:
        return last
    return end if tokens[end].tag in {"article", "pronoun", "possessive"} else last


def _beginnings(prepared: Text, start: int, last: int) -> list[int]:
    """Return where the content may begin: after the verb, or after a tail such as "on Monday in Paris"."""
    tokens = prepared.tokens
    found: list[int] = []
    after_time = _after_time(tokens, start, last)
    for i in (start, after_time, after_tail(tokens, start, last)):
        begin = i
        if (
            begin + 2 < last
            and tokens[begin].text == "," == tokens[begin + 2].text
            and tokens[begin + 1].tag == "adverb"
        ):
            begin += 2  # "said, however, that"
        while begin < last and tokens[begin].text in {":", ","} and not tokens[begin].quoted:
            begin += 1
        if begin >= last or begin in found:
            continue
        if begin == i or begin in prepared.opens_at or tokens[begin - 1].text == ":" or tokens[begin].low == "that":
            found.append(begin)
    return found


def _after_time(tokens: Sequence[Token], start: int, last: int) -> int:
    i = start
    if i + 1 < last and tokens[i].low == "on" and is_time(tokens[i + 1]):
        i += 2
    while i < last and (is_time(tokens[i]) or (i > start and tokens[i].tag == "number")):
        i += 1
    if i < last and i > start and tokens[i].text == "," and tokens[i - 1].tag == "number":
        i += 1
    return i


def _opens_bare(prepared: Text, match: CueMatch, begin: int, last: int) -> bool:
    tokens = prepared.tokens
    token = tokens[begin]
    if token.text == ":" or tokens[begin - 1].text == ":":
        return True
    if token.tag == "mark" and begin not in prepared.opens_at and token.text not in {"$", "#", "@"}:
        return False
    if begin + 1 >= last:
        return False
    if match.cue.is_mental and token.tag not in {"pronoun", "article", "possessive", "capital", "word", "number"}:
        return False
    return looks_like_clause(tokens, begin, last)


def _after_passive(prepared: Text, match: CueMatch, last: int) -> Reported | None:
    """ "was quoted as saying ..." has its own verb; "it was announced that ...", "is expected to ..."."""
    tokens = prepared.tokens
    start = match.last
    if start >= last:
        return None
    if tokens[start].low in {"that"} and "that" in match.cue.frames:
        return Reported((start, clause_end(prepared, start, last)), match.cue.kind)
    return None


def _told(prepared: Text, match: CueMatch, last: int) -> Reported | None:
    """ "told Y that ...", "urged Y to ...": first the one addressed, then what is said."""
    tokens = prepared.tokens
    start = match.last
    frames = match.cue.frames
    end = start if match.passive else noun_phrase_after(tokens, start, last)
    if end == start and not match.passive:
        return None
    addressee = None if match.passive else (start, end)
    for begin in _beginnings(prepared, end, last):
        token = tokens[begin]
        if opens_infinitive(tokens, begin + (token.low in {"not", "never"}), last):
            kind = match.cue.kind if match.cue.kind == Kind.PROMISE else Kind.DEMAND
            content = (begin, _infinitive_end(prepared, begin, last))
            return Reported(content, kind, addressee)
        if begin in prepared.opens_at or (token.low in _CLAUSE_OPENS and not token.quoted):
            return Reported((begin, clause_end(prepared, begin, last)), match.cue.kind, addressee)
    begin = _after_time(tokens, end, last)
    if "person" in frames and begin < last and looks_like_clause(tokens, begin, clause_end(prepared, begin, last)):
        return Reported((begin, clause_end(prepared, begin, last)), match.cue.kind, addressee)
    return None


def _promised(prepared: Text, match: CueMatch, last: int) -> Reported | None:
    """ "promised the miners a pension": first the one who is promised something."""
    tokens = prepared.tokens
    start = match.last
    if not match.cue.frames & {"person"} or match.cue.kind != Kind.PROMISE:
        return None
    end = noun_phrase_after(tokens, start, last)
    if tokens[start].low == "her" and start + 1 < last and tokens[start + 1].tag == "number":
        end = start + 1
    is_told = tokens[start].tag == "pronoun" or (end < last and tokens[end].tag in {"article", "possessive", "number"})
    if end == start or end >= last or not (is_told or end == start + 1) or tokens[end].tag in _AFTER_OBJECT:
        return None
    thing = _object(prepared, end, last, match.cue.kind)
    return None if thing is None else replace(thing, addressee=(start, end))


def _object(prepared: Text, start: int, last: int, kind: Kind) -> Reported | None:
    tokens = prepared.tokens
    token = tokens[start]
    if token.quoted or token.tag in {"article", "possessive", "capital", "word", "number", "pronoun"}:
        if is_time(token) or token.low in {"that"}:
            return None
        return _until_clause_end(prepared, start, last, kind, minimum=1)
    return None


def _complement(prepared: Text, match: CueMatch, last: int) -> Reported | None:
    """ "called it a mistake": the thing named and its name; "a group called Dawn" and "called Smith" name nothing."""
    tokens = prepared.tokens
    start = match.last
    if start >= last or (match.first > 0 and match.form == Form.PAST and tokens[match.first - 1].quoted):
        return None
    reported = _until_clause_end(prepared, start, last, match.cue.kind, minimum=2)
    if reported is None:
        return None
    first, end = reported.content
    for i in range(first, end):
        if i in prepared.opens_at and prepared.opens_at[i] <= end:
            return Reported((first, prepared.opens_at[i]), match.cue.kind, is_object=True)
    if all(tokens[i].tag == "capital" for i in range(first, end)):
        return None
    return reported


def _until_clause_end(prepared: Text, start: int, last: int, kind: Kind, *, minimum: int) -> Reported | None:
    tokens = prepared.tokens
    if start >= last or (tokens[start].tag in {"mark", "preposition"} and start not in prepared.opens_at):
        return None
    end = phrase_end(prepared, start, last)
    return Reported((start, end), kind, is_object=True) if end - start >= minimum else None


def phrase_end(prepared: Text, start: int, last: int) -> int:
    """Return where an object or complement ends: at a comma, or where another clause begins."""
    tokens = prepared.tokens
    i = start
    while i < last:
        if i in prepared.opens_at:
            i = prepared.opens_at[i]
            if tokens[i - 2].text == ",":
                return min(i, last)
            continue
        token = tokens[i]
        if token.text in {",", ";", ":", "—", "–", "--", "("}:
            return i
        if token.low in {"while", "when", "because", "after", "before", "although", "though", "but", "saying"}:
            return i
        if i > start and token.low == "and" and _is_past_report(tokens, i + 1, last):
            return i
        i += 1
    return min(i, last)


def clause_end(prepared: Text, start: int, last: int) -> int:
    """Return where a reported clause ends: the end of its sentence, or where somebody reports again."""
    tokens = prepared.tokens
    i = start
    while i < last:
        if i in prepared.opens_at:
            i = min(prepared.opens_at[i], last)
            if i < last and _turns(prepared, i, last) and tokens[i - 2].text == ",":
                return i
            continue
        token = tokens[i]
        if (
            token.text == ";"
            or _says_again(tokens, i, last)
            or (token.text == "," and _sums_up(tokens, i + 1, last))
            or (token.text in {",", "—", "–", "--"} and _turns(prepared, i + 1, last))
        ):
            return i
        i += 1
    return last


def relative_end(prepared: Text, start: int, last: int) -> int:
    """Return where a relative clause ends: at the comma before the verb of the main clause."""
    tokens = prepared.tokens
    end = clause_end(prepared, start, _without_final_mark(tokens, start, last))
    end = main_verb_after(tokens, start, end) or end
    for i in range(start, end - 1):
        if tokens[i].text in {",", "—", "–", "--"} and not tokens[i].quoted and is_verb_like(tokens[i + 1]):
            return i
    return end


def _infinitive_end(prepared: Text, start: int, last: int) -> int:
    """Return where "to ..." ends: a new subject after a comma ("..., but he refused") is no part of it."""
    tokens = prepared.tokens
    end = clause_end(prepared, start, last)
    for i in range(start, end - 2):
        if tokens[i].text != "," or tokens[i].quoted or tokens[i + 1].low not in {"but", "and", "so", "yet"}:
            continue
        if tokens[i + 2].tag in {"pronoun", "capital", "article"} and looks_like_clause(tokens, i + 2, end):
            return i
    return end


def _turns(prepared: Text, i: int, last: int) -> bool:
    """Tell whether after a comma the reporter speaks again."""
    tokens = prepared.tokens
    if i >= last:
        return False
    token = tokens[i]
    if token.quoted:
        return False
    forms = [form for form, _ in cues().verbs.get(token.low, ())]
    if Form.ING in forms:
        return True
    if token.low == "according":
        return True
    if token.low not in {"but", "while", "and", "whereas", "though", "although", "as"} or i + 1 >= last:
        return False
    following = tokens[i + 1]
    if following.low in {"that", "whether"}:
        return False
    if token.low in {"but", "and"} and following.tag != "auxiliary" and is_verb_like(following):
        return token.low == "but" or following.low in cues().verbs
    return _reports_soon(tokens, i + 1, last)


def _reports_soon(tokens: Sequence[Token], start: int, last: int) -> bool:
    """Tell whether a new subject and a reporting verb come next: ", while Smith said ..."."""
    for i in range(start, min(last, start + 12)):
        token = tokens[i]
        if token.quoted or token.tag == "mark":
            return False
        if i == start or token.tag in {"auxiliary", "adverb"}:
            continue
        forms = [form for form, _ in cues().verbs.get(token.low, ())]
        if Form.PAST in forms or Form.PRESENT in forms:
            return True
        if is_verb_like(token):
            return False
    return False


def _says_again(tokens: Sequence[Token], i: int, last: int) -> bool:
    """ "... and said, ...": without a comma, only a verb of saying ends the clause."""
    if tokens[i].low not in {"and", "but"} or tokens[i].quoted or i + 1 >= last or tokens[i + 1].quoted:
        return False
    entries = cues().verbs.get(tokens[i + 1].low, ())
    return any(form == Form.PAST and any("aside" in cue.frames for cue in known) for form, known in entries)


def _sums_up(tokens: Sequence[Token], start: int, last: int) -> bool:
    """ ", a step she said would help": the reporter names what went before, and somebody speaks of it."""
    if start >= last or tokens[start].low not in {"a", "an", "something"} or tokens[start].quoted:
        return False
    if tokens[start].low == "something":
        return True
    for i in range(start + 1, min(start + 5, last - 1)):
        if tokens[i].tag == "pronoun":
            return _is_past_report(tokens, i + 1, last)
        if tokens[i].tag == "mark":
            return False
    return False


def _is_past_report(tokens: Sequence[Token], i: int, last: int) -> bool:
    """ "called it reckless and promised to ...": the verb that follows "and" has a content of its own."""
    if i + 1 >= last or tokens[i].quoted or tokens[i + 1].text in {",", "."}:
        return False
    return any(form == Form.PAST for form, _ in cues().verbs.get(tokens[i].low, ()))
