"""Celery entry points. A task looks for work of its kind, does it, and ends."""

from datetime import UTC, datetime

from celery.signals import worker_init

from apps.claims.services.matching import load_matcher, match_statements
from apps.claims.services.watching import archive_candidates, flag_claims
from apps.events.log import recording
from apps.sources.models import Article
from apps.sources.services.articles import fail_article
from claimtrack.celery import app
from claimtrack.work.kinds import Kind
from claimtrack.work.models import Work
from claimtrack.work.running import HARD_LIMIT, work_through

WATCH_LIMIT = 1800
"""Seconds: time enough for a million claims."""


@worker_init.connect
def load_models(**_: object) -> None:
    """Load the matcher once, before the processes that match are forked off and before the worker says it is ready."""
    if str(Kind.MATCH) in app.amqp.queues.consume_from:
        load_matcher()


@app.task(time_limit=HARD_LIMIT)
def match_due() -> None:
    """Match the statements of the articles that wait for it, until none does."""
    work_through(Kind.MATCH, match, give_up)


def match(work: Work) -> None:
    """Match the new statements of one article in one go; it is then done."""
    with recording() as record:
        record(match_statements(version_id=work.subject_id))
        work.finish()


def give_up(work: Work, reason: str) -> None:
    """Leave the article failed, with the reason."""
    article = Article.objects.get(versions=work.subject_id)
    with recording() as record:
        record(fail_article(article_id=article.pk, reason=reason))
        work.finish()


@app.task(time_limit=WATCH_LIMIT)
def watch_claims() -> None:
    """Flag the claims that want looking at, and put away candidates that nothing is heard of.

    The timetable calls it a few times a day. It looks at all there is and changes what has changed, so that a call that
    is lost, or made twice, changes nothing.
    """
    today = datetime.now(UTC).date()
    after: int | None = 0
    while after is not None:
        with recording() as record:
            after = record(flag_claims(after=after, today=today))
    archived = 1
    while archived:
        with recording() as record:
            archived = record(archive_candidates())
