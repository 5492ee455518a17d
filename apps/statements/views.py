from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.exceptions import ErrorDetail, ValidationError

from apps.events.pagination import InOrderPagination
from apps.sources.models import Article
from apps.sources.views import ID
from apps.statements.filters import ArticleStatementFilter, SpeakerFilter, StatementFilter
from apps.statements.models import Speaker, Statement
from apps.statements.serializers import SpeakerSerializer, StatementSerializer
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
            return statements.filter(spans__version__number=version).distinct()
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
    """Who makes claims."""

    queryset = Speaker.objects.all()
    serializer_class = SpeakerSerializer
    filterset_class = SpeakerFilter
    lookup_value_regex = ID
