"""Watching claims: raising flags where one wants looking at, and putting away candidates that nothing is heard of."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from apps.accounts.models import User
from apps.claims.models import Claim, Link, Stage
from apps.claims.services.tracking import lock_claims, lock_standing, note_review
from apps.claims.silence import ARCHIVE_AFTER, GAP_AFTER, Watched, flags_of
from apps.events.log import Happened, Outcome
from apps.events.models import EventKind
from apps.sources.models import Feed, FeedFetch
from claimtrack.errors import DomainError
from claimtrack.matching.stance import Stance

BATCH = 500


class BadReview(DomainError):
    """The day of the next review is none that can come."""

    code = "bad_review"


@transaction.atomic
def review_claim(*, claim_id: int, by: User, next_review_on: date | None = None) -> Outcome[Claim]:
    """Say that somebody looked and nothing changed; the next look is due on that day, else as for every claim.

    Raises BadReview for a day that is past, NotFound, and Conflict for a claim that is merged.
    """
    if next_review_on and next_review_on <= datetime.now(UTC).date():
        raise BadReview("The next review lies in the future (days are UTC).", field="next_review_on")
    claim = lock_standing(claim_id)
    claim.save(update_fields=note_review(claim, next_review_on))
    payload = {"next_review_on": claim.next_review_on.isoformat() if claim.next_review_on else None}
    return Outcome(claim, [Happened(EventKind.CLAIM_REVIEWED, claim_id=claim.pk, user_id=by.pk, payload=payload)])


@transaction.atomic
def flag_claims(*, after: int, today: date) -> Outcome[int | None]:
    """Set the flags of the next tracked claims after an id; the id to go on after, None at the end."""
    claims = _watched(after)
    if not claims:
        return Outcome(None)
    gaps, news = _with_gaps(claims), _with_news(claims)
    wanted = {claim.pk: flags_of(_facts(claim, claim.pk in news, claim.pk in gaps), today) for claim in claims}
    changed = [claim.pk for claim in claims if claim.flags != wanted[claim.pk]]
    happened = []
    for claim in lock_claims(changed).values():
        raised = [flag for flag in wanted[claim.pk] if flag not in claim.flags]
        claim.flags = wanted[claim.pk]
        claim.save(update_fields=["flags"])
        if raised:
            payload = {"flags": [str(flag) for flag in claim.flags], "raised": [str(flag) for flag in raised]}
            happened.append(Happened(EventKind.CLAIM_FLAGGED, claim_id=claim.pk, payload=payload))
    return Outcome(claims[-1].pk, happened)


@transaction.atomic
def archive_candidates() -> Outcome[int]:
    """Put away candidates of which nothing was heard for long, a few hundred; how many there were."""
    since = timezone.now() - ARCHIVE_AFTER
    heard = Link.objects.filter(claim=OuterRef("pk"), created_at__gt=since)
    heard_of_members = Link.objects.filter(claim__root=OuterRef("pk"), created_at__gt=since)
    quiet = Claim.objects.standing().filter(
        ~Exists(heard), ~Exists(heard_of_members), stage=Stage.CANDIDATE, created_at__lte=since
    )
    happened = []
    for claim in lock_claims(quiet.order_by("pk").values_list("pk", flat=True)[:BATCH]).values():
        if claim.stage == Stage.CANDIDATE:
            claim.stage = Stage.ARCHIVED
            claim.save(update_fields=["stage"])
            happened.append(Happened(EventKind.CLAIM_ARCHIVED, claim_id=claim.pk))
    return Outcome(len(happened), happened)


def revive(claim: Claim) -> list[Happened]:
    """Make a locked claim that was put away a candidate again, since there is news of it."""
    if claim.stage != Stage.ARCHIVED:
        return []
    claim.stage = Stage.CANDIDATE
    claim.save(update_fields=["stage"])
    return [Happened(EventKind.CLAIM_REVIVED, claim_id=claim.pk)]


def _watched(after: int) -> Sequence[Claim]:
    tracked = Claim.objects.standing().filter(stage=Stage.TRACKED, pk__gt=after)
    return list(tracked.defer("search", "embedding").order_by("pk")[:BATCH])


def _facts(claim: Claim, has_news: bool, has_gap: bool) -> Watched:
    looked_at = claim.last_reviewed_at or claim.created_at
    return Watched(claim.outcome, claim.due_on, looked_at.date(), claim.next_review_on, has_news, has_gap)


def _with_news(claims: Sequence[Claim]) -> set[int]:
    """The claims, or what is merged into them, that something new bears on since somebody looked."""
    looked_at = Coalesce("claim__root__last_reviewed_at", "claim__last_reviewed_at", "claim__created_at")
    news = (
        Link.objects.filter(Q(claim__in=claims) | Q(claim__root__in=claims), decided_by=None, created_at__gt=looked_at)
        .exclude(state=Link.State.REJECTED)
        .exclude(stance=Stance.MAKES)
    )
    return _families(news)


def _with_gaps(claims: Sequence[Claim]) -> set[int]:
    """The claims whose sources we may have missed: a feed that brought one of their articles is silent or stopped."""
    since = timezone.now() - GAP_AFTER
    heard = FeedFetch.objects.filter(feed=OuterRef("pk"), error="", fetched_at__gt=since)
    stopped = Q(state=Feed.State.STOPPED)
    silent = Feed.objects.filter(stopped | (~Exists(heard) & Q(created_at__lte=since)))
    of_them = Q(claim__in=claims) | Q(claim__root__in=claims)
    return _families(Link.objects.filter(of_them, state=Link.State.ACCEPTED, statement__article__feed__in=silent))


def _families(links: QuerySet[Link]) -> set[int]:
    return set(links.annotate(family=Coalesce(F("claim__root_id"), F("claim_id"))).values_list("family", flat=True))
