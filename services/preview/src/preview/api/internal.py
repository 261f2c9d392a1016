"""``/internal/v1``: what the jobs service asks of this one. Never reachable through the load balancer."""

from typing import Any

from flask.views import MethodView

from preview.api.current_use_cases import use_cases
from preview.api.errors import ERRORS
from preview.api.schemas.fields import JOB_ID_PARAMETER, PageQuerySchema
from preview.api.schemas.internal import ErasedSchema, StartedSchema, StartSchema
from preview.api.schemas.preview import PreviewSchema
from preview.domain import errors
from preview.domain.erased_results import ErasedResults
from preview.domain.job import Job
from preview.domain.preview import Preview
from shared.http import EnvelopeBlueprint

internal = EnvelopeBlueprint(
    "internal", __name__, errors=ERRORS, url_prefix="/internal/v1", description="Between the services"
)


@internal.route("/previews")
class Previews(MethodView):
    @internal.doc(operationId="startPreview")
    @internal.arguments(StartSchema)
    @internal.response(202, StartedSchema)
    @internal.raises(errors.InvalidJobId, errors.JobNotFound, errors.JobCancelled, errors.ConcurrentUpdate)
    def post(self, body: dict[str, Any]) -> Job:
        """Have the first page of a job previewed

        The job is in `processing` when this answers, unless it is completed already.
        """
        return use_cases().start_preview(body["job_id"])


@internal.route("/jobs/<job_id>/preview", parameters=[JOB_ID_PARAMETER])
class StoredPreview(MethodView):
    @internal.doc(operationId="getPreviewOfAnyOwner")
    @internal.arguments(PageQuerySchema, location="query")
    @internal.response(200, PreviewSchema)
    @internal.raises(errors.InvalidJobId, errors.JobNotFound, errors.PreviewNotFound, errors.NoSuchPage)
    def get(self, query: dict[str, Any], job_id: str) -> Preview:
        """Read the stored preview of a page"""
        return use_cases().read_preview(job_id, None, query["page"])


@internal.route("/jobs/<job_id>/results", parameters=[JOB_ID_PARAMETER])
class Results(MethodView):
    @internal.doc(operationId="eraseResults")
    @internal.response(200, ErasedSchema)
    @internal.raises(errors.InvalidJobId)
    def delete(self, job_id: str) -> ErasedResults:
        """Erase all results of a job

        Every page, whatever the detector's version, and what the cache has of it. May be repeated.
        """
        return use_cases().erase_results(job_id)
