from datetime import UTC, date, datetime, timedelta
from typing import Any

from rest_framework import serializers

from apps.claims.models import STANCES, Claim, ClaimRevision, Evidence, Link, Redaction, Stage, StatusChange, Topic
from apps.claims.precision import Share
from apps.claims.quality import Measured
from apps.claims.record import OWN_TURNS, Record, Standing, Turn
from apps.claims.services.judging import EvidenceItem, Judgement
from apps.claims.services.looking_up import LONGEST_ASKED
from apps.claims.services.topics import TopicsOfClaim
from apps.claims.silence import Flag
from apps.claims.statuses import ClaimStatus, ReasonCode, StatusOutcome
from apps.statements.models import KINDS
from apps.statements.serializers import SpeakerSerializer, StatementBriefSerializer, StatementSerializer
from claimtrack.api.requests import RequestSerializer
from claimtrack.extraction.attribution import Kind

LONGEST_TEXT = 5_000
MOST_FOUND = 50
MAX_ID = 2**63 - 1


class TopicSerializer(serializers.Serializer[Topic]):
    """What claims are about; people keep the list."""

    slug = serializers.CharField()
    name = serializers.CharField()


class TopicsSerializer(serializers.Serializer[TopicsOfClaim]):
    """The topics of a claim, and those that its words or its speakers' names suggest."""

    topics = TopicSerializer(many=True)
    suggested = TopicSerializer(many=True)


class ClaimSerializer(serializers.Serializer[Claim]):
    """A proposition that is followed."""

    id = serializers.CharField()
    text = serializers.CharField()
    kind = serializers.ChoiceField(KINDS)
    stage = serializers.ChoiceField(Stage.choices)
    status = serializers.ChoiceField(ClaimStatus.choices)
    outcome = serializers.ChoiceField(StatusOutcome.choices)
    speakers = SpeakerSerializer(many=True)
    topics = TopicSerializer(many=True)
    first_said_on = serializers.DateField()
    due_on = serializers.DateField(allow_null=True)
    resolution_criteria = serializers.CharField()
    check_worthiness = serializers.FloatField()
    last_reviewed_at = serializers.DateTimeField(allow_null=True)
    next_review_on = serializers.DateField(allow_null=True)
    flags = serializers.ListField(
        child=serializers.ChoiceField(Flag.choices), help_text="why it wants looking at today; none on another day"
    )
    merged_into = serializers.CharField(
        source="then_root", allow_null=True, help_text="the claim that stands for this one since they were merged"
    )
    independent_stories = serializers.IntegerField(
        help_text="stories that carry it in a text we fetched or an editor confirmed; copies of one another count once"
    )


class SimilarClaimsQuery(serializers.Serializer[dict[str, Any]]):
    """A sentence or two, and what is known of who said it when."""

    text = serializers.CharField(
        max_length=LONGEST_ASKED, help_text="a sentence or two; of more than a hundred words the first count"
    )
    speaker = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=MAX_ID,
        help_text="who says it: their own claims are searched apart, of whatever day, and not by their name",
    )
    said_on = serializers.DateField(
        required=False, help_text="others' claims that were first said over a year later are left out"
    )
    limit = serializers.IntegerField(required=False, default=20, min_value=1, max_value=MOST_FOUND)

    def validate_said_on(self, day: date) -> date:
        if day > datetime.now(UTC).date() + timedelta(days=1):
            raise serializers.ValidationError("This lies in the future.", code="future")
        return day


class SimilarClaimSerializer(serializers.Serializer[dict[str, Any]]):
    """A claim that may say what was asked for."""

    claim = ClaimSerializer()
    similarity = serializers.FloatField(
        allow_null=True,
        help_text="the cosine of the two meanings (1: the same), of a merged claim's wording where that fits better; "
        "null where the claim has no vector yet. The order rests on shared words and on a reading of both texts, too",
    )


class SimilarClaimsSerializer(serializers.Serializer[dict[str, Any]]):
    """Claims that may say what was asked for, likeliest first."""

    results = SimilarClaimSerializer(many=True)
    changes_cursor = serializers.CharField()


def _ids(**options: Any) -> serializers.ListField:
    one = serializers.IntegerField(min_value=1, max_value=MAX_ID)
    return serializers.ListField(child=one, max_length=200, help_text="their ids", **options)


