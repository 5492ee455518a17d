"""The log that every follower reads."""

from django.db import models


class EventKind(models.TextChoices):
    """What can happen; the names are part of the API."""

    ARTICLE_RECEIVED = "article.received"
    ARTICLE_DONE = "article.done"
    ARTICLE_FAILED = "article.failed"
    ARTICLE_REREAD = "article.reread"
    STATEMENT_CHANGED = "statement.changed"
    STATEMENT_SUPERSEDED = "statement.superseded"
    CLAIM_CREATED = "claim.created"
    CLAIM_ADOPTED = "claim.adopted"
    CLAIM_REVISED = "claim.revised"
    CLAIM_STATUS_CHANGED = "claim.status_changed"
    CLAIM_REVIEWED = "claim.reviewed"
    CLAIM_FLAGGED = "claim.flagged"
    CLAIM_TOPICS_CHANGED = "claim.topics_changed"
    CLAIM_MERGED = "claim.merged"
    CLAIM_SPLIT = "claim.split"
    CLAIM_UNDONE = "claim.undone"
    CLAIM_ARCHIVED = "claim.archived"
    CLAIM_REVIVED = "claim.revived"
    HISTORY_REDACTED = "history.redacted"
    LINK_SUGGESTED = "link.suggested"
    LINK_ACCEPTED = "link.accepted"
    LINK_REJECTED = "link.rejected"
    LINK_UNDONE = "link.undone"
    LINK_WITHDRAWN = "link.withdrawn"
    SPEAKER_MERGED = "speaker.merged"
    SPEAKER_UNDONE = "speaker.undone"


class Event(models.Model):
    """One line of the log. It names its subjects by plain ids: it knows no other app and outlives their rows.

    Ids commit in their order, and `at` rises with them (see `apps.events.log`).
    """

    kind = models.CharField(max_length=40, choices=EventKind)
    at = models.DateTimeField()
    article_id = models.BigIntegerField(null=True)
    statement_id = models.BigIntegerField(null=True)
    claim_id = models.BigIntegerField(null=True)
    link_id = models.BigIntegerField(null=True)
    speaker_id = models.BigIntegerField(null=True)
    user_id = models.BigIntegerField(null=True)
    payload = models.JSONField(default=dict)
    head = models.BinaryField(max_length=32, null=True)

    class Meta:
        indexes = [
            # the change feed, followed for one claim, article or speaker
            models.Index(fields=["claim_id", "id"], name="event_of_claim", condition=models.Q(claim_id__isnull=False)),
            models.Index(
                fields=["article_id", "id"],
                name="event_of_article",
                condition=models.Q(article_id__isnull=False),
            ),
            # in which state a link was at a moment
            models.Index(fields=["link_id", "id"], name="event_of_link", condition=models.Q(link_id__isnull=False)),
            models.Index(
                fields=["speaker_id", "id"],
                name="event_of_speaker",
                condition=models.Q(speaker_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind}"
