"""Getting texts from the web: the network and the parser first, the database after."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from django.db import transaction

from apps.events.log import Happened, Outcome
from apps.events.models import EventKind
from apps.sources.models import Article
from apps.sources.services.articles import Draft, add_version, fail_article, send_on_its_way
from apps.sources.services.feeds import Polled
from claimtrack.extraction.feeds import FeedUnreadable
from claimtrack.extraction.pages import PageUnreadable
from claimtrack.extraction.sandbox import ParsingStopped, in_child
from claimtrack.http import Client, Fetched, FetchFailed
from claimtrack.work.kinds import Lane

FEED_TYPES = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
PAGE_TYPES = "text/html, application/xhtml+xml, text/plain;q=0.8"
_TRY_AGAIN = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}


class TryAgainLater(Exception):
    """The publisher cannot answer now; the work is left to a later attempt."""


@dataclass(frozen=True, slots=True)
class Downloaded:
    """An article's page as read, or why there is none (`error`)."""

    text: str = ""
    title: str = ""
    published_at: datetime | None = None
    raw_digest: bytes = b""
    error: str = ""


def poll(client: Client, *, url: str, etag: str, last_modified: str) -> Polled:
    """Ask a feed's address for what is new. Whatever goes wrong is told in `error`, nothing is raised."""
    try:
        answer = client.fetch(url, etag=etag, last_modified=last_modified, accept=FEED_TYPES)
    except FetchFailed as error:
        return Polled(error=error.message)
    retry_after = timedelta(seconds=answer.retry_after) if answer.retry_after else None
    if answer.status == HTTPStatus.NOT_MODIFIED:
        return Polled(answer.status, retry_after=retry_after)
    if answer.status != HTTPStatus.OK:
        return Polled(answer.status, retry_after=retry_after, error=_refusal(answer))
    try:
        document = in_child(
            "read_feed", {"body": answer.body, "content_type": answer.content_type, "base_url": answer.url}
        )
    except (FeedUnreadable, ParsingStopped) as error:
        return Polled(answer.status, error=error.message)
    return Polled(answer.status, document, answer.etag, answer.last_modified, retry_after)


def download(client: Client, *, url: str) -> Downloaded:
    """Fetch an article's page and read its text. Raises TryAgainLater where the publisher cannot answer now."""
    try:
        answer = client.fetch(url, accept=PAGE_TYPES)
    except FetchFailed as error:
        if error.code in ("unreachable", "too_slow"):
            raise TryAgainLater(error.message) from error
        return Downloaded(error=error.message)
    if answer.status in _TRY_AGAIN or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise TryAgainLater(_refusal(answer))
    if answer.status != HTTPStatus.OK:
        return Downloaded(error=_refusal(answer))
    try:
        page = in_child("read_page", {"body": answer.body, "content_type": answer.content_type, "url": answer.url})
    except (PageUnreadable, ParsingStopped) as error:
        return Downloaded(error=error.message)
    return Downloaded(page.text, page.title, page.published_at, hashlib.sha256(answer.body).digest())


@transaction.atomic
def keep_download(*, article_id: int, found: Downloaded, lane: Lane) -> Outcome[Article]:
    """Keep the text that was fetched as a version, and send it on to be read; without a text the article fails.

    A page whose text is the one we have ends its way at once.
    """
    if found.error:
        return fail_article(article_id=article_id, reason=found.error)
    article = Article.objects.select_for_update(no_key=True).get(pk=article_id)
    article.title = article.title or found.title[:1000]
    article.published_at = article.published_at or found.published_at
    article.save(update_fields=["title", "published_at"])
    version = add_version(article, Draft(found.text, found.title[:1000], raw_digest=found.raw_digest))
    if version is not None:
        send_on_its_way(article, version, lane)
        return Outcome(article)
    article.state = Article.State.DONE
    article.save(update_fields=["state"])
    return Outcome(article, [Happened(EventKind.ARTICLE_DONE, article_id=article.pk, payload={"unchanged": True})])


def _refusal(answer: Fetched) -> str:
    status = HTTPStatus(answer.status).phrase if answer.status in set(HTTPStatus) else "an unknown status"
    return f"The publisher answered {answer.status} ({status})."
