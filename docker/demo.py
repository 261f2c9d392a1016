"""``make demo``: uploads a plan to what ``make run`` started, prints its rooms and writes the picture.

It finds a ``make run`` of this repository by itself; ``PORT`` says where another one listens.
``python docker/demo.py PLAN`` takes another plan.
"""

import os
import sys
import time
from pathlib import Path
from typing import Any

import requests

REPOSITORY = Path(__file__).resolve().parent.parent
PLAN = REPOSITORY / "tests/data/plans/house_12_rooms.png"
PICTURE = REPOSITORY / "demo.png"
KEY = "local-dev-key"
PATIENCE_SECONDS = 60
"""Longer than any preview takes; only a stack that is stuck makes the demo wait for it."""

ATTEMPTS = 6
"""A machine that has just started everything, or is busy, may read the text too late at first."""


class DemoFailed(Exception):
    """The message tells a person what went wrong and what to do."""


class Api:
    """The public API under ``base_url``; every answer that is not a success becomes a DemoFailed."""

    def __init__(self, base_url: str, key: str) -> None:
        self.base_url = base_url
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {key}"

    def call(self, method: str, path: str, **arguments: Any) -> requests.Response:
        """Send one request and return its successful answer."""
        try:
            answer = self._session.request(
                method, self.base_url + path, timeout=PATIENCE_SECONDS, **arguments
            )
        except requests.ReadTimeout:
            raise DemoFailed(f"{method} {path} did not answer within {PATIENCE_SECONDS} s.") from None
        except requests.RequestException:
            raise DemoFailed(f"Nothing answers at {self.base_url}. Start it first: make run") from None
        if not answer.ok:
            raise DemoFailed(f"{method} {path} was refused: {_reason(answer)}")
        return answer

    def data(self, method: str, path: str, **arguments: Any) -> dict[str, Any]:
        """Send one request and return the ``data`` of its answer."""
        data: dict[str, Any] = self.call(method, path, **arguments).json()["data"]
        return data


def _reason(answer: requests.Response) -> str:
    try:
        error = answer.json()["error"]
    except (ValueError, KeyError, TypeError):
        return f"HTTP {answer.status_code}, and not by the service. Does something else use this port?"
    return f"{error['code']} (HTTP {answer.status_code}): {error['message']}"


def preview_of(api: Api, job_id: str) -> dict[str, Any]:
    """Ask for a preview, and again where something was missing from it: a later request repairs it."""
    for _ in range(ATTEMPTS):
        preview = _finished_preview(api, job_id)
        if not preview["degraded"]:
            break
    return preview


def _finished_preview(api: Api, job_id: str) -> dict[str, Any]:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while True:
        answer = api.call("POST", f"/api/v1/jobs/{job_id}/preview")
        if answer.status_code == requests.codes.ok:
            preview: dict[str, Any] = answer.json()["data"]
            return preview
        if time.monotonic() > give_up:
            raise DemoFailed(f"The preview of {job_id} was not ready after {PATIENCE_SECONDS} s.")
        time.sleep(float(answer.headers.get("Retry-After", "1")))


def room_table(rooms: list[dict[str, Any]]) -> str:
    """Return one line per room under a heading."""
    lines = [f"{'room':<10}{'name':<20}{'confidence':>10}   box (0-1000)"]
    for room in rooms:
        box = ", ".join(f"{side:.0f}" for side in room["bounding_box"])
        name = " ".join(filter(None, (room.get("name_hint"), room["room_number"]))) or "-"
        lines.append(f"{room['id']:<10}{name:<20}{room['confidence']:>10.2f}   {box}")
    return "\n".join(lines)


def timing_table(preview: dict[str, Any], upload_seconds: float, preview_seconds: float) -> str:
    """Return the seconds that the caller waited, and where the service spent them."""
    stages = ", ".join(
        f"{name.removesuffix('_seconds').replace('_', ' ')} {seconds:.2f} s"
        for name, seconds in preview["timing_metrics"].items()
    )
    source = "from the cache" if preview["cached"] else stages
    return f"upload {upload_seconds:.2f} s, preview {preview_seconds:.2f} s ({source})"


def demonstrate(api: Api, plan: Path) -> str:
    """Upload, preview, fetch the picture; return what to print."""
    started = time.monotonic()
    with plan.open("rb") as file:
        job = api.data("POST", "/api/v1/jobs", files={"file": (plan.name, file)})
    uploaded = time.monotonic()
    preview = preview_of(api, job["job_id"])
    previewed = time.monotonic()
    PICTURE.write_bytes(api.call("GET", f"/api/v1/jobs/{job['job_id']}/preview/image").content)
    rooms = preview["rooms"]
    named = sum(1 for room in rooms if room.get("name_hint") or room["room_number"])
    parts = [
        f"{plan.name} is {job['job_id']}: {len(rooms)} rooms, {named} of them named",
        room_table(rooms),
        timing_table(preview, uploaded - started, previewed - uploaded),
        f"the rooms drawn on the plan: {PICTURE}",
    ]
    if preview["degraded"]:
        missing = ", ".join(preview["degraded"])
        parts.insert(1, f"degraded: {missing}\nIs this machine slow? PREVIEW_DEADLINE_SECONDS=15 make run")
    return "\n\n".join(parts) + "\n"


def base_url() -> str:
    """At ``PORT`` if that is said, else where `make run` is, else where it is if nothing is said."""
    # Here, because smoke.py, which imports this file, runs where there is no local_aws.
    from local_aws.settings import LocalSettings  # noqa: PLC0415
    from local_aws.state_lock import address_of_run  # noqa: PLC0415

    settings = LocalSettings.from_env(os.environ)
    asked_for = os.environ.get("PORT", "0") not in ("", "0")
    found = None if asked_for else address_of_run(settings.state_dir)
    return found or f"http://127.0.0.1:{settings.router_port or 8080}"


def main() -> int:
    plan = Path(sys.argv[1]) if len(sys.argv) > 1 else PLAN
    try:
        sys.stdout.write(demonstrate(Api(base_url(), KEY), plan))
    except (DemoFailed, OSError) as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
