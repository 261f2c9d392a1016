"""What this service is configured with, read once at start."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.plumbing import CommonSettings, read_common
from shared.settings import Reader


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
        preview_cache_table=read.text("PREVIEW_CACHE_TABLE"),
        blueprints_bucket=read.text("BLUEPRINTS_BUCKET"),
        cache_bucket=read.text("CACHE_BUCKET"),
        jobs_url=read.text("JOBS_URL"),
        preview_cache_seconds=read.number("PREVIEW_CACHE_SECONDS", 3600.0),
    )
    read.finish()
    return settings
