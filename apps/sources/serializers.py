from typing import Any

from django.conf import settings
from rest_framework import serializers

from apps.sources.models import Article, ArticleVersion, Feed, FeedFetch, Publisher
from claimtrack.api.requests import MomentField, RequestSerializer


class SubmitArticleRequest(RequestSerializer):
    """An article: its text, or the address to fetch it from."""

    url = serializers.CharField(required=False, default="", allow_blank=True, max_length=2000)
    title = serializers.CharField(required=False, default="", allow_blank=True, max_length=1000)
    text = serializers.CharField(
        required=False,
        max_length=settings.MAX_ARTICLE_CHARACTERS,
        trim_whitespace=False,
        help_text="kept as sent; with a text nothing is fetched",
    )
    published_at = MomentField(required=False, allow_null=True, default=None, past_only=True)
    publisher = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=200, help_text="a name or a domain"
    )

    def validate_text(self, text: str) -> str:
        if not text.strip():
            raise serializers.ValidationError("The text is empty.", code="blank")
        return text

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "text" not in attrs and not attrs["url"].strip():
            message = "Give the text of the article, or the address to fetch it from."
            raise serializers.ValidationError({"text": [message]}, code="required")
        return attrs


class PublisherSerializer(serializers.Serializer[Publisher]):
    id = serializers.CharField()
    name = serializers.CharField()
    domains = serializers.ListField(child=serializers.CharField())


class VersionSerializer(serializers.Serializer[ArticleVersion]):
    number = serializers.IntegerField()
    title = serializers.CharField()
    origin = serializers.ChoiceField(ArticleVersion.Origin.choices)
    submitted_by = serializers.CharField(source="submitted_by.username", default=None, allow_null=True)
    fetched_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)
    reader = serializers.CharField()
    characters = serializers.SerializerMethodField()

    def get_characters(self, version: ArticleVersion) -> int:
        return len(version.text)


class ArticleSerializer(serializers.Serializer[Article]):
    """An article and where it is on its way."""

    id = serializers.CharField()
    state = serializers.ChoiceField(Article.State.choices)
    error = serializers.CharField()
    skipped = serializers.CharField(help_text="why a finished article was not read, for example its language")
    url = serializers.CharField()
    title = serializers.CharField()
    publisher = PublisherSerializer(allow_null=True)
    published_at = MomentField(allow_null=True)
    received_at = serializers.DateTimeField()
    language = serializers.CharField()
    story = serializers.CharField(source="cluster_id", allow_null=True, help_text="the same for copies of one another")
    confirmed_by = serializers.CharField(source="confirmed_by.username", default=None, allow_null=True)
    versions = VersionSerializer(source="versions_in_order", many=True)
    counts = serializers.SerializerMethodField()
    text = serializers.SerializerMethodField(
        required=False, help_text="of the newest version; only for those who may read the full text"
    )

    def get_text(self, article: Article) -> str:
        return article.versions_in_order[-1].text if article.versions_in_order else ""

    def to_representation(self, instance: Article) -> dict[str, Any]:
        shown = super().to_representation(instance)
        if not self.context.get("with_text"):
            del shown["text"]
        return shown

    def get_counts(self, article: Article) -> dict[str, int]:
        return {"versions": len(article.versions.all()), "statements": getattr(article, "statement_count", 0)}


class AddFeedRequest(RequestSerializer):
    url = serializers.CharField(max_length=2000)
    publisher = serializers.CharField(required=False, default="", allow_blank=True, max_length=200)


class FetchSerializer(serializers.Serializer[FeedFetch]):
    """One poll: seen = new + updated + unchanged + rejected."""

    fetched_at = serializers.DateTimeField()
    http_status = serializers.IntegerField(allow_null=True)
    seen = serializers.IntegerField()
    new = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    rejected = serializers.IntegerField()
    rejections = serializers.ListField(child=serializers.DictField())
    error = serializers.CharField()


class FeedSerializer(serializers.Serializer[Feed]):
    id = serializers.CharField()
    url = serializers.CharField()
    title = serializers.CharField()
    publisher = PublisherSerializer()
    state = serializers.ChoiceField(Feed.State.choices)
    interval_seconds = serializers.IntegerField()
    failures = serializers.IntegerField()
    last_fetch = serializers.SerializerMethodField()

    def get_last_fetch(self, feed: Feed) -> dict[str, Any] | None:
        newest = feed.fetches.order_by("-fetched_at").first()
        return FetchSerializer(newest).data if newest else None
