"""The environment variables that ``docker/gunicorn.conf.py`` reads, and the number of threads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.settings import EnvironmentSettings, setting
from shared.validators import DecimalNumber, OneOf, WholeNumber

_LOG_LEVELS = ("debug", "info", "warning", "error", "critical")
WORKERS = WholeNumber(1, 64)
LISTENER_DRAIN = DecimalNumber(0, 600)

THREADS = 8
"""Requests of a worker that run at once. Eight 50 MB uploads keep a worker below 150 MB."""

MAX_IDLE = max(2, THREADS // 4)
"""Requests of a worker that wait for something to happen, besides those that run (`shared.http.idle`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GunicornSettings(EnvironmentSettings):
    """``bind``, an address and port, replaces ``port``, which is then not used."""

    bind: str = setting(str, "")
    port: int = setting(WholeNumber(0, 65535), 8000)
    workers: int = setting(WORKERS, 2, variable="WEB_CONCURRENCY")
    listener_drain_seconds: float = setting(LISTENER_DRAIN, 2.0, variable="DRAIN_SECONDS")
    log_level: str = setting(OneOf(_LOG_LEVELS), "warning", variable="GUNICORN_LOG_LEVEL")

    @classmethod
    def contradictions(cls, values: Mapping[str, Any], environ: Mapping[str, str]) -> Iterable[str]:
        if values.get("port") == 0 and not values["bind"]:
            yield "PORT: must be a whole number from 1 to 65535 (it is '0')"
