"""Lists that say where to go on following."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from apps.events.feed import newest_cursor
from claimtrack.api.pagination import KeysetPagination


class FollowablePagination(KeysetPagination):
    """A page of a list with the cursor of the change feed, taken before the read: nothing falls between the two."""

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Sequence[Any], request: Request, view: Any = None
    ) -> list[Any] | None:
        self.changes_cursor = newest_cursor()
        return super().paginate_queryset(queryset, request, view)

    def get_paginated_response(self, data: Any) -> Response:
        response = super().get_paginated_response(data)
        response.data["changes_cursor"] = self.changes_cursor
        return response

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        page = super().get_paginated_response_schema(schema)
        page["required"].append("changes_cursor")
        page["properties"]["changes_cursor"] = {
            "type": "string",
            "description": "where to begin reading /api/v1/changes/ to hear of what comes after this read",
        }
        return page


class InOrderPagination(FollowablePagination):
    """The oldest first: for what has an order of its own, such as the statements of one article."""

    ordering = "id"
