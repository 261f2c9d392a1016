"""``/api/v1/jobs/{job_id}/preview`` and what belongs to it."""

from typing import Any

from flask import Response, jsonify, request
from flask.views import MethodView
from werkzeug.http import quote_etag

from preview.api.current_use_cases import use_cases
from preview.api.errors import ERRORS
from preview.api.export_content import JSON, content_of, named, retry_after_if
from preview.api.schemas.fields import JOB_ID_PARAMETER, PageQuerySchema
from preview.api.schemas.preview import (
    PictureQuerySchema,
    PreviewInProgressSchema,
    PreviewQuerySchema,
    PreviewRequestSchema,
    PreviewSchema,
    StoredPreviewSchema,
)
from preview.api.schemas.text import AnalysisSchema
from preview.domain import errors
from preview.domain.picture import WHOLE_PAGE, PictureView
from preview.domain.preview import Preview, PreviewInProgress
from preview.domain.text_analysis import TextAnalysis
from preview.exports.file_names import bare_page_name, page_name
from preview.exports.formats import EXPORTS, Export
from shared.http import EnvelopeBlueprint, principal
from shared.http.envelope import success

previews = EnvelopeBlueprint(
    "previews", __name__, errors=ERRORS, url_prefix="/api/v1/jobs", description="Rooms on a page"
)

