"""``/api/v1/jobs/{job_id}/previews``: many pages of a job, for workers to preview."""

from typing import Any

from flask.views import MethodView

from preview.api.current_use_cases import use_cases
from preview.api.errors import ERRORS
from preview.api.schemas.fields import JOB_ID_PARAMETER
from preview.api.schemas.pages import (
    PageListQuerySchema,
    PageListSchema,
    PagesRequestedSchema,
    PagesRequestSchema,
)
from preview.domain import errors
from preview.domain.page_work import JobPages
from shared.http import EnvelopeBlueprint, principal

pages = EnvelopeBlueprint(
    "pages", __name__, errors=ERRORS, url_prefix="/api/v1/jobs", description="Many pages of a blueprint"
)


@pages.route("/<job_id>/previews", parameters=[JOB_ID_PARAMETER])
class PagesResource(MethodView):
    @pages.doc(operationId="createPreviews")
    @pages.arguments(PagesRequestSchema)
    @pages.response(202, PagesRequestedSchema)
    @pages.raises(
        errors.InvalidJobId, errors.InvalidPages, errors.JobNotFound, errors.JobCancelled, errors.PageChanged
    )
    def post(self, wanted: dict[str, Any], job_id: str) -> dict[str, Any]:
        """Have pages previewed

        Those that are not stored whole are queued, and workers preview them, however long the queue is.
        Follow the job's `pages` and `progress`, or list them here.
        """
        owner = principal().owner
        counts = use_cases().request_pages(job_id, owner, wanted["pages"], refresh=wanted["refresh"])
        return _requested(job_id, counts)

    @pages.doc(operationId="listPreviews")
    @pages.arguments(PageListQuerySchema, location="query")
    @pages.response(200, PageListSchema)
    @pages.raises(errors.InvalidJobId, errors.JobNotFound)
    def get(self, query: dict[str, Any], job_id: str) -> dict[str, Any]:
        """List the pages that were asked for

        By number, with how far each has come.
        """
        found = use_cases().list_pages(job_id, principal().owner, query["limit"], query["cursor"])
        return {"previews": found.pages, "next_cursor": str(found.last) if found.last else None}

    @pages.doc(operationId="cancelPreviews")
    @pages.response(200, PagesRequestedSchema)
    @pages.raises(errors.InvalidJobId, errors.JobNotFound, errors.PageChanged)
    def delete(self, job_id: str) -> dict[str, Any]:
        """Take back the pages that still wait

        Those at work are ended. What was taken back is asked for no more.
        """
        return _requested(job_id, use_cases().cancel_pages(job_id, principal().owner))


def _requested(job_id: str, counts: JobPages | None) -> dict[str, Any]:
    return {"job_id": job_id, "pages": counts if counts and counts.asked else None}
