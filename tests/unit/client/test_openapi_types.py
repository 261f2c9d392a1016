"""The client's types are those of the OpenAPI documents."""

import json
import types
import typing
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import pytest

from location_detection import errors, models
from location_detection.detection import BY_DOCUMENT, FORMATS

OPENAPI = Path(__file__).parents[3] / "docs/openapi"
DOCUMENTS: dict[str, Any] = {
    name: json.loads((OPENAPI / f"{name}.json").read_text(encoding="utf-8")) for name in ("jobs", "preview")
}
SCHEMAS: dict[str, Any] = {}
for document in DOCUMENTS.values():
    SCHEMAS |= document["components"]["schemas"]

TYPES = {
    "Job": models.Job,
    "JobError": models.Failure,
    "PageError": models.Failure,
    "PageCounts": models.PageCounts,
    "PageWork": models.PageStatus,
    "Page": models.Page,
    "Room": models.Room,
    "StoredPreview": models.Preview,
    "Scale": models.Scale,
    "Withheld": models.Withheld,
    "Timing": models.Timing,
    "UploadTicket": models.Upload,
    "Receipt": models.Erasure,
    "Removed": models.Removed,
    "Feedback": models.Feedback,
}
SAME = {str: "string", int: "integer", float: "number", bool: "boolean", dict: "object", tuple: "array"}

AHEAD = {
    models.Job: {"pages", "expires_at"},
    models.Page: {"width_mm", "height_mm"},
    models.Preview: {"scale"},
    models.Room: {
        *("room_number", "room_type", "area_m2", "perimeter_m", "width_m", "length_m"),
        *("printed_area_m2", "printed_size_m", "corrected", "confirmed"),
    },
}
"""What the client knows and a server may not have yet."""


def described(schema: Any) -> set[str]:
    """The JSON types that a schema allows."""
    if "$ref" in schema:
        return described(SCHEMAS[schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        return set().union(*map(described, schema["anyOf"]))
    if "type" not in schema:
        return {"null" if value is None else SAME[type(value)] for value in schema["enum"]}
    return {schema["type"]} if isinstance(schema["type"], str) else set(schema["type"])


def declared(hint: Any) -> set[str]:
    """The JSON types that a field holds."""
    if isinstance(hint, types.UnionType):
        return set().union(*map(declared, typing.get_args(hint)))
    if hint is types.NoneType:
        return {"null"}
    return {SAME.get(typing.get_origin(hint) or hint, "object")}


@pytest.mark.parametrize("name", sorted(set(TYPES) & set(SCHEMAS)))
def test_a_type_has_the_fields_of_its_schema(name: str) -> None:
    kind, schema = TYPES[name], SCHEMAS[name]
    hints = typing.get_type_hints(kind)
    optional = {field.name for field in fields(kind) if field.default is not MISSING}
    assert set(schema["properties"]) <= set(hints)
    assert set(hints) - set(schema["properties"]) <= AHEAD.get(kind, set())
    assert set(hints) - set(schema["required"]) <= optional
    for field, described_as in schema["properties"].items():
        assert described(described_as) <= declared(hints[field]), field


def test_the_schemas_that_are_compared_exist() -> None:
    assert {"Job", "Room", "StoredPreview", "Page", "Timing", "UploadTicket"} <= set(TYPES) & set(SCHEMAS)


def test_every_error_code_has_its_exception() -> None:
    codes = set(SCHEMAS["ErrorCode"]["enum"])
    for name in ("jobs", "preview"):
        document = json.loads((OPENAPI / f"{name}.json").read_text(encoding="utf-8"))
        codes |= set(document["components"]["schemas"]["ErrorCode"]["enum"])
    assert codes <= set(errors.ApiError.by_code)


def formats(path: str) -> set[str]:
    parameters = DOCUMENTS["preview"]["paths"][f"/api/v1/jobs/{{job_id}}/{path}"]["get"]["parameters"]
    [format_] = [parameter for parameter in parameters if parameter.get("name") == "format"]
    return set(format_["schema"]["enum"])


def test_the_command_has_every_format_of_a_page_and_of_a_document() -> None:
    assert set(FORMATS) == formats("preview") | {"png"}
    assert set(BY_DOCUMENT) == formats("previews")
