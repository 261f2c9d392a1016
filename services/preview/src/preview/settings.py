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
    parameters_path: str
    cors_origins: tuple[str, ...]
    config_cache_seconds: float
    retry_attempts: int
    retry_base_seconds: float
    preview_cache_table: str
    blueprints_bucket: str
    cache_bucket: str
    jobs_url: str
    preview_cache_seconds: float
    computations_at_once: int = 2
    """One for each of the two cores of a task; half of each is waiting for Textract."""
    background_places: int = 8
    """Previews started but not finished, per worker: two at a time and 5 s each, they end within 20 s."""


def from_env(environ: Mapping[str, str]) -> Settings:
    """Raises SettingsError, which names every variable that is missing or wrong."""
    read = Reader(environ)
    settings = Settings(
        environment=read.text("ENVIRONMENT"),
        region=read.text("AWS_REGION"),
        log_level=read.choice("LOG_LEVEL", LEVELS, "INFO"),
        api_keys_secret=read.text("API_KEYS_SECRET"),
        internal_token_secret=read.text("INTERNAL_TOKEN_SECRET"),
        parameters_path=read.text("PARAMETERS_PATH"),
        cors_origins=read.items("CORS_ORIGINS", ("*",)),
        config_cache_seconds=read.number("CONFIG_CACHE_SECONDS", 300.0),
        retry_attempts=read.integer("RETRY_ATTEMPTS", 3),
        retry_base_seconds=read.number("RETRY_BASE_SECONDS", 1.0),
        preview_cache_table=read.text("PREVIEW_CACHE_TABLE"),
        blueprints_bucket=read.text("BLUEPRINTS_BUCKET"),
        cache_bucket=read.text("CACHE_BUCKET"),
        jobs_url=read.text("JOBS_URL"),
        preview_cache_seconds=read.number("PREVIEW_CACHE_SECONDS", 3600.0),
    )
    if settings.environment == "prod" and "*" in settings.cors_origins:
        read.refuse("CORS_ORIGINS", "must list the origins in prod, not *")
    read.finish()
    return settings
