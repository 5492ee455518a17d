"""What was said, by whom, and through whom it is known."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, Now

from apps.sources.models import Article, ArticleVersion
from claimtrack.extraction.attribution import Kind, Polarity, SpeakerKind, Speech

# The reader's terms as choices of fields.
KINDS = [(one.value, one.value) for one in Kind]
SPEECHES = [(one.value, one.value) for one in Speech]
POLARITIES = [(one.value, one.value) for one in Polarity]
SPEAKER_KINDS = [(one.value, one.value) for one in SpeakerKind]


class SpeakerQuerySet(models.QuerySet["Speaker"]):
    def standing(self) -> "SpeakerQuerySet":
        """Those that are not merged into another."""
        return self.filter(root=None)

    def with_names(self) -> "SpeakerQuerySet":
        """With whoever stands for each after all merges, and with all their names."""
        return self.select_related("root").prefetch_related("members", "root__members")

    def family_of(self, speaker_id: int) -> "SpeakerQuerySet":
        """Everybody who is this speaker after all merges, whichever of them is asked for."""
        asked = Speaker.objects.filter(pk=speaker_id).values(family=Coalesce("root_id", "pk"))
        return self.filter(Q(pk__in=asked) | Q(root__in=asked))


class Speaker(models.Model):
    """Who makes claims. Someone unnamed ("a senior official") is a speaker of one article only."""

    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=12, choices=SPEAKER_KINDS)
    names = ArrayField(models.CharField(max_length=300), default=list, help_text="every name articles call them by")
    keys = ArrayField(
        models.CharField(max_length=300),
        default=list,
        help_text="full names, without case and punctuation, to be found by",
    )
    created_at = models.DateTimeField(db_default=Now())
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="merged")
    root = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="members",
        help_text="who stands for them after all merges; null: they stand for themselves",
    )

    objects = SpeakerQuerySet.as_manager()

    class Meta:
        indexes = [GinIndex(fields=["keys"], name="speaker_keys")]

    def __str__(self) -> str:
        return self.name

    @property
    def root_pk(self) -> int:
        """The id of whom they are after all merges."""
        return self.root_id or self.pk

    @property
    def standing(self) -> "Speaker":
        """Whom they are after all merges."""
        return self.root or self

    @property
    def aliases(self) -> list[str]:
        """Every other name they are called by; also those of whoever was merged into them."""
        names = [*self.names, *(name for member in self.members.all() for name in (member.name, *member.names))]
        return [name for name in dict.fromkeys(names) if name != self.name]


class SpeakerRole(models.Model):
    """What articles call a speaker ("finance minister"), and between which days they did."""

    speaker = models.ForeignKey(Speaker, models.PROTECT, related_name="roles")
    text = models.CharField(max_length=200)
    key = models.CharField(max_length=200, help_text="its words in one order")
    head = models.CharField(max_length=200, help_text='the word that says what somebody is: "minister"')
    first_on = models.DateField()
    last_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["speaker", "key"], name="role_of_speaker_once")]
        ordering = ["first_on", "id"]
        indexes = [models.Index(fields=["key"], name="roles"), models.Index(fields=["head"], name="role_heads")]

    def __str__(self) -> str:
        return f"{self.speaker}, {self.text}"


class SpeakerMerge(models.Model):
    """Two speakers turned out to be one; and whether that was undone."""

    speaker = models.ForeignKey(Speaker, models.PROTECT, related_name="merges")
    into = models.ForeignKey(Speaker, models.PROTECT, related_name="merges_from")
    reason = models.TextField(blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="speaker_merges")
    done_at = models.DateTimeField(db_default=Now())
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="undone_speaker_merges"
    )
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.speaker} into {self.into}"


class StatementQuerySet(models.QuerySet["Statement"]):
    def with_details(self) -> "StatementQuerySet":
        """With all that an answer shows, in a fixed number of queries; not with the texts of the versions."""
        places = StatementSpan.objects.select_related("version").defer("version__text", "version__sketch")
        return self.select_related("speaker__root", "addressee__root").prefetch_related(
            models.Prefetch("spans", places),
            "speaker__members",
            "speaker__root__members",
            "addressee__members",
            "addressee__root__members",
        )

    def to_match(self) -> "StatementQuerySet":
        """What the matcher has not seen yet, or not since the reader ceased to find it."""
        return self.filter(matched_at=None).exclude(state=Statement.State.GONE)


class Statement(models.Model):
    """One attribution as stored. It keeps its identity from version to version and from reader to reader."""

    class State(models.TextChoices):
        CURRENT = "current"
        GONE = "gone"
        SUPERSEDED = "superseded"

    article = models.ForeignKey(Article, models.CASCADE, related_name="statements")
    outer = models.ForeignKey("self", models.CASCADE, null=True, related_name="nested")
    speaker = models.ForeignKey(Speaker, models.PROTECT, related_name="statements")
    speaker_name = models.CharField(max_length=300, help_text="as this article names the speaker")
    role = models.CharField(max_length=200, blank=True, help_text="the speaker's role on that day")
    addressee = models.ForeignKey(Speaker, models.PROTECT, null=True, related_name="heard")
    chain = models.JSONField(help_text="[{type, id, name}], the publisher first and the speaker last")
    text = models.TextField(help_text="the content, verbatim")
    proposition = models.TextField(help_text="the content as a sentence of its own")
    source_text = models.TextField(blank=True)
    cue_text = models.TextField(blank=True)
    speech = models.CharField(max_length=10, choices=SPEECHES)
    kind = models.CharField(max_length=12, choices=KINDS)
    polarity = models.CharField(max_length=10, choices=POLARITIES)
    hedged = models.BooleanField()
    said_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    check_worthiness = models.FloatField()
    confidence = models.FloatField()
    reader = models.CharField(max_length=40)
    state = models.CharField(max_length=12, choices=State, default=State.CURRENT)
    matched_at = models.DateTimeField(null=True)
    matcher = models.CharField(max_length=40, blank=True, db_default="", help_text="which matcher looked at it last")

    objects = StatementQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["speaker", "-id"], name="statements_of_speaker"),
            # the statements of an article that the matcher has not seen
            models.Index(fields=["article"], name="statements_to_match", condition=Q(matched_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.speaker}: {self.text[:80]}"

    @property
    def newest_span(self) -> "StatementSpan":
        """Where the newest version that has the statement has it, as the reader has it whose words these are."""
        return max(self.spans.all(), key=lambda span: (span.version.number, span.reader == self.reader, span.pk))


class StatementSpan(models.Model):
    """Where one version has the statement, in code points of its text, as read by one reader."""

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="spans")
    version = models.ForeignKey(ArticleVersion, models.CASCADE, related_name="statement_spans")
    reader = models.CharField(max_length=40)
    source = models.JSONField(default=list, help_text="[[start, end], …]")
    cue = models.JSONField(default=list, help_text="[[start, end], …]")
    content = models.JSONField(help_text="[[start, end], …]")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["statement", "version", "reader"], name="statement_placed_once")]

    def __str__(self) -> str:
        return f"{self.statement_id} in {self.version_id} at {self.content}"
