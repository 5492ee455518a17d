"""Celery entry points. A task looks for work of its kind, does it, and ends."""

from apps.claims.services.matching import match_statements
from apps.events.log import recording
from apps.sources.models import Article
from apps.sources.services.articles import fail_article
from claimtrack.celery import app
from claimtrack.work.kinds import Kind
from claimtrack.work.models import Work
from claimtrack.work.running import HARD_LIMIT, work_through


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
