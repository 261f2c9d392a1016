"""Values as DynamoDB's low-level API wants them: ``{"S": "text"}``, ``{"N": "1"}``."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared.timestamps import iso_millis, parse_iso

Item = dict[str, dict[str, Any]]


Value = str | int | datetime | tuple[str, ...]


def item_of(values: Mapping[str, Value | None]) -> Item:
    """An item of these attributes; None is left out, times are written as ISO 8601."""
    return {name: _attribute(value) for name, value in values.items() if value is not None}


def text(item: Item, name: str) -> str | None:
    attribute = item.get(name)
    return attribute["S"] if attribute else None


def texts(item: Item, name: str) -> tuple[str, ...]:
    attribute = item.get(name)
    return tuple(each["S"] for each in attribute["L"]) if attribute else ()


def moment(item: Item, name: str) -> datetime | None:
    written = text(item, name)
    return parse_iso(written) if written else None


def epoch(moment: datetime) -> int:
    """Seconds since 1970, as DynamoDB's TTL attribute counts."""
    return int(moment.timestamp())


def expired(item: Item, now: datetime) -> bool:
    """Whether the item is past its TTL; DynamoDB deletes it some hours or days later."""
    return int(item["expires_at"]["N"]) <= now.timestamp()


def _attribute(value: Value) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int):
        return {"N": str(value)}
    if isinstance(value, tuple):
        return {"L": [{"S": each} for each in value]}
    return {"S": iso_millis(value) if isinstance(value, datetime) else value}
