"""The propositions that are followed, what bears on them, and how their status came about."""

import secrets
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.db.models.functions import Coalesce, Now
from pgvector.django import HalfVectorField, HnswIndex

from apps.claims.history import genesis, link_hash, standing_digest
from apps.claims.statuses import OUTCOME_OF, STATUSES_OF, ClaimStatus, StatusOutcome
from apps.sources.models import ArticleVersion
from apps.statements.models import KINDS, Speaker, Statement
from claimtrack.extraction.attribution import Kind
from claimtrack.matching.embedding import DIMENSIONS
from claimtrack.matching.stance import Stance

SEARCH_CONFIG = "claimtrack"
STANCES = [(one.value, one.value) for one in Stance]


def new_salt() -> bytes:
    """Sixteen random bytes that keep the digest of a short text from being guessed."""
    return secrets.token_bytes(16)


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

    def of_speakers(self, speaker_ids: Sequence[int]) -> "ClaimQuerySet":
        """Claims by one of these speakers, also where the one merged into them is."""
        said = Claim.objects.filter(speakers__in=speaker_ids)
        return self.filter(pk__in=said.values(family=Coalesce("root_id", "pk")))

    def with_details(self) -> "ClaimQuerySet":
        """With its speakers, in a fixed number of queries; `claims_then` adds what depends on the day."""
        return self.defer("search", "embedding").prefetch_related(Prefetch("speakers", Speaker.objects.with_names()))

    def with_history(self) -> "ClaimQuerySet":
        """With every row of their chains, in a fixed number of queries."""
        changes = StatusChange.objects.select_related("corrects").prefetch_related("evidence")
        rows = self.defer("search", "embedding")
        return rows.prefetch_related("revisions", Prefetch("status_changes", changes), "redactions")

    def with_outcome(self, outcome: str) -> "ClaimQuerySet":
        return self.filter(status__in=[status for status, comes_to in OUTCOME_OF.items() if comes_to == outcome])


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
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.CANDIDATE)
    status = models.CharField(max_length=20, choices=ClaimStatus)
    check_worthiness = models.FloatField(default=1.0)
    last_reviewed_at = models.DateTimeField(null=True)
    next_review_on = models.DateField(null=True, blank=True)
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
            GinIndex(fields=["search"], name="claim_search"),
            HnswIndex(fields=["embedding"], name="claim_meaning", opclasses=["halfvec_cosine_ops"]),
            models.Index(fields=["stage", "-id"], name="claims_of_stage"),
            # the queue of candidates by their check-worthiness
            models.Index(fields=["-check_worthiness", "id"], name="candidate_queue", condition=Q(stage="candidate")),
        ]

    def __str__(self) -> str:
        return self.text

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


class HistoryEntry(models.Model):
    """A row of a claim's history: added once, never changed (triggers refuse), chained to the one before it."""

    seq = models.PositiveIntegerField(help_text="the place in the claim's chain, from 1")
    recorded_at = models.DateTimeField()
    by_name = models.CharField(max_length=150, help_text="who wrote it: the user's name then, or the machine's version")
    salt = models.BinaryField(max_length=16, default=new_salt)
    hash = models.BinaryField(max_length=32)

    claim: "models.ForeignKey[Claim, Claim]"

    class Meta:
        abstract = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.redacted: dict[str, str] = {}
        """The digests of this entry's texts that were blanked, by field; who reads a chain fills it in."""

    def own_values(self) -> dict[str, Any]:
        """The values of this row that the chain vouches for, beside the ones that every entry has."""
        return {}

    def hashed_values(self) -> dict[str, Any]:
        """All values that go into the hash; long texts and names of people as salted digests."""
        return {"seq": self.seq, "recorded_at": self.recorded_at, "by": self.digest_of("by_name"), **self.own_values()}

    def digest_of(self, field: str) -> str:
        """The salted digest of one text of this entry; of one that was blanked, the digest that was kept."""
        return standing_digest(self.salt, getattr(self, field), field, self.redacted)

    def seal(self, recorded_at: datetime) -> None:
        """Write the row as recorded at this moment, chained to the claim's newest entry.

        Called under the lock of the event log, while the claim is locked: there is no other writer.
        """
        last = newest_entry(self.claim)
        self.recorded_at = recorded_at
        self.seq = last.seq + 1 if last else 1
        self.hash = link_hash(last.hash if last else genesis(str(self.claim.uid)), self.hashed_values())
        self.save(force_insert=True)


