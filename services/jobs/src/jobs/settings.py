"""What this service is configured with, read once at start."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.logs import LEVELS
from shared.settings import Reader


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything from the environment, and the few numbers that only tests change."""

    environment: str
    region: str
    log_level: str
    api_keys_secret: str
    internal_token_secret: str
    cors_origins: tuple[str, ...]
    config_cache_seconds: float
    retry_attempts: int
    retry_base_seconds: float
    jobs_table: str
    uploads_table: str
    blueprints_bucket: str
    preview_url: str
    retention_days: int
    processing_timeout_seconds: float
    request_seconds: float
    preview_starts_at_once: int = 4
    """Half of the threads of a worker; see docker/gunicorn.conf.py."""
    large_bodies_at_once: int = 2
    """Each takes up to 140 MB while it is decoded."""
    header_readers: int = 2
    """Warm children that open new files, one for each of the two cores of a task."""


def from_env(environ: Mapping[str, str]) -> Settings:
    """Raises SettingsError, which names every variable that is missing or wrong."""
    read = Reader(environ)
    settings = Settings(
        environment=read.text("ENVIRONMENT"),
        region=read.text("AWS_REGION"),
        log_level=read.choice("LOG_LEVEL", LEVELS, "INFO"),
        api_keys_secret=read.text("API_KEYS_SECRET"),
        internal_token_secret=read.text("INTERNAL_TOKEN_SECRET"),
        cors_origins=read.items("CORS_ORIGINS", ("*",)),
        config_cache_seconds=read.number("CONFIG_CACHE_SECONDS", 300.0),
        retry_attempts=read.integer("RETRY_ATTEMPTS", 3),
        retry_base_seconds=read.number("RETRY_BASE_SECONDS", 1.0),
        jobs_table=read.text("JOBS_TABLE"),
        uploads_table=read.text("UPLOADS_TABLE"),
        blueprints_bucket=read.text("BLUEPRINTS_BUCKET"),
        preview_url=read.text("PREVIEW_URL"),
        retention_days=read.integer("RETENTION_DAYS", 7, minimum=1),
        processing_timeout_seconds=read.number("PROCESSING_TIMEOUT_SECONDS", 60.0),
        request_seconds=read.number("REQUEST_SECONDS", 10.0),
    )
    if settings.environment == "prod" and "*" in settings.cors_origins:
        read.refuse("CORS_ORIGINS", "must list the origins in prod, not *")
    read.finish()
    return settings
