"""Values and dataclasses as items of DynamoDB's low-level API, ``{"S": "text"}``, and back.

cattrs turns a dataclass into plain values, boto3's serialisers turn those into attributes. A time is written
as ISO 8601 text, unless a field is declared as `EPOCH`, and a float as the decimal that it prints as. Absent
values (None, an empty tuple) are left out.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from shared.timestamps import iso_millis, parse_iso

Item = dict[str, dict[str, Any]]
T = TypeVar("T")

_serializer, _deserializer = TypeSerializer(), TypeDeserializer()

converter = Converter()

converter.register_unstructure_hook(datetime, iso_millis)
converter.register_structure_hook(datetime, lambda text, _: parse_iso(text))
converter.register_unstructure_hook(float, lambda number: Decimal(str(number)))


def epoch(moment: datetime) -> int:
    """Seconds since 1970, as DynamoDB's TTL attribute counts."""
    return int(moment.timestamp())


def from_epoch(seconds: Any, _: Any = None) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)


EPOCH = override(unstruct_hook=epoch, struct_hook=from_epoch)


def map_fields(
    of: type[T], **overrides: Any
) -> tuple[Callable[[T], dict[str, Any]], Callable[[Mapping[str, Any]], T]]:
    """Register how a dataclass is stored, one value for each field, and return both ways."""
    unstructure = make_dict_unstructure_fn(of, converter, **overrides)
    structure = make_dict_structure_fn(of, converter, **overrides)
    converter.register_unstructure_hook(of, unstructure)
    converter.register_structure_hook(of, structure)
    return unstructure, lambda values: structure(values, of)


def attributes(values: Mapping[str, Any]) -> Item:
    """Each value in DynamoDB's form, also for keys and for the values of expressions."""
    plain = _without_absent(converter.unstructure(dict(values)))
    return {name: _serializer.serialize(value) for name, value in plain.items()}


def to_item(value: Any) -> Item:
    """A dataclass as an item."""
    return attributes(converter.unstructure(value))


def plain_values(item: Mapping[str, Any]) -> dict[str, Any]:
    """An item's values; numbers are Decimal."""
    return {name: _deserializer.deserialize(attribute) for name, attribute in item.items()}


def from_item(item: Mapping[str, Any], into: type[T]) -> T:
    """What `to_item` wrote; attributes that ``into`` does not know are ignored."""
    return converter.structure(plain_values(item), into)


def expired(item: Item, now: datetime) -> bool:
    """Whether the item is past its TTL; DynamoDB deletes it some hours or days later."""
    return int(item["expires_at"]["N"]) <= now.timestamp()


def _without_absent(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _without_absent(value) if isinstance(value, dict) else value
        for name, value in values.items()
        if value not in (None, (), [])
    }
