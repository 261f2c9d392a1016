"""What this service is configured with: environment variables, and parameters that change at run time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from preview.domain.budget import (
    DEFAULT_DEADLINE_SECONDS,
    MAX_DEADLINE_SECONDS,
    PAGE_SECONDS,
    VISIBILITY_TIMEOUT_SECONDS,
)
from preview.domain.page_work import ATTEMPT_SHARE
from preview.domain.text_analysis import TEXTRACT_PAGE_USD
from shared import validators
from shared.parameter_store import Parameter
from shared.runtime import CommonSettings
from shared.settings import setting
from shared.validators import DecimalNumber, SomeOf, WholeNumber

_LONGEST_CACHE_SECONDS = 30 * 86_400  # the bucket's lifecycle rule deletes the previews then


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(CommonSettings):
    """Read once at start, from environment variables of these names."""

    preview_cache_table: str = setting(validators.table)
    preview_pages_table: str = setting(validators.table)
    preview_pages_queue: str = setting(validators.queue)
    cache_bucket: str = setting(validators.bucket)
    jobs_url: str = setting(validators.base_url)
    worker_poll_seconds: int = setting(WholeNumber(1, 20), 20)
    worker_visibility_timeout_seconds: int = setting(WholeNumber(2, 600), int(VISIBILITY_TIMEOUT_SECONDS))
    requeue_seconds: float = setting(DecimalNumber(0.1, 900), 30.0)
    worker_drain_seconds: float = setting(DecimalNumber(0, 110), 45.0)
    preview_cache_seconds: float = setting(DecimalNumber(1, _LONGEST_CACHE_SECONDS), 3600.0)

    @classmethod
    def contradictions(cls, values: Mapping[str, Any], environ: Mapping[str, str]) -> Iterable[str]:
        yield from super(Settings, cls).contradictions(values, environ)
        seconds = values.get("worker_visibility_timeout_seconds", VISIBILITY_TIMEOUT_SECONDS)
        if values.get("environment") == "prod" and ATTEMPT_SHARE * seconds <= PAGE_SECONDS:
            yield f"WORKER_VISIBILITY_TIMEOUT_SECONDS: must exceed {PAGE_SECONDS / ATTEMPT_SHARE:.0f} in prod"


PARAMETERS = (
    Parameter(
        "preview/deadline_seconds",
        DecimalNumber(0.5, MAX_DEADLINE_SECONDS),
        DEFAULT_DEADLINE_SECONDS,
        "deadline of a preview",
    ),
    Parameter(
        "preview/textract_features",
        SomeOf(tuple(TEXTRACT_PAGE_USD)),
        ("LAYOUT",),
        "Textract features; each has its price",
    ),
)
"""Read from Parameter Store again and again, so that operators change them without a deployment; the domain's
port `Parameters` has a method for each."""
