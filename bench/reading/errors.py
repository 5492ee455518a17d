"""What the reader got wrong, in words, so that its rules can be mended. Never for articles held out from that."""

from collections.abc import Iterable, Sequence

from bench.reading.articles import Details
from bench.reading.scoring import Compared, Pair, is_chain_right, is_same_name, is_speaker_right
from claimtrack.extraction.attribution import Attribution, Span


def errors(compared: Compared) -> list[str]:
    """Return a line for each attribution missed or invented, and for each thing wrong in one that was found."""
    text = compared.article.text
    found = [id(pair.marked) for pair in compared.pairs]
    right = [id(pair.read) for pair in compared.pairs]
    lines = [
        f"missed    {one.speech}{_inside(one.details)} {_words(text, one.source, one.cue, one.content)}"
        for one in compared.marked
        if id(one) not in found
    ]
    lines += [f"invented  {_read(text, one)}" for one in compared.read if id(one) not in right]
    for pair in compared.pairs:
        wrong = list(_wrong(compared, pair))
        if wrong:
            lines.append(f"wrong     {_read(text, pair.read)}")
            lines += [f"          {line}" for line in wrong]
    return lines


def _wrong(compared: Compared, pair: Pair) -> Iterable[str]:
    text, marked, read = compared.article.text, pair.marked, pair.read
    if pair.overlap < 1:
        yield f"content: {_words(text, marked.content)}"
    if not pair.is_source_right:
        yield f"source: {_words(text, marked.source)}"
    details = marked.details
    if details is None:
        return
    if not is_speaker_right(details, read):
        yield f"speaker: {' or '.join(details.speakers) or None}, read {read.speaker.name} ({read.speaker.kind})"
    elif details.nested_in is not None and not is_chain_right(compared.article, details, read):
        yield f"chain read: {' > '.join(one.name for one in read.chain)}"
    if (details.nested_in is None) != (read.nested_in is None):
        yield f"nested: {details.nested_in is not None}"
    for name in ("kind", "polarity", "hedged", "said_on", "due_on"):
        if getattr(details, name) != getattr(read, name):
            yield f"{name}: {getattr(details, name)}, read {getattr(read, name)}"
    addressee = read.addressee
    if details.addressee is None or addressee is None:
        is_right = details.addressee is None and addressee is None
    else:
        is_right = is_same_name(details.addressee, addressee)
    if not is_right:
        yield f"addressee: {details.addressee}, read {addressee and addressee.name}"


def _inside(details: Details | None) -> str:
    return " nested" if details is not None and details.nested_in is not None else ""


def _read(text: str, one: Attribution) -> str:
    return _words(text, one.source, one.cue, one.content)


def _words(text: str, *spans: Sequence[Span]) -> str:
    parts = (" … ".join(" ".join(text[start:end].split()) for start, end in part) for part in spans)
    return " | ".join(part or "–" for part in parts)
