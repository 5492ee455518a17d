"""Which articles are copies of one another."""

from datetime import timedelta

from django.db import connection, transaction

from apps.sources.models import Article, ArticleVersion, StoryCluster
from claimtrack.matching.copies import SAME_STORY_AT, resemblance, sketch

_STORY_LOCK = 0x73746F7279  # "story"
COPIED_WITHIN = timedelta(days=14)
MOST_COMPARED = 20


@transaction.atomic
def find_story(*, version_id: int) -> StoryCluster:
    """Put an article into the story that it is a copy of, or into one of its own.

    One at a time: of two copies that arrive together, the second must see the first.
    """
    version = ArticleVersion.objects.select_related("article").get(pk=version_id)
    keys = sketch(version.text)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_STORY_LOCK])
    ArticleVersion.objects.filter(pk=version.pk).update(sketch=list(keys))
    article = Article.objects.get(pk=version.article_id)
    if article.cluster is None:
        article.cluster = _story_of_a_copy(version, keys) or StoryCluster.objects.create()
        article.save(update_fields=["cluster"])
    return article.cluster


def _story_of_a_copy(version: ArticleVersion, keys: tuple[int, ...]) -> StoryCluster | None:
    """The story of the earliest near-copy, among the articles received around the same days."""
    received = version.article.received_at
    others = (
        ArticleVersion.objects.filter(
            sketch__overlap=list(keys),
            article__received_at__range=(received - COPIED_WITHIN, received + COPIED_WITHIN),
            article__cluster__isnull=False,
        )
        .exclude(article=version.article_id)
        .select_related("article__cluster")
        .order_by("pk")[:MOST_COMPARED]
    )
    return next((one.article.cluster for one in others if resemblance(one.text, version.text) >= SAME_STORY_AT), None)
