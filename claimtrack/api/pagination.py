"""Lists, page by page."""

from typing import Any

from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

MAX_PAGE = 200


class KeysetPagination(CursorPagination):
    """Pages by the key of the last row: no offset, no count."""

    page_size = 20
    max_page_size = MAX_PAGE
    page_size_query_param = "limit"
    ordering = "-id"
    invalid_cursor_message = "This cursor is none that this list gave out."

    def get_page_size(self, request: Request) -> int:
        text = request.query_params.get("limit")
        if text is None:
            return self.page_size
        if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MAX_PAGE:
            raise ValidationError({"limit": [ErrorDetail(f"A number from 1 to {MAX_PAGE}.", "invalid")]})
        return int(text)

    def decode_cursor(self, request: Request) -> Any:
        try:
            return super().decode_cursor(request)
        except Exception as error:
            raise ValidationError(
                {"cursor": [ErrorDetail(str(self.invalid_cursor_message), "invalid_cursor")]}
            ) from error

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"results": data, "next": self.get_next_link()})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["results", "next"],
            "properties": {
                "results": schema,
                "next": {"type": "string", "format": "uri", "nullable": True, "description": "the next page"},
            },
        }
