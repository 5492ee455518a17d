"""Articles and their texts, to look at; articles are confirmed and tried again."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.accounts.models import Scope, User
from apps.events.log import recording
from apps.sources.models import Article, ArticleVersion, StoryCluster
from apps.sources.services.articles import confirm_article, retry_article
from claimtrack.admin.deeds import Deed, DeedAdmin
from claimtrack.admin.reading import BigTableAdmin
from claimtrack.admin.showing import NOTHING, Table, badge, link, outside, shorten, stacked

STATE_VARIANTS = {"done": "success", "failed": "danger"}
ARTICLE_HEADERS = ("article", "published", "state")


def state_badge(article: Article) -> SafeString:
    skipped = f" (skipped: {article.skipped})" if article.skipped else ""
    return badge(article.state + skipped, STATE_VARIANTS.get(article.state, "info"))


def article_row(article: Article) -> list[object]:
    """An article as a row under another page; `ARTICLE_HEADERS` are its headers."""
    published = localize(article.published_at) if article.published_at else NOTHING
    return [link(article, shorten(str(article), 120)), published, state_badge(article)]


def _confirm(article_id: int, by: User, option: str) -> None:
    with recording() as record:
        record(confirm_article(article_id=article_id, by=by))


def _retry(article_id: int, by: User, option: str) -> None:
    with recording() as record:
        record(retry_article(article_id=article_id, by=by))


def _can_confirm(article: Article) -> bool:
    is_submitted = any(one.origin == ArticleVersion.Origin.SUBMITTED for one in article.versions.all())
    return article.confirmed_at is None and is_submitted


@admin.register(Article)
class ArticleAdmin(DeedAdmin, BigTableAdmin):
    """Articles, newest first, and how far each has come."""

    list_display = (
        "title_shown",
        "publisher",
        "state_shown",
        "origin",
        "language",
        "statement_count",
        "published_at",
        "received_at",
    )
    list_filter = ("state", "language")
    search_fields = ("title", "url", "publisher__name")
    ordering = ("-id",)
    sortable_by = ()
    fields = (
        "title",
        "address_shown",
        "publisher",
        "published_at",
        "received_at",
        "state_shown",
        "error",
        "origin",
        "language",
        "feed",
        "story",
    )
    deeds = (
        Deed(
            "confirm",
            "Confirm",
            Scope.REVIEW,
            _confirm,
            "confirmed: its text counts as its publisher's",
            _can_confirm,
            is_primary=True,
        ),
        Deed(
            "retry",
            "Try again",
            Scope.SUBMIT,
            _retry,
            "sent on its way again",
            lambda article: article.state == Article.State.FAILED,
            is_primary=True,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        versions = ArticleVersion.objects.select_related("submitted_by").defer("text", "sketch")
        counted = Article.objects.filter(pk=OuterRef("pk")).values("pk")
        counted = counted.annotate(current=Count("statements", filter=Q(statements__state="current")))
        return (
            Article.objects.select_related("publisher", "confirmed_by", "feed", "cluster")
            .prefetch_related(Prefetch("versions", versions))
            .annotate(current_statements=Subquery(counted.values("current")))
        )

    @admin.display(description="article")
    def title_shown(self, article: Article) -> SafeString:
        return stacked(shorten(str(article), 140), shorten(article.url, 90) if article.title else "")

    @admin.display(description="address")
    def address_shown(self, article: Article) -> SafeString | str:
        return outside(article.url)

    @admin.display(description="state")
    def state_shown(self, article: Article) -> SafeString:
        return state_badge(article)

    @admin.display(description="text")
    def origin(self, article: Article) -> SafeString:
        """Whose word it is that the publisher wrote this."""
        versions = article.versions_in_order
        if not versions:
            return stacked("none yet")
        newest = versions[-1]
        count = f"{len(versions)} versions" if len(versions) > 1 else ""
        if newest.origin == ArticleVersion.Origin.FETCHED:
            return stacked("fetched", count)
        vouched = f"confirmed by {article.confirmed_by}" if article.confirmed_by else "not confirmed"
        return stacked(f"submitted by {newest.submitted_by}", vouched, count)

    @admin.display(description="statements")
    def statement_count(self, article: Any) -> int:
        count: int = article.current_statements
        return count

    @admin.display(description="story")
    def story(self, article: Article) -> SafeString | str:
        return link(article.cluster) if article.cluster else NOTHING

    def tables(self, request: HttpRequest, row: Article) -> Sequence[Table]:
        versions = [
            [
                link(version, f"version {version.number}"),
                version.origin,
                version.submitted_by,
                localize(version.fetched_at),
                version.reader or NOTHING,
                localize(version.read_at) if version.read_at else "not read",
            ]
            for version in row.versions_in_order
        ]
        # What reads and matches an article lives above this app: it is asked for through the reverse relation.
        statements = row.statements.select_related("speaker").order_by("pk")
        said = [
            [link(one.speaker, one.speaker_name), link(one, shorten(one.text, 160)), badge(one.kind), badge(one.state)]
            for one in statements
        ]
        return [
            Table("Versions", ("version", "origin", "submitted by", "on", "reader", "read"), versions),
            Table("Statements", ("speaker", "what was said", "kind", "state"), said),
        ]


@admin.register(ArticleVersion)
class ArticleVersionAdmin(BigTableAdmin):
    """The text of an article at one moment."""

    list_display = ("id", "article", "number", "origin", "submitted_by", "fetched_at", "reader", "read_at")
    list_filter = ("origin",)
    list_select_related = ("article", "submitted_by")
    ordering = ("-id",)
    sortable_by = ()
    fields = (
        "article",
        "number",
        "title",
        "origin",
        "submitted_by",
        "fetched_at",
        "reader",
        "read_at",
        "digest",
        "text_shown",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ArticleVersion]:
        return super().get_queryset(request).defer("text", "sketch")

    @admin.display(description="digest of the text")
    def digest(self, version: ArticleVersion) -> str:
        return bytes(version.text_digest).hex()

    @admin.display(description="text")
    def text_shown(self, version: ArticleVersion) -> SafeString:
        return format_html('<div class="ct-text">{}</div>', version.text)


@admin.register(StoryCluster)
class StoryClusterAdmin(BigTableAdmin):
    """Articles that are copies of one another: as evidence they count once."""

    list_display = ("id", "articles_in_it", "first_article", "created_at")
    ordering = ("-id",)
    sortable_by = ()
    fields = ("id", "created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[StoryCluster]:
        return super().get_queryset(request).prefetch_related("articles")

    @admin.display(description="articles")
    def articles_in_it(self, story: StoryCluster) -> int:
        return len(story.articles.all())

    @admin.display(description="first")
    def first_article(self, story: StoryCluster) -> str:
        first = min(story.articles.all(), key=lambda article: article.pk, default=None)
        return shorten(str(first), 140) if first else NOTHING

    def tables(self, request: HttpRequest, row: StoryCluster) -> Sequence[Table]:
        articles = row.articles.order_by("pk")
        return [Table("Articles", ARTICLE_HEADERS, [article_row(one) for one in articles])]
