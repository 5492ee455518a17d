from http import HTTPStatus
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.permissions import AllowAny, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.models import Scope
from apps.accounts.permissions import Judge, Reader, Reviewer, scopes_of, user_of
from apps.claims.filters import ClaimFilter, LinkFilter
from apps.claims.history import AsKnown
from apps.claims.models import Claim, ClaimRevision, Evidence, HistoryEntry, Link, Redaction, StatusChange, Topic
from apps.claims.quality import matcher_quality, reader_quality
from apps.claims.record import record_of
from apps.claims.serializers import (
    AcceptLinkRequest,
    ChangeStatusRequest,
    ClaimSerializer,
    CreateClaimRequest,
    HistorySerializer,
    LinkSerializer,
    MergeRequest,
    QualitySerializer,
    RecordSerializer,
    RejectLinkRequest,
    ReviewedRequest,
    ReviseClaimRequest,
    SimilarClaimsQuery,
    SimilarClaimsSerializer,
    SplitRequest,
    StatusChangeSerializer,
    TimelineSerializer,
    TopicSerializer,
    TopicsSerializer,
)
from apps.claims.services.judging import change_status
from apps.claims.services.looking_up import look_up_claims
from apps.claims.services.regrouping import merge_claims, split_claim, undo_regrouping
from apps.claims.services.review import accept_link, reject_link, undo_link
from apps.claims.services.topics import set_topics, topics_of
from apps.claims.services.tracking import Author, Wording, adopt_claim, create_claim, revise_claim
from apps.claims.services.watching import review_claim
from apps.claims.then import as_known, claims_then, in_family, shown_then
from apps.claims.timeline import history, timeline
from apps.events.feed import newest_cursor
from apps.events.log import recording
from apps.events.pagination import FollowablePagination
from apps.sources.views import ID
from apps.statements.models import Speaker
from claimtrack.api.requests import StrictParameters, day_of, moment_of
from claimtrack.extraction.attribution import Kind
from claimtrack.matching.stance import Stance

_PERMISSION_OF = {
    "create": Reviewer,
    "partial_update": Reviewer,
    "status_changes": Judge,
    "reviewed": Reviewer,
    "merge": Reviewer,
    "split": Reviewer,
    "undo": Reviewer,
    "list": AllowAny,
    "retrieve": AllowAny,
    "timeline": AllowAny,
    "history": AllowAny,
    "links": AllowAny,
}
_THEN = frozenset({"as_of", "known_at"})
_PARAMETERS_OF = {
    "list": _THEN,
    "retrieve": _THEN,
    "timeline": _THEN,
    "similar": frozenset({"text", "speaker", "said_on", "limit"}),
}
_TYPE_OF: dict[type[HistoryEntry], str] = {
    ClaimRevision: "revision",
    StatusChange: "status_change",
    Redaction: "redaction",
}
THEN = [
    OpenApiParameter("as_of", OpenApiTypes.DATE, description="the claim as it stood on that day"),
    OpenApiParameter("known_at", OpenApiTypes.DATETIME, description="as it was known at that moment"),
]


