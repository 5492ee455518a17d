import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from claimtrack.extraction.feeds import TWICE, FeedUnreadable, Rejected, read_feed

DATA = Path(__file__).parents[2] / "data" / "feeds"
BASE = "https://courier.example/feed.xml"
BREAKS_THE_PARSER = b"""
<rss version="2.0" xmlns:creativeCommons="http://backend.userland.com/creativeCommonsRssModule">
<channel><item></creativeCommons:license></item></channel></rss>"""


def read(name, base_url=BASE):
    return read_feed((DATA / name).read_bytes(), content_type="", base_url=base_url)


def rss(items="", head="", title="Courier"):
    return f'{head}<rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>'.encode()


def read_rss(body, content_type="application/rss+xml"):
    return read_feed(body, content_type=content_type, base_url=BASE)


def only_title(body, content_type="application/rss+xml"):
    return read_rss(body, content_type).title


def test_rss_gives_plain_texts_absolute_links_and_dates_in_utc():
    feed = read("rss20.xml")

    ferry, bridge = feed.items
    assert feed.title == "The Harbour Courier & Post"
    assert (bridge.id, bridge.url) == ("courier-1", "https://courier.example/news/bridge")
    assert bridge.published_at == datetime(2019, 3, 1, 10, tzinfo=UTC)
    assert (ferry.id, ferry.url) == ("https://courier.example/news/ferry",) * 2
    assert ferry.published_at is None


def test_every_entry_is_an_item_or_rejected_with_a_reason():
    feed = read("rss20.xml")

    assert len(feed.items) + len(feed.rejected) == 5
    assert feed.rejected == (
        Rejected(1, TWICE),
        Rejected(2, "It has no link."),
        Rejected(4, "A web address begins with http:// or https://."),
    )


def test_markup_leaves_titles_and_summaries():
    body = (DATA / "rss20.xml").read_bytes().replace(b"courier-1</guid>", b"courier-3</guid>", 1)

    first = read_rss(body).items[0]

    assert first.title == "Mayor: the bridge opens in May"
    assert first.summary == "The mayor said the bridge will open in May."
    assert first.published_at == datetime(2019, 2, 28, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "published_at"),
    [("rss10.xml", datetime(2019, 2, 28, 10, tzinfo=UTC)), ("rss091.xml", None)],
)
def test_older_rss_is_read(name, published_at):
    [item] = read(name).items

    assert (item.id, item.url) == ("https://gazette.example/1",) * 2
    assert item.title == "Prices rose"
    assert item.published_at == published_at


def test_atom_is_read():
    feed = read("atom.xml")

    first, second = feed.items
    assert feed.title == "Agency <wire>"
    assert (first.id, first.url) == ("tag:agency.example,2019:1", "https://agency.example/wire/1.html")
    assert first.title == "Talks end – no deal"
    assert first.published_at == datetime(2019, 2, 28, 1, tzinfo=UTC)
    assert first.updated_at == datetime(2019, 2, 28, 12, 30, tzinfo=UTC)
    assert second.published_at == second.updated_at == datetime(2019, 3, 1, tzinfo=UTC)
    assert second.summary == "The minister disputes it."


def test_json_feed_is_read():
    feed = read("feed.json")

    first, second = feed.items
    assert feed.title == "Notebook"
    assert (first.id, first.url, first.summary) == ("17", "https://courier.example/17", "One two")
    assert first.published_at == datetime(2019, 2, 28, 15, tzinfo=UTC)
    assert first.updated_at == datetime(2019, 3, 1, tzinfo=UTC)
    assert (second.url, second.published_at) == ("https://agency.example/wire/1.html", None)
    assert feed.rejected == (Rejected(3, "It has no link."), Rejected(4, "It is no object."))


def test_a_news_sitemap_is_read():
    feed = read("sitemap.xml")

    [item] = feed.items
    assert item.id == item.url == "https://courier.example/news/bridge"
    assert item.title == "Mayor: the bridge opens in May"
    assert item.published_at == datetime(2019, 2, 28, 10, tzinfo=UTC)
    assert item.updated_at == datetime(2019, 3, 1, tzinfo=UTC)
    assert feed.rejected == (Rejected(2, "It has no link."),)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(rss(title="Grüße").decode().encode("utf-8-sig"), "", id="byte order mark"),
        pytest.param(rss(title="Grüße"), "text/xml; charset=iso-8859-1", id="UTF-8 whatever the header says"),
        pytest.param(rss(title="Grüße").decode().encode("latin-1"), 'text/xml; charset="ISO-8859-1"', id="header"),
        pytest.param(
            rss(title="Grüße", head='<?xml version="1.0" encoding="windows-1252"?>').decode().encode("cp1252"),
            "text/xml",
            id="its own word",
        ),
        pytest.param(rss(title="Grüße").decode().encode("latin-1"), "", id="no word at all"),
        pytest.param(rss(title="Grüße").decode().encode("utf-16"), "", id="UTF-16 with a mark"),
        pytest.param(rss(title="Grüße").decode().encode("utf-16-be"), "", id="UTF-16 without"),
        pytest.param(rss(title="Grüße").decode().encode("cp1252"), "text/xml; charset=utf-7", id="refused one"),
        pytest.param(rss(title="Gr\x00\x0büße"), "", id="control characters"),
    ],
)
def test_the_encoding_is_found(body, content_type):
    assert only_title(body, content_type) == "Grüße"


