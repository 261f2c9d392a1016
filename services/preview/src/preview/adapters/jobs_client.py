"""The jobs service, over internal HTTP."""

from typing import Any, NoReturn

from preview.domain.errors import ConcurrentUpdate, JobCancelled, JobNotFound
from preview.domain.job import Job, JobStatus, Transition
from shared.errors import DependencyFailed
from shared.internal_client import InternalAnswer, InternalClient

_PEER = "jobs"
_STAGE = "preview"


class HttpJobs:
    def __init__(self, client: InternalClient) -> None:
        self._client = client

    def get(self, job_id: str, owner: str | None) -> Job:
        params = {"owner": owner} if owner is not None else None
        return _job(job_id, self._client.request("GET", f"/internal/v1/jobs/{job_id}", params=params))

    def transition(self, job: Job, transition: Transition) -> Job:
        body: dict[str, Any] = {
            "to": transition.to.value,
            "expected_version": job.version,
            "stage": _STAGE,
            "progress": transition.progress,
            "message": transition.message,
        }
        if transition.result_s3_key is not None:
            body["result_s3_key"] = transition.result_s3_key
        if transition.degraded:
            body["degraded"] = list(transition.degraded)
        if transition.error is not None:
            body["error"] = {"code": transition.error.code, "message": transition.error.message}
        path = f"/internal/v1/jobs/{job.job_id}/transitions"
        return _job(job.job_id, self._client.request("POST", path, json=body))


def _job(job_id: str, answer: InternalAnswer) -> Job:
    if answer.status >= 300:
        _refused(job_id, answer.code)
    data = answer.data
    try:
        return Job(
            job_id=data["job_id"],
            owner=data["owner"],
            version=data["version"],
            status=JobStatus(data["status"]),
            blueprint_s3_key=data["blueprint_s3_key"],
            blueprint_format=data["blueprint_format"],
            blueprint_hash=data["blueprint_hash"],
            blueprint_size_bytes=data["blueprint_size_bytes"],
            page_count=data["page_count"],
            message=data["message"],
            result_s3_key=data["result_s3_key"],
            degraded=tuple(data.get("degraded", ())),  # while both services are being deployed
        )
    except (KeyError, ValueError) as exc:
        raise DependencyFailed(_PEER) from exc


def _refused(job_id: str, code: str | None) -> NoReturn:
    if code == "JOB_NOT_FOUND":
        raise JobNotFound(job_id)
    if code == "JOB_CANCELLED":
        raise JobCancelled(job_id)
    if code in ("CONCURRENT_UPDATE", "JOB_ALREADY_COMPLETED"):
        raise ConcurrentUpdate(job_id)
    raise DependencyFailed(_PEER)
