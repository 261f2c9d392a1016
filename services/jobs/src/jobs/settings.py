"""What this service is configured with: environment variables, and parameters that change at run time."""

from dataclasses import dataclass

from shared import validators
from shared.parameter_store import Parameter
from shared.runtime import CommonSettings
from shared.settings import setting
from shared.validators import DecimalNumber, WholeNumber

LONGEST_RETENTION_DAYS = 30
"""The buckets' lifecycle rules delete what is older, whether its job is still there or not."""

LONGEST_REQUEST_SECONDS = 20.0
"""A worker that stops has 25 s to end what it was asked for (docker/gunicorn.conf.py)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(CommonSettings):
    """Read once at start, from environment variables of these names."""

    jobs_table: str = setting(validators.table)
    uploads_table: str = setting(validators.table)
    idempotency_table: str = setting(validators.table)
    feedback_table: str = setting(validators.table)
    preview_url: str = setting(validators.base_url)
    retention_days: int = setting(WholeNumber(1, LONGEST_RETENTION_DAYS), 7)
    processing_timeout_seconds: float = setting(DecimalNumber(1, 3600), 60.0)
    reconcile_after_seconds: float = setting(DecimalNumber(0, 86_400), 900.0)
    reconcile_most_orphans: int = setting(WholeNumber(0, 1_000_000), 100)
    request_seconds: float = setting(DecimalNumber(1, LONGEST_REQUEST_SECONDS), 10.0)


PARAMETERS = (
    Parameter(
        "jobs/url_input_enabled",
        validators.boolean,
        False,
        "whether files may be fetched from URLs; in AWS jobs must then reach the internet "
        "([operating.md](operating.md#files-from-urls))",
    ),
)
"""Read from Parameter Store again and again, so that operators change them without a deployment; the domain's
port `Parameters` has a method for each."""
