"""The propositions that are followed, what bears on them, and how their status came about."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.db.models.functions import Coalesce, Now
from pgvector.django import HalfVectorField, HnswIndex

from apps.claims.entries import ClaimRevision, Evidence, HistoryEntry, Redaction, StatusChange, new_salt
from apps.claims.silence import Flag
from apps.claims.statuses import OUTCOME_OF, STATUSES_OF, ClaimStatus, StatusOutcome
from apps.sources.models import ArticleVersion
from apps.statements.models import KINDS, Speaker, Statement
from claimtrack.extraction.attribution import Kind
from claimtrack.matching.embedding import DIMENSIONS
from claimtrack.matching.stance import Stance

__all__ = [
    "Claim",
    "ClaimRevision",
    "Evidence",
    "HistoryEntry",
    "Link",
    "Membership",
    "Redaction",
    "Regrouping",
    "StatusChange",
    "Topic",
    "new_salt",
]

SEARCH_CONFIG = "claimtrack"
STANCES = [(one.value, one.value) for one in Stance]


class Stage(models.TextChoices):
    """A claim the machine made is a candidate until somebody takes it up."""

    CANDIDATE = "candidate"
    TRACKED = "tracked"
    ARCHIVED = "archived"


class ClaimQuerySet(models.QuerySet["Claim"]):
    def public(self) -> "ClaimQuerySet":
        return self.filter(stage=Stage.TRACKED)

    def standing(self) -> "ClaimQuerySet":
        """Those that are not merged into another."""
        return self.filter(root=None)

    def of_speakers(self, speaker_ids: Iterable[int]) -> "ClaimQuerySet":
        """Claims by one of these speakers, also where the one merged into them is."""
        said = Claim.objects.filter(speakers__in=speaker_ids)
        return self.filter(pk__in=said.values(family=Coalesce("root_id", "pk")))

    def to_look_at(self, today: date) -> "ClaimQuerySet":
        """What waits for people: a suggested link, a flag, or a day of review that has come."""
        waiting = Link.objects.awaiting_review().values(family=Coalesce("claim__root_id", "claim_id"))
        return self.filter(Q(pk__in=waiting) | ~Q(flags=[]) | Q(next_review_on__lte=today))

    def with_details(self) -> "ClaimQuerySet":
        """With its speakers, in a fixed number of queries; `claims_then` adds what depends on the day."""
        speakers = Prefetch("speakers", Speaker.objects.with_names())
        return self.defer("search", "embedding").prefetch_related(speakers, "topics")

    def with_history(self) -> "ClaimQuerySet":
        """With every row of their chains, in a fixed number of queries."""
        changes = StatusChange.objects.select_related("corrects")
        changes = changes.prefetch_related(Prefetch("evidence", Evidence.objects.with_stories()))
        rows = self.defer("search", "embedding")
        return rows.prefetch_related("revisions", Prefetch("status_changes", changes), "redactions")

    def with_outcome(self, outcome: str) -> "ClaimQuerySet":
        return self.filter(status__in=[status for status, comes_to in OUTCOME_OF.items() if comes_to == outcome])


class Topic(models.Model):
    """What claims are about: a short list that people keep. Its terms suggest it."""

    name = models.CharField(max_length=100, unique=True)
    slug = models.SlugField(max_length=100, unique=True)
    terms = ArrayField(models.CharField(max_length=100), default=list, blank=True)

    def __str__(self) -> str:
        return self.name


class Claim(models.Model):
    """A proposition that is followed. Text, kind and dates are those of its newest revision; status is a cache of
    its history as known today."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    text = models.TextField()
    kind = models.CharField(max_length=12, choices=KINDS)
    first_said_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    resolution_criteria = models.TextField(blank=True)
    speakers = models.ManyToManyField(Speaker, related_name="claims")
    topics = models.ManyToManyField(Topic, blank=True, related_name="claims")
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.CANDIDATE)
    status = models.CharField(max_length=20, choices=ClaimStatus)
    check_worthiness = models.FloatField(default=1.0)
    last_reviewed_at = models.DateTimeField(null=True)
    next_review_on = models.DateField(null=True, blank=True)
    flags = ArrayField(models.CharField(max_length=16, choices=Flag), default=list, editable=False)
    created_at = models.DateTimeField(db_default=Now())
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="merged")
    root = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="members",
        help_text="what stands for it after all merges; null: it stands for itself",
    )
    search = models.GeneratedField(
        expression=SearchVector("text", config=SEARCH_CONFIG),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    # what the text means, or null where that was not worked out yet
    embedding = HalfVectorField(dimensions=DIMENSIONS, null=True, editable=False)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        indexes = [
            # a list of words not yet sorted in would be read by every search
            GinIndex(fields=["search"], name="claim_search", fastupdate=False),
            HnswIndex(fields=["embedding"], name="claim_meaning", opclasses=["halfvec_cosine_ops"]),
            models.Index(fields=["stage", "-id"], name="claims_of_stage"),
            # what people are asked to look at
            models.Index(fields=["-id"], name="flagged_claims", condition=~Q(flags=[])),
            # candidates that nothing may have been heard of for long
            models.Index(fields=["created_at"], name="oldest_candidates", condition=Q(stage="candidate")),
            # the queue of candidates by their check-worthiness
            models.Index(fields=["-check_worthiness", "id"], name="candidate_queue", condition=Q(stage="candidate")),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def family_pk(self) -> int:
        """The id of the claim that stands for this one: its own where it is not merged."""
        return self.root_id or self.pk

    @property
    def outcome(self) -> StatusOutcome:
        return OUTCOME_OF[ClaimStatus(self.status)]

    @property
    def statuses(self) -> tuple[ClaimStatus, ...]:
        """The statuses that a claim of this kind can have."""
        return STATUSES_OF[Kind(self.kind)]


class LinkQuerySet(models.QuerySet["Link"]):
    def vouched_for(self, known_at: datetime | None = None) -> "LinkQuerySet":
        """Of statements in a text that we fetched or an editor confirmed, by then."""
        fetched = Q(statement__spans__version__origin=ArticleVersion.Origin.FETCHED)
        confirmed = Q(statement__article__confirmed_at__isnull=False)
        if known_at:
            fetched &= Q(statement__spans__version__fetched_at__lte=known_at)
            confirmed = Q(statement__article__confirmed_at__lte=known_at)
        return self.filter(fetched | confirmed)

    def unrefused(self) -> "LinkQuerySet":
        """Without what the machine linked to a claim while a person rejected it for one that is merged with it."""
        family = Coalesce("claim__root_id", "claim_id")
        refused = (
            Link.objects.annotate(family=family)
            .filter(state=Link.State.REJECTED, statement=OuterRef("statement"), family=OuterRef("family"))
            .exclude(rejection=Link.Rejection.WITHDRAWN)
            .exclude(claim=OuterRef("claim"))
        )
        return self.annotate(family=family).exclude(Exists(refused), decided_by=None)

    def awaiting_review(self) -> "LinkQuerySet":
        return self.filter(state=Link.State.SUGGESTED)

    def with_details(self) -> "LinkQuerySet":
        return self.select_related("statement", "claim", "decided_by")


class Link(models.Model):
    """A statement bears on a claim. The machine suggests; a person's decision stands."""

    class State(models.TextChoices):
        SUGGESTED = "suggested"
        ACCEPTED = "accepted"
        REJECTED = "rejected"

    class Rejection(models.TextChoices):
        """Why a person rejected it, where they said so; or that the machine took back what nobody had decided on."""

        NOT_ABOUT = "not_about"
        MISREAD = "misread"
        SPLIT = "split"
        WITHDRAWN = "withdrawn"

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="links")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="links")
    stance = models.CharField(max_length=16, choices=STANCES)
    suggested_stance = models.CharField(max_length=16, choices=STANCES)
    state = models.CharField(max_length=10, choices=State)
    score = models.FloatField()
    reasons = ArrayField(models.TextField(), default=list)
    matcher = models.CharField(max_length=40)
    created_at = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="decided_links")
    decided_at = models.DateTimeField(null=True)
    rejection = models.CharField(max_length=12, choices=Rejection, blank=True, default="")

    objects = LinkQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["statement", "claim"], name="linked_once")]
        indexes = [
            models.Index(fields=["claim", "state"], name="links_of_claim"),
            # the review queue
            models.Index(fields=["-score", "id"], name="review_queue", condition=Q(state="suggested")),
        ]

    def __str__(self) -> str:
        return f"{self.statement} {self.stance} {self.claim}"


class Membership(models.Model):
    """For how long one claim stood for another: so merges, too, are read as they were known at a moment."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="memberships")
    root = models.ForeignKey(Claim, models.PROTECT, related_name="+")
    since = models.DateTimeField(db_default=Now())
    until = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["root", "since"], name="members_of_claim")]

    def __str__(self) -> str:
        return f"{self.claim_id} in {self.root_id}"


class Regrouping(models.Model):
    """A merge (`claim` into `other`) or a split (`other` out of `claim`), and whether it was undone."""

    class Kind(models.TextChoices):
        MERGE = "merge"
        SPLIT = "split"

    kind = models.CharField(max_length=10, choices=Kind)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="regroupings")
    other = models.ForeignKey(Claim, models.PROTECT, related_name="regroupings_from")
    reason = models.TextField(blank=True)
    moved = models.JSONField(default=list, help_text="the links that a split took over, as they were before")
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="regroupings")
    done_at = models.DateTimeField(db_default=Now())
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} of {self.claim_id}, {self.other_id}"
