"""``/internal/v1/jobs``: how preview reads a job and moves it on; not routed by the load balancer."""

from typing import Any

from flask.views import MethodView

from jobs.api.current_use_cases import use_cases
from jobs.api.errors import ERRORS
from jobs.api.schemas.feedback import FeedbackOnPageSchema, PageQuerySchema
from jobs.api.schemas.fields import JOB_ID_PARAMETER
from jobs.api.schemas.internal import (
    InternalJobSchema,
    OwnerQuerySchema,
    PageReportSchema,
    TransitionSchema,
)
from jobs.domain import errors
from jobs.domain.job import Job, JobError, JobStatus, PageReport, Transition
from jobs.domain.pages import PageCounts
from shared.http import EnvelopeBlueprint

internal = EnvelopeBlueprint(
    "internal", __name__, errors=ERRORS, url_prefix="/internal/v1/jobs", description="Between the services"
)


@internal.route("/<job_id>", parameters=[JOB_ID_PARAMETER])
class InternalJob(MethodView):
    @internal.doc(operationId="getJobOfAnyOwner")
    @internal.arguments(OwnerQuerySchema, location="query")
    @internal.response(200, InternalJobSchema)
    @internal.raises(errors.InvalidJobId, errors.JobNotFound)
    def get(self, query: dict[str, Any], job_id: str) -> Job:
        """Read a job"""
        return use_cases().read_jobs.get_for_preview(job_id, query.get("owner"))


@internal.route("/<job_id>/feedback", parameters=[JOB_ID_PARAMETER])
class FeedbackOnPage(MethodView):
    @internal.doc(operationId="getFeedbackOfAnyOwner")
    @internal.arguments(PageQuerySchema, location="query")
    @internal.response(200, FeedbackOnPageSchema)
    @internal.raises(errors.InvalidJobId, errors.JobNotFound)
    def get(self, query: dict[str, Any], job_id: str) -> dict[str, Any]:
        """Read all that was said about a page

        Oldest first, each with the outline that its room had.
        """
        return {"feedback": use_cases().read_feedback.for_preview(job_id, query["page"])}


@internal.route("/<job_id>/transitions", parameters=[JOB_ID_PARAMETER])
class Transitions(MethodView):
    @internal.doc(operationId="moveJob")
    @internal.arguments(TransitionSchema)
    @internal.response(200, InternalJobSchema)
    @internal.raises(
        errors.InvalidJobId,
        errors.JobNotFound,
        errors.JobCancelled,
        errors.JobFinished,
        errors.ConcurrentUpdate,
    )
    def post(self, transition: dict[str, Any], job_id: str) -> Job:
        """Move a job to another state"""
        return use_cases().transition_job(job_id, _transition(transition), transition["expected_version"])


@internal.route("/<job_id>/pages", parameters=[JOB_ID_PARAMETER])
class Pages(MethodView):
    @internal.doc(operationId="countPages")
    @internal.arguments(PageReportSchema)
    @internal.response(200, InternalJobSchema)
    @internal.raises(errors.InvalidJobId, errors.JobNotFound, errors.ConcurrentUpdate)
    def post(self, report: dict[str, Any], job_id: str) -> Job:
        """Report the progress of a job's pages

        The job's state follows: `processing` once a page is begun, `completed` or `failed` once all have
        ended. Of several counts the one with the highest number stays. The answer is the job, changed or not.
        """
        return use_cases().count_pages(job_id, _page_report(report))


def _page_report(body: dict[str, Any]) -> PageReport:
    error = body.get("error")
    counts = PageCounts(body["asked"], body["done"], body["failed"], body["number"])
    return PageReport(
        counts,
        begun=body["begun"],
        result_s3_key=body.get("result_s3_key"),
        degraded=tuple(body["degraded"]),
        error=JobError(**error) if error else None,
        rooms=body.get("rooms") or 0,
    )


def _transition(body: dict[str, Any]) -> Transition:
    error = body.get("error")
    return Transition(
        to=JobStatus(body["to"]),
        stage=body.get("stage"),
        progress=body.get("progress"),
        message=body.get("message"),
        result_s3_key=body.get("result_s3_key"),
        degraded=tuple(body["degraded"]),
        error=JobError(**error) if error else None,
    )
