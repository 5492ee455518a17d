from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.permissions import Reader, Reviewer, user_of
from apps.events.log import recording
from apps.events.pagination import InOrderPagination
from apps.sources.models import Article
from apps.sources.views import ID
from apps.statements.filters import ArticleStatementFilter, SpeakerFilter, StatementFilter
from apps.statements.models import Speaker, Statement
from apps.statements.serializers import MergeSpeakerRequest, SpeakerDetailSerializer, StatementSerializer
from apps.statements.services.merging import merge_speakers, undo_speaker_merge
from claimtrack.api.requests import StrictParameters


@extend_schema(tags=["statements"])
class StatementViewSet(
    StrictParameters, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Statement]
):
    """What was said, by whom, and through whom it is known."""

    queryset = Statement.objects.with_details()
    serializer_class = StatementSerializer
    filterset_class = StatementFilter
    lookup_value_regex = ID


@extend_schema(tags=["articles"])
@extend_schema_view(
    list=extend_schema(
        parameters=[
            OpenApiParameter("article_id", OpenApiTypes.STR, "path"),
            OpenApiParameter("version", OpenApiTypes.INT, description="the number of a version; else the newest"),
        ]
    )
)
class ArticleStatementsViewSet(StrictParameters, mixins.ListModelMixin, viewsets.GenericViewSet[Statement]):
    """The statements of one article, in the order in which they were found."""

    queryset = Statement.objects.none()
    serializer_class = StatementSerializer
    filterset_class = ArticleStatementFilter
    pagination_class = InOrderPagination
    parameters = frozenset({"version"})

    def get_queryset(self) -> QuerySet[Statement]:
        article = get_object_or_404(Article, pk=self.kwargs["article_id"])
        statements = Statement.objects.with_details().filter(article=article)
        if version := self._version():
            there = statements.filter(spans__version__number=version).distinct()
            return there.exclude(state=Statement.State.SUPERSEDED)
        return statements.filter(state=Statement.State.CURRENT)

    def get_serializer_context(self) -> dict[str, object]:
        return {**super().get_serializer_context(), "version": self._version()}

    def _version(self) -> int | None:
        text = self.request.query_params.get("version") if self.request else None
        if text is None:
            return None
        if not text.isascii() or not text.isdigit() or not 0 < len(text) < 10:
            raise ValidationError({"version": [ErrorDetail("The number of a version, from 1.", "invalid")]})
        return int(text)


@extend_schema(tags=["speakers"])
class SpeakerViewSet(
    StrictParameters, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Speaker]
):
    """Who makes claims. A list shows who stands for themselves; one who was merged answers with `merged_into`."""

    queryset = Speaker.objects.with_names()
    serializer_class = SpeakerDetailSerializer
    filterset_class = SpeakerFilter
    lookup_value_regex = ID

    def get_permissions(self) -> list[BasePermission]:
        return [Reviewer() if self.action in ("merge", "undo") else Reader()]

    def get_queryset(self) -> QuerySet[Speaker]:
        speakers = Speaker.objects.with_names().prefetch_related("roles")
        return speakers.standing() if self.action == "list" else speakers

    @extend_schema(request=MergeSpeakerRequest, responses=SpeakerDetailSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def merge(self, request: Request, pk: str) -> Response:
        """Let another speaker stand for this one, who is the same. Answers 409 where they are merged already."""
        form = MergeSpeakerRequest(data=request.data)
        form.is_valid(raise_exception=True)
        given = form.validated_data
        speaker, by = self.get_object(), user_of(request)
        with recording() as record:
            record(merge_speakers(speaker_id=speaker.pk, into_id=given["into"], reason=given["reason"], by=by))
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=None, responses=SpeakerDetailSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def undo(self, request: Request, pk: str) -> Response:
        """Let the speaker stand for themselves again. Answers 409 where they are merged into nobody."""
        speaker, by = self.get_object(), user_of(request)
        with recording() as record:
            record(undo_speaker_merge(speaker_id=speaker.pk, by=by))
        return Response(self.get_serializer(self.get_object()).data)
