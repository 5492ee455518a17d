"""Merging and splitting claims, and taking either back. A merge re-points nothing: each row stays with its claim."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now

from apps.accounts.models import User
from apps.claims.models import Claim, Link, Membership, Regrouping, Stage
from apps.claims.services.review import SAYS_THE_CLAIM, day_said, first_said_by_the_rest, settle_maker, told_of
from apps.claims.services.tracking import Author, Wording, create_claim, lock_claims, lock_standing
from apps.events.log import Happened, Outcome
from apps.events.models import EventKind
from claimtrack.errors import Conflict, DomainError, NotFound
from claimtrack.extraction.attribution import Kind

_REGROUP_LOCK = 0x72656772  # "regr"
SPLIT = "split"
"""What stands as the matcher of a link that a person made by splitting a claim."""
_ALIVE = (Stage.ARCHIVED, Stage.CANDIDATE, Stage.TRACKED)


class CannotSplit(DomainError):
    """What is to be split off is not among what bears on the claim."""

    code = "cannot_split"


@transaction.atomic
def merge_claims(*, claim_id: int, into_id: int, by: User, reason: str = "") -> Outcome[Claim]:
    """Let another claim stand for this one from now on: whoever reads that one reads both.

    Statements, links and history stay where they are, new statements go to the wording that they fit, so that
    `undo_regrouping` parts them right. Raises NotFound, and Conflict where one is merged already.
    """
    _one_at_a_time()
    into = Claim.objects.filter(pk=into_id).first()
    if into is None:
        raise NotFound(f"There is no claim {into_id}.", field="into")
    claims = lock_claims({claim_id, into.root_id or into.pk})
    claim, root = claims[claim_id], claims[into.root_id or into.pk]
    if claim.root_id:
        raise Conflict(f"This claim is merged into claim {claim.root_id} already.")
    if claim == root:
        raise Conflict("A claim is not merged into itself, nor into one that is merged into it.", field="into")
    return Outcome(claim, _merge(claim, root, by, reason))


@transaction.atomic
def split_claim(
    *, claim_id: int, link_ids: Iterable[int], statement_ids: Iterable[int], wording: dict[str, Any], by: User,
    reason: str = "",
) -> Outcome[Claim]:  # fmt: skip
    """Make a claim of its own of some of what bears on this one; `wording` are the fields of Wording that differ.

    The old links stay, as rejected, so that the machine does not make them again. Raises CannotSplit, BadClaim, and
    Conflict for a claim that is merged.
    """
    _one_at_a_time()
    claim = lock_standing(claim_id)
    moved = _to_move(claim, set(link_ids), set(statement_ids))
    sayings = [link for link in moved if link.stance in SAYS_THE_CLAIM] or moved
    says = Wording(
        text=claim.text,
        kind=Kind(claim.kind),
        first_said_on=min(day_said(link.statement) for link in sayings),
        due_on=claim.due_on,
    )
    speakers = {link.statement.speaker_id: link.statement.speaker for link in sayings}
    author = Author.person(by)
    made = create_claim(
        wording=replace(says, **wording), speakers=list(speakers.values()), by=author, stage=Stage(claim.stage)
    )
    before = [_snapshot(link) for link in moved]
    happened = [*made.happened]
    for link in moved:
        happened += _hand_over(link, made.value, by)
    Regrouping.objects.create(
        kind=Regrouping.Kind.SPLIT, claim=claim, other=made.value, reason=reason, moved=before, done_by=by
    )
    happened += [
        *settle_maker(made.value, author),
        *settle_maker(claim, author),
        *first_said_by_the_rest(claim, reason="What was said earlier was split off.", by=author),
    ]
    happened += _told(EventKind.CLAIM_SPLIT, claim, {"into": str(made.value.pk)}, by)
    happened += _told(EventKind.CLAIM_SPLIT, made.value, {"from": str(claim.pk)}, by)
    return Outcome(made.value, happened)


@transaction.atomic
def undo_regrouping(*, claim_id: int, by: User) -> Outcome[Claim]:
    """Take back the newest merge or split of a claim; what came in since stays with the wording that it fits.

    What was split off is merged back into the claim that it came of. Raises Conflict where there is nothing to undo.
    """
    _one_at_a_time()
    standing = Regrouping.objects.filter(undone_at=None)
    split_off = Q(other=claim_id, kind=Regrouping.Kind.SPLIT)
    newest = standing.filter(Q(claim=claim_id) | split_off).order_by("-pk").first()
    if newest is None:
        raise Conflict("This claim was neither merged nor split.")
    root_ids = Claim.objects.filter(pk__in=[newest.claim_id, newest.other_id]).values_list("root_id", flat=True)
    claims = lock_claims({newest.claim_id, newest.other_id, *(pk for pk in root_ids if pk)})
    claim, other = claims[newest.claim_id], claims[newest.other_id]
    newest.undone_by, newest.undone_at = by, Now()
    newest.save(update_fields=["undone_by", "undone_at"])
    if newest.kind == Regrouping.Kind.MERGE:
        root = claims[claim.root_id or other.pk]
        _part(claim)
        happened = _told(EventKind.CLAIM_UNDONE, claim, {"what": "merge", "from": str(root.pk)}, by)
        return Outcome(
            claim, [*happened, *_told(EventKind.CLAIM_UNDONE, root, {"what": "merge", "of": str(claim.pk)}, by)]
        )
    if other.root_id:
        raise Conflict(f"What was split off is merged into claim {other.root_id}: undo that first.")
    happened = _take_back(newest.moved, by)
    root = claims[claim.root_id or claim.pk]
    happened += _merge(other, root, by, f"The split of claim {claim.pk} was undone.")
    happened += [*settle_maker(claim, Author.person(by))]
    return Outcome(
        claim, [*happened, *_told(EventKind.CLAIM_UNDONE, claim, {"what": "split", "of": str(other.pk)}, by)]
    )


def _one_at_a_time() -> None:
    """Families change rarely: one regrouping at a time, before any claim is locked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_REGROUP_LOCK])


