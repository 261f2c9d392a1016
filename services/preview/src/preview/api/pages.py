"""``/api/v1/jobs/{job_id}/previews``: many pages of a job, for workers to preview."""

import json
from collections.abc import Iterable
from typing import Any, BinaryIO

from flask import Response, request
from flask.views import MethodView
from werkzeug.wsgi import wrap_file

from preview.api.current_use_cases import use_cases
from preview.api.errors import ERRORS
from preview.api.export_content import JSON, content_of, named, retry_after_if
from preview.api.schemas.fields import JOB_ID_PARAMETER
from preview.api.schemas.pages import (
    ExportedPreviewsSchema,
    PageListQuerySchema,
    PageListSchema,
    PagesRequestedSchema,
    PagesRequestSchema,
)
from preview.api.schemas.preview import PreviewSchema
from preview.domain import errors
from preview.domain.page_ranges import format_ranges
from preview.domain.page_work import PageCounts
from preview.domain.preview import Preview
from preview.exports.file_names import document_name
from preview.exports.formats import DOCUMENT_WRITERS, EXPORTS
from shared.http import EnvelopeBlueprint, principal
from shared.http.envelope import success

_EXPORTS = {export.name: export for export in EXPORTS if export.name in DOCUMENT_WRITERS}
_CONTENT = content_of(_EXPORTS.values(), PageListSchema, ExportedPreviewsSchema)
_HEADERS = {
    "X-Missing-Pages": {
        "description": "With a `format`: pages asked for that the file lacks, as in `3,7-9`; absent where it "
        "lacks none.",
        "schema": {"type": "string", "example": "3,7-9"},
    },
    "Retry-After": {
        "description": "With a `format`, where a page is degraded: seconds after which a POST may repair it.",
        "schema": {"type": "integer"},
    },
}

pages = EnvelopeBlueprint(
    "pages", __name__, errors=ERRORS, url_prefix="/api/v1/jobs", description="Many pages of a blueprint"
)


@pages.route("/<job_id>/previews", parameters=[JOB_ID_PARAMETER])
class PagesResource(MethodView):
    @pages.doc(operationId="createPreviews")
    @pages.arguments(PagesRequestSchema)
    @pages.response(202, PagesRequestedSchema)
    @pages.raises(
        errors.InvalidJobId,
        errors.InvalidPages,
        errors.RatioOfPicture,
        errors.JobNotFound,
        errors.JobCancelled,
        errors.PageChanged,
    )
    def post(self, wanted: dict[str, Any], job_id: str) -> dict[str, Any]:
        """Request previews of pages

        Pages without a complete stored preview are queued, and workers preview them, however long it takes.
        A `scale` is kept with all of them, stored or not. Follow the job's `pages` and `progress`, or list
        them here.
        """
        owner = principal().owner
        counts = use_cases().request_pages(
            job_id, owner, wanted["pages"], refresh=wanted["refresh"], scale=wanted["scale"]
        )
        return _requested(job_id, counts)

    @pages.doc(operationId="listPreviews")
    @pages.arguments(PageListQuerySchema, location="query")
    @pages.doc(responses={200: {"content": _CONTENT}})
    @pages.response(200, PageListSchema, headers=_HEADERS)
    @pages.raises(errors.InvalidJobId, errors.JobNotFound, errors.PreviewNotFound)
    def get(self, query: dict[str, Any], job_id: str) -> dict[str, Any] | Response:
        """List the requested pages

        In order of their number, with the state of each. With a `format`, one file of all completed pages
        instead; few are written at a time, and beyond that the answer is 503 with `Retry-After`.
        """
        if "format" in query:
            return _exported(job_id, query["format"], query["corrected"])
        found = use_cases().list_pages(job_id, principal().owner, query["limit"], query["cursor"])
        return {"previews": found.pages, "next_cursor": str(found.last) if found.last else None}

    @pages.doc(operationId="cancelPreviews")
    @pages.response(200, PagesRequestedSchema)
    @pages.raises(errors.InvalidJobId, errors.JobNotFound, errors.PageChanged)
    def delete(self, job_id: str) -> dict[str, Any]:
        """Cancel the pages that still wait

        Pages that are being processed are finished. Cancelled pages no longer count in `asked`.
        """
        return _requested(job_id, use_cases().cancel_pages(job_id, principal().owner))


def _exported(job_id: str, wanted: str, corrected: bool) -> Response:
    exported = use_cases().export_pages(job_id, principal().owner, _WRITERS[wanted], corrected=corrected)
    export = _EXPORTS.get(wanted)
    media_type, extension = (export.media_type, export.extension) if export else (JSON, "json")
    file = wrap_file(request.environ, exported.file)
    response = Response(file, mimetype=media_type, direct_passthrough=True)
    response.headers.update(named(document_name(job_id, extension)))
    if exported.missing:
        response.headers["X-Missing-Pages"] = format_ranges(tuple(exported.missing))
    response.headers.update(retry_after_if(exported.degraded))
    return response


def _write_json(file: BinaryIO, _job_id: str, previews: Iterable[Preview]) -> None:
    """Whole previews in the envelope."""
    head, tail = json.dumps(success({"previews": []})).split("[]")
    schema, separator = PreviewSchema(), ""
    file.write(f"{head}[".encode())
    for preview in previews:
        file.write(separator.encode() + json.dumps(schema.dump(preview), ensure_ascii=False).encode())
        separator = ", "
    file.write(f"]{tail}".encode())


_WRITERS = {"json": _write_json} | DOCUMENT_WRITERS


def _requested(job_id: str, counts: PageCounts | None) -> dict[str, Any]:
    return {"job_id": job_id, "pages": counts if counts and counts.asked else None}
