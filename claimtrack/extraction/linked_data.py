"""What a page says about its article in JSON-LD (schema.org)."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from claimtrack.extraction.decoding import without_controls
from claimtrack.extraction.moments import read_moment

MAX_NODES = 2_000
WRAPPING = re.compile(r"^\s*(?://)?\s*(?:<!--|<!\[CDATA\[)|(?://)?\s*(?:-->|\]\]>)\s*;?\s*$")
ARTICLE_TYPES = ("Article", "BlogPosting", "LiveBlogPosting", "Report")


@dataclass(frozen=True, slots=True)
class ArticleData:
    """The article as its publisher describes it; empty where nothing is said."""

    headline: str = ""
    author: str = ""
    publisher: str = ""
    language: str = ""
    published_at: datetime | None = None


def article_data(scripts: Iterable[str]) -> ArticleData:
    """Find the first article that the JSON-LD scripts of a page describe. What is no JSON is passed over."""
    for script in scripts:
        try:
            data = json.loads(WRAPPING.sub("", script), strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _nodes(data):
            if _is_article(node):
                return ArticleData(
                    headline=_names(node.get("headline")),
                    author=_names(node.get("author")),
                    publisher=_names(node.get("publisher")),
                    language=_names(node.get("inLanguage")),
                    published_at=read_moment(node.get("datePublished")),
                )
    return ArticleData()


def _nodes(data: object) -> Iterator[dict[str, object]]:
    """Walk all objects of the data, outer ones first, so far as a page of good will goes."""
    waiting = [data]
    for _ in range(MAX_NODES):
        if not waiting:
            return
        node = waiting.pop(0)
        if isinstance(node, dict):
            yield node
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node


def _is_article(node: dict[str, object]) -> bool:
    types = node.get("@type")
    named = types if isinstance(types, list) else [types]
    return "datePublished" in node and any(str(one).endswith(ARTICLE_TYPES) for one in named)


def _names(value: object) -> str:
    """Give the name of a thing, of several, or a plain text."""
    if isinstance(value, dict):
        value = value.get("name")
    if isinstance(value, list):
        return ", ".join(filter(None, map(_names, value[:20])))
    return " ".join(without_controls(value).split())[:500] if isinstance(value, str) else ""
