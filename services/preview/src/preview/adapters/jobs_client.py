"""The jobs service, over internal HTTP."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NoReturn

from cattrs import Converter

from preview.domain.corrections import Correction, FeedbackEntry, Outline, Verdict
from preview.domain.errors import ConcurrentUpdate, JobCancelled, JobNotFound
from preview.domain.job import Job, Transition
from preview.domain.page_work import PageReport
from preview.domain.room_type import RoomType
from shared.errors import DependencyFailed
from shared.internal_client import InternalAnswer, InternalClient
from shared.timestamps import parse_iso

_PEER = "jobs"
_STAGE = "preview"

_converter = Converter(omit_if_default=True, detailed_validation=False)
"""Fields on the wire are those of `Job`, `Transition` and `PageReport`."""

_converter.register_structure_hook(datetime, lambda text, _: parse_iso(text))


class HttpJobs:
    def __init__(self, client: InternalClient) -> None:
        self._client = client

    def get(self, job_id: str, owner: str | None) -> Job:
        params = {"owner": owner} if owner is not None else None
        return _job(job_id, self._client.request("GET", f"/internal/v1/jobs/{job_id}", params=params))

    def report_pages(self, job_id: str, report: PageReport) -> Job:
        path = f"/internal/v1/jobs/{job_id}/pages"
        body = _converter.unstructure(report) | {"begun": report.begun}
        return _job(job_id, self._client.request("POST", path, json=body))

    def feedback(self, job_id: str, page: int) -> tuple[FeedbackEntry, ...]:
        path = f"/internal/v1/jobs/{job_id}/feedback"
        answer = self._client.request("GET", path, params={"page": page}, until_deadline=True)
        if answer.status >= 300:
            _refuse(job_id, answer.code)
        try:
            return tuple(_entry(fields) for fields in answer.data["feedback"])
        except (KeyError, TypeError, ValueError) as exc:
            raise DependencyFailed(_PEER) from exc

    def transition(self, job: Job, transition: Transition) -> Job:
        body = {"expected_version": job.version, "stage": _STAGE, **_converter.unstructure(transition)}
        path = f"/internal/v1/jobs/{job.job_id}/transitions"
        return _job(job.job_id, self._client.request("POST", path, json=body))


def _job(job_id: str, answer: InternalAnswer) -> Job:
    if answer.status >= 300:
        _refuse(job_id, answer.code)
    try:
        job = _converter.structure(answer.data, Job)
        return replace(job, counted=answer.data.get("pages") is not None)
    except (KeyError, TypeError, ValueError) as exc:
        raise DependencyFailed(_PEER) from exc


def _refuse(job_id: str, code: str | None) -> NoReturn:
    if code == "JOB_NOT_FOUND":
        raise JobNotFound(job_id)
    if code == "JOB_CANCELLED":
        raise JobCancelled(job_id)
    if code in ("CONCURRENT_UPDATE", "JOB_ALREADY_COMPLETED"):
        raise ConcurrentUpdate(job_id)
    raise DependencyFailed(_PEER)


def _entry(fields: Mapping[str, Any]) -> FeedbackEntry:
    return FeedbackEntry(
        feedback_id=fields["feedback_id"],
        verdict=Verdict(fields["feedback"]),
        room_id=fields["room_id"],
        correction=_correction(fields["correction"] or {}),
        model_version=fields["model_version"],
        computed_at=parse_iso(fields["computed_at"]),
        outline=_outline(fields["outline"]),
    )


def _correction(fields: Mapping[str, Any]) -> Correction:
    box, room_type = fields.get("bounding_box"), fields.get("room_type")
    return Correction(
        outline=_box_outline(box) if box else _outline(fields.get("polygon")),
        name=fields.get("name"),
        sets_name="name" in fields,
        room_type=RoomType(room_type) if room_type else None,
        removed=bool(fields.get("removed")),
    )


def _outline(corners: Sequence[Sequence[float]] | None) -> Outline | None:
    return tuple((x, y) for x, y in corners) if corners else None


def _box_outline(box: Sequence[float]) -> Outline:
    x_min, y_min, x_max, y_max = box
    return (x_min, y_min), (x_max, y_min), (x_max, y_max), (x_min, y_max)
