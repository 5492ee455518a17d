"""Feeds of every kind, read into one shape: RSS, Atom, JSON Feed and news sitemaps.

Pure, but made for hostile input of which a parser may never end: in the service it runs in a child process
(`claimtrack.extraction.sandbox`).
"""

import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import feedparser
from defusedxml import DefusedXmlException, ElementTree

from claimtrack.extraction.addresses import BadAddress, canonical_address
from claimtrack.extraction.decoding import decode, without_controls
from claimtrack.extraction.moments import not_too_early, read_moment

MAX_TITLE = 500
MAX_SUMMARY = 5_000
MAX_ID = 1_000

XML_DECLARATION = re.compile(r"\s*<\?xml\b[^>]*\?>")
DECLARED_ENCODING = re.compile(rb"""\s*<\?xml\b[^>]*?encoding\s*=\s*["']([\w.:-]+)""")
OWN_ENTITIES = re.compile(r"<!DOCTYPE.*?<!ENTITY", re.IGNORECASE | re.DOTALL)
SITEMAP = re.compile(r"<(?:\w+:)?(urlset|sitemapindex)[\s>]")
BLANKS = re.compile(r"\s+")
INLINE = frozenset(
    {"a", "abbr", "b", "em", "font", "i", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "u"}
)

NO_LINK = "It has no link."
TWICE = "Its id comes twice in this document; the later one is kept."


