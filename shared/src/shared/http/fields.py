"""Fields of schemas that marshmallow does not have."""

import re
from typing import Any

from marshmallow import fields

from shared.timestamps import iso_millis

_DECIMAL = re.compile("-?[0-9]+")


class StrictBoolean(fields.Boolean):
    """``true`` or ``false``, and not whatever else could be taken for one."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class StrictInteger(fields.Integer):
    """A number without a fraction, ``3`` and ``3.0`` alike as in JSON Schema, and no text that says one."""

    def _validated(self, value: Any) -> int:
        if not isinstance(value, int | float) or value % 1:
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class StrictFloat(fields.Float):
    """A number, and no text that says one."""

    def _validated(self, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.make_error("invalid", input=value)
        return float(super()._validated(value))


class DecimalInteger(fields.Integer):
    """A number in a query or a form: ASCII digits, which may follow a ``-``, and not all that `int` takes."""

    def _validated(self, value: Any) -> int:
        if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class Time(fields.String):
    """A datetime, written in ISO 8601 in UTC with milliseconds and ``Z``."""

    def __init__(self, description: str, **kwargs: Any) -> None:
        example = {"description": description, "format": "date-time", "example": "2024-01-15T10:30:00.000Z"}
        super().__init__(metadata=example, required=True, **kwargs)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str:
        return iso_millis(value)
