"""Feeds: adding them, and keeping what a poll brought."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from apps.events.log import Happened, Outcome
from apps.events.models import EventKind
from apps.sources.models import Article, Feed, FeedFetch
from apps.sources.services.articles import article_identity, send_on_its_way
from apps.sources.services.publishers import publisher_for
from claimtrack.errors import DomainError, NotFound
from claimtrack.extraction.addresses import BadAddress, canonical_address
from claimtrack.extraction.feeds import FeedDocument, FeedItem
from claimtrack.work.kinds import Kind, Lane
from claimtrack.work.models import Work
from claimtrack.work.nudging import nudge

SHORTEST, LONGEST = timedelta(minutes=15), timedelta(hours=24)
LONGEST_WAIT = timedelta(hours=24)
BUSY, QUIET = 0.2, 0.0
GONE = 410


class BadFeed(DomainError):
    """What was given is no address of a feed."""

    code = "bad_feed"


@dataclass(frozen=True, slots=True)
class Added:
    feed: Feed
    is_new: bool


@dataclass(frozen=True, slots=True)
class Polled:
    """What a poll of a feed's address brought: a document, or why there is none (not modified, an error)."""

    http_status: int | None = None
    document: FeedDocument | None = None
    etag: str = ""
    last_modified: str = ""
    retry_after: timedelta | None = None
    error: str = ""


@transaction.atomic
def add_feed(*, url: str, publisher: str = "") -> Outcome[Added]:
    """Poll an address from now on. One that is polled already stays as it is. Raises BadFeed."""
    try:
        address = canonical_address(url)
    except BadAddress as error:
        raise BadFeed(error.message, field="url") from error
    source = publisher_for(name=publisher, url=address)
    assert source is not None  # an address has a host
    feed, is_new = Feed.objects.get_or_create(url=address, defaults={"publisher": source})
    if is_new:
        Work.objects.make_due(Kind.POLL, [feed.pk])
        nudge(Kind.POLL)
    return Outcome(Added(feed, is_new))


@transaction.atomic
def poll_soon(*, feed_id: int) -> Outcome[Feed]:
    """Have a feed polled now, also one that was stopped. Raises NotFound."""
    feed = Feed.objects.select_for_update(no_key=True).filter(pk=feed_id).first()
    if feed is None:
        raise NotFound("There is no such feed.")
    feed.state = Feed.State.ACTIVE
    feed.save(update_fields=["state"])
    Work.objects.make_due(Kind.POLL, [feed.pk], Lane.INTERACTIVE)
    nudge(Kind.POLL)
    return Outcome(feed)


@transaction.atomic
def keep_poll(*, feed_id: int, polled: Polled) -> Outcome[FeedFetch]:
    """Keep what a poll brought: new items become articles, changed ones are fetched again, all are accounted for.

    The feed's next interval follows the share of new items; a feed that is gone (410) is stopped.
    """
    feed = Feed.objects.select_for_update(no_key=True).get(pk=feed_id)
    fetch = FeedFetch(feed=feed, http_status=polled.http_status, error=polled.error)
    happened: list[Happened] = []
    document = polled.document
    if document is not None:
        fetch.rejected = len(document.rejected)
        fetch.rejections = [{"position": one.position, "reason": one.reason} for one in document.rejected]
        # In one order for everybody: two feeds with the same items would else wait for each other.
        for item in sorted(document.items, key=lambda item: item.url):
            happened += _keep_item(feed, item, fetch)
        feed.title = document.title[:300] or feed.title
        feed.etag, feed.last_modified = polled.etag, polled.last_modified
    fetch.seen = fetch.new + fetch.updated + fetch.unchanged + fetch.rejected
    fetch.save()
    feed.failures = feed.failures + 1 if polled.error else 0
    feed.interval_seconds = int(next_interval(feed, fetch, polled.retry_after).total_seconds())
    if polled.http_status == GONE:
        feed.state = Feed.State.STOPPED
    feed.save(update_fields=["title", "etag", "last_modified", "failures", "interval_seconds", "state"])
    return Outcome(fetch, happened)


def next_interval(feed: Feed, fetch: FeedFetch, retry_after: timedelta | None) -> timedelta:
    """How long to wait until the next poll: from 15 minutes to 24 hours.

    Shorter by a half where a fifth of the items or more were new, longer by a quarter where none was; an hour more for
    each failure in a row; never before the time that the publisher asked for.
    """
    interval = timedelta(seconds=feed.interval_seconds)
    if feed.failures:
        interval = timedelta(hours=feed.failures)
    elif fetch.seen and fetch.new / fetch.seen >= BUSY:
        interval /= 2
    elif not fetch.new:
        interval *= 1.25
    interval = min(max(interval, SHORTEST), LONGEST)
    return max(interval, min(retry_after, LONGEST_WAIT)) if retry_after else interval


def _keep_item(feed: Feed, item: FeedItem, fetch: FeedFetch) -> list[Happened]:
    digest = hashlib.sha256(
        f"{item.title}\n{item.updated_at or item.published_at}\n{item.summary}".encode()
    ).hexdigest()
    article, is_new = Article.objects.get_or_create(
        identity=article_identity(item.url),
        defaults={
            "url": item.url,
            "publisher": feed.publisher,
            "title": item.title[:1000],
            "published_at": item.published_at,
            "feed": feed,
            "feed_item_digest": digest,
        },
    )
    if not is_new and article.feed_item_digest == digest:
        fetch.unchanged += 1
        return []
    if is_new:
        fetch.new += 1
    else:
        fetch.updated += 1
        article = Article.objects.select_for_update(no_key=True).get(pk=article.pk)
        article.feed_item_digest = digest
        article.save(update_fields=["feed_item_digest"])
    send_on_its_way(article, None, Lane.NORMAL)
    payload = {"fate": "new" if is_new else "new_version", "feed": str(feed.pk)}
    return [Happened(EventKind.ARTICLE_RECEIVED, article_id=article.pk, payload=payload)]
