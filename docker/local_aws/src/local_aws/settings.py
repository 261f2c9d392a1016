"""What ``make run`` reads from the environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[4]


NUMBERS = {
    "RATE_LIMIT_PER_MINUTE": (1, 600_000),
    "PREVIEW_DEADLINE_SECONDS": (0.5, 15),
    "CONFIG_CACHE_SECONDS": (0.1, 3600),
    "WEB_CONCURRENCY": (1, 64),
    "DRAIN_SECONDS": (0.0, 600),
}
"""Variables that are passed on, with the bounds they have where they are read."""


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
            If a port or another number is none or out of its bounds, ``URL_INPUT`` neither on nor off, an
            address no URL, or the services not where they should be.
        """
        for name, (lowest, highest) in NUMBERS.items():
            _check_number(environ, name, lowest, highest)
        _check_form(environ, "URL_INPUT", "on|off", "on or off")
        for name in ("LOCAL_JOBS_URL", "LOCAL_PREVIEW_URL", "SERVICES_AWS_ENDPOINT_URL"):
            _check_form(environ, name, r"https?://[^/?#@\s]+", "a URL such as http://127.0.0.1:8001")
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
    if not re.fullmatch("[0-9]{1,5}", text) or int(text) > 65535:
        raise SettingsError(
            f"{name}={text} is not a port. Use a number from 1 to 65535, or 0 for any free one."
        )
    return int(text)


def _check_number(environ: Mapping[str, str], name: str, lowest: float, highest: float) -> None:
    text = environ.get(name)
    form = "[0-9]{1,9}" if isinstance(lowest, int) else r"[0-9]{1,9}(\.[0-9]{1,9})?"
    if text and not (re.fullmatch(form, text) and lowest <= float(text) <= highest):
        raise SettingsError(f"{name}={text} is not possible. Use a number from {lowest} to {highest}.")


def _check_form(environ: Mapping[str, str], name: str, form: str, described: str) -> None:
    text = environ.get(name)
    if text and not re.fullmatch(form, text, re.IGNORECASE):
        raise SettingsError(f"{name}={text} is not possible. Use {described}.")