def test_a_feed_in_another_alphabet_is_read_as_it_says():
    body = rss(title="東京の新聞", head='<?xml version="1.0" encoding="shift_jis"?>').decode()

    assert only_title(body.encode("shift_jis")) == "東京の新聞"
    assert only_title(rss(title="東京").decode().encode("iso2022_jp"), "text/xml; charset=iso-2022-jp") == "東京"


def test_a_feed_that_breaks_off_gives_what_came_before():
    body = rss("<item><title>One</title><link>/1</link></item><item><title>Two</title><link>/2</li").decode()

    assert read_rss(body.rpartition("</li")[0].encode()).items[0].url == "https://courier.example/1"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param(b"", "empty", id="nothing"),
        pytest.param(b" \n\0 ", "empty", id="blanks"),
        pytest.param(b"<html><title>Not found</title><p>Sorry</p></html>", "not_a_feed", id="a page"),
        pytest.param(b"/etc/hosts", "not_a_feed", id="a path"),
        pytest.param(b"http://127.0.0.1/", "not_a_feed", id="an address"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00", "not_a_feed", id="a picture"),
        pytest.param(BREAKS_THE_PARSER, "broken", id="what the parser fails on"),
        pytest.param(b"{", "not_well_formed", id="half JSON"),
        pytest.param(b"{}", "not_a_feed", id="JSON without items"),
        pytest.param(b'{"items": ' + b"[" * 100_000, "not_well_formed", id="deep JSON"),
        pytest.param(b'{"items": [' + b"9" * 10_000 + b"]}", "not_well_formed", id="endless number"),
        pytest.param(b"<sitemapindex><sitemap/></sitemapindex>", "sitemap_index", id="index of sitemaps"),
        pytest.param(b"<urlset><url></urlset>", "not_well_formed", id="broken sitemap"),
        pytest.param(b"<!DOCTYPE urlset><urlset></urlset>", "not_well_formed", id="sitemap with a DTD"),
    ],
)
def test_what_is_no_feed_is_refused_with_a_sentence(body, code):
    with pytest.raises(FeedUnreadable) as refusal:
        read_rss(body)

    assert refusal.value.code == code
    assert refusal.value.message.endswith(".")


LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))


@pytest.mark.parametrize(
    "doctype",
    [
        pytest.param(f'<!DOCTYPE rss [<!ENTITY l0 "ha">{LAUGHS}]>', id="a billion laughs"),
        pytest.param(f'<!DOCTYPE rss [<!ENTITY a "{"a" * 50_000}">]>', id="quadratic blow-up"),
        pytest.param('<!DOCTYPE rss [<!ENTITY l9 SYSTEM "file:///etc/hosts">]>', id="a file"),
        pytest.param('<!DOCTYPE rss [<!ENTITY l9 SYSTEM "http://127.0.0.1/">]>', id="an address"),
        pytest.param('<!DOCTYPE rss [<!ENTITY % l9 SYSTEM "http://127.0.0.1/"> %l9;]>', id="a parameter"),
        pytest.param('<!-- <a> --><!doctype rss [\n<!entity l9 "a">]>', id="behind a comment"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-32"])
def test_a_feed_with_entities_of_its_own_is_refused_at_once(doctype, encoding):
    body = rss("<item><title>&l9;</title><link>/1</link></item>", head=doctype).decode().encode(encoding)
    begun = time.monotonic()

    with pytest.raises(FeedUnreadable) as refusal:
        read_rss(body)

    assert refusal.value.code == "own_entities"
    assert time.monotonic() - begun < 1


def test_an_encoding_cannot_hide_entities():
    hidden = rss("<item><title>&l9;</title><link>/1</link></item>", head='<!DOCTYPE rss [<!ENTITY l9 "bomb">]>')
    for charset in ("utf-7", "cp037", "unicode_escape", "punycode"):
        body = hidden.decode().encode(charset, "replace")
        try:
            titles = [item.title for item in read_rss(body, f"text/xml; charset={charset}").items]
        except FeedUnreadable:
            continue
        assert "bomb" not in titles


def test_what_the_database_would_refuse_is_left_out():
    item = {"id": "a\u0000\ud800b", "url": "/1", "title": "a\u0000\ud800b", "content_text": "\udfff"}

    [kept] = read_rss(json.dumps({"items": [item]}).encode()).items

    assert (kept.id, kept.title, kept.summary) == ("ab", "ab", "")


def test_long_texts_are_cut_and_a_long_link_is_rejected():
    items = [
        {"id": "x" * 5_000, "url": "/1", "title": "t" * 5_000, "summary": "s" * 50_000},
        {"id": "2", "url": "/" + "x" * 5_000},
    ]

    feed = read_rss(json.dumps({"items": items}).encode())

    [kept] = feed.items
    assert (kept.id, len(kept.title), len(kept.summary)) == ("https://courier.example/1", 500, 5_000)
    assert feed.rejected == (Rejected(2, "This web address is longer than 2,000 characters."),)


@pytest.mark.parametrize(
    "written",
    [
        "0001-01-01T00:00:00+14:00",
        "0001-01-01T00:00:00Z",
        "2019-02-30",
        "28 February",
        "",
        None,
        17,
        [],
        "9999-12-31T23:59:59-12:00",
    ],
)
def test_a_date_that_is_none_is_none(written):
    item = {"id": "1", "url": "/1", "date_published": written}

    assert read_rss(json.dumps({"items": [item]}).encode()).items[0].published_at is None
