"""Reading a claim's life: all that happened to it in one dated list, and the chain in which it was written down."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from django.db.models import Prefetch

from apps.claims.history import NOW, AsKnown
from apps.claims.models import Claim, ClaimRevision, Evidence, HistoryEntry, Link, Redaction, StatusChange
from apps.claims.services.review import SAYS_THE_CLAIM, day_said
from apps.claims.then import in_family, links_then
from apps.statements.models import Statement
from claimtrack.matching.stance import Stance


def changes_of(claim: Claim) -> list[StatusChange]:
    """The status changes of a claim with their evidence, in the order of the chain."""
    changes = StatusChange.objects.filter(claim=claim).select_related("corrects").order_by("seq")
    return list(changes.prefetch_related(Prefetch("evidence", Evidence.objects.with_stories())))


def timeline(claim: Claim, *, with_suggested: bool, then: AsKnown = NOW) -> list[dict[str, Any]]:
    """All that happened to a claim and to what is merged into it, by the day on which it happened in the world, and
    then by when we wrote it: up to a day, as known at a moment.
    """
    members = _members(claim, then)
    entries: list[dict[str, Any]] = [
        {
            "type": "statement",
            "claim": link.claim_id,
            "on": day_said(link.statement),
            "recorded_at": link.then_recorded_at,
            "link": link,
            "statement": link.statement,
        }
        for link in _links(members, then, with_suggested=with_suggested)
    ]
    for member in members:
        entries += [_dated(entry) for entry in history(member) if not isinstance(entry, Redaction)]
    shown = [
        entry
        for entry in entries
        if (then.as_of is None or entry["on"] <= then.as_of)
        and (then.known_at is None or entry["type"] == "statement" or entry["recorded_at"] <= then.known_at)
    ]
    return sorted(shown, key=itemgetter("on", "recorded_at"))


def history(claim: Claim) -> list[HistoryEntry]:
    """The chain of a claim that came `with_history`: every entry, in the order in which they were written.

    Each knows what of it was blanked.
    """
    entries: list[HistoryEntry] = [*claim.revisions.all(), *claim.status_changes.all(), *claim.redactions.all()]
    in_order = sorted(entries, key=lambda entry: entry.seq)
    redactions = [entry for entry in in_order if isinstance(entry, Redaction)]
    for entry in in_order:
        entry.redacted = {one.field: one.digest for one in redactions if one.of_seq == entry.seq}
    return in_order


def _members(claim: Claim, then: AsKnown) -> list[Claim]:
    """The claim, and what was merged into it then."""
    return list(Claim.objects.with_history().filter(in_family("pk", claim.pk, then)).order_by("pk"))


def _links(members: Sequence[Claim], then: AsKnown, *, with_suggested: bool) -> list[Any]:
    """What bears on the claims, each statement once; of those that say the claim, the earliest makes it."""
    states = [Link.State.ACCEPTED, *([Link.State.SUGGESTED] if with_suggested else [])]
    statements = Statement.objects.with_details().select_related("article")
    links = (
        links_then(Link.objects.filter(claim__in=members), then)
        .filter(then_state__in=states)
        .select_related("claim", "decided_by")
        .defer("claim__search", "claim__embedding")
        .prefetch_related(Prefetch("statement", statements))
        .order_by("pk")
    )
    once: dict[int, Any] = {}
    for link in links:
        link.state, link.stance = link.then_state, link.then_stance
        if then.known_at and link.decided_at and link.decided_at > then.known_at:
            link.decided_by = link.decided_at = None
        known = once.get(link.statement_id)
        if known is None or (known.state, link.state) == (Link.State.SUGGESTED, Link.State.ACCEPTED):
            once[link.statement_id] = link
    if len(members) > 1:
        makers = sorted((one for one in once.values() if _makes(one)), key=lambda one: day_said(one.statement))
        for later in makers[1:]:
            later.stance = Stance.REPEATS
    return list(once.values())


def _makes(link: Link) -> bool:
    return link.state == Link.State.ACCEPTED and link.stance == SAYS_THE_CLAIM[0]


def _dated(entry: HistoryEntry) -> dict[str, Any]:
    """A row of a claim's history as an entry of its timeline, on the day on which it happened in the world."""
    if isinstance(entry, StatusChange):
        kind, on = "status_change", entry.effective_on
    else:
        assert isinstance(entry, ClaimRevision)  # redactions are no part of a claim's life
        is_first = entry.seq == 1
        kind, on = "revision", entry.first_said_on if is_first else entry.recorded_at.date()
    return {"type": kind, "claim": entry.claim.pk, "on": on, "recorded_at": entry.recorded_at, kind: entry}
