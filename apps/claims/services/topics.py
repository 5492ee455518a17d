"""Topics of claims: the machine suggests by their terms, people decide."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from apps.accounts.models import User
from apps.claims.models import Claim, Topic
from apps.claims.services.tracking import lock_standing
from apps.claims.topics import suggested
from apps.events.log import Happened, Outcome
from apps.events.models import EventKind
from claimtrack.errors import Conflict, DomainError


class UnknownTopic(DomainError):
    """There is no topic of this name."""

    code = "unknown_topic"


@dataclass(frozen=True, slots=True)
class TopicsOfClaim:
    """The topics that a claim has, and others that it may belong to."""

    topics: Sequence[Topic]
    suggested: Sequence[Topic]


@transaction.atomic
def set_topics(*, claim_id: int, slugs: Iterable[str], by: User) -> Outcome[Claim]:
    """Say to which topics a claim belongs. Raises UnknownTopic, NotFound, and Conflict where nothing would change."""
    claim = lock_standing(claim_id)
    wanted = set(slugs)
    topics = list(Topic.objects.filter(slug__in=wanted))
    if unknown := wanted - {topic.slug for topic in topics}:
        raise UnknownTopic(f"There is no topic called {min(unknown)}.", field="topics")
    if wanted == set(claim.topics.values_list("slug", flat=True)):
        raise Conflict("The claim has these topics already.", field="topics")
    claim.topics.set(topics)
    payload = {"topics": sorted(wanted)}
    return Outcome(claim, [Happened(EventKind.CLAIM_TOPICS_CHANGED, claim_id=claim.pk, user_id=by.pk, payload=payload)])


def topics_of(claim: Claim) -> TopicsOfClaim:
    """The topics of a claim, and those that its words or its speakers' names suggest."""
    own = list(claim.topics.order_by("name"))
    names = [name for speaker in claim.speakers.all() for name in (speaker.name, *speaker.names)]
    others = Topic.objects.exclude(pk__in=[topic.pk for topic in own]).order_by("name")
    return TopicsOfClaim(own, suggested(others, [claim.text, *names]))
