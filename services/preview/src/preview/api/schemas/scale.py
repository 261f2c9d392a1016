"""The scale that a caller gives for pages of a job."""

import re
from math import dist
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from preview.domain.room import PAGE_SIDE
from preview.domain.scale import (
    MAX_LENGTH_M,
    MIN_LENGTH_M,
    MIN_LENGTH_UNITS,
    RATIO_PATTERN,
    GivenLength,
    GivenRatio,
    GivenScale,
    ScaleChange,
)
from shared.http.fields import StrictFloat

_NEITHER = "Give two points and the metres between them, or a ratio such as 1:100."
_COINCIDE = "The two points coincide. Give two that are apart."

_POINT = {
    "type": "array",
    "items": {"type": "number", "minimum": 0, "maximum": PAGE_SIDE},
    "minItems": 2,
    "maxItems": 2,
}
_LENGTH = {
    "type": "object",
    "properties": {
        "from": _POINT,
        "to": _POINT,
        "metres": {"type": "number", "minimum": MIN_LENGTH_M, "maximum": MAX_LENGTH_M},
    },
    "required": ["from", "to", "metres"],
    "additionalProperties": False,
}
_RATIO = {"type": "string", "pattern": RATIO_PATTERN}


def _point() -> fields.List[Any]:
    return fields.List(
        StrictFloat(validate=validate.Range(0, PAGE_SIDE)), required=True, validate=validate.Length(equal=2)
    )


_LengthSchema = ma.Schema.from_dict(
    {
        "from": _point(),
        "to": _point(),
        "metres": StrictFloat(required=True, validate=validate.Range(MIN_LENGTH_M, MAX_LENGTH_M)),
    },
    name="GivenLengthSchema",
)


class GivenScaleField(fields.Field[GivenScale]):
    """A length between two points, or a ratio such as ``1:100``."""

    def __init__(self) -> None:
        super().__init__(
            allow_none=True,
            metadata={
                "anyOf": [_LENGTH, _RATIO, {"type": "null"}],
                "description": "The scale, which goes before what is read of the page: the metres between "
                "two points in page coordinates that do not coincide, or, of a PDF, `1:100`. It is kept with "
                "the page until another is given; null forgets it.",
                "example": {"from": [100.0, 200.0], "to": [400.0, 200.0], "metres": 5.2},
            },
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> GivenScale:
        if isinstance(value, str):
            return self._ratio(value)
        if not isinstance(value, dict):
            raise ma.ValidationError(_NEITHER)
        length = _LengthSchema().load(value)
        (x_from, y_from), (x_to, y_to) = length["from"], length["to"]
        start, end = (x_from, y_from), (x_to, y_to)
        if dist(start, end) < MIN_LENGTH_UNITS:
            raise ma.ValidationError(_COINCIDE)
        return GivenLength(start, end, length["metres"])

    def _ratio(self, text: str) -> GivenRatio:
        if not re.fullmatch(RATIO_PATTERN, text):
            raise ma.ValidationError(_NEITHER)
        return GivenRatio.parsed(text)


class ScaleRequestSchema(ma.Schema):
    """``scale`` is a `ScaleChange`, and None where nothing is said of it."""

    scale = GivenScaleField()

    @ma.post_load
    def _change(self, wanted: dict[str, Any], **_: Any) -> dict[str, Any]:
        change = ScaleChange(wanted["scale"]) if "scale" in wanted else None
        return wanted | {"scale": change}
