"""Claims as such: making them, taking them up, and changing what they say."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from django.db import transaction

from apps.accounts.models import User
from apps.claims.history import status_on
from apps.claims.models import Claim, ClaimRevision, Stage
from apps.claims.silence import Flag, Watched, flags_of, next_look
from apps.claims.statuses import initial_status
from apps.events.log import Happened, Outcome
from apps.events.models import EventKind
from apps.statements.models import Speaker
from claimtrack.errors import Conflict, DomainError, NotFound
from claimtrack.extraction.attribution import Kind
from claimtrack.matching.embedding import Vectors, embed

_WORDING = ("text", "kind", "first_said_on", "due_on", "resolution_criteria")


class BadClaim(DomainError):
    """What was given is no claim; `field` says what is wrong with it."""

    code = "bad_claim"


class MergedAway(Conflict):
    """Another claim stands for this one since they were merged."""

    code = "merged"


@dataclass(frozen=True, slots=True)
class Wording:
    """What a claim says: the part of it that changes only by revision."""

    text: str
    kind: Kind
    first_said_on: date
    due_on: date | None = None
    resolution_criteria: str = ""


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes history: a person, or the machine under the name of its version."""

    name: str
    user: User | None = None

    @classmethod
    def person(cls, user: User) -> "Author":
        return cls(user.username, user)


def lock_claims(claim_ids: Iterable[int]) -> dict[int, Claim]:
    """Lock claims until the end of the transaction, in one order for everybody. Raises NotFound.

    The lock leaves foreign keys to these rows alone, so that no check of one waits for it.
    """
    wanted = set(claim_ids)
    locked = {
        claim.pk: claim for claim in Claim.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    }
    if missing := wanted - set(locked):
        raise NotFound(f"There is no claim {min(missing)}.")
    return locked


def lock_claim(claim_id: int) -> Claim:
    """Lock one claim until the end of the transaction. Raises NotFound."""
    return lock_claims([claim_id])[claim_id]


def lock_standing(claim_id: int) -> Claim:
    """Lock a claim that stands for itself. Raises NotFound, and MergedAway where another stands for it."""
    claim = lock_claim(claim_id)
    if claim.root_id:
        raise MergedAway(f"This claim is merged into claim {claim.root_id}, which stands for it.")
    return claim


@transaction.atomic(savepoint=False)
def create_claim(
    *,
    wording: Wording,
    speakers: Sequence[Speaker],
    by: Author,
    stage: Stage = Stage.TRACKED,
    check_worthiness: float = 1.0,
    meaning: Vectors | None = None,
) -> Outcome[Claim]:
    """Make a claim with its first revision, in the initial status of its kind. Raises BadClaim.

    `meaning` is the vector of its text, which is worked out where it is not given.
    """
    _check(wording)
    claim = Claim.objects.create(
        text=wording.text,
        kind=wording.kind,
        first_said_on=wording.first_said_on,
        due_on=wording.due_on,
        resolution_criteria=wording.resolution_criteria,
        stage=stage,
        status=initial_status(wording.kind),
        check_worthiness=check_worthiness,
        embedding=embed([wording.text])[0] if meaning is None else meaning,
    )
    claim.speakers.add(*speakers)
    return Outcome(claim, [_revised(claim, wording, by, reason="", kind=EventKind.CLAIM_CREATED)])


@transaction.atomic
def embed_claims(claim_ids: Iterable[int]) -> int:
    """Work out anew what these claims mean, and return how many they are. Tells nobody: what they say stays."""
    claims = list(lock_claims(claim_ids).values())
    for claim, vector in zip(claims, embed([claim.text for claim in claims]), strict=True):
        claim.embedding = vector
    return Claim.objects.bulk_update(claims, ["embedding"])


@transaction.atomic
def adopt_claim(*, claim_id: int, by: User) -> Outcome[Claim]:
    """Take up a claim, to be tracked from now on. Raises Conflict where it is tracked already."""
    claim = lock_standing(claim_id)
    if claim.stage == Stage.TRACKED:
        raise Conflict("This claim is tracked already.", field="stage")
    claim.stage = Stage.TRACKED
    claim.save(update_fields=["stage", *note_review(claim)])
    return Outcome(claim, [Happened(EventKind.CLAIM_ADOPTED, claim_id=claim.pk, user_id=by.pk)])


@transaction.atomic
def revise_claim(*, claim_id: int, changes: dict[str, object], reason: str, by: Author) -> Outcome[Claim]:
    """Change text, kind, dates or criteria of a claim; what it said before stays readable under `known_at`.

    `changes` holds fields of Wording. Another kind has other statuses: the claim's becomes the one that comes to the
    same, else the initial one. Raises BadClaim, and Conflict where nothing would change.
    """
    return revise_locked(lock_standing(claim_id), changes=changes, reason=reason, by=by)


def revise_locked(claim: Claim, *, changes: dict[str, object], reason: str, by: Author) -> Outcome[Claim]:
    """Change what a claim says that is locked already, one that is merged too."""
    wording = replace(wording_of(claim), **changes)  # type: ignore[arg-type]
    if wording == wording_of(claim):
        raise Conflict("The claim says this already.")
    _check(wording)
    if wording.text != claim.text:
        claim.embedding = embed([wording.text])[0]
    if wording.kind != claim.kind:
        claim.status = status_on(claim.status_changes.select_related("corrects"), kind=wording.kind)
    for field in _WORDING:
        setattr(claim, field, getattr(wording, field))
    claim.save(update_fields=[*_WORDING, "status", "embedding"])
    return Outcome(claim, [_revised(claim, wording, by, reason=reason, kind=EventKind.CLAIM_REVISED)])


def note_review(claim: Claim, next_review_on: date | None = None) -> list[str]:
    """Note on a locked claim that somebody looked at it now; the fields that are to be saved."""
    today = datetime.now(UTC).date()
    claim.last_reviewed_at = datetime.now(UTC)
    claim.next_review_on = next_review_on or next_look(claim.outcome, claim.due_on, today)
    has_gap = Flag.FEED_GAP in claim.flags
    now = Watched(claim.outcome, claim.due_on, today, claim.next_review_on, has_news=False, has_gap=has_gap)
    claim.flags = flags_of(now, today)
    return ["last_reviewed_at", "next_review_on", "flags"]


def wording_of(claim: Claim | ClaimRevision) -> Wording:
    """What a claim, or one revision of it, says."""
    return Wording(claim.text, Kind(claim.kind), claim.first_said_on, claim.due_on, claim.resolution_criteria)


def _revised(claim: Claim, wording: Wording, by: Author, *, reason: str, kind: EventKind) -> Happened:
    revision = ClaimRevision(
        claim=claim,
        text=wording.text,
        kind=wording.kind,
        first_said_on=wording.first_said_on,
        due_on=wording.due_on,
        resolution_criteria=wording.resolution_criteria,
        reason=reason,
        revised_by=by.user,
        by_name=by.name,
    )
    revision.opens_chain = kind == EventKind.CLAIM_CREATED
    # The log outlives every text: one that must go is blanked in the history (`redact`), and never stood here.
    payload = {
        "kind": str(wording.kind),
        "status": str(claim.status),
        "first_said_on": wording.first_said_on.isoformat(),
    }
    user_id = by.user.pk if by.user else None
    return Happened(kind, claim_id=claim.pk, user_id=user_id, payload=payload, entry=revision)


def _check(wording: Wording) -> None:
    if not wording.text.strip():
        raise BadClaim("A claim says something.", field="text")
    if wording.due_on and wording.due_on < wording.first_said_on:
        raise BadClaim("A claim is not due before it was said.", field="due_on")
