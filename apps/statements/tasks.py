"""Celery entry points. A task looks for work of its kind, does it, and ends."""

from celery.signals import worker_init

from apps.events.log import recording
from apps.sources.models import Article, ArticleVersion
from apps.sources.services.articles import fail_article
from apps.sources.services.stories import find_story
from apps.statements.services.reading import attributions_of, load_reader, read_article
from claimtrack.celery import app
from claimtrack.work.kinds import Kind, Lane
from claimtrack.work.models import Work
from claimtrack.work.running import HARD_LIMIT, work_through


@worker_init.connect
def load_models(**_: object) -> None:
    """Load the reader once, before the processes that read are forked off and before the worker says it is ready."""
    if str(Kind.READ) in app.amqp.queues.consume_from:
        load_reader()


@app.task(time_limit=HARD_LIMIT)
def read_due() -> None:
    """Read the versions that wait for it, until none does."""
    work_through(Kind.READ, read, give_up)


def read(work: Work) -> None:
    """Read one version: find its story, then its statements; the end of the row goes with what was found."""
    find_story(version_id=work.subject_id)
    version = ArticleVersion.objects.select_related("article").get(pk=work.subject_id)
    found = attributions_of(version)
    with recording() as record:
        record(read_article(version_id=version.pk, found=found, lane=Lane(work.lane)))
        work.finish()


def give_up(work: Work, reason: str) -> None:
    """Leave the article failed, with the reason."""
    article = Article.objects.get(versions=work.subject_id)
    with recording() as record:
        record(fail_article(article_id=article.pk, reason=reason))
        work.finish()
