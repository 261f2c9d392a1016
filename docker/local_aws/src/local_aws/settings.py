"""What ``make run`` reads from the environment."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from local_aws.aws.resources import on_or_off
from shared.gunicorn_settings import LISTENER_DRAIN, WORKERS
from shared.rate_limits import PER_MINUTE
from shared.runtime import CONFIG_CACHE
from shared.settings import EnvironmentSettings, problems_of, setting
from shared.validators import DecimalNumber, WholeNumber, base_url

REPOSITORY = Path(__file__).resolve().parents[4]

PREVIEW_DEADLINE = DecimalNumber(0.5, 15)
"""As preview has it, which is not installed where its container is."""

_PORT = WholeNumber(0, 65535)


class StartError(Exception):
    """The stack cannot start; a message for the person at the terminal."""


PASSED_ON: Mapping[str, Callable[[str], object]] = {
    "RATE_LIMIT_PER_MINUTE": PER_MINUTE.validator,
    "PREVIEW_DEADLINE_SECONDS": PREVIEW_DEADLINE,
    "CONFIG_CACHE_SECONDS": CONFIG_CACHE,
    "WEB_CONCURRENCY": WORKERS,
    "DRAIN_SECONDS": LISTENER_DRAIN,
    "URL_INPUT": on_or_off,
}
"""Variables that are read elsewhere, and checked here before anything starts."""


def _folder(raw: str) -> Path:
    return Path(raw).resolve()


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalSettings(EnvironmentSettings):
    """Ports are as asked for: 0 means any free one.

    ``jobs_url`` and ``preview_url`` name services that run elsewhere (in containers, or under a debugger)
    and are then not started here; ``workers`` are only where preview is. ``dotenv`` is None where no
    ``.env`` is wanted.
    """

    host: str = setting(str, "127.0.0.1", variable="LOCAL_HOST")
    router_port: int = setting(_PORT, 8080, variable="PORT")
    aws_port: int = setting(_PORT, 4566, variable="LOCAL_AWS_PORT")
    textract_port: int = setting(_PORT, 4567, variable="LOCAL_TEXTRACT_PORT")
    root: Path = setting(_folder, REPOSITORY, variable="LOCAL_ROOT")
    state_dir: Path = setting(_folder, Path(".local"), variable="LOCAL_STATE_DIR")
    dotenv: Path | None = setting(Path, None, variable="LOCAL_DOTENV")
    services_aws_endpoint_url: str | None = setting(base_url, None)
    jobs_url: str | None = setting(base_url, None, variable="LOCAL_JOBS_URL")
    preview_url: str | None = setting(base_url, None, variable="LOCAL_PREVIEW_URL")
    workers: int = setting(WholeNumber(0, 64), os.cpu_count() or 1, variable="PREVIEW_WORKERS")

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Self:
        """Raises SettingsError, which names every variable that is wrong."""
        settings = super(LocalSettings, cls).from_env(environ)
        dotenv = environ.get("LOCAL_DOTENV", ".env")
        return replace(
            settings,
            state_dir=settings.root / settings.state_dir,
            dotenv=settings.root / dotenv if dotenv else None,
        )

    @classmethod
    def contradictions(cls, values: Mapping[str, Any], environ: Mapping[str, str]) -> Iterable[str]:
        yield from problems_of(environ, PASSED_ON)
        for service in ("jobs", "preview"):
            folder = values["root"] / "services" / service
            if values.get(f"{service}_url", "") is None and not (folder / "wsgi.py").is_file():
                yield f"LOCAL_ROOT: must be the repository; {folder / 'wsgi.py'} is missing"
