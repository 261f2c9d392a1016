"""What answers with previews may be: JSON in the envelope, or a file of another program."""

from collections.abc import Iterable
from typing import Any

import marshmallow as ma

from preview.exports.formats import Export
from shared.http.envelope import envelope_schema

JSON = "application/json"

_REPAIR_SECONDS = 5  # what is away is asked for again as where it makes an answer 503


def content_of(exports: Iterable[Export], *json_schemas: type[ma.Schema]) -> dict[str, Any]:
    """``content`` of an OpenAPI response: these schemas in the envelope, or one of ``exports``."""
    files = list(exports)
    as_json: list[Any] = [envelope_schema(schema) for schema in json_schemas]
    as_json += [export.schema for export in files if export.media_type == JSON]
    others = {export.media_type: {"schema": export.schema} for export in files if export.media_type != JSON}
    return {JSON: {"schema": {"anyOf": as_json}}} | others


def named(file_name: str) -> dict[str, str]:
    """The header that says what to save the answer as; the names are our own and need no escaping."""
    return {"Content-Disposition": f'inline; filename="{file_name}"'}


def retry_after_if(degraded: object) -> dict[str, str]:
    """The header that says when a POST may repair what is ``degraded``; none where nothing is."""
    return {"Retry-After": str(_REPAIR_SECONDS)} if degraded else {}
