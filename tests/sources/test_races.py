"""Each service that locks, called by many at once, leaves one effect."""

from datetime import UTC, datetime

import pytest

from apps.accounts.models import Role, User
from apps.accounts.services import create_first_admin
from apps.events.log import recording
from apps.events.models import Event, EventKind
from apps.sources.models import Article, ArticleVersion, Feed, FeedFetch, Publisher, StoryCluster
from apps.sources.services.articles import confirm_article, fail_article, submit_article
from apps.sources.services.downloads import Downloaded, keep_download
from apps.sources.services.feeds import Polled, add_feed, keep_poll, poll_soon
from apps.sources.services.stories import find_story
from apps.statements.models import Speaker, Statement
from apps.statements.services.reading import attributions_of, read_article
from claimtrack.extraction.feeds import FeedDocument, FeedItem
from claimtrack.work.kinds import Kind, Lane
from claimtrack.work.models import Work
from tests.factories import TEXT, make_article, make_user
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def recorded(service, **arguments):
    with recording() as record:
        return record(service(**arguments))


def errors(results: list[object]) -> list[object]:
    return [result for result in results if isinstance(result, Exception)]


def test_a_publisher_is_made_once_however_it_is_spelled():
    by = make_user()
    names = ["The Courier", "the courier", "THE COURIER", "The  Courier", "The Courier.", "the-courier"]

    results = at_once(lambda name: recorded(submit_article, by=by, text=f"{TEXT} {name}", publisher=name), names)

    assert not errors(results)
    assert Publisher.objects.count() == 1


def test_versions_that_arrive_together_are_numbered_without_a_gap():
    by = make_user()

    def submit(n: int) -> object:
        return recorded(submit_article, by=by, text=f"{TEXT} {n}", url="https://courier.example/a")

    assert not errors(at_once(submit, range(8)))
    assert sorted(ArticleVersion.objects.values_list("number", flat=True)) == list(range(1, 9))


def test_a_page_that_was_fetched_twice_at_once_is_one_version():
    article = recorded(submit_article, by=make_user(), url="https://courier.example/a").article
    found = Downloaded(TEXT, "Bridge", raw_digest=b"x" * 32)

    results = at_once(lambda _: recorded(keep_download, article_id=article.pk, found=found, lane=Lane.NORMAL), range(8))

    assert not errors(results)
    assert ArticleVersion.objects.count() == 1


def test_an_article_is_failed_and_confirmed_by_many_and_stays_one():
    article, editors = make_article(), [make_user() for _ in range(8)]

    assert not errors(at_once(lambda by: recorded(confirm_article, article_id=article.pk, by=by), editors))
    article.refresh_from_db()
    first = (article.confirmed_by, article.confirmed_at)
    recorded(confirm_article, article_id=article.pk, by=make_user())
    article.refresh_from_db()
    assert (article.confirmed_by, article.confirmed_at) == first

    assert not errors(at_once(lambda _: recorded(fail_article, article_id=article.pk, reason="no"), range(8)))
    assert Event.objects.filter(kind=EventKind.ARTICLE_FAILED).count() == 8


def test_a_feed_is_added_and_due_once():
    results = at_once(lambda _: recorded(add_feed, url="https://courier.example/feed"), range(8))

    assert not errors(results)
    assert [added.is_new for added in results].count(True) == 1
    feed = Feed.objects.get()
    assert not errors(at_once(lambda _: recorded(poll_soon, feed_id=feed.pk), range(8)))
    assert Work.objects.filter(kind=Kind.POLL).count() == 1


def test_feeds_that_bring_the_same_items_at_once_make_each_article_once():
    feeds = [recorded(add_feed, url=f"https://courier.example/{n}").feed for n in range(6)]
    moment = datetime(2025, 1, 6, tzinfo=UTC)
    items = [FeedItem(str(n), f"https://courier.example/a{n}", f"News {n}", moment, None, "") for n in range(10)]

    def keep(position: int) -> FeedFetch:
        # In another order each: whoever waits for a row must not be waited for.
        turned = tuple(items[position:] + items[:position])
        document = FeedDocument("The Courier", turned, ())
        return recorded(keep_poll, feed_id=feeds[position].pk, polled=Polled(200, document))

    results = at_once(keep, range(6))

    assert not errors(results)
    assert Article.objects.count() == 10
    assert sum(fetch.new for fetch in results) == 10
    assert sum(fetch.unchanged for fetch in results) == 50


def test_copies_that_arrive_together_are_one_story():
    text = " ".join(f"{TEXT} It is the {n}th sentence of a long report on the bridge." for n in range(12))
    articles = [make_article(text) for _ in range(6)]
    Article.objects.update(cluster=None)
    StoryCluster.objects.all().delete()

    results = at_once(lambda one: find_story(version_id=one.versions.get().pk).pk, articles)

    assert len(set(results)) == 1
    assert StoryCluster.objects.count() == 1


def test_a_speaker_is_made_once_by_articles_that_are_read_together():
    articles = [make_article("Mayor Ada Stone said that the bridge would open in March.") for _ in range(6)]

    def read(article: Article) -> object:
        version = article.versions.get()
        found = attributions_of(version)
        return recorded(read_article, version_id=version.pk, found=found, lane=Lane.NORMAL)

    assert not errors(at_once(read, articles))
    assert Statement.objects.count() == 6
    assert Speaker.objects.count() == 1


def test_one_version_that_is_read_by_many_at_once_has_its_statements_once():
    version = make_article().versions.get()
    found = attributions_of(version)

    results = at_once(lambda _: recorded(read_article, version_id=version.pk, found=found, lane=Lane.NORMAL), range(6))

    assert not errors(results)
    assert Statement.objects.count() == 1


def test_the_first_admin_is_made_once():
    results = at_once(lambda _: create_first_admin(), range(6))

    assert [result is not None for result in results].count(True) == 1
    assert User.objects.filter(role=Role.ADMIN).count() == 1
