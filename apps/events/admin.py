"""The log, to look at."""

import json

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.events.models import Event
from claimtrack.admin.reading import BigTableAdmin
from claimtrack.admin.showing import NOTHING, badge, shorten

_PAGES = (
    ("claim", "claim_id", "claims_claim"),
    ("link", "link_id", "claims_link"),
    ("statement", "statement_id", "statements_statement"),
    ("speaker", "speaker_id", "statements_speaker"),
    ("article", "article_id", "sources_article"),
)
_VARIANTS = {"accepted": "success", "adopted": "success", "failed": "danger", "rejected": "danger", "suggested": "info"}


@admin.register(Event)
class EventAdmin(BigTableAdmin):
    """Everything that followers hear of, newest first."""

    list_display = ("id", "kind_shown", "at", "subjects", "user_id", "payload_shown")
    list_filter = ("kind",)
    ordering = ("-id",)
    sortable_by = ()
    fields = ("id", "kind_shown", "at", "subjects", "user_id", "payload", "head_shown")

    @admin.display(description="kind")
    def kind_shown(self, event: Event) -> SafeString:
        return badge(event.kind, _VARIANTS.get(event.kind.partition(".")[2], ""))

    @admin.display(description="about")
    def subjects(self, event: Event) -> SafeString:
        """Links to what the event names; the log itself knows only ids."""
        named = [(name, getattr(event, field), page) for name, field, page in _PAGES if getattr(event, field)]
        links = (
            (reverse(f"admin:{page}_change", args=[subject]), f"{name} {subject}") for name, subject, page in named
        )
        return format_html_join(" · ", '<a class="text-link" href="{}">{}</a>', links)

    @admin.display(description="what it says")
    def payload_shown(self, event: Event) -> SafeString:
        text = json.dumps(event.payload, ensure_ascii=False) if event.payload else NOTHING
        return format_html('<div class="ct-cell ct-small">{}</div>', shorten(text, 160))

    @admin.display(description="head of the claim's chain")
    def head_shown(self, event: Event) -> str:
        return bytes(event.head).hex() if event.head else NOTHING
