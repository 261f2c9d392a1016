"""The three kinds of item in the jobs table: a job, the erasure that replaces it, and its tombstone."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

from jobs.domain.job import Job, JobError
from shared.dynamodb_items import EPOCH, Item, attributes, converter, map_fields, to_item

OWNER_INDEX = "owner-created_at"
OWED_INDEX = "owes-due_at"

IS_A_JOB = "attribute_exists(version)"
"""The condition that an item of the table is a job; erasures and tombstones have no ``version``."""


class ItemKind(StrEnum):
    JOB = "job"
    ERASURE = "erasure"
    TOMBSTONE = "tombstone"


def kind_of(item: Mapping[str, Any]) -> ItemKind:
    """What an item of the jobs table is."""
    return ItemKind(item["kind"]["S"])


def job_item(job: Job, processing_timeout: timedelta) -> Item:
    """An item for one write: its ``write_id`` is a new one each time.

    Only a job that owes something has the keys of `OWED_INDEX`.
    """
    more = {
        "kind": ItemKind.JOB,
        "write_id": secrets.token_hex(8),
        "owes": job.owes,
        "due_at": job.due_at(processing_timeout),
    }
    return to_item(job) | attributes(more)


def job_key(job_id: str) -> Item:
    return attributes({"job_id": job_id})


_unstructure, _structure = map_fields(Job, expires_at=EPOCH)


def _unstructure_job(job: Job) -> dict[str, Any]:
    values = _unstructure(job)
    del values["error"]
    if job.error is not None:
        values |= {"error_code": job.error.code, "error_message": job.error.message}
    return values


def _structure_job(values: Mapping[str, Any], _: type[Job]) -> Job:
    error = None
    if "error_code" in values:
        error = JobError(values["error_code"], values.get("error_message", ""))
    return _structure({**values, "error": error})


converter.register_unstructure_hook(Job, _unstructure_job)
converter.register_structure_hook(Job, _structure_job)
converter.register_structure_hook(JobError, lambda error, _: error)
