"""Where texts come from, to look at; articles are confirmed and tried again, feeds added and polled."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, DateTimeField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminTextInputWidget, UnfoldAdminURLInputWidget

from apps.accounts.models import Scope, User
from apps.events.log import recording
from apps.sources.models import Article, ArticleVersion, Feed, FeedFetch, Publisher, StoryCluster
from apps.sources.services.articles import confirm_article, retry_article
from apps.sources.services.feeds import add_feed, poll_soon
from claimtrack.admin.deeds import Deed, DeedAdmin, allowed, form_page, refuse
from claimtrack.admin.reading import BigTableAdmin, ReadOnlyAdmin
from claimtrack.admin.showing import (
    NOTHING,
    Table,
    badge,
    duration,
    link,
    list_link,
    outside,
    shorten,
    stacked,
)
from claimtrack.errors import DomainError
from claimtrack.work.kinds import Kind
from claimtrack.work.models import Work

STATE_VARIANTS = {"done": "success", "failed": "danger"}
NEWEST = 20


@admin.register(Publisher)
class PublisherAdmin(ReadOnlyAdmin):
    list_display = ("name", "domains_shown", "keys_shown")
    search_fields = ("name", "domains__icontains")
    ordering = ("name", "id")
    fields = ("name", "domains_shown", "keys_shown", "articles_shown")

    @admin.display(description="domains")
    def domains_shown(self, publisher: Publisher) -> str:
        return ", ".join(publisher.domains) or NOTHING

    @admin.display(description="found by the names")
    def keys_shown(self, publisher: Publisher) -> str:
        return ", ".join(publisher.keys)

    @admin.display(description="articles")
    def articles_shown(self, publisher: Publisher) -> SafeString:
        return list_link(Article, "all articles of this publisher", publisher=publisher.pk)

    def tables(self, request: HttpRequest, row: Publisher) -> Sequence[Table]:
        feeds = [[link(feed), outside(feed.url), state_of(feed)] for feed in row.feeds.order_by("pk")]
        articles = Article.objects.filter(publisher=row).order_by("-pk")[:NEWEST]
        return [
            Table("Feeds", ("feed", "address", "state"), feeds),
            Table("Newest articles", ("article", "published", "state"), [_line_of(one) for one in articles]),
        ]


def _line_of(article: Article) -> list[object]:
    published = localize(article.published_at) if article.published_at else NOTHING
    return [link(article, shorten(str(article), 120)), published, state_badge(article)]


def state_badge(article: Article) -> SafeString:
    skipped = f" (skipped: {article.skipped})" if article.skipped else ""
    return badge(article.state + skipped, STATE_VARIANTS.get(article.state, "info"))


def state_of(feed: Feed) -> SafeString:
    if feed.state == Feed.State.STOPPED:
        return badge("stopped", "danger")
    return badge(f"failing ({feed.failures})", "warning") if feed.failures else badge("active", "success")


def _poll(feed_id: int, by: User, option: str) -> None:
    with recording() as record:
        record(poll_soon(feed_id=feed_id))


class AddFeedForm(forms.Form):
    url = forms.CharField(
        label="Address", max_length=2000, widget=UnfoldAdminURLInputWidget, help_text="RSS, Atom, JSON feed or sitemap"
    )
    publisher = forms.CharField(
        required=False,
        max_length=200,
        widget=UnfoldAdminTextInputWidget,
        help_text="a name or a domain; empty: the site of the address",
    )


@admin.register(Feed)
class FeedAdmin(DeedAdmin):
    """Addresses that are polled."""

    list_display = ("title_shown", "publisher", "state_shown", "interval_shown", "next_poll", "created_at")
    list_filter = ("state",)
    list_select_related = ("publisher",)
    search_fields = ("title", "url", "publisher__name")
    ordering = ("-id",)
    fields = (
        "title",
        "address_shown",
        "publisher",
        "state_shown",
        "interval_shown",
        "next_poll",
        "etag",
        "last_modified",
        "created_at",
    )
    deeds = (Deed("poll", "Poll now", Scope.ADMIN, _poll, "put first in the queue", is_primary=True),)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, User) and Scope.ADMIN in request.user.scopes

    def get_queryset(self, request: HttpRequest) -> QuerySet[Feed]:
        polls = Work.objects.filter(kind=Kind.POLL, subject_id=OuterRef("pk")).values("due_at")[:1]
        return Feed.objects.annotate(due_at=Subquery(polls, output_field=DateTimeField()))

    @admin.display(description="feed", ordering="title")
    def title_shown(self, feed: Feed) -> SafeString:
        return stacked(feed.title or feed.url, feed.url if feed.title else "")

    @admin.display(description="address")
    def address_shown(self, feed: Feed) -> SafeString | str:
        return outside(feed.url)

    @admin.display(description="state", ordering="failures")
    def state_shown(self, feed: Feed) -> SafeString:
        return state_of(feed)

    @admin.display(description="polled every", ordering="interval_seconds")
    def interval_shown(self, feed: Feed) -> str:
        return duration(feed.interval_seconds)

    @admin.display(description="next poll")
    def next_poll(self, feed: Any) -> str:
        if feed.due_at is None:
            return "never" if feed.state == Feed.State.STOPPED else NOTHING
        wait = (feed.due_at - timezone.now()).total_seconds()
        return f"in {duration(wait)}" if wait > 0 else f"due since {duration(-wait)}"

    def tables(self, request: HttpRequest, row: Feed) -> Sequence[Table]:
        fetches = [
            [
                link(fetch, localize(fetch.fetched_at)),
                fetch.http_status,
                fetch.new,
                fetch.updated,
                fetch.unchanged,
                fetch.rejected,
                fetch.error,
            ]
            for fetch in row.fetches.order_by("-fetched_at")[:NEWEST]
        ]
        headers = ("polled", "HTTP", "new", "updated", "unchanged", "rejected", "error")
        articles = Article.objects.filter(feed=row).order_by("-pk")[:NEWEST]
        return [
            Table("Newest polls", headers, fetches),
            Table("Newest articles", ("article", "published", "state"), [_line_of(one) for one in articles]),
        ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        allowed(request, Scope.ADMIN)
        form = AddFeedForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                with recording() as record:
                    added = record(add_feed(**form.cleaned_data))
            except DomainError as error:
                refuse(form, error)
            else:
                told = "added; its first poll is due now" if added.is_new else "polled already"
                messages.success(request, f"{added.feed.url} is {told}.")
                return HttpResponseRedirect(self.address("change", added.feed.pk))
        return form_page(request, self, form, title="Add a feed", submit="Add", back=self.address("changelist"))


class Failed(admin.SimpleListFilter):
    title = "outcome"
    parameter_name = "failed"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("yes", "failed"), ("no", "went well"), ("rejected", "rejected items")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[FeedFetch]) -> QuerySet[FeedFetch]:
        match self.value():
            case "yes":
                return queryset.exclude(error="")
            case "no":
                return queryset.filter(error="")
            case "rejected":
                return queryset.filter(rejected__gt=0)
        return queryset


@admin.register(FeedFetch)
class FeedFetchAdmin(BigTableAdmin):
    """Each poll: seen = new + updated + unchanged + rejected."""

    list_display = (
        "fetched_at",
        "feed",
        "http_status",
        "seen",
        "new",
        "updated",
        "unchanged",
        "rejected",
        "error_shown",
    )
    list_filter = (Failed,)
    list_select_related = ("feed",)
    ordering = ("-id",)
    sortable_by = ()

    @admin.display(description="error")
    def error_shown(self, fetch: FeedFetch) -> SafeString | str:
        return format_html('<div class="ct-cell">{}</div>', shorten(fetch.error, 160)) if fetch.error else NOTHING


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
        return [Table("Articles", ("article", "published", "state"), [_line_of(one) for one in articles])]
