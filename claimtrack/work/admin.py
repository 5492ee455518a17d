"""The rows that are work, to look at: what waits, who holds it, and what went wrong with it."""

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from claimtrack.admin.reading import BigTableAdmin
from claimtrack.admin.showing import NOTHING, badge, duration, shorten
from claimtrack.work.kinds import Kind
from claimtrack.work.models import MAX_ATTEMPTS, Work

_SUBJECTS = {
    Kind.POLL: ("feed", "sources_feed"),
    Kind.DOWNLOAD: ("article", "sources_article"),
    Kind.READ: ("version", "sources_articleversion"),
    Kind.MATCH: ("version", "sources_articleversion"),
}


@admin.register(Work)
class WorkAdmin(BigTableAdmin):
    """The table that is the queue. Rows come and go by themselves."""

    list_display = ("kind", "subject", "lane", "state", "due_at", "attempts_shown", "error_shown")
    list_filter = ("kind", "lane")
    ordering = ("due_at", "id")
    fields = ("kind", "subject", "lane", "state", "due_at", "leased_until", "attempts_shown", "last_error")

    @admin.display(description="of")
    def subject(self, work: Work) -> SafeString:
        name, page = _SUBJECTS[Kind(work.kind)]
        url = reverse(f"admin:{page}_change", args=[work.subject_id])
        return format_html('<a class="text-link" href="{}">{} {}</a>', url, name, work.subject_id)

    @admin.display(description="state")
    def state(self, work: Work) -> SafeString:
        now = timezone.now()
        if work.leased_until and work.leased_until > now:
            return badge("in work", "info")
        wait = (now - work.due_at).total_seconds()
        if wait < 0:
            return badge(f"due in {duration(-wait)}")
        return badge(f"waits {duration(wait)}", "warning" if wait > 60 else "")

    @admin.display(description="attempts")
    def attempts_shown(self, work: Work) -> str:
        return f"{work.attempts} of {MAX_ATTEMPTS}" if work.attempts else NOTHING

    @admin.display(description="last error")
    def error_shown(self, work: Work) -> SafeString | str:
        return format_html('<div class="ct-cell">{}</div>', shorten(work.last_error, 200)) if work.last_error else ""