@extend_schema(tags=["claims"])
class ClaimViewSet(StrictParameters, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Claim]):
    """Claims and their history. They change only through the actions below; without a token, the tracked ones show."""

    queryset = Claim.objects.with_details()
    serializer_class = ClaimSerializer
    filterset_class = ClaimFilter
    lookup_value_regex = ID

    @property
    def parameters(self) -> frozenset[str]:  # type: ignore[override]
        return _PARAMETERS_OF.get(self.action, frozenset())

    def get_permissions(self) -> list[BasePermission]:
        return [_PERMISSION_OF.get(self.action, Reader)()]

    def get_queryset(self) -> QuerySet[Claim]:
        claims = Claim.objects.with_details()
        seen = claims if Scope.READ in scopes_of(self.request) else claims.public()
        if self.action != "list":
            return seen
        standing: QuerySet[Claim] = claims_then(seen, then_of(self.request)).filter(then_root=None)
        return standing

    @extend_schema(parameters=THEN)
    def list(self, request: Request) -> Response:
        """Claims, today or on another day, as known now or at another moment: the filters too are of that day."""
        then = then_of(request)
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        shown = [shown_then(claim, then) for claim in page or ()]
        return self.get_paginated_response(self.get_serializer(shown, many=True).data)

    @extend_schema(parameters=THEN)
    def retrieve(self, request: Request, pk: str) -> Response:
        """One claim, today or on another day, as known now or at another moment. 404 where it was not yet said."""
        return Response(self.get_serializer(as_known(self.get_object(), then_of(request))).data)

    @extend_schema(parameters=[SimilarClaimsQuery], responses=SimilarClaimsSerializer)
    @action(detail=False, pagination_class=None, filterset_class=None)
    def similar(self, request: Request) -> Response:
        """Which known claims say this? The likeliest first, as they are today, whatever their stage and status."""
        query = SimilarClaimsQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        family = list(Speaker.objects.all().family_of(asked["speaker"])) if "speaker" in asked else []
        if "speaker" in asked and not family:
            raise ValidationError({"speaker": [ErrorDetail("There is no such speaker.", "not_found")]})
        cursor = newest_cursor()
        found = look_up_claims(
            asked["text"],
            speaker_ids=[speaker.pk for speaker in family],
            said_on=asked.get("said_on"),
            without=[name for speaker in family for name in speaker.names],
        )[: asked["limit"]]
        claims = Claim.objects.with_details().filter(pk__in=[one.claim_id for one in found])
        shown = {claim.pk: shown_then(claim) for claim in claims_then(claims)}
        results = [{"claim": shown[one.claim_id], "similarity": one.similarity} for one in found]
        answer = {"results": results, "changes_cursor": cursor}
        return Response(SimilarClaimsSerializer(answer).data)

    @extend_schema(request=CreateClaimRequest, responses={201: ClaimSerializer})
    def create(self, request: Request) -> Response:
        """Make a claim by hand; it is tracked from the start."""
        form = CreateClaimRequest(data=request.data)
        form.is_valid(raise_exception=True)
        given = form.validated_data
        speakers = list(Speaker.objects.filter(pk__in=given.pop("speakers")))
        if len(speakers) < len(set(form.initial_data["speakers"])):
            raise ValidationError({"speakers": [ErrorDetail("There is no such speaker.", "not_found")]})
        wording = Wording(**{**given, "kind": Kind(given["kind"])})
        with recording() as record:
            claim = record(create_claim(wording=wording, speakers=speakers, by=Author.person(user_of(request))))
        return Response(self._shown(claim.pk), status=HTTPStatus.CREATED)

    @extend_schema(request=ReviseClaimRequest, responses=ClaimSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Take a claim up (`stage: tracked`), set its topics, or change what it says; what it said stays on record."""
        form = ReviseClaimRequest(data=request.data)
        form.is_valid(raise_exception=True)
        changes = dict(form.validated_data)
        reason, stage, topics = changes.pop("reason"), changes.pop("stage", None), changes.pop("topics", None)
        claim, user = self.get_object(), user_of(request)
        with recording() as record:
            if stage:
                record(adopt_claim(claim_id=claim.pk, by=user))
            if topics is not None:
                record(set_topics(claim_id=claim.pk, slugs=topics, by=user))
            if changes:
                record(revise_claim(claim_id=claim.pk, changes=changes, reason=reason, by=Author.person(user)))
        return Response(self._shown(claim.pk))

    @extend_schema(request=ChangeStatusRequest, responses={201: StatusChangeSerializer})
    @action(detail=True, methods=["post"], url_path="status-changes", pagination_class=None, filterset_class=None)
    def status_changes(self, request: Request, pk: str) -> Response:
        """Judge a claim, on evidence. Answers 409 when it has that status already."""
        form = ChangeStatusRequest(data=request.data)
        form.is_valid(raise_exception=True)
        with recording() as record:
            change = record(
                change_status(claim_id=self.get_object().pk, judgement=form.judgement(), by=user_of(request))
            )
        shown = (
            StatusChange.objects.select_related("corrects")
            .prefetch_related(Prefetch("evidence", Evidence.objects.with_stories()))
            .get(pk=change.pk)
        )
        return Response(StatusChangeSerializer(shown).data, status=HTTPStatus.CREATED)

    @extend_schema(responses=TopicsSerializer)
    @action(detail=True, pagination_class=None, filterset_class=None)
    def topics(self, request: Request, pk: str) -> Response:
        """The topics of the claim, and those that it may belong to."""
        return Response(TopicsSerializer(topics_of(self.get_object())).data)

    @extend_schema(request=ReviewedRequest, responses=ClaimSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def reviewed(self, request: Request, pk: str) -> Response:
        """Say that you looked at the claim and nothing changed; it is stale no more."""
        form = ReviewedRequest(data=request.data)
        form.is_valid(raise_exception=True)
        claim, by = self.get_object(), user_of(request)
        with recording() as record:
            record(review_claim(claim_id=claim.pk, by=by, **form.validated_data))
        return Response(self._shown(claim.pk))

    @extend_schema(request=MergeRequest, responses=ClaimSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def merge(self, request: Request, pk: str) -> Response:
        """Let another claim stand for this one: it shows both from now on. Answers 409 where it is merged already."""
        form = MergeRequest(data=request.data)
        form.is_valid(raise_exception=True)
        given = form.validated_data
        claim, by = self.get_object(), user_of(request)
        with recording() as record:
            record(merge_claims(claim_id=claim.pk, into_id=given["into"], reason=given["reason"], by=by))
        return Response(self._shown(claim.pk))

    @extend_schema(request=SplitRequest, responses={201: ClaimSerializer})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def split(self, request: Request, pk: str) -> Response:
        """Make a claim of its own of some of what bears on this one; answers with the new claim."""
        form = SplitRequest(data=request.data)
        form.is_valid(raise_exception=True)
        given = form.validated_data
        split_off = {"link_ids": given["links"], "statement_ids": given["statements"], "wording": form.wording()}
        claim, by = self.get_object(), user_of(request)
        with recording() as record:
            made = record(split_claim(claim_id=claim.pk, **split_off, reason=given["reason"], by=by))
        return Response(self._shown(made.pk), status=HTTPStatus.CREATED)

    @extend_schema(request=None, responses=ClaimSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def undo(self, request: Request, pk: str) -> Response:
        """Take back the newest merge or split of this claim. Answers 409 where there is none."""
        claim, by = self.get_object(), user_of(request)
        with recording() as record:
            record(undo_regrouping(claim_id=claim.pk, by=by))
        return Response(self._shown(claim.pk))

    @extend_schema(parameters=THEN, responses=TimelineSerializer)
    @action(detail=True, pagination_class=None, filterset_class=None)
    def timeline(self, request: Request, pk: str) -> Response:
        """All that happened to the claim in one dated list: statements, status changes, revisions."""
        cursor, then, claim = newest_cursor(), then_of(request), self.get_object()
        as_known(claim, then)
        entries = timeline(claim, with_suggested=Scope.READ in scopes_of(request), then=then)
        return Response(TimelineSerializer({"results": entries, "changes_cursor": cursor}).data)

    @extend_schema(responses=HistorySerializer)
    @action(detail=True, pagination_class=None, filterset_class=None)
    def history(self, request: Request, pk: str) -> Response:
        """The claim's chain of revisions, status changes and redactions, each with its hash."""
        cursor, claim = newest_cursor(), self.get_object()
        entries = history(Claim.objects.with_history().get(pk=claim.pk))
        results = [{"type": _TYPE_OF[type(entry)], _TYPE_OF[type(entry)]: entry} for entry in entries]
        head = bytes(entries[-1].hash).hex()
        answer = {"uid": str(claim.uid), "head": head, "results": results, "changes_cursor": cursor}
        return Response(HistorySerializer(answer).data)

    @extend_schema(responses=LinkSerializer(many=True))
    @action(detail=True, filterset_class=None, pagination_class=FollowablePagination)
    def links(self, request: Request, pk: str) -> Response:
        """What bears on the claim; without a token, the accepted links."""
        links = Link.objects.with_details().unrefused().filter(in_family("claim_id", self.get_object().pk))
        if Scope.READ not in scopes_of(request):
            links = links.filter(state=Link.State.ACCEPTED)
        page: Any = self.paginate_queryset(links)  # type: ignore[arg-type]
        return self.get_paginated_response(LinkSerializer(page, many=True).data)

    def _shown(self, claim_id: int) -> dict[str, Any]:
        return ClaimSerializer(as_known(Claim(pk=claim_id))).data


@extend_schema(tags=["claims"])
class TopicViewSet(StrictParameters, mixins.ListModelMixin, viewsets.GenericViewSet[Topic]):
    """What claims are about: a short list that people keep in the admin."""

    queryset = Topic.objects.all()
    serializer_class = TopicSerializer
    permission_classes = (AllowAny,)


@extend_schema(tags=["review"])
class LinkViewSet(StrictParameters, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Link]):
    """The review queue: what the machine suggests (`?state=suggested`), and what was decided."""

    queryset = Link.objects.with_details()
    serializer_class = LinkSerializer
    filterset_class = LinkFilter
    lookup_value_regex = ID

    def get_permissions(self) -> list[BasePermission]:
        return [Reader() if self.action in ("list", "retrieve") else Reviewer()]

    @extend_schema(request=AcceptLinkRequest, responses=LinkSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """Accept the link, as suggested or with another stance, or confirm what the machine accepted.

        Answers 409 where a person accepted it already.
        """
        form = AcceptLinkRequest(data=request.data)
        form.is_valid(raise_exception=True)
        stance = Stance(form.validated_data["stance"]) if "stance" in form.validated_data else None
        with recording() as record:
            record(accept_link(link_id=self.get_object().pk, by=user_of(request), stance=stance))
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=RejectLinkRequest, responses=LinkSerializer)
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, pk: str) -> Response:
        """Reject the link, for every copy of the quotation. Answers 409 where it is rejected already."""
        form = RejectLinkRequest(data=request.data)
        form.is_valid(raise_exception=True)
        because = form.validated_data["because"]
        link, by = self.get_object(), user_of(request)
        with recording() as record:
            record(reject_link(link_id=link.pk, by=by, because=Link.Rejection(because) if because else None))
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=None, responses=LinkSerializer)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """Take the decision back: the link waits for review again."""
        with recording() as record:
            record(undo_link(link_id=self.get_object().pk, by=user_of(request)))
        return Response(self.get_serializer(self.get_object()).data)


