"""Moments as feeds and pages write them."""

from datetime import UTC, datetime

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)  # what lies before is how programs write "no date"


def read_moment(written: object) -> datetime | None:
    """Read an ISO date or moment as UTC; None for what is neither. Without a time zone it counts as UTC."""
    try:
        moment = datetime.fromisoformat(str(written).strip())
        return not_too_early(moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC))
    except (ValueError, OverflowError):
        return None


def not_too_early(moment: datetime) -> datetime | None:
    """Give the moment back, or None where it can only stand for none."""
    return moment if moment >= EARLIEST else None
