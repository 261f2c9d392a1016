"""Timestamps as the services write them: aware datetimes in UTC, ISO 8601 with milliseconds and ``Z``."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    return datetime.now(UTC)


def iso_millis(moment: datetime) -> str:
    """``2024-01-15T10:30:00.000Z``; ``moment`` must be aware."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_iso(text: str) -> datetime:
    """Read what `iso_millis` wrote. Raises ValueError for anything that is not ISO 8601 with a zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time needs a zone, such as Z")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("a time must lie in the years 1 to 9999, also in UTC") from None
