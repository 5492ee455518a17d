"""Feeds and pages from a real local server, through the one way out and the child process."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from pytest_httpserver import HTTPServer

from apps.accounts.models import Role
from apps.events.log import recording
from apps.sources.models import Article, ArticleVersion, Feed, FeedFetch
from apps.sources.services.articles import submit_article
from apps.sources.services.feeds import add_feed, next_interval
from apps.sources.tasks import download_due, poll_due
from claimtrack.work.kinds import Kind
from claimtrack.work.models import Work
from tests.factories import make_user

pytestmark = pytest.mark.django_db

PAGE = """<html lang="en"><head><title>Bridge to open in March</title>
<meta property="article:published_time" content="2025-01-06T08:00:00Z"></head><body><article><h1>Bridge to open</h1>
<p>Mayor Ada Stone said on Monday that the new bridge would open to traffic in March, after two years of work.</p>
<p>The old bridge was closed in autumn after engineers had found cracks in two of its pillars, and has stood empty.</p>
</article></body></html>"""


@pytest.fixture
def server(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> HTTPServer:
    monkeypatch.setenv("CLAIMTRACK_ALLOW_HOSTS", f"localhost:{httpserver.port}")
    return httpserver


def feed_of(server: HTTPServer, *names: str, title: str = "News of {}") -> str:
    items = "".join(
        f"<item><guid>{name}</guid><title>{title.format(name)}</title><link>{server.url_for(name)}</link></item>"
        for name in names
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>The Courier</title>{items}</channel></rss>'


def polled(url: str) -> FeedFetch:
    with recording() as record:
        record(add_feed(url=url, publisher="The Courier"))
    Work.objects.filter(kind=Kind.POLL).update(due_at="2020-01-01T00:00Z")
    poll_due()
    return FeedFetch.objects.latest("pk")


def counts(fetch: FeedFetch) -> tuple[int, ...]:
    return fetch.seen, fetch.new, fetch.updated, fetch.unchanged, fetch.rejected


def test_every_item_of_a_feed_becomes_an_article_once(server):
    server.expect_request("/feed").respond_with_data(feed_of(server, "/a", "/b"), content_type="application/rss+xml")
    url = server.url_for("/feed")

    first, second = polled(url), polled(url)

    assert (counts(first), counts(second)) == ((2, 2, 0, 0, 0), (2, 0, 0, 2, 0))
    assert [article.title for article in Article.objects.order_by("pk")] == ["News of /a", "News of /b"]
    assert Work.objects.filter(kind=Kind.DOWNLOAD).count() == 2
    assert Feed.objects.get().title == "The Courier"


def test_an_item_that_changed_is_fetched_again(server):
    url = server.url_for("/feed")
    server.expect_ordered_request("/feed").respond_with_data(feed_of(server, "/a"))
    server.expect_ordered_request("/feed").respond_with_data(feed_of(server, "/a", title="{} corrected"))
    polled(url)
    Work.objects.filter(kind=Kind.DOWNLOAD).delete()

    assert counts(polled(url)) == (1, 0, 1, 0, 0)
    assert Work.objects.filter(kind=Kind.DOWNLOAD).count() == 1


def test_validators_are_sent_back_byte_for_byte_and_not_modified_brings_nothing(server):
    etag = 'W/"a-b c"'
    server.expect_ordered_request("/feed").respond_with_data(feed_of(server, "/a"), headers={"ETag": etag})
    server.expect_ordered_request("/feed", headers={"If-None-Match": etag}).respond_with_data(status=304)
    url = server.url_for("/feed")
    polled(url)

    fetch = polled(url)

    assert (fetch.http_status, fetch.error, counts(fetch)) == (304, "", (0, 0, 0, 0, 0))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        pytest.param({"status": 500}, "answered 500", id="an error of the server"),
        pytest.param({"response_data": "<html>Not here"}, "", id="no feed"),
        pytest.param(
            {"response_data": '<!DOCTYPE x [<!ENTITY a "aaaa">]><rss><channel>&a;</channel></rss>'}, "", id="entities"
        ),
    ],
)
def test_a_poll_that_fails_is_told_and_tried_again_later(server, answer, said):
    server.expect_request("/feed").respond_with_data(**answer)

    fetch = polled(server.url_for("/feed"))

    assert fetch.error
    assert said in fetch.error
    assert Feed.objects.get().failures == 1
    [work] = Work.objects.filter(kind=Kind.POLL)
    assert (work.attempts, work.leased_until) == (0, None)


def test_a_feed_that_is_gone_is_stopped_until_somebody_polls_it(server, api):
    server.expect_request("/feed").respond_with_data(status=410)
    polled(server.url_for("/feed"))
    feed = Feed.objects.get()

    assert (feed.state, Work.objects.filter(kind=Kind.POLL).exists()) == ("stopped", False)
    answer = api(Role.ADMIN).post(f"/api/v1/feeds/{feed.pk}/poll/")
    assert (answer.status_code, answer.json()["state"]) == (202, "active")
    assert Work.objects.filter(kind=Kind.POLL).exists()


def test_a_feed_is_added_over_rest_and_only_once(server, api):
    client = api(Role.ADMIN)
    add = lambda url: client.post("/api/v1/feeds/", {"url": url}, format="json")  # noqa: E731

    assert [add("https://Courier.example/feed").status_code, add("https://courier.example/feed#x").status_code] == [
        201,
        200,
    ]
    refused = add("file:///etc/passwd")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "url")


@pytest.mark.parametrize(
    ("feed", "fetch", "retry_after", "minutes"),
    [
        pytest.param({}, {"seen": 10, "new": 5}, None, 30, id="many new items: sooner"),
        pytest.param({}, {"seen": 10, "new": 1}, None, 60, id="a few: as before"),
        pytest.param({}, {"seen": 10, "new": 0}, None, 75, id="none: later"),
        pytest.param({"interval_seconds": 900}, {"seen": 1, "new": 1}, None, 15, id="never under 15 minutes"),
        pytest.param({"interval_seconds": 86_400}, {"seen": 1, "new": 0}, None, 1440, id="never over a day"),
        pytest.param({"failures": 3}, {"seen": 0, "new": 0}, None, 180, id="an hour for each failure"),
        pytest.param({}, {"seen": 1, "new": 1}, timedelta(hours=5), 300, id="not before the publisher allows"),
        pytest.param({}, {"seen": 1, "new": 1}, timedelta(days=9), 1440, id="but after a day at most"),
    ],
)
def test_how_long_a_feed_waits(feed, fetch, retry_after, minutes):
    feed = SimpleNamespace(**{"interval_seconds": 3600, "failures": 0, **feed})

    assert next_interval(feed, SimpleNamespace(**fetch), retry_after) == timedelta(minutes=minutes)


def submitted(url: str) -> Article:
    with recording() as record:
        article = record(submit_article(by=make_user(), url=url)).article
    download_due()
    article.refresh_from_db()
    return article


def test_a_page_is_fetched_and_its_text_goes_on_to_be_read(server):
    server.expect_request("/bridge").respond_with_data(PAGE, content_type="text/html")

    article = submitted(server.url_for("/bridge"))

    version = ArticleVersion.objects.get()
    assert (article.state, version.origin, version.submitted_by) == ("reading", "fetched", None)
    assert version.text.startswith("Mayor Ada Stone said on Monday")
    assert article.published_at.date().isoformat() == "2025-01-06"
    assert len(bytes(version.raw_digest)) == 32
    assert Work.objects.get().kind == Kind.READ


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        pytest.param({"status": 404}, "404", id="not there"),
        pytest.param({"response_data": b"%PDF-1.4", "content_type": "application/pdf"}, "", id="no page"),
        pytest.param({"response_data": "<html><body></body></html>", "content_type": "text/html"}, "", id="no text"),
    ],
)
def test_a_page_without_a_text_leaves_the_article_failed_with_the_reason(server, answer, said):
    server.expect_request("/bridge").respond_with_data(**answer)

    article = submitted(server.url_for("/bridge"))

    assert article.state == "failed"
    assert article.error
    assert said in article.error
    assert not Work.objects.exists()


def test_a_publisher_that_cannot_answer_now_is_asked_again_and_given_up_after_five_attempts(server):
    server.expect_request("/bridge").respond_with_data(status=503)
    article = submitted(server.url_for("/bridge"))
    assert (article.state, Work.objects.get().attempts) == ("downloading", 1)

    for _ in range(4):
        Work.objects.update(due_at="2020-01-01T00:00Z")
        download_due()

    article.refresh_from_db()
    assert (article.state, article.error) == ("failed", "The publisher answered 503 (Service Unavailable).")


def test_an_address_inside_is_never_asked(httpserver, monkeypatch):
    monkeypatch.setenv("CLAIMTRACK_ALLOW_HOSTS", "")

    article = submitted(f"http://127.0.0.1:{httpserver.port}/secret")

    assert article.state == "failed"
    assert httpserver.log == []