class CreateClaimRequest(RequestSerializer):
    text = serializers.CharField(max_length=LONGEST_TEXT)
    kind = serializers.ChoiceField(KINDS)
    speakers = _ids(min_length=1)
    first_said_on = serializers.DateField()
    due_on = serializers.DateField(required=False, allow_null=True, default=None)
    resolution_criteria = serializers.CharField(required=False, allow_blank=True, default="", max_length=LONGEST_TEXT)


class ReviseClaimRequest(RequestSerializer):
    """What is to change; the reason is kept with it."""

    stage = serializers.ChoiceField([Stage.TRACKED.value], required=False, help_text="take the claim up")
    text = serializers.CharField(required=False, max_length=LONGEST_TEXT)
    kind = serializers.ChoiceField(KINDS, required=False, help_text="the status becomes the one that comes to the same")
    topics = serializers.ListField(
        child=serializers.SlugField(), max_length=50, required=False, help_text="all of them"
    )
    first_said_on = serializers.DateField(required=False)
    due_on = serializers.DateField(required=False, allow_null=True)
    resolution_criteria = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_TEXT)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=LONGEST_TEXT)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not set(attrs) - {"reason"}:
            raise serializers.ValidationError("Nothing is to be changed.", code="empty")
        return attrs


class ReviewedRequest(RequestSerializer):
    """When to look at the claim again, where that is another day than usual."""

    next_review_on = serializers.DateField(required=False, allow_null=True, default=None)


class MergeRequest(RequestSerializer):
    """What is to stand for this one from now on."""

    into = serializers.IntegerField(min_value=1, max_value=MAX_ID)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=LONGEST_TEXT)


class SplitRequest(RequestSerializer):
    """What is to be a claim of its own: links or statements of this one, and what it says where that differs."""

    links = _ids(required=False, default=list)
    statements = _ids(required=False, default=list)
    text = serializers.CharField(max_length=LONGEST_TEXT)
    kind = serializers.ChoiceField(KINDS, required=False)
    first_said_on = serializers.DateField(required=False, help_text="else the day of the earliest of them")
    due_on = serializers.DateField(required=False, allow_null=True)
    resolution_criteria = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_TEXT)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=LONGEST_TEXT)

    def wording(self) -> dict[str, Any]:
        given = self.validated_data
        wording = {name: given[name] for name in given if name not in ("links", "statements", "reason")}
        return {**wording, "kind": Kind(wording["kind"])} if "kind" in wording else wording


class EvidenceRequest(RequestSerializer):
    """A statement, or an address with the words found there."""

    statement = serializers.IntegerField(required=False, min_value=1, max_value=MAX_ID)
    url = serializers.CharField(required=False, max_length=2000)
    excerpt = serializers.CharField(required=False, max_length=LONGEST_TEXT)
    dated_on = serializers.DateField(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("statement" in attrs) == ("url" in attrs):
            raise serializers.ValidationError("Name either a statement, or a url with an excerpt.", code="either_or")
        if "statement" in attrs and ("excerpt" in attrs or attrs.get("dated_on")):
            raise serializers.ValidationError("A statement brings its own words and date.", code="either_or")
        if "url" in attrs and not attrs.get("excerpt"):
            raise serializers.ValidationError(
                {"excerpt": "Give the words found there, as they stand."}, code="required"
            )
        return attrs

    def item(self, attrs: dict[str, Any]) -> EvidenceItem:
        return EvidenceItem(
            attrs.get("statement"), attrs.get("url", ""), attrs.get("excerpt", ""), attrs.get("dated_on")
        )


class ChangeStatusRequest(RequestSerializer):
    """A judgement: the status from a day on, why, and on what it rests."""

    to = serializers.ChoiceField(
        ClaimStatus.choices, allow_null=True, help_text="null with `corrects` makes that change void"
    )
    effective_on = serializers.DateField(help_text="the day on which it became so in the world (UTC)")
    reason = serializers.CharField(max_length=LONGEST_TEXT)
    evidence = EvidenceRequest(many=True, required=False, default=list)
    code = serializers.ChoiceField(
        ReasonCode.choices,
        required=False,
        allow_null=True,
        default=None,
        help_text="why it failed, or is only partly so, in a term that can be counted",
    )
    searched = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=LONGEST_TEXT,
        help_text="what was searched; needed for `unverifiable`",
    )
    corrects = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=1,
        help_text="the `seq` of the change that this one replaces",
    )
    next_review_on = serializers.DateField(required=False, allow_null=True, default=None)

    def judgement(self) -> Judgement:
        given = self.validated_data
        items = [EvidenceRequest().item(one) for one in given["evidence"]]
        to = ClaimStatus(given["to"]) if given["to"] else None
        return Judgement(
            to=to,
            effective_on=given["effective_on"],
            reason=given["reason"],
            evidence=items,
            corrects_seq=given["corrects"],
            next_review_on=given["next_review_on"],
            code=ReasonCode(given["code"]) if given["code"] else None,
            searched=given["searched"],
        )


