"""Fields that several resources have, and how the documentation describes them."""

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from preview.domain.blueprint import MAX_PAGES
from preview.domain.job import JOB_ID_PATTERN
from shared.http.fields import DecimalInteger

JOB_ID_EXAMPLE = "job_20240115103000_k3v9q2m4d8x1z"
JOB_ID_PARAMETER = {
    "in": "path",
    "name": "job_id",
    "required": True,
    "description": "The job's id.",
    "schema": {"type": "string", "pattern": JOB_ID_PATTERN, "example": JOB_ID_EXAMPLE},
}


class Box(fields.List[Any]):
    """``[x_min, y_min, x_max, y_max]``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            fields.Float(),
            required=True,
            validate=validate.Length(equal=4),
            metadata={
                "description": "`[x_min, y_min, x_max, y_max]`, each 0 to 1000 along its side of the page.",
                "example": [50.0, 50.0, 200.0, 300.0],
            },
            **kwargs,
        )

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> list[float]:
        return list(value)


class Polygon(fields.List[Any]):
    """``[[x, y], …]``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            fields.List(fields.Float(), validate=validate.Length(equal=2)),
            required=True,
            metadata={
                "description": "Corners `[x, y]` in order; the first is not repeated.",
                "example": [[50.0, 50.0], [200.0, 50.0], [200.0, 300.0], [50.0, 300.0]],
            },
            **kwargs,
        )

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> list[list[float]]:
        return [list(corner) for corner in value]


def string_field(description: str, example: str, **kwargs: Any) -> fields.String:
    return fields.String(required=True, metadata={"description": description, "example": example}, **kwargs)


def integer_field(description: str, example: int) -> fields.Integer:
    return fields.Integer(required=True, metadata={"description": description, "example": example})


def share_field(description: str, **kwargs: Any) -> fields.Float:
    return fields.Float(
        required=True,
        validate=validate.Range(0, 1),
        metadata={"description": description, "example": 0.75},
        **kwargs,
    )


class PageQuerySchema(ma.Schema):
    page = DecimalInteger(
        load_default=1,
        validate=validate.Range(1, MAX_PAGES),
        metadata={"description": "Page of the blueprint, from 1.", "example": 1},
    )
