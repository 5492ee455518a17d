"""What was read against what is marked: pairs, and counts from which every figure is a ratio.

An attribution is found when its content overlaps a marked one with an intersection over union of words of at least
one half; each is paired once, the closest first. Its source is right when the head of the marked source lies in the
source that was read, or both have none. So people are compared on PolNeAR, whose two annotators agree on 79.5 % of
attributions and on 73.6 % with the source. Where only outermost sayings are marked, only those read are compared.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bench.reading.articles import Article, Details, Marked
from claimtrack.extraction.attribution import Attribution, Polarity, Span, SpeakerKind, SpeakerName

FOUND_AT = 0.5
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_ENDS_HEAD = frozenset(
    ["of", "in", "on", "at", "by", "for", "from", "to", "with", "who", "whom", "whose", "which", "that"]
)
_ARTICLE = re.compile(r"^(?:the|an?) ")

type Words = Sequence[tuple[int, int, str]]


@dataclass(frozen=True, slots=True)
class Pair:
    """A marked attribution and the one read for it."""

    marked: Marked
    read: Attribution
    overlap: float
    is_source_right: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """An article's attributions, with a word at least in each content, and which of them are the same."""

    article: Article
    marked: tuple[Marked, ...]
    read: tuple[Attribution, ...]
    pairs: tuple[Pair, ...]


def compare(article: Article, read: Sequence[Attribution]) -> Compared:
    """Pair what was read in an article with what is marked in it."""
    words = [(*match.span(), match.group().lower()) for match in _WORD.finditer(article.text)]
    marked = {number: content for number, one in enumerate(article.marked) if (content := _within(one.content, words))}
    found = {
        position: content
        for position, one in enumerate(read)
        if (article.is_own or one.nested_in is None) and (content := _within(one.content, words))
    }
    close = sorted(
        (-overlap, _is_nested(article.marked[number]) != (read[position].nested_in is not None), number, position)
        for number, content in marked.items()
        for position, other in found.items()
        if (overlap := len(content & other) / len(content | other)) >= FOUND_AT
    )
    unread, pairs = set(found), dict[int, Pair]()
    for less, _, number, position in close:
        if number not in pairs and position in unread:
            unread.remove(position)
            one, other = article.marked[number], read[position]
            pairs[number] = Pair(one, other, -less, _is_source_right(one, other, article.text, words))
    return Compared(
        article,
        marked=tuple(article.marked[number] for number in marked),
        read=tuple(read[position] for position in found),
        pairs=tuple(pairs[number] for number in sorted(pairs)),
    )


def count(compared: Compared) -> Counter[str]:
    """Count what the figures are made of, in one article."""
    counts = Counter(marked=len(compared.marked), read=len(compared.read), found=len(compared.pairs))
    counts["with source"] = sum(pair.is_source_right for pair in compared.pairs)
    counts["exact"] = sum(pair.overlap == 1 for pair in compared.pairs)
    counts.update(f"{one.speech} marked" for one in compared.marked)
    counts.update(f"{pair.marked.speech} found" for pair in compared.pairs)
    for one in compared.marked:
        counts["nested marked"] += _is_nested(one)
        counts["due all"] += one.details is not None and one.details.due_on is not None
    for pair in compared.pairs:
        if pair.marked.details is not None:
            counts.update(_details_right(compared.article, pair, pair.marked.details))
    return counts


def _details_right(article: Article, pair: Pair, details: Details) -> Iterable[str]:
    """Name each thing that a found attribution adds one to."""
    read, is_right = pair.read, is_speaker_right(details, pair.read)
    yield "speaker"
    yield from ["speaker right"] * is_right
    if details.is_pronoun:
        sort = "pronoun" if _is_one_word(article.text, pair.marked.source) else "description"
        yield sort
        yield from [f"{sort} right"] * is_right
    if details.nested_in is not None:
        is_nested = read.nested_in is not None
        yield from ["nested found"] * is_nested
        yield from ["nested right"] * (is_nested and is_right)
        yield from ["chain right"] * (is_nested and is_chain_right(article, details, read))
    yield f"{details.kind} marked"
    yield f"{read.kind} read"
    yield from ["kind right", f"{details.kind} right"] * (read.kind == details.kind)
    yield from ["polarity right"] * (read.polarity == details.polarity)
    yield from _yes_or_no("negated", details.polarity == Polarity.NEGATED, read.polarity == Polarity.NEGATED)
    yield from ["hedge right"] * (read.hedged == details.hedged)
    yield from _yes_or_no("hedged", details.hedged, read.hedged)
    yield from ["said right"] * (read.said_on == details.said_on)
    yield from _given_or_invented("due", details.due_on, read.due_on, lambda one, other: one == other)
    yield from _given_or_invented("addressee", details.addressee, read.addressee, is_same_name)


def _is_one_word(text: str, source: Sequence[Span]) -> bool:
    """Tell "she" from "the minister"."""
    return sum(len(text[start:end].split()) for start, end in source) == 1


def _yes_or_no(name: str, marked: bool, read: bool) -> Iterable[str]:
    yield from [f"{name} marked"] * marked
    yield from [f"{name} read"] * read
    yield from [f"{name} both"] * (marked and read)


def _given_or_invented[M, R](
    name: str, marked: M | None, read: R | None, is_same: Callable[[M, R], bool]
) -> Iterable[str]:
    if marked is None:
        yield f"{name} absent"
        yield from [f"{name} invented"] * (read is not None)
    else:
        yield f"{name} given"
        yield from [f"{name} right"] * (read is not None and is_same(marked, read))


def is_speaker_right(details: Details, read: Attribution) -> bool:
    """Tell whether the fullest name was found, or that there is none."""
    return is_one_of(details.speakers, read.speaker)


def is_chain_right(article: Article, details: Details, read: Attribution) -> bool:
    """Tell whether everybody was found through whom a saying is known; who reports of himself counts once."""
    chain = [details.speakers]
    outer = details.nested_in
    while outer is not None and (around := article.marked[outer].details) is not None:
        if around.speakers[:1] != chain[0][:1]:
            chain.insert(0, around.speakers)
        outer = around.nested_in
    return len(chain) == len(read.chain) and all(map(is_one_of, chain, read.chain))


def is_same_name(marked: str, read: SpeakerName) -> bool:
    return _plain(marked) == _plain(read.name)


def is_one_of(right: tuple[str, ...], read: SpeakerName) -> bool:
    """Tell whether this is one of the right names, or, where there are none, has no name."""
    return any(is_same_name(name, read) for name in right) if right else read.kind == SpeakerKind.UNNAMED


def _plain(name: str) -> str:
    return _ARTICLE.sub("", name.casefold().replace("’", "'"))


def _is_nested(marked: Marked) -> bool:
    return marked.details is not None and marked.details.nested_in is not None


def _within(spans: Iterable[Span], words: Words) -> set[int]:
    return {
        number for first, last in spans for number, (start, end, _) in enumerate(words) if start < last and end > first
    }


def _is_source_right(marked: Marked, read: Attribution, text: str, words: Words) -> bool:
    head = _head(sorted(_within(marked.source, words)), text, words)
    source = _within(read.source, words)
    return head in source if head is not None else not source


def _head(source: Sequence[int], text: str, words: Words) -> int | None:
    """Return the last word before what only adds to a noun: "the *mayor* of the town, who ..."."""
    head = None
    for number in source:
        if head is not None and (words[number][2] in _ENDS_HEAD or "," in text[words[head][1] : words[number][0]]):
            break
        head = number
    return head
