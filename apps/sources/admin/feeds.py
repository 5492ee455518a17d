"""Feeds and how their polls went; feeds are added and polled."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import DateTimeField, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminTextInputWidget, UnfoldAdminURLInputWidget

from apps.accounts.models import Scope, User
from apps.events.log import recording
from apps.sources.admin.articles import ARTICLE_HEADERS, article_row
from apps.sources.models import Article, Feed, FeedFetch
from apps.sources.services.feeds import add_feed, poll_soon
from claimtrack.admin.deeds import Deed, DeedAdmin, allowed, form_page, refuse
from claimtrack.admin.reading import BigTableAdmin
from claimtrack.admin.showing import NOTHING, Table, badge, duration, link, outside, shorten, stacked
from claimtrack.errors import DomainError
from claimtrack.work.kinds import Kind
from claimtrack.work.models import Work

NEWEST = 20


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
            Table("Newest articles", ARTICLE_HEADERS, [article_row(one) for one in articles]),
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
