"""What a request may hold: known fields and parameters, real dates, texts that are text."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django_filters import FilterSet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

CONTROL_PARAMETERS = frozenset({"cursor", "limit", "format"})


class RequestSerializer(serializers.Serializer[Any]):
    """The shape of a request: a field that is not in it is an error, never ignored."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = [name for name in data if name not in self.fields]
            if unknown:
                known = ", ".join(name for name, field in self.fields.items() if not field.read_only)
                raise ValidationError(
                    {
                        printable(name): [ErrorDetail(f"Unknown field; known are: {known}.", "unknown_field")]
                        for name in unknown
                    }
                )
        return super().to_internal_value(data)


@extend_schema_field(OpenApiTypes.DATETIME)
class MomentField(serializers.Field[datetime, Any, str, Any]):
    """A date or a date and time (ISO 8601); without a zone it is UTC, without a time the day's beginning."""

    default_error_messages = {
        "invalid": "This is no date: write 2019-03-01 or 2019-03-01T09:30:00Z.",
        "future": "This lies in the future.",
    }

    def __init__(self, *, past_only: bool = False, **kwargs: Any) -> None:
        self.past_only = past_only
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> datetime:
        moment = moment_of(data) if isinstance(data, str) else None
        if moment is None:
            self.fail("invalid")
        if self.past_only and moment > timezone.now() + timedelta(days=1):
            self.fail("future")
        return moment

    def to_representation(self, value: datetime) -> str:
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def moment_of(text: str) -> datetime | None:
    """The moment that an ISO 8601 date or date and time names, in UTC; None where it names none."""
    try:
        day = parse_date(text)
        moment = datetime.combine(day, time.min) if day else parse_datetime(text)
        if moment is None:
            return None
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def day_of(text: str) -> date | None:
    """The day that an ISO 8601 date names; None where it names none."""
    try:
        return parse_date(text)
    except ValueError:
        return None


def printable(text: str) -> str:
    """A text that can be put into an answer, whatever was sent (NUL and lone surrogates are escaped)."""
    return text if text.isprintable() else text.encode("unicode_escape", "backslashreplace").decode("ascii")


def check_parameters(request: Request, allowed: frozenset[str]) -> None:
    """Raise ValidationError for a query parameter that this address does not know, or that no text can be."""
    errors = {}
    for name, values in request.query_params.lists():
        if name not in allowed:
            known = ", ".join(sorted(allowed - {"format"})) or "none"
            errors[printable(name)] = [ErrorDetail(f"Unknown parameter; known are: {known}.", "unknown_parameter")]
        elif any("\x00" in value or not _encodes(value) for value in values):
            errors[name] = [ErrorDetail("NUL and lone surrogates are no text.", "not_text")]
        elif len(values) > 1:
            errors[name] = [ErrorDetail("Given more than once.", "given_twice")]
    if errors:
        raise ValidationError(errors)


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class StrictParameters:
    """A view that answers 400 to a query parameter it does not know."""

    parameters: frozenset[str] = frozenset()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        allowed = self.parameters | {"format"}
        filters = getattr(self, "filterset_class", None)
        if getattr(self, "action", None) == "list":
            allowed |= CONTROL_PARAMETERS
            if filters is not None and issubclass(filters, FilterSet):
                allowed |= frozenset(filters.base_filters)
        check_parameters(request, allowed)
