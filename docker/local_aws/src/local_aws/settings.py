"""What ``make run`` reads from the environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[4]


class SettingsError(Exception):
    """A message for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class LocalSettings:
    """Ports are as asked for: 0 means any free one.

    ``jobs_url`` and ``preview_url`` name services that run elsewhere (in containers, or under a debugger)
    and are then not started here. ``dotenv`` is None where no ``.env`` is wanted.
    """

    host: str
    router_port: int
    aws_port: int
    textract_port: int
    state_dir: Path
    root: Path
    dotenv: Path | None
    services_aws_endpoint_url: str | None
    jobs_url: str | None
    preview_url: str | None

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "LocalSettings":
        """Read the settings.

        Raises
        ------
        SettingsError
            If a port is not a number from 0 to 65535, or the services are not where they should be.
        """
        root = Path(environ.get("LOCAL_ROOT") or REPOSITORY).resolve()
        dotenv = environ.get("LOCAL_DOTENV", ".env")
        settings = cls(
            host=environ.get("LOCAL_HOST") or "127.0.0.1",
            router_port=_port(environ, "PORT", 8080),
            aws_port=_port(environ, "LOCAL_AWS_PORT", 4566),
            textract_port=_port(environ, "LOCAL_TEXTRACT_PORT", 4567),
            state_dir=Path(environ.get("LOCAL_STATE_DIR") or root / ".local").resolve(),
            root=root,
            dotenv=root / dotenv if dotenv else None,
            services_aws_endpoint_url=environ.get("SERVICES_AWS_ENDPOINT_URL") or None,
            jobs_url=environ.get("LOCAL_JOBS_URL") or None,
            preview_url=environ.get("LOCAL_PREVIEW_URL") or None,
        )
        settings._check_services()
        return settings

    def _check_services(self) -> None:
        for name, url in (("jobs", self.jobs_url), ("preview", self.preview_url)):
            wsgi = self.root / "services" / name / "wsgi.py"
            if url is None and not wsgi.is_file():
                raise SettingsError(f"{wsgi} is missing. Run this from the repository, or set LOCAL_ROOT.")


def _port(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name) or str(default)
    if not text.isdecimal() or int(text) > 65535:
        raise SettingsError(
            f"{name}={text} is not a port. Use a number from 1 to 65535, or 0 for any free one."
        )
    return int(text)
