"""``/api/v1/uploads``: large files, sent straight to storage."""

from typing import Any

from flask.views import MethodView

from jobs.api.current_use_cases import use_cases
from jobs.api.errors import ERRORS
from jobs.api.schemas.uploads import OpenUploadSchema, UploadTicketSchema
from jobs.domain import errors
from jobs.domain.upload import UploadTicket
from shared.http import EnvelopeBlueprint, principal

uploads = EnvelopeBlueprint(
    "uploads", __name__, errors=ERRORS, url_prefix="/api/v1/uploads", description="Uploads of large files"
)


@uploads.route("")
class UploadCollection(MethodView):
    @uploads.doc(operationId="openUpload")
    @uploads.arguments(OpenUploadSchema, required=False)
    @uploads.response(201, UploadTicketSchema)
    @uploads.raises(errors.InvalidFileFormat)
    def post(self, upload: dict[str, Any]) -> UploadTicket:
        """Open an upload for a large file

        POST the file to `url` within 15 minutes, then create a job from `upload_id`: that uses it up.
        """
        return use_cases().open_upload(
            principal().owner, upload.get("filename") or None, upload.get("format")
        )