class FeedUnreadable(Exception):
    """The document is no feed that can be read; `code` is stable, `message` a sentence for people."""

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One entry. `id` is the publisher's own, or else the link; `url` is absolute; texts are plain."""

    id: str
    url: str
    title: str
    published_at: datetime | None
    updated_at: datetime | None
    summary: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """An entry that is left out, by its position in the document counted from 1, and why."""

    position: int
    reason: str


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """What a feed holds: each entry is either among the items or among the rejected."""

    title: str
    items: tuple[FeedItem, ...]
    rejected: tuple[Rejected, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry as found, before its link is resolved and checked."""

    id: str = ""
    link: str = ""
    title: str = ""
    published_at: datetime | None = None
    updated_at: datetime | None = None
    summary: str = ""
    refusal: str = ""


def read_feed(body: bytes, *, content_type: str, base_url: str) -> FeedDocument:
    """Read a feed of any kind; relative links are resolved against `base_url`.

    Dates are in UTC, None where there is none or it cannot be read; where only one of the two is given,
    `published_at` is it. Titles are cut at 500 characters, summaries at 5,000. Raises FeedUnreadable.
    """
    declared = DECLARED_ENCODING.match(body)
    text = decode(body, content_type=content_type, declared=declared[1].decode() if declared else "").strip()
    if not text:
        raise FeedUnreadable("The feed is empty.", code="empty")
    if text.startswith("{"):
        title, entries = _from_json(text)
    else:
        title, entries = _from_xml(text, base_url)
    return _document(title, entries, base_url)


def _document(title: str, entries: Iterable[_Entry], base_url: str) -> FeedDocument:
    kept: dict[str, tuple[int, FeedItem]] = {}
    rejected: list[Rejected] = []
    for position, entry in enumerate(entries, start=1):
        reason = entry.refusal or (NO_LINK if not entry.link else "")
        try:
            url = urljoin(base_url, entry.link.strip())
            canonical_address(url)
        except ValueError as error:
            reason = reason or (error.message if isinstance(error, BadAddress) else "Its link cannot be read.")
        if reason:
            rejected.append(Rejected(position, reason))
            continue
        item = _item(entry, url)
        if earlier := kept.pop(item.id, None):
            rejected.append(Rejected(earlier[0], TWICE))
        kept[item.id] = (position, item)
    rejected.sort(key=lambda one: one.position)
    return FeedDocument(_line(title)[:MAX_TITLE], tuple(item for _, item in kept.values()), tuple(rejected))


def _item(entry: _Entry, url: str) -> FeedItem:
    own_id = _line(entry.id)
    return FeedItem(
        id=own_id if own_id and len(own_id) <= MAX_ID else url,
        url=url,
        title=_line(entry.title)[:MAX_TITLE],
        published_at=entry.published_at or entry.updated_at,
        updated_at=entry.updated_at,
        summary=_line(entry.summary)[:MAX_SUMMARY],
    )


# XML


def _from_xml(text: str, base_url: str) -> tuple[str, Iterable[_Entry]]:
    if OWN_ENTITIES.search(text):
        raise FeedUnreadable("The feed declares entities of its own, which are not read.", code="own_entities")
    text = XML_DECLARATION.sub("", text, count=1)
    sitemap = SITEMAP.search(text, 0, 4_000)
    if sitemap and sitemap[1] == "sitemapindex":
        raise FeedUnreadable("This is an index of sitemaps; add the sitemaps it names.", code="sitemap_index")
    if sitemap:
        return "", _from_sitemap(text)
    return _from_rss_or_atom(text, base_url)


def _from_rss_or_atom(text: str, base_url: str) -> tuple[str, Iterable[_Entry]]:
    try:
        document = feedparser.parse(
            io.BytesIO(text.encode()),  # as a file: bytes and strings are taken for a path or an address
            response_headers={
                "content-type": "application/xml; charset=utf-8",
                "content-location": base_url,
            },
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except MemoryError:
        raise
    except Exception as error:  # feedparser lets its own mistakes through (KeyError, TypeError, …)
        raise FeedUnreadable("The feed is broken in a way that cannot be read.", code="broken") from error
    if not document.version:
        raise FeedUnreadable("This is no RSS, Atom or JSON feed and no news sitemap.", code="not_a_feed")
    return _plain(document.feed, "title"), map(_parsed_entry, document.entries)


def _parsed_entry(parsed: feedparser.FeedParserDict) -> _Entry:
    return _Entry(
        id=parsed.get("id", ""),
        link=parsed.get("link", ""),
        title=_plain(parsed, "title"),
        published_at=_utc_moment(parsed, "published_parsed"),
        updated_at=_utc_moment(parsed, "updated_parsed"),
        summary=_plain(parsed, "summary"),
    )


def _utc_moment(parsed: feedparser.FeedParserDict, name: str) -> datetime | None:
    """Read a date that feedparser turned into UTC; asking for a missing one by name would make it warn."""
    if name not in parsed or not parsed[name]:
        return None
    year, month, day, hour, minute, second = parsed[name][:6]
    try:
        return not_too_early(datetime(year, month, day, hour, minute, second, tzinfo=UTC))
    except (ValueError, OverflowError):
        return None


def _plain(parsed: feedparser.FeedParserDict, name: str) -> str:
    """Give a text without markup, which feedparser says whether it has."""
    value = str(parsed.get(name) or "")
    kind = (parsed.get(f"{name}_detail") or {}).get("type", "text/html")
    return value if kind == "text/plain" else _without_markup(value)


def _from_sitemap(text: str) -> Iterator[_Entry]:
    try:
        root = ElementTree.fromstring(text, forbid_dtd=True)
    except (ElementTree.ParseError, DefusedXmlException) as error:
        raise FeedUnreadable("The sitemap is no well-formed XML.", code="not_well_formed") from error
    for page in root:
        said = {element.tag.rpartition("}")[2]: element.text or "" for element in page.iter()}
        yield _Entry(
            link=said.get("loc", ""),
            title=said.get("title", ""),
            published_at=read_moment(said.get("publication_date")),
            updated_at=read_moment(said.get("lastmod")),
        )


# JSON


def _from_json(text: str) -> tuple[str, Iterable[_Entry]]:
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FeedUnreadable("The feed is no valid JSON.", code="not_well_formed") from error
    items = feed.get("items")
    if not isinstance(items, list):
        raise FeedUnreadable("This JSON is no feed: it has no list of items.", code="not_a_feed")
    return _said(feed, "title"), map(_json_entry, items)


def _json_entry(item: object) -> _Entry:
    if not isinstance(item, dict):
        return _Entry(refusal="It is no object.")
    return _Entry(
        id=_said(item, "id"),
        link=_said(item, "url", "external_url"),
        title=_said(item, "title"),
        published_at=read_moment(item.get("date_published")),
        updated_at=read_moment(item.get("date_modified")),
        summary=_said(item, "summary", "content_text") or _without_markup(_said(item, "content_html")),
    )


def _said(item: dict[str, Any], *names: str) -> str:
    """Give the first of some members that is a text, or a number as an id may be."""
    values = (item.get(name) for name in names)
    return next((str(value) for value in values if isinstance(value, str | int) and value), "")


# Texts


def _line(text: str) -> str:
    return BLANKS.sub(" ", without_controls(text)).strip()


def _without_markup(text: str) -> str:
    if "<" not in text and "&" not in text:
        return text
    words = _Words()
    words.feed(text)
    words.close()
    return "".join(words.found)


class _Words(HTMLParser):
    """Gathers the text of a piece of HTML; a tag that begins a block ends a word."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._hidden = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in ("script", "style"):
            self._hidden = tag
        elif tag not in INLINE:
            self.found.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._hidden:
            self._hidden = ""
        elif tag not in INLINE:
            self.found.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.found.append(data)
