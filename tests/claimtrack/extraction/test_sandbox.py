import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from claimtrack.extraction.feeds import FeedUnreadable, read_feed
from claimtrack.extraction.pages import PageUnreadable, read_page
from claimtrack.extraction.sandbox import (
    ParsingTookTooLong,
    ParsingTookTooMuchMemory,
    child_environment,
    in_child,
)

DATA = Path(__file__).parents[2] / "data"
BASE = "https://courier.example/feed.xml"


def feed(body):
    return {"body": body, "content_type": "", "base_url": BASE}


def page(body):
    return {"body": body, "content_type": "text/html; charset=utf-8", "url": "https://courier.example/news/bridge"}


@pytest.mark.parametrize("name", ["rss20.xml", "atom.xml", "feed.json", "sitemap.xml"])
def test_a_feed_is_the_same_read_in_a_child(name):
    payload = feed((DATA / "feeds" / name).read_bytes())

    assert in_child("read_feed", payload) == read_feed(**payload)


def test_a_page_is_the_same_read_in_a_child():
    payload = page((DATA / "pages" / "article.html").read_bytes())

    assert in_child("read_page", payload) == read_page(**payload)


def test_what_a_page_lacks_comes_back_as_the_same_error():
    with pytest.raises(PageUnreadable) as refusal:
        in_child("read_page", page(b"<div>" * 100_000))

    assert (refusal.value.code, refusal.value.message) == ("too_deep", "The page is nested more than 250 levels deep.")


def test_what_a_feed_lacks_comes_back_as_the_same_error():
    with pytest.raises(FeedUnreadable) as refusal:
        in_child("read_feed", feed(b'<!DOCTYPE rss [<!ENTITY a "b">]><rss>&a;</rss>'))

    assert refusal.value.code == "own_entities"


def test_a_child_at_its_limit_of_time_is_killed():
    items = "<item><title>One</title><link>/1</link></item>" * 50_000
    begun = time.monotonic()

    with pytest.raises(ParsingTookTooLong) as stopped:
        in_child("read_feed", feed(f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()), seconds=1)

    assert stopped.value.message == "Parsing this document was stopped after 1 s."
    assert time.monotonic() - begun < 3


def test_a_child_at_its_limit_of_memory_says_so():
    body = b'{"items": [' + b"{},[]," * 1_500_000 + b"0]}"

    with pytest.raises(ParsingTookTooMuchMemory, match="256 MB"):
        in_child("read_feed", feed(body), memory_mb=256)


def test_a_child_gets_no_secrets():
    environment = {"SECRET_KEY": "s", "DATABASE_URL": "postgres://u:p@db/x", "PATH": "/bin", "TZ": "Asia/Seoul"}

    assert child_environment(environment) == {"PATH": "/bin", "LANG": "C.UTF-8", "TZ": "UTC"}


def test_dates_do_not_depend_on_the_zone_of_the_machine(monkeypatch):
    monkeypatch.setenv("TZ", "America/St_Johns")
    item = "<item><link>/1</link><pubDate>2019-03-10 02:30:00</pubDate></item>"

    [read] = in_child("read_feed", feed(f'<rss version="2.0"><channel>{item}</channel></rss>'.encode())).items

    assert read.published_at == datetime(2019, 3, 10, 2, 30, tzinfo=UTC)


def test_texts_of_every_alphabet_pass_through():
    item = {"id": "é", "url": "/1", "title": "東京 🗼 \u2028"}

    [read] = in_child("read_feed", feed(json.dumps({"items": [item]}, ensure_ascii=False).encode())).items

    assert (read.id, read.title) == ("é", "東京 🗼")
