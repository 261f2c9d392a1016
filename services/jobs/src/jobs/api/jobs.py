"""``/api/v1/jobs``: the caller's jobs."""

from functools import partial
from typing import Any
from urllib.parse import quote

from flask import Response, request
from flask.views import MethodView
from werkzeug.http import quote_etag

from jobs.api.create_request import BODY_LIMITS, CreateJobRequest, read_create_request
from jobs.api.current_use_cases import request_deadline, use_cases
from jobs.api.errors import ERRORS
from jobs.api.prefer import wait_seconds
from jobs.api.schemas.create_job import (
    CreateJobFormSchema,
    CreateJobFromUploadSchema,
    CreateJobInlineSchema,
    IdempotencyKeySchema,
)
from jobs.api.schemas.erasure import ReceiptSchema
from jobs.api.schemas.fields import JOB_ID_PARAMETER
from jobs.api.schemas.jobs import JobListQuerySchema, JobListSchema, JobSchema
from jobs.domain import errors
from jobs.domain.blueprint_file import download_filename
from jobs.domain.erasure import ErasureReceipt
from jobs.domain.formats import MEDIA_TYPES
from jobs.domain.job import Job
from jobs.domain.listing import JobPage
from jobs.staging import StagingFile
from jobs.use_cases.create_job import CreatedJob, CreateJobCommand
from jobs.use_cases.watch_jobs import Waited
from shared import context
from shared.auth import ERASE_SCOPE
from shared.http import EnvelopeBlueprint, body, principal, scope

jobs = EnvelopeBlueprint(
    "jobs",
    __name__,
    errors=ERRORS,
    url_prefix="/api/v1/jobs",
    description="Blueprints and what became of them",
)

_ETAG = {"ETag": {"description": "Changes whenever the job does.", "schema": {"type": "string"}}}
_LOCATION = {"Location": {"description": "The job's path.", "schema": {"type": "string"}}}
_REPLAYED = {
    "Idempotency-Replayed": {
        "description": "`true` where an earlier request with this key created the job; otherwise absent.",
        "schema": {"type": "string", "const": "true"},
    }
}
_WAITED = {
    "Preference-Applied": {
        "description": "`wait=n` where the answer waited, as `Prefer` asked for; otherwise absent.",
        "schema": {"type": "string", "example": "wait=20"},
    }
}
_POLL_AFTER = {
    "Retry-After": {
        "description": "Seconds until the next request, where the answer could not wait; otherwise absent.",
        "schema": {"type": "integer", "example": 2},
    }
}
_IF_NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "description": "`ETag` of an earlier answer: 304 without a body while the job is unchanged.",
    "schema": {"type": "string", "example": 'W/"3"'},
}
_PREFER = {
    "in": "header",
    "name": "Prefer",
    "description": "`wait=n` has the answer wait for up to n seconds (at most 20) until the job has changed "
    "from the version that `If-None-Match` names. Ignored without that header, or in any other form.",
    "schema": {"type": "string", "example": "wait=20"},
}
_CREATE_BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {"schema": CreateJobFormSchema},  # first: some generators take no other
        "application/json": {"schema": {"oneOf": [CreateJobInlineSchema, CreateJobFromUploadSchema]}},
    },
}
_POLL_SECONDS = 2
"""Until a caller for whom there was no place reads again: sixty of them make thirty reads a second."""

_FILE = {"schema": {"type": "string", "format": "binary"}}


@jobs.route("")
class JobCollection(MethodView):
    @jobs.doc(operationId="createJob")
    @body(BODY_LIMITS)
    @jobs.doc(requestBody=_CREATE_BODY)
    @jobs.arguments(IdempotencyKeySchema, location="headers")
    @jobs.response(201, JobSchema, headers=_LOCATION | _REPLAYED)
    @jobs.raises(
        errors.InvalidFileFormat,
        errors.UrlInputDisabled,
        errors.UrlNotAllowed,
        errors.UploadNotFound,
        errors.UploadChanged,
        errors.UnreadableBlueprint,
        errors.RequestInProgress,
        errors.IdempotencyKeyReused,
        errors.JobNotFound,
    )
    def post(self, headers: dict[str, Any]) -> tuple[Job, dict[str, str]]:
        """Create a job from a blueprint

        Send the file as a form or in base64, name an upload that holds it or, where that is switched on,
        give a URL to fetch it from. The answer comes once the file and the job are stored, with the pages
        that are to be previewed. With an `Idempotency-Key` it can be sent again safely, whatever became of
        the answer.
        """
        with StagingFile() as file:
            wanted = read_create_request(request, file)
            # How long a body takes to arrive is the caller's affair; what follows is ours
            context.bind(deadline=request_deadline())
            created = _create(wanted, file, headers.get("idempotency_key"))
        replayed = {"Idempotency-Replayed": "true"} if created.replayed else {}
        return created.job, {"Location": f"/api/v1/jobs/{created.job.job_id}"} | replayed

    @jobs.doc(operationId="listJobs")
    @jobs.arguments(JobListQuerySchema, location="query")
    @jobs.response(200, JobListSchema)
    def get(self, query: dict[str, Any]) -> JobPage:
        """List your jobs, newest first

        A page may hold fewer jobs than `limit`; the last one has no `next_cursor`.
        """
        return use_cases().read_jobs.list(
            principal().owner, query.get("status"), query["limit"], query.get("cursor")
        )


