"""The first page of the admin: what waits for a person, and what is new."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from apps.claims.admin.links import stance_badge, status_badge
from apps.claims.models import Claim, Link, Stage, StatusChange
from apps.claims.quality import matcher_quality, reader_quality
from apps.sources.models import Article
from claimtrack.admin.showing import Table, chain_in_words, link, quoted, shorten, stacked
from claimtrack.admin.sidebar import COUNTED_UP_TO, waiting_links

SHOWN = 8


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What the first page shows; unfold calls it."""
    if not request.user.is_staff:
        return context
    return {
        **context,
        "title": "Overview",
        "cards": _cards(request),
        "tables": [_queue(), _claims(), _judgements(), _precision()],
    }


def _cards(request: HttpRequest) -> list[dict[str, str]]:
    claims, articles = reverse("admin:claims_claim_changelist"), reverse("admin:sources_article_changelist")
    tracked = Claim.objects.filter(stage=Stage.TRACKED)
    flagged = tracked.exclude(flags=[])
    failed = Article.objects.filter(state=Article.State.FAILED)
    under_way = Article.objects.exclude(state__in=(Article.State.DONE, Article.State.FAILED))
    return [
        _card("links wait for review", waiting_links(request) or "0", reverse("admin:claims_link_changelist")),
        _card("tracked claims", _up_to(tracked), f"{claims}?stage__exact={Stage.TRACKED}"),
        _card("of them want looking at", _up_to(flagged), f"{claims}?stage__exact={Stage.TRACKED}&needs_review=yes"),
        _card("articles under way", _up_to(under_way), reverse("admin:queues")),
        _card("articles failed", _up_to(failed), f"{articles}?state__exact={Article.State.FAILED}"),
    ]


def _card(label: str, figure: str, url: str) -> dict[str, str]:
    return {"label": label, "figure": figure, "url": url}


def _up_to(rows: Any) -> str:
    count = rows[: COUNTED_UP_TO + 1].count()
    return f"{COUNTED_UP_TO}+" if count > COUNTED_UP_TO else str(count)


def _queue() -> Table:
    waiting = (
        Link.objects.awaiting_review()
        .select_related("statement__speaker", "claim")
        .defer("claim__search")
        .order_by("-score", "id")[:SHOWN]
    )
    rows = [
        [
            stacked(link(one, quoted(one.statement.text, 160)), f"known through {chain_in_words(one.statement.chain)}"),
            stance_badge(one.stance),
            stacked(link(one.claim, shorten(one.claim.text, 160))),
        ]
        for one in waiting
    ]
    return Table("Waiting for review", ("statement", "bears on it", "claim"), rows, "" if rows else "Nothing waits.")


def _claims() -> Table:
    newest = Claim.objects.filter(stage=Stage.TRACKED).defer("search").prefetch_related("speakers").order_by("-pk")
    rows = [
        [
            stacked(link(claim, shorten(claim.text, 160)), ", ".join(str(one) for one in claim.speakers.all())),
            claim.kind,
            status_badge(claim.status),
            claim.first_said_on,
        ]
        for claim in newest[:SHOWN]
    ]
    note = "" if rows else "None yet: adopt a candidate, or judge one."
    return Table("Newest tracked claims", ("claim", "kind", "status", "first said"), rows, note)


def _judgements() -> Table:
    newest = StatusChange.objects.select_related("claim").defer("claim__search").order_by("-pk")[:SHOWN]
    rows = [
        [
            stacked(link(change.claim, shorten(change.claim.text, 160))),
            status_badge(change.to_status) if change.to_status else "made void",
            change.effective_on,
            change.by_name,
        ]
        for change in newest
    ]
    return Table("Newest judgements", ("claim", "became", "from", "by"), rows, "" if rows else "None yet.")


def _precision() -> Table:
    measured = [("matcher", one) for one in matcher_quality()] + [("reader", one) for one in reader_quality()]
    rows = [
        [
            f"{who} {one.version}",
            f"{one.share.share:.0%}",
            f"{one.share.low:.0%} to {one.share.high:.0%}",
            f"{one.share.reviewed:,}",
        ]
        for who, one in measured
        if one.band is None
    ]
    note = "By stance and score: /api/v1/quality/." if rows else "Nothing was reviewed yet."
    return Table(
        "How often reader and matcher were right", ("version", "right", "95 % interval", "reviewed"), rows, note
    )
