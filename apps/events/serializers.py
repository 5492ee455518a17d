from typing import Any

from rest_framework import serializers

from apps.events.models import Event, EventKind


class EventSerializer(serializers.Serializer[Event]):
    """One line of the log, with plain ids of what it is about."""

    id = serializers.CharField()
    kind = serializers.ChoiceField(EventKind.choices)
    at = serializers.DateTimeField()
    article = serializers.CharField(source="article_id", allow_null=True)
    statement = serializers.CharField(source="statement_id", allow_null=True)
    claim = serializers.CharField(source="claim_id", allow_null=True)
    link = serializers.CharField(source="link_id", allow_null=True)
    speaker = serializers.CharField(source="speaker_id", allow_null=True)
    user = serializers.CharField(source="user_id", allow_null=True)
    payload = serializers.DictField()
    head = serializers.SerializerMethodField(help_text="the newest hash of the claim's history after this event")

    def get_head(self, event: Event) -> str | None:
        return bytes(event.head).hex() if event.head else None


class ChangesSerializer(serializers.Serializer[dict[str, Any]]):
    """A stretch of the log. The cursor is where to read on, also when the stretch is empty."""

    results = EventSerializer(many=True)
    cursor = serializers.CharField()
    has_more = serializers.BooleanField()


class ChangesQuery(serializers.Serializer[dict[str, Any]]):
    """Where to begin, and what to hear of."""

    cursor = serializers.CharField(
        required=False, default="", help_text="from the last answer; without one, the beginning"
    )
    limit = serializers.IntegerField(required=False, default=100, min_value=1, max_value=1000)
    kind = serializers.ChoiceField(EventKind.choices, required=False)
    claim = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    article = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    speaker = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
