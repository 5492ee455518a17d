"""What stands under a claim in the admin: what bears on it, its life, its chain."""

from typing import Any

from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.claims.admin.history import step
from apps.claims.admin.links import decide_buttons, decided, stance_badge
from apps.claims.models import Claim, Link, StatusChange
from apps.claims.services.verifying import faults_of
from apps.claims.then import in_family
from apps.claims.timeline import history, timeline
from claimtrack.admin.showing import Table, badge, chain_in_words, link, quoted, stacked

MOST_LINKS = 100


def bearing(claim: Claim, *, may_decide: bool) -> Table:
    links = (
        Link.objects.filter(in_family("claim_id", claim.pk))
        .unrefused()
        .select_related("statement__speaker", "statement__article__publisher", "decided_by")
        .order_by("-statement__said_on", "-pk")[: MOST_LINKS + 1]
    )
    rows = [
        [
            one.statement.said_on,
            stacked(
                link(one.statement, quoted(one.statement.text)),
                f"known through {chain_in_words(one.statement.chain)}",
                str(one.statement.article.publisher or ""),
            ),
            stacked(stance_badge(one.stance), f"score {one.score:.2f}"),
            decided(one),
            *([decide_buttons(one)] if may_decide else []),
        ]
        for one in links
    ]
    note = f"The newest {MOST_LINKS}." if len(rows) > MOST_LINKS else ""
    headers = ("said on", "statement", "bears on it", "state", *(["decide"] if may_decide else []))
    return Table("Statements that bear on it", headers, rows[:MOST_LINKS], note)


def life(claim: Claim) -> Table:
    rows = [
        [entry["on"], *_told(entry), localize(entry["recorded_at"])] for entry in timeline(claim, with_suggested=True)
    ]
    return Table("Timeline", ("on", "what", "", "recorded"), rows)


def _told(entry: dict[str, Any]) -> tuple[SafeString, SafeString]:
    """An entry of the timeline: what it is, and what it says."""
    if entry["type"] == "statement":
        statement, one = entry["statement"], entry["link"]
        about = "" if one.state == Link.State.ACCEPTED else one.state
        return stacked(stance_badge(one.stance), about), stacked(
            quoted(statement.text), f"known through {chain_in_words(statement.chain)}"
        )
    if entry["type"] == "status_change":
        change: StatusChange = entry["status_change"]
        evidence = [quoted(item.excerpt, 160) for item in change.evidence.all()]
        return step(change), stacked(change.reason, f"by {change.by_name}", *evidence)
    revision = entry["revision"]
    return badge("made" if revision.seq == 1 else "reworded"), stacked(
        revision.text, f"by {revision.by_name}", revision.reason
    )


def chained(claim: Claim) -> Table:
    """The chain of history, checked against what the event log has told of it."""
    rows = [
        [
            entry.seq,
            stacked(link(entry, str(entry._meta.verbose_name)), *(f"{field} was blanked" for field in entry.redacted)),
            entry.by_name,
            localize(entry.recorded_at),
            format_html("<code>{}…</code>", bytes(entry.hash).hex()[:16]),
        ]
        for entry in history(Claim.objects.with_history().get(pk=claim.pk))
    ]
    found = "; ".join(str(fault) for fault in faults_of(claim))
    note = f"BROKEN: {found}." if found else "The chain holds: nothing was changed or taken away."
    return Table("History", ("seq", "entry", "by", "recorded", "hash"), rows, note)
