"""Waiting for an article that the workers have in hand."""

import time

from apps.sources.models import Article
from claimtrack.errors import DomainError

ENDS = frozenset({Article.State.DONE, Article.State.FAILED})
PATIENCE = 60.0
LOOK_EVERY = 0.1


class NobodyWorks(DomainError):
    """No worker took the article, or none ended what one had begun."""

    code = "nobody_works"


def wait_for_article(article_id: int, *, patience: float = PATIENCE) -> Article:
    """The article once it is done or has failed. Raises NobodyWorks after `patience` seconds without a step."""
    article = Article.objects.get(pk=article_id)
    until = time.monotonic() + patience
    while article.state not in ENDS:
        if time.monotonic() > until:
            raise NobodyWorks(
                f"Article {article.pk} has been {article.state} for {patience:.0f} seconds:"
                " no worker takes it. Is `manage.py up` running?"
            )
        time.sleep(LOOK_EVERY)
        before = article.state
        article.refresh_from_db(fields=["state", "error", "skipped"])
        if article.state != before:
            until = time.monotonic() + patience
    return article
