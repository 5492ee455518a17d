"""Where texts come from: publishers, their feeds, their articles, and every version of each."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Publisher(models.Model):
    """Who publishes articles: an outlet, an agency, a government, a fact-checker."""

    name = models.CharField(max_length=200)
    keys = ArrayField(
        models.CharField(max_length=200), help_text="the names it is found by, without case and punctuation"
    )
    domains = ArrayField(models.CharField(max_length=253), default=list, blank=True)

    class Meta:
        indexes = [
            GinIndex(fields=["keys"], name="publisher_keys"),
            GinIndex(fields=["domains"], name="publisher_domains"),
        ]

    def __str__(self) -> str:
        return self.name


class Feed(models.Model):
    """An address that is polled. When it is due next, its work row says."""

    class State(models.TextChoices):
        ACTIVE = "active"
        STOPPED = "stopped"

    url = models.URLField(max_length=2000, unique=True)
    publisher = models.ForeignKey(Publisher, models.PROTECT, related_name="feeds")
    title = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    etag = models.TextField(blank=True)
    last_modified = models.TextField(blank=True)
    interval_seconds = models.PositiveIntegerField(default=3600)
    failures = models.PositiveIntegerField(default=0, help_text="polls in a row that failed")
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.title or self.url


class FeedFetch(models.Model):
    """One poll of a feed: seen = new + updated + unchanged + rejected."""

    feed = models.ForeignKey(Feed, models.CASCADE, related_name="fetches")
    fetched_at = models.DateTimeField(db_default=Now())
    http_status = models.PositiveSmallIntegerField(null=True)
    seen = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    rejections = models.JSONField(default=list, help_text="position and reason of each item that was rejected")
    error = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "feed fetches"
        indexes = [models.Index(fields=["feed", "-fetched_at"], name="fetches_of_feed")]
        constraints = [
            models.CheckConstraint(
                condition=Q(seen=models.F("new") + models.F("updated") + models.F("unchanged") + models.F("rejected")),
                name="every_item_accounted_for",
            )
        ]

    def __str__(self) -> str:
        return f"{self.feed} at {self.fetched_at:%Y-%m-%d %H:%M}"


class StoryCluster(models.Model):
    """Articles that are copies of one another: as evidence they count once."""

    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"story {self.pk}"


class ArticleQuerySet(models.QuerySet["Article"]):
    def with_details(self) -> "ArticleQuerySet":
        """With all that an answer shows, in a fixed number of queries; not with the texts."""
        return (
            self.select_related("publisher", "confirmed_by")
            .prefetch_related("versions__submitted_by")
            .annotate(statement_count=models.Count("statements", filter=Q(statements__state="current")))
        )


class Article(models.Model):
    """One story at one address; without an address, one text of one publisher."""

    class State(models.TextChoices):
        QUEUED = "queued"
        DOWNLOADING = "downloading"
        READING = "reading"
        MATCHING = "matching"
        DONE = "done"
        FAILED = "failed"

    identity = models.BinaryField(
        max_length=32, unique=True, help_text="digest of the address, or of publisher and text"
    )
    url = models.URLField(max_length=2000, blank=True)
    publisher = models.ForeignKey(Publisher, models.PROTECT, null=True, blank=True, related_name="articles")
    title = models.CharField(max_length=1000, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(db_default=Now())
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="confirmed_articles"
    )
    confirmed_at = models.DateTimeField(null=True)
    feed = models.ForeignKey(Feed, models.SET_NULL, null=True, related_name="articles")
    feed_item_digest = models.CharField(max_length=64, blank=True, help_text="of the feed's item as last seen")
    language = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    skipped = models.CharField(max_length=40, blank=True, help_text="why a finished article was not read")
    error = models.TextField(blank=True)
    cluster = models.ForeignKey(StoryCluster, models.PROTECT, null=True, related_name="articles")

    objects = ArticleQuerySet.as_manager()

    class Meta:
        indexes = [
            # the articles that are under way, for the page of queues and the admin
            models.Index(fields=["state", "id"], name="articles_under_way", condition=~Q(state="done")),
            models.Index(fields=["publisher", "-id"], name="articles_of_publisher"),
        ]

    def __str__(self) -> str:
        return self.title or self.url or f"article {self.pk}"

    @property
    def versions_in_order(self) -> "list[ArticleVersion]":
        return sorted(self.versions.all(), key=lambda version: version.number)


class ArticleVersion(models.Model):
    """An article's text at one moment. It never changes; a silent edit is a second version.

    A text that we fetched is the publisher's; one that was submitted is what somebody says the publisher wrote.
    """

    class Origin(models.TextChoices):
        FETCHED = "fetched"
        SUBMITTED = "submitted"

    article = models.ForeignKey(Article, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=1000, blank=True)
    text = models.TextField()
    text_digest = models.BinaryField(max_length=32)
    origin = models.CharField(max_length=10, choices=Origin)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="submitted_versions"
    )
    raw_digest = models.BinaryField(max_length=32, null=True, help_text="of the bytes that were fetched")
    fetched_at = models.DateTimeField(db_default=Now())
    sketch = ArrayField(models.BigIntegerField(), default=list, help_text="keys that near-copies share")
    reader = models.CharField(max_length=40, blank=True, help_text="which reader has read it")
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="version_numbered_once")]
        indexes = [GinIndex(fields=["sketch"], name="version_sketch")]

    def __str__(self) -> str:
        return f"version {self.number} of {self.article}"
