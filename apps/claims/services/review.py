"""Deciding on links: what the machine suggests, a person accepts, rejects or takes back."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models.functions import Now

from apps.accounts.models import User
from apps.claims.models import Claim, Link
from apps.claims.services.tracking import Author, lock_claims, note_review, revise_locked
from apps.events.log import Happened, Outcome
from apps.events.models import EventKind
from apps.sources.models import Article
from apps.statements.models import Statement
from claimtrack.errors import Conflict, NotFound
from claimtrack.matching.stance import Stance
from claimtrack.work.kinds import Kind, Lane
from claimtrack.work.models import Work
from claimtrack.work.nudging import nudge

SAYS_THE_CLAIM = (Stance.MAKES, Stance.REPEATS)


@transaction.atomic
def accept_link(*, link_id: int, by: User, stance: Stance | None = None) -> Outcome[Link]:
    """Say that the statement bears on the claim in this way (None: as suggested), or that the machine was right to.

    Raises Conflict, NotFound.
    """
    claim, link = _lock(link_id)
    wanted = stance or Stance(link.stance)
    if link.state == Link.State.ACCEPTED and wanted == link.stance and link.decided_by_id:
        raise Conflict("This link is accepted already.")
    link.stance, link.rejection = wanted, ""
    happened = _decide(link, Link.State.ACCEPTED, by, EventKind.LINK_ACCEPTED)
    return Outcome(link, [happened, *settle_maker(claim, Author.person(by))])


@transaction.atomic
def reject_link(*, link_id: int, by: User, because: Link.Rejection | None = None) -> Outcome[Link]:
    """Say that the statement does not bear on the claim. It stands for every copy of the quotation, for ever.

    A statement that is left without a claim is matched again, against all the others, unless it was misread: nobody
    said that. Raises Conflict, NotFound.
    """
    # the statement may be matched again, which an article is locked for, before any claim
    Article.objects.select_for_update(no_key=True, of=("self",)).filter(statements__links=link_id).first()
    claim, link = _lock(link_id)
    if link.state == Link.State.REJECTED and link.rejection != Link.Rejection.WITHDRAWN:
        raise Conflict("This link is rejected already.")
    link.rejection = because or ""
    happened = _decide(link, Link.State.REJECTED, by, EventKind.LINK_REJECTED)
    is_misread = because == Link.Rejection.MISREAD
    if not is_misread and not link.statement.links.exclude(state=Link.State.REJECTED).exists():
        match_again(link.statement)
    return Outcome(link, [happened, *settle_maker(claim, Author.person(by))])


@transaction.atomic
def undo_link(*, link_id: int, by: User) -> Outcome[Link]:
    """Take a decision back: the link waits for review again, as it was suggested. Raises Conflict, NotFound."""
    claim, link = _lock(link_id)
    if link.state == Link.State.SUGGESTED:
        raise Conflict("Nothing was decided about this link.")
    was = str(link.state)
    link.state, link.stance, link.rejection = Link.State.SUGGESTED, link.suggested_stance, ""
    link.decided_by = link.decided_at = None
    link.save(update_fields=["state", "stance", "rejection", "decided_by", "decided_at"])
    happened = told_of(link, EventKind.LINK_UNDONE, by=by, was=was)
    return Outcome(link, [happened, *settle_maker(claim, Author.person(by))])


def settle_maker(claim: Claim, by: Author) -> list[Happened]:
    """See to it that the earliest accepted statement by a locked claim's own speaker is the one that makes it.

    A late arrival that is older takes over, and moves the day on which the claim was first said. Whichever link says
    something else by it is told of, since what was known at a moment is read from the log.
    """
    own = set(claim.speakers.values_list("pk", flat=True))
    saying = [
        link
        for link in claim.links.filter(state=Link.State.ACCEPTED, stance__in=SAYS_THE_CLAIM)
        .select_related("statement__article")
        .select_for_update(no_key=True, of=("self",))
        .order_by("pk")
        if link.statement.speaker_id in own
    ]
    if not saying:
        return []
    maker = min(saying, key=lambda link: (day_said(link.statement), link.pk))
    happened: list[Happened] = []
    for link in saying:
        stance = Stance.MAKES if link is maker else Stance.REPEATS
        if link.stance != stance:
            link.stance = stance
            link.save(update_fields=["stance"])
            happened.append(told_of(link, EventKind.LINK_ACCEPTED, by=by.user))
    first_said_on = day_said(maker.statement)
    if first_said_on >= claim.first_said_on:
        return happened
    reason = f"An earlier statement was found, of {first_said_on}."
    changes: dict[str, object] = {"first_said_on": first_said_on}
    return [*happened, *revise_locked(claim, changes=changes, reason=reason, by=by).happened]


def first_said_by_the_rest(claim: Claim, *, reason: str, by: Author) -> Sequence[Happened]:
    """When a locked claim lost a statement, it was first said by the earliest of what is left, where anything is."""
    left = claim.links.filter(state=Link.State.ACCEPTED, stance__in=SAYS_THE_CLAIM).select_related("statement__article")
    days = [day_said(link.statement) for link in left.filter(statement__speaker__in=claim.speakers.all())]
    if not days or min(days) <= claim.first_said_on:
        return ()
    changes: dict[str, object] = {"first_said_on": min(days)}
    return revise_locked(claim, changes=changes, reason=reason, by=by).happened


def match_again(statement: Statement) -> None:
    """Have a statement looked at anew by the matcher."""
    Statement.objects.filter(pk=statement.pk).update(matched_at=None)
    newest = statement.spans.order_by("-version__number").values_list("version_id", flat=True).first()
    if newest is not None:
        Work.objects.make_due(Kind.MATCH, [newest], Lane.INTERACTIVE)
        nudge(Kind.MATCH)


def day_said(statement: Statement) -> date:
    """The day of a statement: when it was said, else when its article reached us."""
    return statement.said_on or statement.article.received_at.date()


def told_of(link: Link, kind: EventKind, *, by: User | None = None, **more: object) -> Happened:
    """The event of a link, with what a follower needs to decide whether to look, and whether a person decided so."""
    payload = {
        "stance": str(link.stance),
        "state": str(link.state),
        "score": round(link.score, 4),
        "by_person": link.decided_by_id is not None,
        **more,
    }
    return Happened(
        kind,
        article_id=link.statement.article_id,
        statement_id=link.statement_id,
        claim_id=link.claim_id,
        link_id=link.pk,
        user_id=by.pk if by else None,
        payload=payload,
    )


def _lock(link_id: int) -> tuple[Claim, Link]:
    """Lock the claim with what stands for it, then the link: everybody takes them in this order. Note the review."""
    found = Link.objects.filter(pk=link_id).values_list("claim_id", "claim__root_id").first()
    if found is None:
        raise NotFound("There is no such link.")
    claims = lock_claims(pk for pk in found if pk)
    for looked_at in claims.values():
        looked_at.save(update_fields=note_review(looked_at))
    claim = claims[found[0]]
    link = (
        Link.objects.select_for_update(no_key=True, of=("self",)).select_related("statement", "claim").get(pk=link_id)
    )
    return claim, link


def _decide(link: Link, state: Link.State, by: User, kind: EventKind) -> Happened:
    link.state = state
    link.decided_by, link.decided_at = by, Now()
    link.save(update_fields=["state", "stance", "rejection", "decided_by", "decided_at"])
    link.refresh_from_db(fields=["decided_at"])
    return told_of(link, kind, by=by)