def _merge(claim: Claim, root: Claim, by: User, reason: str) -> list[Happened]:
    """Put a locked claim, with all that is merged into it, under another locked one."""
    claim.merged_into = root
    claim.save(update_fields=["merged_into"])
    _stand_under(root, [claim.pk, *Claim.objects.filter(root=claim).values_list("pk", flat=True)])
    claim.refresh_from_db(fields=["root"])
    Regrouping.objects.create(kind=Regrouping.Kind.MERGE, claim=claim, other=root, reason=reason, done_by=by)
    # What was followed goes on being followed.
    if _ALIVE.index(Stage(claim.stage)) > _ALIVE.index(Stage(root.stage)):
        root.stage = claim.stage
        root.save(update_fields=["stage"])
    into, merged = {"into": str(root.pk)}, {"from": str(claim.pk)}
    return [*_told(EventKind.CLAIM_MERGED, claim, into, by), *_told(EventKind.CLAIM_MERGED, root, merged, by)]


def _part(claim: Claim) -> None:
    """Take a locked claim, with what was merged into it, out of the family that it is in."""
    parents = dict(Claim.objects.filter(root=claim.root_id).values_list("pk", "merged_into_id"))
    below = [claim.pk]
    for parent in below:
        below += [pk for pk, merged_into in parents.items() if merged_into == parent]
    claim.merged_into = None
    claim.save(update_fields=["merged_into"])
    _stand_under(claim, below)
    claim.refresh_from_db(fields=["root"])


def _stand_under(root: Claim, member_ids: Sequence[int]) -> None:
    """Let a claim stand for others from now on, and note until when another did."""
    Membership.objects.filter(claim__in=member_ids, until=None).update(until=Now())
    others = [pk for pk in member_ids if pk != root.pk]
    Claim.objects.filter(pk=root.pk).update(root=None)
    Claim.objects.filter(pk__in=others).update(root=root)
    Membership.objects.bulk_create(Membership(claim_id=pk, root=root) for pk in others)


def _to_move(claim: Claim, link_ids: set[int], statement_ids: set[int]) -> list[Link]:
    links = Link.objects.filter(Q(pk__in=link_ids) | Q(statement__in=statement_ids), claim=claim)
    moved = list(
        links.exclude(state=Link.State.REJECTED)
        .select_related("statement__article", "statement__speaker")
        .select_for_update(no_key=True, of=("self",))
        .order_by("pk")
    )
    missing = link_ids - {link.pk for link in moved}
    if missing:
        raise CannotSplit(f"Link {min(missing)} is none of this claim's that stand.", field="links")
    missing = statement_ids - {link.statement_id for link in moved}
    if missing:
        raise CannotSplit(f"Statement {min(missing)} does not bear on this claim.", field="statements")
    if not moved:
        raise CannotSplit("Name what is to be split off: links, or statements.", field="links")
    return moved


def _snapshot(link: Link) -> dict[str, Any]:
    decided_at = link.decided_at.isoformat() if link.decided_at else None
    return {
        "link": link.pk,
        "state": link.state,
        "stance": link.stance,
        "decided_by": link.decided_by_id,
        "decided_at": decided_at,
    }


def _hand_over(link: Link, claim: Claim, by: User) -> list[Happened]:
    """Reject the old link as split off, and make one like it to the new claim."""
    is_accepted = link.state == Link.State.ACCEPTED
    new = Link.objects.create(
        statement=link.statement,
        claim=claim,
        stance=link.stance,
        suggested_stance=link.suggested_stance,
        state=link.state,
        score=link.score,
        reasons=[*link.reasons, f"split off from claim {link.claim_id}"],
        matcher=SPLIT,
        decided_by=by if is_accepted else None,
        decided_at=Now() if is_accepted else None,
    )
    link.state, link.rejection = Link.State.REJECTED, Link.Rejection.SPLIT
    link.decided_by, link.decided_at = by, Now()
    link.save(update_fields=["state", "rejection", "decided_by", "decided_at"])
    kind = EventKind.LINK_ACCEPTED if is_accepted else EventKind.LINK_SUGGESTED
    return [told_of(link, EventKind.LINK_REJECTED, by=by), told_of(new, kind, by=by)]


def _take_back(moved: Sequence[dict[str, Any]], by: User) -> list[Happened]:
    """Put the links of a split back as they were, but for those that somebody has decided on since."""
    was = {one["link"]: one for one in moved}
    links = Link.objects.filter(pk__in=was, state=Link.State.REJECTED, rejection=Link.Rejection.SPLIT)
    happened = []
    for link in links.select_related("statement").select_for_update(no_key=True, of=("self",)).order_by("pk"):
        before = was[link.pk]
        link.state, link.stance, link.rejection = before["state"], before["stance"], ""
        link.decided_by_id, link.decided_at = before["decided_by"], before["decided_at"]
        link.save(update_fields=["state", "stance", "rejection", "decided_by", "decided_at"])
        happened.append(told_of(link, EventKind.LINK_UNDONE, by=by, was=str(Link.State.REJECTED)))
    return happened


def _told(kind: EventKind, claim: Claim, payload: dict[str, str], by: User) -> list[Happened]:
    return [Happened(kind, claim_id=claim.pk, user_id=by.pk, payload=payload)]
