"""Verifying history: whether the chain of every claim holds, and what is shown of it today is what it says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef

from apps.claims.history import Fault, faults, status_on
from apps.claims.models import Claim
from apps.claims.services.tracking import lock_claims, wording_of
from apps.claims.timeline import history
from apps.events.models import Event, EventKind
from claimtrack.extraction.attribution import Kind

BATCH = 200


@dataclass(frozen=True, slots=True)
class Verified:
    """One claim, by its id: how long its chain is, and what is wrong with it."""

    claim_id: int
    entries: int
    faults: Sequence[Fault]


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
    announced: dict[int, list[bytes]] = {claim_id: [] for claim_id in claim_ids}
    heads = Event.objects.filter(claim_id__in=claim_ids, head__isnull=False).order_by("pk")
    for owner, head in heads.values_list("claim_id", "head"):
        assert owner is not None  # it was asked for
        announced[owner].append(bytes(head or b""))
    return [_verify_one(claim, announced[claim.pk]) for claim in claims]


def _verify_one(claim: Claim, announced: Sequence[bytes]) -> Verified:
    entries = history(claim)
    found = faults(str(claim.uid), entries, announced)
    newest = max(claim.revisions.all(), key=lambda revision: revision.seq, default=None)
    if newest and wording_of(newest) != wording_of(claim):
        found.append(Fault(None, f"what the claim says is not what its newest revision, entry {newest.seq}, says"))
    status = status_on(claim.status_changes.all(), kind=Kind(claim.kind))
    if status != claim.status:
        found.append(Fault(None, f"the claim is shown as {claim.status}, and its history comes to {status}"))
    return Verified(claim.pk, len(entries), found)


def _gone(claim_id: int | None) -> Iterator[Verified]:
    there = Claim.objects.filter(pk=OuterRef("claim_id"))
    gone = Event.objects.filter(~Exists(there), kind=EventKind.CLAIM_CREATED).order_by("pk")
    if claim_id is not None:
        gone = gone.filter(claim_id=claim_id)
    for missing in gone.values_list("claim_id", flat=True).iterator(chunk_size=BATCH):
        assert missing is not None  # a claim that was made has an id
        yield Verified(missing, 0, [Fault(None, "the claim is gone, and the event log has told of it")])
