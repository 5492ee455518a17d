"""Reading a claim's life: as it stood on a day, as it was known at a moment, and all of it in one dated list."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from operator import itemgetter
from typing import Any

from django.db.models import Prefetch
from django.db.models.functions import Coalesce, TruncDate

from apps.claims.history import status_on
from apps.claims.models import Claim, ClaimRevision, HistoryEntry, Link, Redaction, StatusChange
from apps.claims.services.review import day_said
from apps.statements.models import Statement
from claimtrack.errors import NotFound
from claimtrack.extraction.attribution import Kind


class AbsentThen(NotFound):
    """The claim had not been made on that day, or was not known at that moment."""

    code = "absent_then"


@dataclass(frozen=True, slots=True)
class AsKnown:
    """A day (`as_of`; None: today) as known at a moment (`known_at`; None: now)."""

    as_of: date | None = None
    known_at: datetime | None = None

    @property
    def is_now(self) -> bool:
        return self.as_of is None and self.known_at is None


def changes_of(claim: Claim) -> list[StatusChange]:
    """The status changes of a claim with their evidence, in the order of the chain."""
    changes = StatusChange.objects.filter(claim=claim).select_related("corrects").prefetch_related("evidence")
    return list(changes.order_by("seq"))


def as_known(claim: Claim, then: AsKnown) -> Claim:
    """The claim, unsaved, with wording and status of that day as known at that moment. Raises AbsentThen."""
    if then.is_now:
        return claim
    revisions = claim.revisions.order_by("-seq")
    if then.known_at:
        revisions = revisions.filter(recorded_at__lte=then.known_at)
    wording = revisions.first()
    if wording is None:
        raise AbsentThen("This claim was not known at that moment.", field="known_at")
    if then.as_of and then.as_of < wording.first_said_on:
        raise AbsentThen(f"This claim was first said on {wording.first_said_on}.", field="as_of")
    for field in ("text", "kind", "first_said_on", "due_on", "resolution_criteria"):
        setattr(claim, field, getattr(wording, field))
    claim.status = status_on(changes_of(claim), kind=Kind(wording.kind), on=then.as_of, known_at=then.known_at)
    claim.independent_stories = _stories_then(claim, then)  # type: ignore[attr-defined]  # as with_details() has it
    if then.known_at and claim.last_reviewed_at and claim.last_reviewed_at > then.known_at:
        claim.last_reviewed_at = None
    return claim


def _stories_then(claim: Claim, then: AsKnown) -> int:
    """How many independent stories carried the claim by that day, by what was linked at that moment."""
    links = Link.objects.vouched_for().filter(claim=claim)
    if then.as_of:
        said_on = Coalesce("statement__said_on", TruncDate("statement__article__received_at"))
        links = links.annotate(day_said=said_on).filter(day_said__lte=then.as_of)
    if then.known_at:
        links = links.annotate(known_from=Coalesce("decided_at", "created_at")).filter(known_from__lte=then.known_at)
    return links.values("statement__article__cluster").distinct().count()


def timeline(claim: Claim, *, with_suggested: bool) -> list[dict[str, Any]]:
    """All that happened to a claim, by the day on which it happened in the world, and then by when we wrote it."""
    links = Link.objects.filter(claim=claim).exclude(state=Link.State.REJECTED).select_related("claim", "decided_by")
    if not with_suggested:
        links = links.filter(state=Link.State.ACCEPTED)
    statements = Statement.objects.with_details().select_related("article")
    entries: list[dict[str, Any]] = [
        {
            "type": "statement",
            "on": day_said(link.statement),
            "recorded_at": link.decided_at or link.created_at,
            "link": link,
            "statement": link.statement,
        }
        for link in links.prefetch_related(Prefetch("statement", statements))
    ]
    for entry in history(claim):
        if isinstance(entry, StatusChange):
            entries.append(_dated("status_change", entry.effective_on, entry))
        elif isinstance(entry, ClaimRevision):
            entries.append(
                _dated("revision", entry.first_said_on if entry.seq == 1 else entry.recorded_at.date(), entry)
            )
    return sorted(entries, key=itemgetter("on", "recorded_at"))


def _dated(kind: str, on: date, entry: HistoryEntry) -> dict[str, Any]:
    return {"type": kind, "on": on, "recorded_at": entry.recorded_at, kind: entry}


def history(claim: Claim) -> list[HistoryEntry]:
    """The claim's chain: every entry with its hash, in the order in which they were written."""
    return chained(claim.revisions.all(), changes_of(claim), claim.redactions.all())


def chained(*entries: Iterable[HistoryEntry]) -> list[HistoryEntry]:
    """The entries of one claim in the order of the chain; each knows what of it was blanked."""
    in_order = sorted(chain.from_iterable(entries), key=lambda entry: entry.seq)
    redactions = [entry for entry in in_order if isinstance(entry, Redaction)]
    for entry in in_order:
        entry.redacted = {one.field: one.digest for one in redactions if one.of_seq == entry.seq}
    return in_order