class EvidenceSerializer(serializers.Serializer[Evidence]):
    statement = serializers.CharField(source="statement_id", allow_null=True)
    url = serializers.CharField()
    excerpt = serializers.CharField()
    dated_on = serializers.DateField(allow_null=True)


def _redacted() -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField(), help_text="the texts of this entry that were blanked")


class StatusChangeSerializer(serializers.Serializer[StatusChange]):
    """One step in a claim's status; `seq` is its place in the claim's chain."""

    seq = serializers.IntegerField()
    from_status = serializers.ChoiceField(ClaimStatus.choices)
    to_status = serializers.ChoiceField(ClaimStatus.choices, allow_blank=True)
    effective_on = serializers.DateField()
    recorded_at = serializers.DateTimeField()
    reason = serializers.CharField()
    code = serializers.ChoiceField(ReasonCode.choices, allow_blank=True)
    searched = serializers.CharField()
    corrects = serializers.IntegerField(source="corrects_seq", allow_null=True)
    changed_by = serializers.CharField(source="by_name")
    evidence = EvidenceSerializer(many=True)
    independent_stories = serializers.IntegerField(
        source="stories", help_text="on which it rests; copies of one story, and pages of one site, count once"
    )
    redacted = _redacted()
    hash = serializers.SerializerMethodField()

    def get_hash(self, change: StatusChange) -> str:
        return bytes(change.hash).hex()


class ClaimBriefSerializer(serializers.Serializer[Claim]):
    id = serializers.CharField()
    text = serializers.CharField()