@jobs.route("/<job_id>", parameters=[JOB_ID_PARAMETER])
class JobResource(MethodView):
    @jobs.doc(operationId="getJob")
    @jobs.doc(parameters=[_IF_NONE_MATCH, _PREFER])
    @jobs.response(200, JobSchema, headers=_ETAG | _WAITED)
    @jobs.alt_response(
        304,
        description="The job has not changed since the answer with that `ETag`.",
        headers=_ETAG | _WAITED | _POLL_AFTER,
    )
    @jobs.raises(errors.InvalidJobId, errors.JobNotFound)
    def get(self, job_id: str) -> Response | tuple[Job, dict[str, str]]:
        """Read one job, or wait for it to change

        With the headers `If-None-Match` and `Prefer: wait=20` the answer comes once the job has changed, or
        after 20 seconds. A job that has ended is answered at once.
        """
        read = partial(use_cases().read_jobs.get, job_id, principal().owner)
        job, waited = read(), {}
        seconds = wait_seconds(request.headers.get("Prefer", ""))
        if seconds and _is_known(job) and not request.if_none_match.star_tag:
            waited = _wait(job, seconds)
            job = read() if "Preference-Applied" in waited else job
        tag = quote_etag(str(job.version), weak=True)
        headers = {"ETag": tag, "Cache-Control": "private, no-cache", **waited}
        return Response(status=304, headers=headers) if _is_known(job) else (job, headers)

    @jobs.doc(operationId="cancelJob")
    @jobs.response(200, JobSchema)
    @jobs.raises(errors.InvalidJobId, errors.JobNotFound, errors.JobFinished, errors.ConcurrentUpdate)
    def delete(self, job_id: str) -> Job:
        """Cancel a job

        Work that is in progress stops before its next paid step, and pages that wait are not begun. The job
        and its file stay until they expire.
        """
        return use_cases().cancel_job(job_id, principal().owner)


@jobs.route("/<job_id>/data", parameters=[JOB_ID_PARAMETER])
class JobData(MethodView):
    @jobs.doc(operationId="eraseJob")
    @scope(ERASE_SCOPE)
    @jobs.response(200, ReceiptSchema)
    @jobs.raises(errors.InvalidJobId, errors.JobNotFound)
    def delete(self, job_id: str) -> ErasureReceipt:
        """Erase a job

        Deletes the job in any state, with its blueprint, previews, analyses and feedback, and stops work in
        progress. From then on every route answers 404 for the job. If the request fails, send it again: it
        resumes, and is 404 once everything is deleted. The key needs the scope `jobs:erase`.
        """
        return use_cases().erase_job(job_id, principal().owner)


@jobs.route("/<job_id>/blueprint", parameters=[JOB_ID_PARAMETER])
class BlueprintResource(MethodView):
    @jobs.doc(operationId="getBlueprint")
    @jobs.doc(
        responses={
            "200": {
                "description": "The file as it was sent, under the type that its content has.",
                "content": dict.fromkeys(MEDIA_TYPES.values(), _FILE),
            }
        }
    )
    @jobs.raises(errors.InvalidJobId, errors.JobNotFound, errors.BlueprintNotFound)
    def get(self, job_id: str) -> Response:
        """Download the blueprint"""
        job, stored = use_cases().read_jobs.open_blueprint(job_id, principal().owner)
        response = Response(stored.chunks, mimetype=MEDIA_TYPES[job.blueprint_format])
        response.content_length = stored.size_bytes
        response.headers["Content-Disposition"] = _attachment(
            download_filename(job.blueprint_filename, job.blueprint_format)
        )
        return response


def _is_known(job: Job) -> bool:
    """Whether the caller has this version of the job."""
    return request.if_none_match.contains_weak(str(job.version))


def _wait(job: Job, seconds: int) -> dict[str, str]:
    """Wait for another version of the job; the headers that say whether the answer did."""
    waited = use_cases().watch_jobs.wait(job, principal().key_id, seconds)
    context.bind(deadline=request_deadline())  # the time of the wait was the caller's
    return {
        Waited.APPLIED: {"Preference-Applied": f"wait={seconds}"},
        Waited.NO_PLACE: {"Retry-After": str(_POLL_SECONDS)},
        Waited.JOB_HAS_ENDED: {},
    }[waited]


def _create(wanted: CreateJobRequest, file: StagingFile, key: str | None) -> CreatedJob:
    command = CreateJobCommand(principal().owner, wanted.declared, wanted.pages, key)
    create_job = use_cases().create_job
    if wanted.upload_id is not None:
        return create_job.from_upload(command, wanted.upload_id)
    if wanted.url is not None:
        return create_job.from_url(command, wanted.url)
    return create_job.from_file(command, file.staged())


def _attachment(filename: str) -> str:
    """RFC 6266: a plain name for old clients, and the name itself in UTF-8."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in filename)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