class ClaimRevision(HistoryEntry):
    """What a claim says from here on: the only way in which its text, kind, dates and criteria change."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="revisions")
    text = models.TextField()
    kind = models.CharField(max_length=12, choices=KINDS)
    first_said_on = models.DateField()
    due_on = models.DateField(null=True)
    resolution_criteria = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    revised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="claim_revisions")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["claim", "seq"], name="revision_in_chain_once")]

    def __str__(self) -> str:
        return f"#{self.seq} {self.text[:80]}"

    def own_values(self) -> dict[str, Any]:
        return {
            "entry": "revision",
            "text": self.digest_of("text"),
            "kind": str(self.kind),
            "first_said_on": self.first_said_on,
            "due_on": self.due_on,
            "resolution_criteria": self.digest_of("resolution_criteria"),
            "reason": self.digest_of("reason"),
        }


class StatusChange(HistoryEntry):
    """One step in a claim's status. A correction names the row it replaces; with no status it makes that row void."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="status_changes")
    from_status = models.CharField(max_length=20, choices=ClaimStatus)
    to_status = models.CharField(max_length=20, choices=ClaimStatus, blank=True)
    effective_on = models.DateField()
    reason = models.TextField()
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected_by")
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="status_changes")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["claim", "seq"], name="status_change_in_chain_once")]
        indexes = [models.Index(fields=["claim", "effective_on", "seq"], name="status_as_of")]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unsealed_evidence: list[Evidence] = []

    def __str__(self) -> str:
        return f"#{self.seq} {self.from_status} → {self.to_status or 'void'}"

    @property
    def corrects_seq(self) -> int | None:
        return self.corrects.seq if self.corrects else None

    def seal(self, recorded_at: datetime) -> None:
        super().seal(recorded_at)
        for item in self.unsealed_evidence:
            item.change = self
        Evidence.objects.bulk_create(self.unsealed_evidence)
        self.unsealed_evidence = []

    def own_values(self) -> dict[str, Any]:
        evidence = self.unsealed_evidence or (list(self.evidence.order_by("pk")) if self.pk else [])
        return {
            "entry": "status_change",
            "from": str(self.from_status),
            "to": str(self.to_status),
            "effective_on": self.effective_on,
            "reason": self.digest_of("reason"),
            "corrects": self.corrects_seq,
            "evidence": [item.digest_values(self.redacted, place) for place, item in enumerate(evidence)],
        }


class Evidence(models.Model):
    """What a status change rests on: a statement with its verbatim words, or an address with an excerpt."""

    change = models.ForeignKey(StatusChange, models.PROTECT, related_name="evidence")
    statement = models.ForeignKey(Statement, models.PROTECT, null=True, related_name="evidence")
    url = models.URLField(max_length=2000, blank=True)
    excerpt = models.TextField()
    dated_on = models.DateField(null=True)
    salt = models.BinaryField(max_length=16, default=new_salt)

    class Meta:
        verbose_name_plural = "evidence"

    def __str__(self) -> str:
        return self.excerpt[:80]

    def digest_values(self, redacted: Mapping[str, str], place: int) -> dict[str, Any]:
        """What of this evidence, which stands at this place of its change, goes into the chain: digests of its texts.

        `redacted` has the digests of those that were blanked, by field: "evidence[0].excerpt".
        """
        texts = {"url": self.url, "excerpt": self.excerpt}
        digests = {
            field: standing_digest(self.salt, text, f"evidence[{place}].{field}", redacted)
            for field, text in texts.items()
        }
        return {**digests, "dated_on": self.dated_on}


class Redaction(HistoryEntry):
    """A text of an earlier entry had to go: it was blanked, and its digest stays here, so that the chain holds."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="redactions")
    of_seq = models.PositiveIntegerField(help_text="the entry whose text was blanked")
    field = models.CharField(max_length=40, help_text="which of its texts: reason, evidence[0].excerpt")
    digest = models.CharField(max_length=64)
    reason = models.TextField()
    redacted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="redactions")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["claim", "seq"], name="redaction_in_chain_once")]

    def __str__(self) -> str:
        return f"#{self.seq} {self.field} of #{self.of_seq}"

    def own_values(self) -> dict[str, Any]:
        return {
            "entry": "redaction",
            "of": self.of_seq,
            "field": self.field,
            "digest": self.digest,
            "reason": self.digest_of("reason"),
        }


def newest_entry(claim: Claim) -> HistoryEntry | None:
    """The last entry of a claim's chain."""
    kinds: tuple[models.QuerySet[Any], ...] = (
        claim.revisions.all(),
        claim.status_changes.all(),
        claim.redactions.all(),
    )
    newest: list[HistoryEntry | None] = [rows.order_by("-seq").first() for rows in kinds]
    return max((row for row in newest if row), key=lambda row: row.seq, default=None)
