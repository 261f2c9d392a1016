"""A caller of the public API, as a developer's client would be."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self, TypeVar

import requests

from local_parts import LOOK_AGAIN_SECONDS
from plan_library import plan_path

PATIENCE_SECONDS = 120

T = TypeVar("T")


class Caller:
    """Talks to ``base_url`` with an API key over connections of its own; close it, or use ``with``."""

    def __init__(self, base_url: str, key: str | None = "local-dev-key") -> None:
        self.base_url = base_url
        self._session = requests.Session()
        if key:
            self._session.headers["Authorization"] = f"Bearer {key}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()

    def send(self, method: str, path: str, **arguments: Any) -> requests.Response:
        return self._session.request(method, self.base_url + path, timeout=PATIENCE_SECONDS, **arguments)

    def data(self, method: str, path: str, status: int = 200, **arguments: Any) -> dict[str, Any]:
        """Send a request that must be answered with ``status`` and return the answer's data."""
        answer = self.send(method, path, **arguments)
        assert answer.status_code == status, answer.text
        data: dict[str, Any] = answer.json()["data"]
        return data

    def create(self, plan: str, **fields: str) -> dict[str, Any]:
        """Upload a plan as multipart and return its job."""
        with plan_path(plan).open("rb") as file:
            return self.data("POST", "/api/v1/jobs", 201, files={"file": (plan, file)}, data=fields)

    def job(self, job_id: str) -> dict[str, Any]:
        return self.data("GET", f"/api/v1/jobs/{job_id}")

    def preview(self, job_id: str, **body: Any) -> dict[str, Any]:
        """Ask for a preview, again while it is still being computed, and return it."""
        answer = once(
            lambda: self.send("POST", f"/api/v1/jobs/{job_id}/preview", json=body),
            lambda answer: answer.status_code != requests.codes.accepted,
        )
        assert answer.status_code == requests.codes.ok, answer.text
        data: dict[str, Any] = answer.json()["data"]
        return data

    def whole_preview(self, job_id: str, **body: Any) -> dict[str, Any]:
        """Ask until nothing is missing: on a loaded machine the text may be read too late at first."""
        return once(lambda: self.preview(job_id, **body), lambda preview: preview["degraded"] == [])

    def job_once(self, job_id: str, condition: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Return the job as soon as the condition holds for it."""
        return once(lambda: self.job(job_id), condition)


def is_late(answer: requests.Response) -> bool:
    """Whether a preview does not complete its job: on a loaded machine rooms are found or stored too late."""
    return '"deadline_reached"' in answer.text or '"preview_not_stored"' in answer.text


def once(look: Callable[[], T], condition: Callable[[T], bool]) -> T:
    """Look again and again until the condition holds for what is seen; fail after ``PATIENCE_SECONDS``."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not condition(seen := look()):
        assert time.monotonic() < give_up, f"never came true; last seen: {seen}"
        time.sleep(LOOK_AGAIN_SECONDS)
    return seen


def at_once(count: int, action: Callable[[], T]) -> list[T]:
    """Run an action in as many threads and return what each returned."""
    with ThreadPoolExecutor(count) as pool:
        running = [pool.submit(action) for _ in range(count)]
        return [task.result() for task in running]
