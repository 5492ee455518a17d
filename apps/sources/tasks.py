"""Celery entry points. A task looks for work of its kind, does it, and ends."""

from datetime import timedelta

from apps.events.log import recording
from apps.sources.models import Article, Feed
from apps.sources.services.articles import fail_article
from apps.sources.services.downloads import download, keep_download, poll
from apps.sources.services.feeds import Polled, keep_poll
from claimtrack.celery import app
from claimtrack.http import client
from claimtrack.work.kinds import Kind, Lane
from claimtrack.work.models import Work
from claimtrack.work.running import work_through

# A fetch may take 30 s, the parsing of a feed 120 s and of a page 20 s: leases and limits are longer than both.
POLL_LEASE, POLL_LIMIT = timedelta(seconds=240), 220
DOWNLOAD_LEASE, DOWNLOAD_LIMIT = timedelta(seconds=90), 80


@app.task(time_limit=POLL_LIMIT)
def poll_due() -> None:
    """Poll the feeds that are due, until none is."""
    work_through(Kind.POLL, poll_feed, give_up_polling, hold=POLL_LEASE)


def poll_feed(work: Work) -> None:
    """Poll one feed; its row stays and says when it is due again, unless the feed was stopped."""
    feed = Feed.objects.get(pk=work.subject_id)
    keep(work, poll(client(), url=feed.url, etag=feed.etag, last_modified=feed.last_modified))


def give_up_polling(work: Work, reason: str) -> None:
    """Count a failed poll, and try again at the feed's next turn: a feed is never silently dead."""
    keep(work, Polled(error=reason))


def keep(work: Work, polled: Polled) -> None:
    """Keep what a poll brought, and put the feed's next turn into its row."""
    with recording() as record:
        fetch = record(keep_poll(feed_id=work.subject_id, polled=polled))
        if fetch.feed.state == Feed.State.STOPPED:
            work.finish()
        else:
            work.again_in(timedelta(seconds=fetch.feed.interval_seconds))


@app.task(time_limit=DOWNLOAD_LIMIT)
def download_due() -> None:
    """Fetch the articles that wait for it, until none does."""
    work_through(Kind.DOWNLOAD, download_article, give_up_download, hold=DOWNLOAD_LEASE)


def download_article(work: Work) -> None:
    """Fetch one article, keep its text, and send it on to be read."""
    Article.objects.filter(pk=work.subject_id).update(state=Article.State.DOWNLOADING)
    found = download(client(), url=Article.objects.values_list("url", flat=True).get(pk=work.subject_id))
    with recording() as record:
        record(keep_download(article_id=work.subject_id, found=found, lane=Lane(work.lane)))
        work.finish()


def give_up_download(work: Work, reason: str) -> None:
    """Leave the article failed, with the reason."""
    with recording() as record:
        record(fail_article(article_id=work.subject_id, reason=reason.removeprefix("TryAgainLater: ")))
        work.finish()
