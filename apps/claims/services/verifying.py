"""Verifying history: whether the chain of every claim holds, and what is shown of it today is what it says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.fields.json import KeyTransform

from apps.claims.history import Fault, faults, status_on
from apps.claims.models import Claim, ClaimRevision, HistoryEntry, Redaction, StatusChange
from apps.claims.services.judging import evidence_named
from apps.claims.services.tracking import Wording, lock_claims
from apps.claims.timeline import history
from apps.events.models import Event, EventKind
from claimtrack.extraction.attribution import Kind

BATCH = 200
_WRITTEN_BY: dict[type[HistoryEntry], str] = {
    ClaimRevision: "revised_by_id",
    StatusChange: "changed_by_id",
    Redaction: "redacted_by_id",
}


@dataclass(frozen=True, slots=True)
class Verified:
    """One claim, by its id: how long its chain is, and what is wrong with it."""

    claim_id: int
    entries: int
    faults: Sequence[Fault]


@dataclass(frozen=True, slots=True)
class _Told:
    """What the event log has told of an entry: its hash, who wrote it, and the statements that it rests on."""

    head: bytes
    user_id: int | None
    statements: Sequence[str | None] | None


def verify_history(claim_id: int | None = None) -> Iterator[Verified]:
    """Check the chain of every claim (or of one), a few hundred at a time; yields each claim that was looked at.

    A claim that is written to while we look may seem broken: what seems so is looked at again under its lock. A
    claim that the event log has told of and that is gone is yielded last.
    """
    claims = Claim.objects.order_by("pk")
    if claim_id is not None:
        claims = claims.filter(pk=claim_id)
    after = 0
    while ids := list(claims.filter(pk__gt=after).values_list("pk", flat=True)[:BATCH]):
        after = ids[-1]
        for verified in _verify(ids):
            yield _verified_again(verified) if verified.faults else verified
    yield from _gone(claim_id)


def faults_of(claim: Claim) -> Sequence[Fault]:
    """What is wrong with the history of one claim."""
    return _verify([claim.pk])[0].faults


@transaction.atomic
def _verified_again(verified: Verified) -> Verified:
    lock_claims([verified.claim_id])
    return _verify([verified.claim_id])[0]


def _verify(claim_ids: Sequence[int]) -> list[Verified]:
    claims = Claim.objects.filter(pk__in=claim_ids).with_history().order_by("pk")
    announced: dict[int, list[_Told]] = {claim_id: [] for claim_id in claim_ids}
    events = Event.objects.filter(claim_id__in=claim_ids, head__isnull=False).order_by("pk")
    statements = KeyTransform("statements", "payload")
    for owner, head, user_id, rests_on in events.values_list("claim_id", "head", "user_id", statements):
        assert owner is not None  # it was asked for
        announced[owner].append(_Told(bytes(head or b""), user_id, rests_on))
    return [_verify_one(claim, announced[claim.pk]) for claim in claims]


def _verify_one(claim: Claim, announced: Sequence[_Told]) -> Verified:
    entries = history(claim)
    found = faults(str(claim.uid), entries, [told.head for told in announced])
    for entry in entries:
        if entry.seq <= len(announced) and announced[entry.seq - 1].head == bytes(entry.hash):
            found += _unlike(entry, announced[entry.seq - 1])
    newest = max(claim.revisions.all(), key=lambda revision: revision.seq, default=None)
    if newest and any(getattr(newest, one.name) != getattr(claim, one.name) for one in fields(Wording)):
        found.append(Fault(None, f"what the claim says is not what its newest revision, entry {newest.seq}, says"))
    status = _status_of(claim)
    if status != claim.status:
        found.append(Fault(None, f"the claim is shown as {claim.status}, and its history comes to {status}"))
    return Verified(claim.pk, len(entries), found)


def _status_of(claim: Claim) -> str:
    """What the history of a claim comes to; it may hold what is no status, where somebody wrote into it."""
    try:
        return status_on(claim.status_changes.all(), kind=Kind(claim.kind))
    except ValueError:
        return "no status that there is"


def _unlike(entry: HistoryEntry, told: _Told) -> list[Fault]:
    """What of an entry is not as the event log has told: the rows that it points to, as no chain holds an id."""
    found = []
    if getattr(entry, _WRITTEN_BY[type(entry)]) != told.user_id:
        found.append(Fault(entry.seq, "names another user than the event log has told of"))
    if isinstance(entry, StatusChange):
        if entry.corrects is not None and entry.corrects.claim_id != entry.claim_id:
            found.append(Fault(entry.seq, "corrects a change of another claim"))
        if told.statements is not None and evidence_named(entry.evidence.all()) != told.statements:
            found.append(Fault(entry.seq, "rests on other statements than the event log has told of"))
    return found


def _gone(claim_id: int | None) -> Iterator[Verified]:
    there = Claim.objects.filter(pk=OuterRef("claim_id"))
    gone = Event.objects.filter(~Exists(there), kind=EventKind.CLAIM_CREATED).order_by("pk")
    if claim_id is not None:
        gone = gone.filter(claim_id=claim_id)
    for missing in gone.values_list("claim_id", flat=True).iterator(chunk_size=BATCH):
        assert missing is not None  # a claim that was made has an id
        yield Verified(missing, 0, [Fault(None, "the claim is gone, and the event log has told of it")])