class SpeakerRecordView(StrictParameters, APIView):
    """What became of somebody's claims: the tracked ones, which everybody may see."""

    permission_classes = (AllowAny,)
    parameters = frozenset({"as_of", "known_at"})

    @extend_schema(
        parameters=[OpenApiParameter("id", OpenApiTypes.STR, "path"), *THEN],
        responses=RecordSerializer,
        tags=["speakers"],
    )
    def get(self, request: Request, pk: str) -> Response:
        """Claims by outcome, year by year, and where the speaker contradicted or revised a claim of their own."""
        speaker = get_object_or_404(Speaker.objects.with_names(), pk=pk)
        return Response(RecordSerializer(record_of(speaker, then_of(request))).data)


class QualityView(StrictParameters, APIView):
    """How often reader and matcher were right, of what people reviewed."""

    permission_classes = (Reviewer,)

    @extend_schema(responses=QualitySerializer, tags=["review"])
    def get(self, request: Request) -> Response:
        """By version, stance and band of the score, with 95 % intervals."""
        return Response(QualitySerializer({"matcher": matcher_quality(), "reader": reader_quality()}).data)


def then_of(request: Request) -> AsKnown:
    """The day and the moment that a request asks of. Raises ValidationError."""
    errors: dict[str, list[ErrorDetail]] = {}
    as_of, known_at = request.query_params.get("as_of"), request.query_params.get("known_at")
    day = day_of(as_of) if as_of is not None else None
    moment = moment_of(known_at) if known_at is not None else None
    if as_of is not None and day is None:
        errors["as_of"] = [ErrorDetail("This is no day: write 2019-03-01.", "invalid")]
    if known_at is not None and moment is None:
        errors["known_at"] = [ErrorDetail("This is no moment: write 2019-03-01T09:30:00Z.", "invalid")]
    if errors:
        raise ValidationError(errors)
    return AsKnown(day, moment)
