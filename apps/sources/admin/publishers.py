"""Publishers, to look at."""

from collections.abc import Sequence

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString

from apps.sources.admin.articles import ARTICLE_HEADERS, article_row
from apps.sources.admin.feeds import state_of
from apps.sources.models import Article, Publisher
from claimtrack.admin.reading import ReadOnlyAdmin
from claimtrack.admin.showing import NOTHING, Table, link, list_link, outside

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
            Table("Newest articles", ARTICLE_HEADERS, [article_row(one) for one in articles]),
        ]
