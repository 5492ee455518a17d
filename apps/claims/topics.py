"""Which topics a claim may belong to: those of whose terms its words, or the names of its speakers, have one."""

import re
from collections.abc import Iterable, Sequence
from typing import Protocol


class Named(Protocol):
    """The part of a topic that is looked for."""

    terms: list[str]


def suggested[T: Named](topics: Iterable[T], texts: Sequence[str]) -> list[T]:
    """The topics that have a term in one of the texts, as whole words in any case."""
    text = "\n".join(texts)
    return [topic for topic in topics if any(_has(text, term) for term in topic.terms)]


def _has(text: str, term: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(term)}(?!\w)", text, re.IGNORECASE) is not None