_RETRY_AFTER = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
_WHERE_DEGRADED = {
    "Retry-After": {
        "description": "Only where `degraded` names something: seconds after which a POST may repair it.",
        "schema": {"type": "integer"},
    }
}
_ETAG = {
    "ETag": {"description": "Changes whenever the rooms do.", "schema": {"type": "string"}},
}
_IF_NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "description": "`ETag` of an earlier answer: 304 without a body while the rooms are unchanged.",
    "schema": {"type": "string", "example": 'W/"1.6.0-2024-01-15T10:30:00+00:00"'},
}
_EXPORTS = {export.name: export for export in EXPORTS}
_BY_MEDIA_TYPE = {export.media_type: export.name for export in EXPORTS if export.negotiated}
_PNG = {
    "200": {
        "description": "The picture.",
        "headers": _ETAG | _WHERE_DEGRADED,
        "content": {"image/png": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@previews.route("/<job_id>/preview", parameters=[JOB_ID_PARAMETER])
class PreviewResource(MethodView):
    @previews.doc(operationId="createPreview")
    @previews.arguments(PreviewRequestSchema, required=False)
    @previews.response(200, PreviewSchema, headers=_WHERE_DEGRADED)
    @previews.alt_response(
        202,
        schema=PreviewInProgressSchema,
        headers=_RETRY_AFTER,
        description="The preview is being computed by another request, or by a worker once its page's turn "
        "in the queue comes; ask again after `Retry-After`.",
    )
    @previews.raises(
        errors.InvalidJobId,
        errors.RatioOfPicture,
        errors.JobNotFound,
        errors.JobCancelled,
        errors.ConcurrentUpdate,
        errors.UnreadableBlueprint,
    )
    def post(self, wanted: dict[str, Any], job_id: str) -> tuple[Preview, dict[str, str]] | Response:
        """Find the rooms of a page

        Answers the stored preview if there is one, unless `refresh` is set. `degraded` lists what was not
        available in time; the rooms are answered nevertheless. A `scale` is kept with the page, and every
        answer about it is measured by it.
        """
        found = use_cases().create_preview(
            job_id, principal().owner, wanted["page"], refresh=wanted["refresh"], scale=wanted["scale"]
        )
        return (
            _accepted_response(found)
            if isinstance(found, PreviewInProgress)
            else (found, retry_after_if(found.degraded))
        )

    @previews.doc(operationId="getPreview")
    @previews.arguments(PreviewQuerySchema, location="query")
    @previews.doc(responses={200: {"content": content_of(EXPORTS, StoredPreviewSchema)}})
    @previews.response(200, StoredPreviewSchema, headers=_WHERE_DEGRADED)
    @previews.raises(errors.InvalidJobId, errors.JobNotFound, errors.PreviewNotFound, errors.NoSuchPage)
    def get(self, query: dict[str, Any], job_id: str) -> Response:
        """Read the stored preview of a page

        As JSON in the envelope, or as a GeoJSON, SVG, COCO, CSV, XLSX or DXF file, or as a room schedule.
        `corrected=true` answers the rooms as people corrected them; rooms that they drew, named or confirmed
        have confidence 1.
        """
        page = query["page"]
        found = use_cases().read_preview(job_id, principal().owner, page, corrected=query["corrected"])
        export = None if query["withheld"] else _EXPORTS.get(query.get("format", _accepted_format()))
        response = _render(export, found) if export else _json(found, query["withheld"])
        response.headers["Vary"] = "Accept"
        response.headers.update(retry_after_if(found.degraded))
        if export:
            response.headers.update(named(page_name(job_id, page, export.extension)))
        return response


@previews.route("/<job_id>/preview/image", parameters=[JOB_ID_PARAMETER, _IF_NONE_MATCH])
class PictureResource(MethodView):
    @previews.doc(operationId="getPreviewImage")
    @previews.arguments(PictureQuerySchema, location="query")
    @previews.doc(responses=_PNG)
    @previews.alt_response(
        304, description="The picture has not changed since the answer with that `ETag`.", headers=_ETAG
    )
    @previews.raises(
        errors.InvalidJobId,
        errors.JobNotFound,
        errors.PreviewNotFound,
        errors.PictureTooLarge,
        errors.UnreadableBlueprint,
    )
    def get(self, query: dict[str, Any], job_id: str) -> Response:
        """Read a picture of the page with its rooms

        Or of the bare page, or of a part of either.

        With its `ETag` as `If-None-Match`, nothing is drawn while the rooms are unchanged. Few pictures are
        drawn at a time; beyond that the answer is 503 with `Retry-After`.
        """
        page = query["page"]
        shown = use_cases().read_preview(job_id, principal().owner, page, corrected=query["corrected"])
        view = PictureView(query["rooms"], query.get("region", WHOLE_PAGE), query.get("width"))
        headers = {"ETag": quote_etag(shown.version, weak=True), "Cache-Control": "private, no-cache"}
        if request.if_none_match.contains_weak(shown.version):
            return Response(status=304, headers=headers)
        picture = use_cases().draw_picture(shown, principal().owner, view)
        name = page_name(job_id, page, "png") if view.rooms else bare_page_name(job_id, page)
        headers |= named(name) | retry_after_if(shown.degraded)
        return Response(picture, mimetype="image/png", headers=headers)


@previews.route("/<job_id>/textract-results", parameters=[JOB_ID_PARAMETER])
class TextractResource(MethodView):
    @previews.doc(operationId="getTextractResults")
    @previews.arguments(PageQuerySchema, location="query")
    @previews.response(200, AnalysisSchema)
    @previews.raises(errors.InvalidJobId, errors.JobNotFound, errors.PreviewNotFound, errors.NoSuchPage)
    def get(self, query: dict[str, Any], job_id: str) -> TextAnalysis:
        """Read the text and layout of a page

        As read for the preview of the page.
        """
        return use_cases().read_text(job_id, principal().owner, query["page"])


def _accepted_response(unfinished: PreviewInProgress) -> Response:
    response = jsonify(success(PreviewInProgressSchema().dump(unfinished)))
    response.status_code = 202
    response.headers["Retry-After"] = str(unfinished.retry_after_seconds)
    return response


def _accepted_format() -> str:
    media_type = request.accept_mimetypes.best_match([JSON, *_BY_MEDIA_TYPE], JSON)
    return _BY_MEDIA_TYPE.get(media_type, "json")


def _json(preview: Preview, with_withheld: bool) -> Response:
    schema = StoredPreviewSchema() if with_withheld else PreviewSchema()
    return jsonify(success(schema.dump(preview)))


def _render(export: Export, preview: Preview) -> Response:
    return Response(export.render(preview), mimetype=export.media_type)
