"""Which service, and with which key: from the environment or a file, never from a command line."""

import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from location_detection.errors import LocationDetectionError

LOCAL_URL = "http://127.0.0.1:8080"
LOCAL_KEY = "local-dev-key"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class NotConfigured(LocationDetectionError):
    """There is no key for the service, or what says which is wrong."""


@dataclass(frozen=True, slots=True)
class Service:
    url: str
    key: str = field(repr=False)

    @property
    def is_local(self) -> bool:
        return urlsplit(self.url).hostname in LOOPBACK


def configuration_file() -> Path:
    """``~/.config/location-detection/config.toml``, with ``url`` and ``key``."""
    folder = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(folder) / "location-detection" / "config.toml"


def configured(url: str | None = None, key: str | None = None) -> Service:
    """Each of what is given, ``LOCATION_DETECTION_URL`` and ``_KEY``, the file; else the local stack.

    A key in the file is for the URL in the file, and the local key for this machine only.
    """
    kept = _kept()
    url = url or os.environ.get("LOCATION_DETECTION_URL") or kept.get("url") or LOCAL_URL
    key = key or os.environ.get("LOCATION_DETECTION_KEY")
    if not key and url == kept.get("url"):
        key = kept.get("key")
    host = _host_of(url)
    if not url.startswith(("http://", "https://")) or not host:
        raise NotConfigured(f"LOCATION_DETECTION_URL must be like https://plans.example.com, not {url!r}.")
    if not key and host in LOOPBACK:
        key = LOCAL_KEY
    if not key:
        raise NotConfigured(
            f"There is no key for {url}: set LOCATION_DETECTION_KEY, or put it into {configuration_file()}."
        )
    return Service(url.rstrip("/"), key)


def _host_of(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _kept() -> dict[str, str]:
    file = configuration_file()
    try:
        kept = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as failure:
        raise NotConfigured(f"{file} cannot be read: {failure}") from failure
    if set(kept) - {"url", "key"} or not all(isinstance(value, str) for value in kept.values()):
        raise NotConfigured(f"{file} holds more than the texts url and key.")
    return kept
