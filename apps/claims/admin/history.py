"""What was written down about claims, to look at: it is only ever added to."""

from collections.abc import Sequence

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.claims.admin.links import status_badge
from apps.claims.models import ClaimRevision, Evidence, Redaction, StatusChange
from claimtrack.admin.reading import BigTableAdmin
from claimtrack.admin.showing import NOTHING, Table, badge, link, outside, quoted, shorten, stacked


def evidence_rows(change: StatusChange) -> list[list[object]]:
    return [
        [
            link(item, quoted(item.excerpt)),
            link(item.statement, "the statement") if item.statement else NOTHING,
            outside(item.url),
            item.dated_on,
        ]
        for item in change.evidence.all()
    ]


def step(change: StatusChange) -> SafeString:
    """From one status to the next; a change that makes another void has none."""
    to = status_badge(change.to_status) if change.to_status else badge("void")
    return format_html("{} → {}", status_badge(change.from_status), to)


@admin.register(StatusChange)
class StatusChangeAdmin(BigTableAdmin):
    list_display = ("claim_shown", "step_shown", "effective_on", "recorded_at", "by_name", "reason_shown")
    list_display_links = ("effective_on",)
    list_filter = ("to_status",)
    search_fields = ("reason", "claim__text", "by_name")
    date_hierarchy = "recorded_at"
    ordering = ("-id",)
    sortable_by = ()
    fields = (
        "claim_shown",
        "step_shown",
        "effective_on",
        "reason",
        "code",
        "searched",
        "by_name",
        "recorded_at",
        "corrects_shown",
        "seq",
        "hash_shown",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[StatusChange]:
        rows = super().get_queryset(request).select_related("claim", "corrects").defer("claim__search")
        return rows.prefetch_related("evidence__statement__speaker")

    @admin.display(description="claim")
    def claim_shown(self, change: StatusChange) -> SafeString:
        return stacked(link(change.claim, shorten(change.claim.text, 160)))

    @admin.display(description="status")
    def step_shown(self, change: StatusChange) -> SafeString:
        return step(change)

    @admin.display(description="reason")
    def reason_shown(self, change: StatusChange) -> SafeString:
        return stacked(shorten(change.reason, 200))

    @admin.display(description="corrects")
    def corrects_shown(self, change: StatusChange) -> SafeString | str:
        return link(change.corrects) if change.corrects else NOTHING

    @admin.display(description="hash")
    def hash_shown(self, change: StatusChange) -> str:
        return bytes(change.hash).hex()

    def tables(self, request: HttpRequest, row: StatusChange) -> Sequence[Table]:
        return [Table("Evidence", ("words", "statement", "address_shown", "of"), evidence_rows(row))]


@admin.register(ClaimRevision)
class ClaimRevisionAdmin(BigTableAdmin):
    list_display = ("claim_shown", "seq", "text_shown", "first_said_on", "due_on", "by_name", "recorded_at")
    list_display_links = ("seq",)
    list_filter = ("kind",)
    search_fields = ("text", "reason", "by_name")
    ordering = ("-id",)
    sortable_by = ()
    fields = (
        "claim_shown",
        "text",
        "kind",
        ("first_said_on", "due_on"),
        "resolution_criteria",
        "reason",
        "by_name",
        "recorded_at",
        "seq",
        "hash_shown",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ClaimRevision]:
        return super().get_queryset(request).select_related("claim").defer("claim__search")

    @admin.display(description="claim")
    def claim_shown(self, revision: ClaimRevision) -> SafeString:
        return stacked(link(revision.claim, shorten(revision.claim.text, 120)))

    @admin.display(description="says")
    def text_shown(self, revision: ClaimRevision) -> SafeString:
        return stacked(shorten(revision.text, 160), shorten(revision.reason, 120))

    @admin.display(description="hash")
    def hash_shown(self, revision: ClaimRevision) -> str:
        return bytes(revision.hash).hex()


@admin.register(Redaction)
class RedactionAdmin(BigTableAdmin):
    """Texts that had to go: who blanked them, and why."""

    list_display = ("claim_shown", "of_seq", "field", "reason", "by_name", "recorded_at")
    list_display_links = ("of_seq",)
    ordering = ("-id",)
    sortable_by = ()
    fields = ("claim_shown", "of_seq", "field", "reason", "by_name", "recorded_at", "digest", "seq", "hash_shown")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Redaction]:
        return super().get_queryset(request).select_related("claim").defer("claim__search")

    @admin.display(description="claim")
    def claim_shown(self, redaction: Redaction) -> SafeString:
        return stacked(link(redaction.claim, shorten(redaction.claim.text, 120)))

    @admin.display(description="hash")
    def hash_shown(self, redaction: Redaction) -> str:
        return bytes(redaction.hash).hex()


@admin.register(Evidence)
class EvidenceAdmin(BigTableAdmin):
    list_display = ("words_shown", "change_shown", "address_shown", "dated_on")
    search_fields = ("excerpt", "url")
    ordering = ("-id",)
    sortable_by = ()
    fields = ("excerpt", "address_shown", "statement", "dated_on", "change_shown")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Evidence]:
        rows = super().get_queryset(request).select_related("change__claim", "statement__speaker")
        return rows.defer("change__claim__search")

    @admin.display(description="words")
    def words_shown(self, item: Evidence) -> SafeString:
        return stacked(quoted(item.excerpt))

    @admin.display(description="for")
    def change_shown(self, item: Evidence) -> SafeString:
        return stacked(link(item.change), shorten(item.change.claim.text, 120))

    @admin.display(description="found at")
    def address_shown(self, item: Evidence) -> SafeString | str:
        return outside(item.url)
