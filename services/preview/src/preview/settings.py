"""What this service is configured with, read once at start."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared import validators
from shared.runtime import CommonSettings, read_common
from shared.settings import Reader

_LONGEST_CACHE_SECONDS = 30 * 86_400.0  # the bucket's lifecycle rule deletes the previews then


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(CommonSettings):
    """Everything from the environment."""

    preview_cache_table: str
    blueprints_bucket: str
    cache_bucket: str
    jobs_url: str
    preview_cache_seconds: float


def from_env(environ: Mapping[str, str]) -> Settings:
    """Raises SettingsError, which names every variable that is missing or wrong."""
    read = Reader(environ)
    settings = Settings(
        **read_common(read),
        preview_cache_table=read.text("PREVIEW_CACHE_TABLE", validators.table),
        blueprints_bucket=read.text("BLUEPRINTS_BUCKET", validators.bucket),
        cache_bucket=read.text("CACHE_BUCKET", validators.bucket),
        jobs_url=read.text("JOBS_URL", validators.base_url),
        preview_cache_seconds=read.number(
            "PREVIEW_CACHE_SECONDS", 3600.0, minimum=1.0, maximum=_LONGEST_CACHE_SECONDS
        ),
    )
    read.finish()
    return settings
