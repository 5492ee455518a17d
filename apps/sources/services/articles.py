"""Articles coming in, by text or by address, and the versions of their text."""

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models.functions import Now

from apps.accounts.models import User
from apps.events.log import Happened, Outcome
from apps.events.models import EventKind
from apps.sources.models import Article, ArticleVersion
from apps.sources.services.publishers import publisher_for
from claimtrack.errors import Conflict, DomainError, NotFound
from claimtrack.extraction.addresses import BadAddress, canonical_address
from claimtrack.work.kinds import Kind, Lane
from claimtrack.work.models import Work
from claimtrack.work.nudging import nudge


class BadArticle(DomainError):
    """What was submitted is no article; `field` says what is wrong with it."""

    code = "bad_article"


class Fate(StrEnum):
    """What became of a submission."""

    NEW = "new"
    NEW_VERSION = "new_version"
    AGAIN = "again"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Submission:
    """The article that a submission is now, and whether anything is to be done for it."""

    article: Article
    fate: Fate


@dataclass(frozen=True, slots=True)
class Draft:
    """A text to become a version: submitted `by` somebody, or fetched (with the digest of the bytes)."""

    text: str
    title: str = ""
    by: User | None = None
    raw_digest: bytes | None = None


@transaction.atomic
def submit_article(
    *,
    by: User,
    url: str = "",
    title: str = "",
    text: str = "",
    published_at: datetime | None = None,
    publisher: str = "",
    lane: Lane = Lane.INTERACTIVE,
) -> Outcome[Submission]:
    """Take in an article: with a text as it is, with an address alone to be fetched. Raises BadArticle.

    The same canonical address, or without one the same publisher and text, is the same article; another text at the
    same address is a new version of it. An article that failed is tried again.
    """
    address = _address(url)
    text = unicodedata.normalize("NFC", text)
    if not text.strip() and not address:
        raise BadArticle("Give the text of the article, or the address to fetch it from.", field="text")
    source = publisher_for(name=publisher, url=address)
    article, is_new = Article.objects.get_or_create(
        identity=article_identity(address, source.pk if source else None, text),
        defaults={"url": address, "publisher": source, "title": title, "published_at": published_at},
    )
    article = Article.objects.select_for_update(no_key=True).get(pk=article.pk)
    if text.strip():
        version = add_version(article, Draft(text, title, by=by))
        fate = Fate.NEW if is_new else Fate.NEW_VERSION if version else Fate.SAME
    else:
        version, fate = None, Fate.NEW if is_new else Fate.SAME
    if fate is Fate.SAME and article.state == Article.State.FAILED:
        fate = Fate.AGAIN
    if fate is Fate.SAME:
        return Outcome(Submission(article, fate))
    send_on_its_way(article, version or article.versions.order_by("number").last() if text.strip() else None, lane)
    received = Happened(EventKind.ARTICLE_RECEIVED, article_id=article.pk, user_id=by.pk, payload={"fate": str(fate)})
    return Outcome(Submission(article, fate), [received])


def add_version(article: Article, draft: Draft) -> ArticleVersion | None:
    """Keep a text as the newest version of a locked article; None where it brings nothing new.

    A publisher that goes back to an earlier text made a new version; a submitter who sends one again did not.
    """
    digest = hashlib.sha256(draft.text.encode()).digest()
    newest = article.versions.order_by("number").last()
    known = (
        article.versions.filter(text_digest=digest).exists()
        if draft.by
        else bool(newest and bytes(newest.text_digest) == digest)
    )
    if known:
        return None
    return ArticleVersion.objects.create(
        article=article,
        number=newest.number + 1 if newest else 1,
        title=draft.title or article.title,
        text=draft.text,
        text_digest=digest,
        origin=ArticleVersion.Origin.SUBMITTED if draft.by else ArticleVersion.Origin.FETCHED,
        submitted_by=draft.by,
        raw_digest=draft.raw_digest,
    )


def send_on_its_way(article: Article, version: ArticleVersion | None, lane: Lane) -> None:
    """Make the next step of a locked article due: reading its version, or fetching its page."""
    if version is None:
        article.state, kind, subject_id = Article.State.QUEUED, Kind.DOWNLOAD, article.pk
    else:
        article.state, kind, subject_id = Article.State.READING, Kind.READ, version.pk
    article.error = article.skipped = ""
    article.save(update_fields=["state", "error", "skipped"])
    Work.objects.make_due(kind, [subject_id], lane)
    nudge(kind)


@transaction.atomic
def fail_article(*, article_id: int, reason: str) -> Outcome[Article]:
    """End the way of an article with the reason; it can be submitted again."""
    article = Article.objects.select_for_update(no_key=True).get(pk=article_id)
    article.state = Article.State.FAILED
    article.error = reason[:2000]
    article.save(update_fields=["state", "error"])
    return Outcome(
        article, [Happened(EventKind.ARTICLE_FAILED, article_id=article.pk, payload={"error": article.error})]
    )


@transaction.atomic
def retry_article(*, article_id: int, by: User) -> Outcome[Article]:
    """Send an article that failed on its way again. Raises Conflict, NotFound.

    It begins with its newest text where that was submitted or never read, else with its address.
    """
    article = Article.objects.select_for_update(no_key=True).filter(pk=article_id).first()
    if article is None:
        raise NotFound("There is no such article.")
    if article.state != Article.State.FAILED:
        raise Conflict("Only an article that failed is tried again.")
    newest = article.versions.order_by("number").last()
    was_read = newest and newest.origin == ArticleVersion.Origin.FETCHED and newest.read_at is not None
    send_on_its_way(article, None if was_read else newest, Lane.INTERACTIVE)
    payload = {"fate": str(Fate.AGAIN)}
    return Outcome(
        article, [Happened(EventKind.ARTICLE_RECEIVED, article_id=article.pk, user_id=by.pk, payload=payload)]
    )


@transaction.atomic
def confirm_article(*, article_id: int, by: User) -> Outcome[Article]:
    """Say that a submitted text is what its publisher wrote: from then on it counts as a story of its own."""
    article = Article.objects.select_for_update(no_key=True).filter(pk=article_id).first()
    if article is None:
        raise NotFound("There is no such article.")
    if article.confirmed_at is None:
        article.confirmed_by, article.confirmed_at = by, Now()
        article.save(update_fields=["confirmed_by", "confirmed_at"])
        article.refresh_from_db(fields=["confirmed_at"])
    return Outcome(article)


def _address(url: str) -> str:
    try:
        return canonical_address(url) if url.strip() else ""
    except BadAddress as error:
        raise BadArticle(error.message, field="url") from error


def article_identity(address: str, publisher_id: int | None = None, text: str = "") -> bytes:
    """The 32 bytes by which the same article is recognised."""
    name = f"address {address}" if address else f"text of {publisher_id} {text}"
    return hashlib.sha256(name.encode()).digest()
