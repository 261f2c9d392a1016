"""A job as an item in DynamoDB, and back."""

import secrets
from datetime import UTC, datetime
from typing import Any

from jobs.adapters.items import Item, epoch, item_of, moment, text, texts
from jobs.domain.job import Job, JobError, JobStage, JobStatus
from shared.timestamps import parse_iso


def job_item(job: Job) -> Item:
    """An item for one write: its ``write_id`` is a new one each time."""
    return item_of(
        {
            "job_id": job.job_id,
            "owner": job.owner,
            "status": job.status,
            "stage": job.stage,
            "progress": job.progress,
            "message": job.message,
            "created_at": job.created_at,
            "updated_at": job.updated_at,
            "processing_since": job.processing_since,
            "expires_at": epoch(job.expires_at),
            "blueprint_s3_key": job.blueprint_s3_key,
            "blueprint_format": job.blueprint_format,
            "blueprint_hash": job.blueprint_hash,
            "blueprint_filename": job.blueprint_filename,
            "blueprint_size_bytes": job.blueprint_size_bytes,
            "page_count": job.page_count,
            "result_s3_key": job.result_s3_key,
            "degraded": job.degraded or None,
            "error_code": job.error.code if job.error else None,
            "error_message": job.error.message if job.error else None,
            "request_id": job.request_id,
            "correlation_id": job.correlation_id,
            "api_version": job.api_version,
            "key_hash": job.key_hash,
            "upload_id": job.upload_id,
            "version": job.version,
            "write_id": secrets.token_hex(8),
        }
    )


def job_of(item: Any) -> Job:
    stage = text(item, "stage")
    return Job(
        job_id=item["job_id"]["S"],
        owner=item["owner"]["S"],
        status=JobStatus(item["status"]["S"]),
        stage=JobStage(stage) if stage else None,
        progress=int(item["progress"]["N"]),
        message=text(item, "message"),
        created_at=parse_iso(item["created_at"]["S"]),
        updated_at=parse_iso(item["updated_at"]["S"]),
        processing_since=moment(item, "processing_since"),
        expires_at=datetime.fromtimestamp(int(item["expires_at"]["N"]), UTC),
        blueprint_s3_key=item["blueprint_s3_key"]["S"],
        blueprint_format=item["blueprint_format"]["S"],
        blueprint_hash=item["blueprint_hash"]["S"],
        blueprint_filename=text(item, "blueprint_filename"),
        blueprint_size_bytes=int(item["blueprint_size_bytes"]["N"]),
        page_count=int(item["page_count"]["N"]),
        result_s3_key=text(item, "result_s3_key"),
        degraded=texts(item, "degraded"),
        error=_error(item),
        request_id=text(item, "request_id"),
        correlation_id=text(item, "correlation_id"),
        api_version=item["api_version"]["S"],
        key_hash=text(item, "key_hash"),
        upload_id=text(item, "upload_id"),
        version=int(item["version"]["N"]),
    )


def _error(item: Item) -> JobError | None:
    code = text(item, "error_code")
    return JobError(code, text(item, "error_message") or "") if code else None
