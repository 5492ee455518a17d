from http import HTTPStatus

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from apps.accounts.models import Scope
from apps.accounts.permissions import Administrator, Reader, Reviewer, Submitter, scopes_of, user_of
from apps.events.log import recording
from apps.sources.filters import ArticleFilter, PublisherFilter
from apps.sources.models import Article, Feed, Publisher
from apps.sources.serializers import (
    AddFeedRequest,
    ArticleSerializer,
    FeedSerializer,
    PublisherSerializer,
    SubmitArticleRequest,
)
from apps.sources.services.articles import Fate, confirm_article, submit_article
from apps.sources.services.feeds import add_feed, poll_soon
from claimtrack.api.requests import StrictParameters

ID = "[0-9]{1,18}"
READS_TEXT = frozenset({Scope.SUBMIT, Scope.REVIEW, Scope.JUDGE})


@extend_schema(tags=["articles"])
class ArticleViewSet(
    StrictParameters, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Article]
):
    """Articles, and where each is on its way to having its claims followed."""

    queryset = Article.objects.with_details()
    serializer_class = ArticleSerializer
    filterset_class = ArticleFilter
    lookup_value_regex = ID

    def get_permissions(self) -> list[BasePermission]:
        return [{"create": Submitter, "confirm": Reviewer}.get(self.action, Reader)()]

    def get_serializer_context(self) -> dict[str, object]:
        with_text = self.action == "retrieve" and bool(scopes_of(self.request) & READS_TEXT)
        return {**super().get_serializer_context(), "with_text": with_text}

    @extend_schema(
        request=SubmitArticleRequest,
        responses={
            200: OpenApiResponse(ArticleSerializer, "known already; nothing is to be done"),
            202: OpenApiResponse(ArticleSerializer, "taken in: a new article, or a new version of a known one"),
        },
    )
    def create(self, request: Request) -> Response:
        """Submit an article, by its text or by its address."""
        form = SubmitArticleRequest(data=request.data)
        form.is_valid(raise_exception=True)
        with recording() as record:
            submission = record(submit_article(by=user_of(request), **form.validated_data))
        status = HTTPStatus.OK if submission.fate is Fate.SAME else HTTPStatus.ACCEPTED
        article = self.get_queryset().get(pk=submission.article.pk)
        location = reverse("article-detail", [article.pk], request=request)
        return Response(self.get_serializer(article).data, status=status, headers={"Location": location})

    @extend_schema(request=None, responses=ArticleSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """Say that a submitted text is what its publisher wrote: it then counts as a story of its own."""
        with recording() as record:
            record(confirm_article(article_id=self.get_object().pk, by=user_of(request)))
        return Response(self.get_serializer(self.get_object()).data)


@extend_schema(tags=["sources"])
class PublisherViewSet(
    StrictParameters, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Publisher]
):
    """Who publishes articles."""

    queryset = Publisher.objects.all()
    serializer_class = PublisherSerializer
    filterset_class = PublisherFilter
    lookup_value_regex = ID


@extend_schema(tags=["sources"])
class FeedViewSet(StrictParameters, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Feed]):
    """The addresses that are polled on a timetable."""

    queryset = Feed.objects.select_related("publisher")
    serializer_class = FeedSerializer
    lookup_value_regex = ID

    def get_permissions(self) -> list[BasePermission]:
        return [Reader() if self.action in ("list", "retrieve") else Administrator()]

    @extend_schema(
        request=AddFeedRequest,
        responses={
            200: OpenApiResponse(FeedSerializer, "polled already"),
            201: OpenApiResponse(FeedSerializer, "added; its first poll is due now"),
        },
    )
    def create(self, request: Request) -> Response:
        """Add a feed."""
        form = AddFeedRequest(data=request.data)
        form.is_valid(raise_exception=True)
        with recording() as record:
            added = record(add_feed(**form.validated_data))
        status = HTTPStatus.CREATED if added.is_new else HTTPStatus.OK
        return Response(self.get_serializer(added.feed).data, status=status)

    @extend_schema(request=None, responses={202: FeedSerializer})
    @action(detail=True, methods=["post"])
    def poll(self, request: Request, pk: str) -> Response:
        """Poll a feed now; one that was stopped is taken up again."""
        with recording() as record:
            feed = record(poll_soon(feed_id=self.get_object().pk))
        return Response(self.get_serializer(feed).data, status=HTTPStatus.ACCEPTED)
