"""The article in a web page: its text without what stands around it, and what the page says about it.

Pure, but made for hostile input of which a parser may never end: in the service it runs in a child process
(`claimtrack.extraction.sandbox`). The libraries are imported where they are used, for that takes long and the
service itself only needs the words of this module.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from claimtrack.extraction.addresses import BadAddress, canonical_address, site_of
from claimtrack.extraction.decoding import decode, without_controls
from claimtrack.extraction.linked_data import article_data
from claimtrack.extraction.moments import read_moment

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

MAX_BODY = 3_000_000
MAX_DEPTH = 250  # below the depth at which the parser drops the rest of a page without a word
PIECE = 64 * 1024

HTML_TYPES = ("", "text/html", "application/xhtml+xml", "application/xml", "text/xml")
DECLARED_ENCODING = re.compile(rb"""<meta\b[^>]*?charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
LOOKS_LIKE_HTML = re.compile(r"\s*(?:<\?xml|<!doctype\s+html|<html|<head|<body)\b", re.IGNORECASE)
LOOKS_BINARY = re.compile(rb"%PDF-|\x89PNG|GIF8|\xff\xd8\xff|PK\x03\x04|\x1f\x8b")
LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?=$|[-_])")
PARAGRAPHS = re.compile(r"\n\s*\n")

# Where pages give the moment of publication beside JSON-LD, the most telling first.
PUBLISHED = (
    "//meta[@property='article:published_time' or @name='article:published_time']/@content",
    "//meta[@itemprop='datePublished']/@content",
    "//time[@itemprop='datePublished' or @pubdate]/@datetime",
    "//meta[@name='parsely-pub-date' or @name='DC.date.issued' or @name='pubdate' or @name='date']/@content",
)


class PageUnreadable(Exception):
    """The page has no article that can be read; `code` is stable, `message` a sentence for people."""

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


@dataclass(frozen=True, slots=True)
class PageText:
    """An article as its page gives it; empty or None where the page says nothing.

    Paragraphs of `text` are joined by blank lines. `language` is the one that the page declares, as an ISO 639
    code. `canonical_url` is the page's own word for its address, taken only within its site.
    """

    title: str
    text: str
    author: str = ""
    published_at: datetime | None = None
    language: str = ""
    canonical_url: str = ""
    site_name: str = ""


def read_page(body: bytes, *, url: str, content_type: str) -> PageText:
    """Find the article in a page of HTML, or take a plain text as it is.

    Raises PageUnreadable with the code not_html, too_large (3 MB), too_deep or no_text.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in (*HTML_TYPES, "text/plain") or LOOKS_BINARY.match(body):
        raise PageUnreadable("There is no web page or text at this address.", code="not_html")
    if len(body) > MAX_BODY:
        raise PageUnreadable(f"The page is larger than {MAX_BODY // 1_000_000} MB.", code="too_large")
    declared = DECLARED_ENCODING.search(body, 0, 8_000)
    text = decode(body, content_type=content_type, declared=declared[1].decode() if declared else "")
    if kind == "text/plain" and not LOOKS_LIKE_HTML.match(text):
        return PageText(title="", text=_checked(_paragraphs(PARAGRAPHS.split(text))))
    return _read_html(text.encode(), url)


def _read_html(body: bytes, url: str) -> PageText:
    from lxml import etree, html  # type: ignore[import-untyped]  # noqa: PLC0415
    from trafilatura.core import bare_extraction  # noqa: PLC0415
    from trafilatura.settings import Document  # noqa: PLC0415

    _check_depth(body)
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = html.document_fromstring(body, parser=parser)
    except etree.ParserError as error:
        raise PageUnreadable("The page is empty.", code="no_text") from error
    said = article_data(tree.xpath("//script[@type='application/ld+json']/text()"))
    document = bare_extraction(
        tree,
        url=url,
        include_comments=False,
        include_tables=False,
        with_metadata=True,
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
    if not isinstance(document, Document):
        raise PageUnreadable("No article was found in the page.", code="no_text")
    title = _line(document.title or said.headline)
    lines = [line.removeprefix("- ") for line in (document.text or "").split("\n")]
    return PageText(
        title=title,
        text=_checked(_paragraphs(lines[1:] if _line(lines[0]) == title else lines)),
        author=said.author or _line(document.author),
        published_at=said.published_at or _published(tree) or read_moment(document.date),
        language=_language(tree, said.language),
        canonical_url=_canonical_url(tree, url),
        site_name=_line(_first(tree, "//meta[@property='og:site_name']/@content") or said.publisher),
    )


def _check_depth(body: bytes) -> None:
    """Walk the page as the parser sees it, without a tree, and refuse one on whose depth others would choke."""
    from lxml import etree  # noqa: PLC0415

    class Depth:
        depth = 0

        def start(self, tag: str, attributes: object) -> None:
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise PageUnreadable(f"The page is nested more than {MAX_DEPTH} levels deep.", code="too_deep")

        def end(self, tag: str) -> None:
            self.depth -= 1

        def close(self) -> None:
            """Nothing is kept."""

    parser = etree.HTMLParser(target=Depth(), encoding="utf-8", huge_tree=True)
    try:
        for start in range(0, len(body), PIECE):
            parser.feed(body[start : start + PIECE])
        parser.close()
    except etree.XMLSyntaxError as error:
        raise PageUnreadable("The page is empty.", code="no_text") from error


def _published(tree: "HtmlElement") -> datetime | None:
    found = (read_moment(written) for path in PUBLISHED for written in tree.xpath(path)[:3])
    return next((moment for moment in found if moment), None)


def _language(tree: "HtmlElement", said: str) -> str:
    for written in (
        tree.get("lang"),
        tree.get("xml:lang"),
        said,
        _first(tree, "//meta[@property='og:locale']/@content"),
    ):
        if declared := LANGUAGE.match(written or ""):
            return declared[0].lower()
    return ""


def _canonical_url(tree: "HtmlElement", url: str) -> str:
    """Take the page's own word for its address, unless it names another site, or the front page of this one."""
    link = _first(tree, "//link[@rel='canonical']/@href") or _first(tree, "//meta[@property='og:url']/@content")
    try:
        address = canonical_address(urljoin(url, link))
        same_site = site_of(address) == site_of(url)
    except (BadAddress, ValueError):
        return ""
    is_front_page = urlsplit(address).path == "/" and urlsplit(url).path not in ("", "/")
    return address if link and same_site and not is_front_page else ""


def _first(tree: "HtmlElement", path: str) -> str:
    found = tree.xpath(path)
    return str(found[0]).strip() if found else ""


def _checked(text: str) -> str:
    if not text:
        raise PageUnreadable("No article was found in the page.", code="no_text")
    return text


def _paragraphs(blocks: list[str]) -> str:
    return "\n\n".join(filter(None, map(_line, blocks)))


def _line(text: str | None) -> str:
    return " ".join(without_controls(text or "").split())
