"""The sidebar, grouped as people think of the work."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse

from apps.accounts.models import Scope, User
from apps.claims.models import Link

COUNTED_UP_TO = 99


def waiting_links(request: HttpRequest) -> str:
    """How many suggestions wait for a person, counted up to a bound; '' for none."""
    count = Link.objects.awaiting_review()[: COUNTED_UP_TO + 1].count()
    return f"{COUNTED_UP_TO}+" if count > COUNTED_UP_TO else str(count or "")


def is_admin(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and Scope.ADMIN in request.user.scopes


def styles(request: HttpRequest) -> str:
    return static("claimtrack/admin.css")


def icon(request: HttpRequest) -> str:
    return static("claimtrack/icon.svg")


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups of links, for unfold."""
    return [
        {
            "title": "Review",
            "items": [
                {
                    **_list("Review queue", "rule", "claims_link"),
                    "badge": "claimtrack.admin.sidebar.waiting_links",
                    "badge_variant": "primary",
                },
                _item(
                    "To look at",
                    "visibility",
                    reverse("admin:claims_claim_changelist") + "?needs_review=yes",
                    lambda request: request.GET.get("needs_review") == "yes",
                ),
                _claims("Tracked claims", "flag", "tracked"),
                _claims("Candidates", "emoji_objects", "candidate"),
                _list("Topics", "sell", "claims_topic"),
            ],
        },
        {
            "title": "Sources",
            "items": [
                _list("Articles", "article", "sources_article"),
                _list("Feeds", "rss_feed", "sources_feed"),
                _list("Polls", "sync", "sources_feedfetch"),
                _list("Publishers", "newspaper", "sources_publisher"),
                _list("Stories", "content_copy", "sources_storycluster"),
            ],
        },
        {
            "title": "Statements",
            "items": [
                _list("Statements", "format_quote", "statements_statement"),
                _list("Speakers", "record_voice_over", "statements_speaker"),
            ],
        },
        {
            "title": "History",
            "items": [
                _list("Status changes", "gavel", "claims_statuschange"),
                _list("Revisions", "edit_note", "claims_claimrevision"),
                _list("Evidence", "attach_file", "claims_evidence"),
                _list("Redactions", "ink_eraser", "claims_redaction"),
                _list("Events", "list_alt", "events_event"),
            ],
        },
        {
            "title": "Work",
            "items": [
                _item("Queues", "monitoring", reverse("admin:queues")),
                _list("Work rows", "pending_actions", "work_work"),
            ],
        },
        {
            "title": "Access",
            "items": [
                {**_list("Users", "group", "accounts_user"), "permission": is_admin},
                {**_list("Tokens", "key", "accounts_apitoken"), "permission": is_admin},
            ],
        },
    ]


def _item(title: str, symbol: str, url: str, active: Callable[[HttpRequest], bool] | None = None) -> dict[str, Any]:
    path = url.partition("?")[0]
    return {
        "title": title,
        "icon": symbol,
        "link": url,
        "active": active or (lambda request: request.path.startswith(path)),
    }


def _list(title: str, symbol: str, model: str) -> dict[str, Any]:
    return _item(title, symbol, reverse(f"admin:{model}_changelist"))


def _claims(title: str, symbol: str, stage: str) -> dict[str, Any]:
    url = reverse("admin:claims_claim_changelist")
    return _item(
        title,
        symbol,
        f"{url}?stage__exact={stage}",
        lambda request: request.path == url and request.GET.get("stage__exact") == stage,
    )
