from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.events.feed import read_changes
from apps.events.serializers import ChangesQuery, ChangesSerializer
from claimtrack.api.requests import StrictParameters

_COLUMN_OF = {"kind": "kind", "claim": "claim_id", "article": "article_id", "speaker": "speaker_id"}


class ChangesView(StrictParameters, APIView):
    """Everything that happens, in order. Remember the cursor and ask again: nothing is missed, nothing twice."""

    parameters = frozenset({"cursor", "limit", *_COLUMN_OF})

    @extend_schema(parameters=[ChangesQuery], responses=ChangesSerializer, tags=["changes"])
    def get(self, request: Request) -> Response:
        """What happened after the cursor."""
        query = ChangesQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        filters = {column: asked[name] for name, column in _COLUMN_OF.items() if name in asked}
        page = read_changes(cursor=asked["cursor"], filters=filters, limit=asked["limit"])
        answer = {"results": page.events, "cursor": page.cursor, "has_more": page.has_more}
        return Response(ChangesSerializer(answer).data)
