"""The rows of a claim's history. They are added once and never changed; each is chained to the one before it."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models

from apps.claims.history import genesis, link_hash, standing_digest
from apps.claims.statuses import ClaimStatus, ReasonCode
from apps.sources.models import ArticleVersion
from apps.statements.models import KINDS, Statement, StatementSpan
from claimtrack.extraction.addresses import site_of

if TYPE_CHECKING:
    from apps.claims.models import Claim


def new_salt() -> bytes:
    """Sixteen random bytes that keep the digest of a short text from being guessed."""
    return secrets.token_bytes(16)


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
        self.opens_chain = False
        """Whether the claim is made with it, so that no entry before it is looked for."""

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
        last = None if self.opens_chain else newest_entry(self.claim)
        self.recorded_at = recorded_at
        self.seq = last.seq + 1 if last else 1
        self.hash = link_hash(last.hash if last else genesis(str(self.claim.uid)), self.hashed_values())
        self.save(force_insert=True)


class ClaimRevision(HistoryEntry):
    """What a claim says from here on: the only way in which its text, kind, dates and criteria change."""

    claim = models.ForeignKey("claims.Claim", models.PROTECT, related_name="revisions")
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

    claim = models.ForeignKey("claims.Claim", models.PROTECT, related_name="status_changes")
    from_status = models.CharField(max_length=20, choices=ClaimStatus)
    to_status = models.CharField(max_length=20, choices=ClaimStatus, blank=True)
    effective_on = models.DateField()
    reason = models.TextField()
    code = models.CharField(max_length=20, choices=ReasonCode, blank=True, help_text="why it failed, to be counted")
    searched = models.TextField(blank=True, help_text="what was searched, where nothing could be found")
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
    def stories(self) -> int:
        """On how many independent stories the change rests; copies of one story and pages of one site count once.

        Of evidence that came `with_stories`: a text that was only submitted counts when an editor confirmed it.
        """
        return len({story for item in self.evidence.all() if (story := item.story)})

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
        stored = sorted(self.evidence.all(), key=lambda item: item.pk) if self.pk else []
        evidence = self.unsealed_evidence or stored
        more = {
            **({"code": str(self.code)} if self.code else {}),
            **({"searched": self.digest_of("searched")} if self.searched or "searched" in self.redacted else {}),
        }
        return {
            **more,
            "entry": "status_change",
            "from": str(self.from_status),
            "to": str(self.to_status),
            "effective_on": self.effective_on,
            "reason": self.digest_of("reason"),
            "corrects": self.corrects_seq,
            "evidence": [item.digest_values(self.redacted, place) for place, item in enumerate(evidence)],
        }


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def with_stories(self) -> "EvidenceQuerySet":
        """With what its independent stories are counted by, in one query."""
        fetched = StatementSpan.objects.filter(
            statement=models.OuterRef("statement"), version__origin=ArticleVersion.Origin.FETCHED
        )
        return self.select_related("statement__article").annotate(is_fetched=models.Exists(fetched))


class Evidence(models.Model):
    """What a status change rests on: a statement with its verbatim words, or an address with an excerpt."""

    change = models.ForeignKey(StatusChange, models.PROTECT, related_name="evidence")
    statement = models.ForeignKey(Statement, models.PROTECT, null=True, related_name="evidence")
    url = models.URLField(max_length=2000, blank=True)
    excerpt = models.TextField()
    dated_on = models.DateField(null=True)
    salt = models.BinaryField(max_length=16, default=new_salt)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "evidence"

    def __str__(self) -> str:
        return self.excerpt[:80]

    @property
    def story(self) -> tuple[str, object] | None:
        """What it is a copy of, or the site it is from; None for a text that nobody vouches for."""
        if self.statement is None:
            return ("site", site_of(self.url)) if self.url else None
        article = self.statement.article
        is_vouched_for = article.confirmed_at is not None or getattr(self, "is_fetched", False)
        return ("story", article.cluster_id) if is_vouched_for else None

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

    claim = models.ForeignKey("claims.Claim", models.PROTECT, related_name="redactions")
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


def newest_entry(claim: "Claim") -> HistoryEntry | None:
    """The last entry of a claim's chain."""
    kinds: tuple[models.QuerySet[Any], ...] = (
        claim.revisions.all(),
        claim.status_changes.all(),
        claim.redactions.all(),
    )
    newest: list[HistoryEntry | None] = [rows.order_by("-seq").first() for rows in kinds]
    return max((row for row in newest if row), key=lambda row: row.seq, default=None)
