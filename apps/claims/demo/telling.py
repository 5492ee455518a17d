"""What the demo shows: the life of a claim as lines that people read, and where to look further."""

from collections.abc import Iterator
from datetime import timedelta
from textwrap import wrap
from typing import Any

from apps.accounts.models import User
from apps.claims.history import AsKnown
from apps.claims.models import Claim, Link, StatusChange
from apps.claims.then import as_known
from apps.claims.timeline import changes_of, timeline
from apps.statements.models import Statement
from claimtrack.matching.stance import Stance

WIDTH = 116
_INDENT = " " * 28
_WHAT_IT_DID = {
    Stance.MAKES: "said",
    Stance.REPEATS: "said again",
    Stance.SUPPORTS: "supported",
    Stance.CONTRADICTS: "contradicted",
    Stance.REVISES: "revised",
    Stance.REPORTS_OUTCOME: "outcome",
    Stance.UNSURE: "related",
}


def life_of(claim: Claim) -> Iterator[str]:
    """A claim, what was said and judged about it in the order of the days, and how it stood before and stands now.

    Each statement shows through whom it is known, the publisher first; copies of one story are marked.
    """
    yield f"“{claim}” ({claim.kind})"
    stories: set[int | None] = set()
    for entry in timeline(claim, with_suggested=False):
        if entry["type"] == "statement":
            statement: Statement = entry["statement"]
            is_copy = statement.article.cluster_id in stories
            stories.add(statement.article.cluster_id)
            yield from _dated(entry["on"], _WHAT_IT_DID[Stance(entry["link"].stance)], _said(statement, is_copy))
        elif entry["type"] == "status_change":
            change: StatusChange = entry["status_change"]
            yield from _dated(entry["on"], change.to_status or "void", f"{change.reason} (judged by {change.by_name})")
    counted: Any = as_known(claim)
    yield f"  today       {claim.status}; {counted.independent_stories} independent stories bear on it"


def pages_of(claim: Claim, *, judged_by: User) -> Iterator[tuple[str, str]]:
    """Paths of the service with what is to be seen there."""
    page = f"/api/v1/claims/{claim.pk}/"
    yield page, f"the {claim.kind} today: {claim.status}"
    for change in changes_of(claim):
        before = change.effective_on - timedelta(days=1)
        if before >= claim.first_said_on:
            then = as_known(Claim.objects.get(pk=claim.pk), AsKnown(as_of=before))
            yield f"{page}?as_of={before}", f"the same on {before}: {then.status}"
    yield f"{page}timeline/", f"all that bears on the {claim.kind}"
    judged = Claim.objects.filter(status_changes__changed_by=judged_by).exclude(pk=claim.pk)
    for other in judged.distinct().order_by("pk"):
        yield f"/api/v1/claims/{other.pk}/timeline/", f"{other.status}: “{other}”"
    waiting = Link.objects.awaiting_review().count()
    yield "/admin/claims/link/", f"{waiting} suggested links, to accept or reject"
    yield "/api/v1/docs/", "the API, to try out"


def _said(statement: Statement, is_copy: bool) -> str:
    chain = " → ".join(one["name"] for one in statement.chain)
    return f"{chain}: “{statement.text.strip('“”')}”" + (" (a copy: counts once)" if is_copy else "")


def _dated(day: object, what: str, text: str) -> Iterator[str]:
    first, *rest = wrap(text, WIDTH - len(_INDENT))
    yield f"  {day}  {what:<14}{first}"
    yield from (f"{_INDENT}{line}" for line in rest)
