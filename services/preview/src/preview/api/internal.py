"""``/internal/v1``: what the jobs service asks of this one. Never reachable through the load balancer."""

from dataclasses import asdict
from typing import Any

from flask.views import MethodView

from preview.api.current_use_cases import use_cases
from preview.api.errors import ERRORS
from preview.api.schemas.fields import JOB_ID_PARAMETER, PageQuerySchema
from preview.api.schemas.internal import ErasedSchema, JobPagesRequestSchema, PagesReportSchema
from preview.api.schemas.preview import PreviewSchema
from preview.domain import errors
from preview.domain.erased_results import ErasedResults
from preview.domain.job import JobSummary
from preview.domain.preview import Preview
from shared.http import EnvelopeBlueprint

internal = EnvelopeBlueprint(
    "internal", __name__, errors=ERRORS, url_prefix="/internal/v1", description="Between the services"
)


@internal.route("/previews")
class Previews(MethodView):
    @internal.doc(operationId="requestPagesOfAnyOwner")
    @internal.arguments(JobPagesRequestSchema)
    @internal.response(202, PagesReportSchema)
    @internal.raises(errors.InvalidJobId, errors.InvalidPages, errors.PageChanged)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Request previews of a job's pages by workers

        The pages are stored and queued before the answer. Idempotent: pages that are queued, in progress or
        stored completely stay as they are.
        """
        job = JobSummary(**body["job"])
        use_cases().request_pages.for_jobs(job, body["pages"])
        return _report(job.job_id)


@internal.route("/jobs/<job_id>/pages", parameters=[JOB_ID_PARAMETER])
class Pages(MethodView):
    @internal.doc(operationId="getPagesOfAnyOwner")
    @internal.response(200, PagesReportSchema)
    @internal.raises(errors.InvalidJobId)
    def get(self, job_id: str) -> dict[str, Any]:
        """Read the progress of a job's pages

        The counts as reported to jobs, and whether any page waits or is being processed.
        """
        return _report(job_id)


@internal.route("/jobs/<job_id>/preview", parameters=[JOB_ID_PARAMETER])
class StoredPreview(MethodView):
    @internal.doc(operationId="getPreviewOfAnyOwner")
    @internal.arguments(PageQuerySchema, location="query")
    @internal.response(200, PreviewSchema)
    @internal.raises(errors.InvalidJobId, errors.PreviewNotFound)
    def get(self, query: dict[str, Any], job_id: str) -> Preview:
        """Read the stored preview of a page

        Does not check the job, which the jobs service knows.
        """
        return use_cases().read_preview.stored(job_id, query["page"])


@internal.route("/jobs/<job_id>/results", parameters=[JOB_ID_PARAMETER])
class Results(MethodView):
    @internal.doc(operationId="eraseResults")
    @internal.response(200, ErasedSchema)
    @internal.raises(errors.InvalidJobId)
    def delete(self, job_id: str) -> ErasedResults:
        """Erase all results of a job

        Of every page and detector version, in the bucket and in the cache. Idempotent.
        """
        return use_cases().erase_results(job_id)


def _report(job_id: str) -> dict[str, Any]:
    report, unfinished = use_cases().list_pages.report(job_id)
    return {"job_id": job_id, "unfinished": unfinished, **asdict(report)}
