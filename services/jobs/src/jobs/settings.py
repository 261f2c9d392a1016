"""What this service is configured with, read once at start."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared import validators
from shared.runtime import CommonSettings, read_common
from shared.settings import Reader

LONGEST_RETENTION_DAYS = 30
"""The buckets' lifecycle rules delete what is older, whether its job is still there or not."""

LONGEST_REQUEST_SECONDS = 20.0
"""A worker that stops has 25 s to end what it was asked for (docker/gunicorn.conf.py)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(CommonSettings):
    """Everything from the environment."""

    jobs_table: str
    uploads_table: str
    idempotency_table: str
    feedback_table: str
    blueprints_bucket: str
    preview_url: str
    retention_days: int
    processing_timeout_seconds: float
    reconcile_after_seconds: float
    reconcile_most_orphans: int
    request_seconds: float


def from_env(environ: Mapping[str, str]) -> Settings:
    """Raises SettingsError, which names every variable that is missing or wrong."""
    read = Reader(environ)
    settings = Settings(
        **read_common(read),
        jobs_table=read.text("JOBS_TABLE", validators.table),
        uploads_table=read.text("UPLOADS_TABLE", validators.table),
        idempotency_table=read.text("IDEMPOTENCY_TABLE", validators.table),
        feedback_table=read.text("FEEDBACK_TABLE", validators.table),
        blueprints_bucket=read.text("BLUEPRINTS_BUCKET", validators.bucket),
        preview_url=read.text("PREVIEW_URL", validators.base_url),
        retention_days=read.integer("RETENTION_DAYS", 7, minimum=1, maximum=LONGEST_RETENTION_DAYS),
        processing_timeout_seconds=read.number(
            "PROCESSING_TIMEOUT_SECONDS", 60.0, minimum=1.0, maximum=3600.0
        ),
        reconcile_after_seconds=read.number("RECONCILE_AFTER_SECONDS", 900.0, minimum=0.0, maximum=86_400.0),
        reconcile_most_orphans=read.integer("RECONCILE_MOST_ORPHANS", 100, minimum=0, maximum=1_000_000),
        request_seconds=read.number("REQUEST_SECONDS", 10.0, minimum=1.0, maximum=LONGEST_REQUEST_SECONDS),
    )
    read.finish()
    return settings