class LinkSerializer(serializers.Serializer[Link]):
    """A statement bears on a claim; who decided so is always known."""

    id = serializers.CharField()
    statement = StatementBriefSerializer()
    claim = ClaimBriefSerializer()
    stance = serializers.ChoiceField(STANCES)
    suggested_stance = serializers.ChoiceField(STANCES)
    state = serializers.ChoiceField(Link.State.choices)
    score = serializers.FloatField()
    reasons = serializers.ListField(child=serializers.CharField())
    matcher = serializers.CharField()
    created_at = serializers.DateTimeField()
    decided_by = serializers.CharField(source="decided_by.username", default=None, allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    rejection = serializers.ChoiceField(Link.Rejection.choices, allow_blank=True)


class AcceptLinkRequest(RequestSerializer):
    stance = serializers.ChoiceField(STANCES, required=False, help_text="where it is another than the suggested one")


class RejectLinkRequest(RequestSerializer):
    """Why, where you say so: it tells the faults of the reader from those of the matcher."""

    because = serializers.ChoiceField(
        [(one.value, one.label) for one in (Link.Rejection.NOT_ABOUT, Link.Rejection.MISREAD)],
        required=False,
        allow_null=True,
        default=None,
        help_text="the statement is not about the claim, or was misread: nobody said that",
    )


class RevisionSerializer(serializers.Serializer[ClaimRevision]):
    """What the claim says from here on; `seq` is its place in the claim's chain."""

    seq = serializers.IntegerField()
    text = serializers.CharField()
    kind = serializers.ChoiceField(KINDS)
    first_said_on = serializers.DateField()
    due_on = serializers.DateField(allow_null=True)
    resolution_criteria = serializers.CharField()
    reason = serializers.CharField()
    revised_by = serializers.CharField(source="by_name", help_text="a user, or the version of the machine")
    recorded_at = serializers.DateTimeField()
    redacted = _redacted()
    hash = serializers.SerializerMethodField()

    def get_hash(self, revision: ClaimRevision) -> str:
        return bytes(revision.hash).hex()


class RedactionSerializer(serializers.Serializer[Redaction]):
    """A text of an earlier entry that was blanked; its digest stays, so that the chain still verifies."""

    seq = serializers.IntegerField()
    of_seq = serializers.IntegerField(help_text="the entry whose text was blanked")
    field = serializers.CharField()
    digest = serializers.CharField()
    reason = serializers.CharField()
    redacted_by = serializers.CharField(source="by_name")
    recorded_at = serializers.DateTimeField()
    redacted = _redacted()
    hash = serializers.SerializerMethodField()

    def get_hash(self, redaction: Redaction) -> str:
        return bytes(redaction.hash).hex()


class TimelineEntrySerializer(serializers.Serializer[dict[str, Any]]):
    """One dated thing in the life of a claim: a statement that bears on it, a status change, or a revision."""

    type = serializers.ChoiceField([(one, one) for one in ("statement", "status_change", "revision")])
    claim = serializers.CharField(help_text="whose it is: this claim, or one that was merged into it")
    on = serializers.DateField()
    recorded_at = serializers.DateTimeField()
    link = LinkSerializer(required=False)
    statement = StatementSerializer(required=False)
    status_change = StatusChangeSerializer(required=False)
    revision = RevisionSerializer(required=False)


class TimelineSerializer(serializers.Serializer[dict[str, Any]]):
    results = TimelineEntrySerializer(many=True)
    changes_cursor = serializers.CharField()


class HistoryEntrySerializer(serializers.Serializer[dict[str, Any]]):
    type = serializers.ChoiceField([(one, one) for one in ("status_change", "revision", "redaction")])
    status_change = StatusChangeSerializer(required=False)
    revision = RevisionSerializer(required=False)
    redaction = RedactionSerializer(required=False)


class HistorySerializer(serializers.Serializer[dict[str, Any]]):
    """The claim's chain: each entry's hash covers the one before it, from the genesis of the claim's uid."""

    uid = serializers.CharField()
    head = serializers.CharField()
    results = HistoryEntrySerializer(many=True)
    changes_cursor = serializers.CharField()


class StandingSerializer(serializers.Serializer[Standing]):
    """How many claims came to which outcome, by the end of a day."""

    on = serializers.DateField()
    outcomes = serializers.DictField(child=serializers.IntegerField(), help_text="open, upheld, mixed, failed, void")


class TurnSerializer(serializers.Serializer[Turn]):
    """A statement by which the speaker contradicts or revises a claim of their own."""

    on = serializers.DateField()
    stance = serializers.ChoiceField([(one.value, one.value) for one in OWN_TURNS])
    link = LinkSerializer()


class RecordSerializer(serializers.Serializer[Record]):
    """What became of the tracked claims of a speaker: on the day asked for, and at the end of each year before it."""

    speaker = SpeakerSerializer()
    standing = StandingSerializer()
    over_time = StandingSerializer(many=True)
    turns = TurnSerializer(many=True, help_text="self-contradictions and revisions, in the order of days")


class ShareSerializer(serializers.Serializer[Share]):
    """Right of all that people reviewed, with the 95 % interval (Wilson's)."""

    right = serializers.IntegerField()
    reviewed = serializers.IntegerField()
    share = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()


class MeasuredSerializer(serializers.Serializer[Measured]):
    """How often one version was right; without stance and band, over all of them."""

    version = serializers.CharField()
    stance = serializers.ChoiceField(STANCES, allow_null=True)
    band = serializers.ListField(child=serializers.FloatField(), allow_null=True, help_text="of the score: [from, to)")
    share = ShareSerializer()
    other_stance = serializers.IntegerField(help_text="accepted with another stance than suggested: counted as wrong")


class QualitySerializer(serializers.Serializer[dict[str, Any]]):
    """Measured on what people decided. What the machine accepted and nobody looked at is not in it."""

    matcher = MeasuredSerializer(many=True)
    reader = MeasuredSerializer(many=True)
