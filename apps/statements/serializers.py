from typing import Any

from rest_framework import serializers

from apps.statements.models import KINDS, POLARITIES, SPEAKER_KINDS, SPEECHES, Speaker, SpeakerRole, Statement
from claimtrack.api.requests import RequestSerializer


class SpeakerSerializer(serializers.Serializer[Speaker]):
    """Whoever it is after all merges."""

    id = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(SPEAKER_KINDS)
    aliases = serializers.ListField(child=serializers.CharField())

    def to_representation(self, instance: Speaker) -> dict[str, Any]:
        return super().to_representation(instance.standing)


class SpeakerRoleSerializer(serializers.Serializer[SpeakerRole]):
    """What articles called somebody, from the first to the last day on which they did."""

    text = serializers.CharField()
    first_on = serializers.DateField()
    last_on = serializers.DateField()


class SpeakerDetailSerializer(serializers.Serializer[Speaker]):
    """A speaker as they are stored; one who was merged names who stands for them."""

    id = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(SPEAKER_KINDS)
    aliases = serializers.ListField(child=serializers.CharField())
    roles = SpeakerRoleSerializer(many=True)
    merged_into = serializers.CharField(source="root_id", allow_null=True)


class MergeSpeakerRequest(RequestSerializer):
    """Who is to stand for this one from now on."""

    into = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=5_000)


class LinkOfChainSerializer(serializers.Serializer[dict[str, str]]):
    type = serializers.ChoiceField([("publisher", "publisher"), ("speaker", "speaker")])
    id = serializers.CharField()
    name = serializers.CharField()


def _spans() -> serializers.ListField:
    """`[[start, end], …]`, half-open, in code points of the version's text."""
    return serializers.ListField(child=serializers.ListField(child=serializers.IntegerField(min_value=0)))


class SpansSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(source="version.number", help_text="the version that the offsets count in")
    source = _spans()  # type: ignore[assignment]  # a field of this name, as the API has it
    cue = _spans()
    content = _spans()


class StatementSerializer(serializers.Serializer[Statement]):
    """Something that somebody is reported to have said, and through whom it is known."""

    id = serializers.CharField()
    article = serializers.CharField(source="article_id")
    text = serializers.CharField(help_text="its content, verbatim; the parts of a broken quote joined by ' … '")
    proposition = serializers.CharField(help_text="its content as a sentence of its own")
    source_text = serializers.CharField()
    cue_text = serializers.CharField()
    spans = SpansSerializer(source="newest_span")
    speech = serializers.ChoiceField(SPEECHES)
    kind = serializers.ChoiceField(KINDS)
    speaker = SpeakerSerializer()
    role = serializers.CharField(help_text="the speaker's role on that day, as the article has it")
    addressee = SpeakerSerializer(allow_null=True)
    chain = LinkOfChainSerializer(many=True, help_text="outermost first, the speaker last")
    nested_in = serializers.CharField(source="outer_id", allow_null=True)
    polarity = serializers.ChoiceField(POLARITIES)
    hedged = serializers.BooleanField()
    said_on = serializers.DateField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    check_worthiness = serializers.FloatField()
    confidence = serializers.FloatField()
    reader = serializers.CharField()
    state = serializers.ChoiceField(Statement.State.choices)

    def to_representation(self, instance: Statement) -> dict[str, Any]:
        shown = super().to_representation(instance)
        if version := self.context.get("version"):
            there = [span for span in instance.spans.all() if span.version.number == version]
            span = max(there, key=lambda span: (span.reader == instance.reader, span.pk))
            shown["spans"] = SpansSerializer(span).data
        return shown


class StatementBriefSerializer(serializers.Serializer[Statement]):
    id = serializers.CharField()
    text = serializers.CharField()
