"""Every refusal as application/problem+json (RFC 9457)."""

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from claimtrack.errors import Conflict, DomainError, Gone, NotFound

PROBLEM = "application/problem+json"

_STATUS_OF = (
    (NotFound, HTTPStatus.NOT_FOUND),
    (Conflict, HTTPStatus.CONFLICT),
    (Gone, HTTPStatus.GONE),
    (DomainError, HTTPStatus.BAD_REQUEST),
)


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """A refusal with a stable type, the fields at fault, and a sentence that helps; None for an error of our own."""
    if isinstance(error, DomainError):
        set_rollback()
        status = next(status for kind, status in _STATUS_OF if isinstance(error, kind))
        fields = [{"field": error.field, "code": error.code, "message": error.message}] if error.field else []
        return _problem(status, error.code, error.message, fields)
    if isinstance(error, OperationalError):
        set_rollback()
        return _problem(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "unavailable",
            "The database does not answer; try again.",
            [],
            {"Retry-After": "5"},
        )
    response = exception_handler(error, context)
    if response is None:
        return None
    headers = {name: response[name] for name in ("WWW-Authenticate", "Retry-After") if name in response}
    status = HTTPStatus(response.status_code)
    if isinstance(error, ValidationError):
        fields = list(_flat(error.detail))
        detail = "; ".join(f"{one['field']}: {one['message']}" if one["field"] else one["message"] for one in fields)
        return _problem(status, "invalid", detail, fields, headers)
    if isinstance(error, Http404):
        return _problem(status, "not_found", "There is nothing at this address.", [], headers)
    if isinstance(error, PermissionDenied):
        return _problem(status, "forbidden", "Your token has no right to do this.", [], headers)
    code = error.get_codes() if isinstance(error, APIException) else "error"
    return _problem(
        status, code if isinstance(code, str) else "error", str(getattr(error, "detail", error)), [], headers
    )


def problem(status: HTTPStatus, code: str, detail: str, errors: Sequence[Mapping[str, str]] = ()) -> dict[str, Any]:
    """The body of a refusal."""
    body: dict[str, Any] = {
        "type": f"urn:claimtrack:problem:{code}",
        "title": status.phrase,
        "status": int(status),
        "detail": detail,
    }
    return {**body, "errors": list(errors)} if errors else body


def _problem(
    status: HTTPStatus, code: str, detail: str, errors: list[dict[str, str]], headers: dict[str, str] | None = None
) -> Response:
    return Response(problem(status, code, detail, errors), status=int(status), headers=headers, content_type=PROBLEM)


def _flat(detail: Any, field: str = "") -> Iterator[dict[str, str]]:
    """The errors of a request, one for each field at fault, a nested one as `evidence[0].url`."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            inner_field = f"{field}[{name}]" if isinstance(name, int) else f"{field}.{name}" if field else str(name)
            yield from _flat(inner, "" if name == "non_field_errors" and not field else inner_field)
    elif isinstance(detail, list) and any(isinstance(one, Mapping | list) for one in detail):
        for position, inner in enumerate(detail):
            yield from _flat(inner, f"{field}[{position}]")
    elif isinstance(detail, list):
        for one in detail:
            yield {"field": field, "code": getattr(one, "code", "invalid"), "message": str(one)}
    else:
        yield {"field": field, "code": getattr(detail, "code", "invalid"), "message": str(detail)}
