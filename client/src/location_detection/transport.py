"""HTTP with the manners that the API asks for: time limits, keys, and repeating what may be repeated."""

import contextlib
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from location_detection.configuration import Service
from location_detection.errors import (
    TEMPORARY,
    ApiError,
    LocationDetectionError,
    NotTheService,
    Unreachable,
    UploadRefused,
)
from location_detection.models import Upload

TIMEOUT = httpx.Timeout(30, connect=5)
"""Per wait for a connection or for bytes. A server that is asked to wait answers after 20 s."""

MAX_PAUSE_SECONDS = 8
_UNDECLARED = "application/octet-stream"
"""The service judges a file by its content; a type guessed from its name could only disagree."""


class Transport:
    """Sends requests to one service with one key, again where that may help, and reads its error answers."""

    def __init__(
        self,
        service: Service,
        retry_seconds: float,
        sleep: Callable[[float], None],
        transport: httpx.BaseTransport | None,
    ) -> None:
        self.url = service.url
        self.sleep = sleep
        self._key = service.key
        self._retry_seconds = retry_seconds
        # A proxy cannot reach this machine's own service.
        self._http = httpx.Client(timeout=TIMEOUT, trust_env=not service.is_local, transport=transport)

    def close(self) -> None:
        self._http.close()

    def send(
        self,
        method: str,
        path: str,
        file: Path | None = None,
        *,
        repeatable: bool = True,
        **arguments: Any,
    ) -> httpx.Response:
        """Send a request, with ``file`` as the form's part of that name; return an answer below 400.

        Repeats what was refused for a while, for at most ``retry_seconds``, as ``Retry-After`` says; and
        what may have been done without an answer, where the request is ``repeatable``.
        """
        arguments["headers"] = {"Authorization": f"Bearer {self._key}"} | arguments.get("headers", {})
        return self._repeat(lambda: self._send_once(method, self.url + path, file, arguments), repeatable)

    def upload(self, upload: Upload, file: Path) -> None:
        """Send a file to the storage, which gets the form's fields and never the key."""
        self._repeat(lambda: self._upload_once(upload, file))

    def _repeat(self, action: Callable[[], httpx.Response], repeatable: bool = True) -> httpx.Response:
        give_up = time.monotonic() + self._retry_seconds
        pauses = growing_pauses()
        while True:
            try:
                return action()
            except TEMPORARY as failure:
                pause = next(pauses) if failure.retry_after is None else failure.retry_after
                unsure = isinstance(failure, Unreachable) and not repeatable
                if unsure or time.monotonic() + pause > give_up:
                    raise
            self.sleep(pause)

    def _send_once(
        self, method: str, url: str, file: Path | None, arguments: dict[str, Any]
    ) -> httpx.Response:
        with _part(file) as form, _reaching(self.url):
            answer = self._http.request(method, url, **arguments, **form)
        if answer.status_code >= httpx.codes.BAD_REQUEST:
            raise _error_of(answer)
        return answer

    def _upload_once(self, upload: Upload, file: Path) -> httpx.Response:
        with _part(file) as form, _reaching(upload.url):
            answer = self._http.post(upload.url, data=upload.fields, **form)
        if answer.is_server_error:
            raise Unreachable(f"The storage answered HTTP {answer.status_code}.")
        if not answer.is_success:
            raise UploadRefused(f"The storage refused {file.name} with HTTP {answer.status_code}.")
        return answer


def growing_pauses(first: float = 0.5, most: float = MAX_PAUSE_SECONDS) -> Iterator[float]:
    """Yield 0.5, 1, 2, 4, 8, 8 … seconds, each shortened by up to a half, so that many spread out."""
    while True:
        yield first * random.uniform(0.5, 1)  # noqa: S311 - spreads load, hides nothing
        first = min(2 * first, most)


def data_of(answer: httpx.Response) -> Any:
    """Return the ``data`` of an answer's envelope."""
    try:
        return answer.json()["data"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise NotTheService(f"{answer.url} answered, but not as the service does.") from None


def version_of(answer: httpx.Response) -> str:
    """The version that an answer is of, by which changes are waited for."""
    version: str = answer.headers.get("ETag", "")
    if not version:
        raise NotTheService(f"{answer.url} answered without an ETag. Does a proxy remove it?")
    return version


def retry_after(answer: httpx.Response) -> float | None:
    """The seconds that an answer asks to wait."""
    value = answer.headers.get("Retry-After", "")
    return float(value) if value.isascii() and value.isdigit() else None


def sendable(name: str) -> str:
    """A file's name without bytes that are no text, which Linux allows and no encoding has."""
    return name.encode("utf-8", "replace").decode("utf-8")


def printable(text: str) -> str:
    """Text of others without what would steer a terminal, or is no text."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


@contextlib.contextmanager
def _part(file: Path | None) -> Iterator[dict[str, Any]]:
    """Open the file anew for each attempt, since an attempt that failed may have read half of it."""
    if file is None:
        yield {}
        return
    with file.open("rb") as content:
        yield {"files": {"file": (sendable(file.name), content, _UNDECLARED)}}


@contextlib.contextmanager
def _reaching(url: str) -> Iterator[None]:
    host = urlsplit(url).netloc
    try:
        yield
    except httpx.TimeoutException as failure:
        raise Unreachable(f"{host} did not answer in time.") from failure
    except httpx.TransportError as failure:
        raise Unreachable(f"{host} cannot be reached, or broke off: {failure}") from failure
    except (httpx.InvalidURL, httpx.HTTPError) as failure:
        raise NotTheService(f"{url} cannot be asked: {failure}") from failure


def _error_of(answer: httpx.Response) -> LocationDetectionError:
    try:
        body = answer.json()
        error, meta = body["error"], body["meta"]
        code = error["code"]
        return ApiError.by_code.get(code, ApiError)(
            code,
            error["message"],
            status=answer.status_code,
            details=error.get("details"),
            request_id=meta["request_id"],
            retry_after=retry_after(answer),
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        kind = Unreachable if answer.is_server_error else NotTheService
        return kind(f"{answer.url} answered HTTP {answer.status_code}, not as the service does.")
