"""Does the main job once on a deployed service; the end of every deployment, and a person can run it too.

    SMOKE_API_KEY=… python docker/smoke.py https://plans.example.com

The key needs the scopes ``jobs:read`` and ``jobs:write``. The one job left behind expires as any other.
"""

import os
import sys
import time
from typing import Any

import requests
from demo import REPOSITORY, Api, DemoFailed, preview_of, room_table

PLAN = REPOSITORY / "tests/data/plans/studio_small.png"
ROOM = "BEDROOM"
"""One of its five rooms: a name shows that Textract was asked and answered."""

PATIENCE_SECONDS = 120
"""Longer than a load balancer takes to send requests to new tasks, or a cold service to become quick."""


def wait_until_ready(base_url: str) -> None:
    """Return once the service and all it needs are healthy."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            answer = requests.get(f"{base_url}/health/ready", timeout=10)
            if answer.ok:
                return
            seen = f"HTTP {answer.status_code}: {answer.text[:500]}"
        except requests.RequestException as failure:
            seen = str(failure)
        if time.monotonic() > give_up:
            raise DemoFailed(f"{base_url} did not become healthy within {PATIENCE_SECONDS} s: {seen}")
        time.sleep(3)


def refuse_strangers(base_url: str) -> None:
    """Check that nobody without a key, and nobody at all through the load balancer, gets inside."""
    for path, expected in (("/api/v1/jobs", 401), ("/internal/v1/jobs/job_1", 404)):
        status = requests.get(base_url + path, timeout=10).status_code
        if status != expected:
            raise DemoFailed(f"GET {path} without a key was answered with {status}, not {expected}.")


def whole_preview(api: Api, job_id: str) -> dict[str, Any]:
    """Ask until nothing is missing from the preview."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while (preview := preview_of(api, job_id))["degraded"]:
        if time.monotonic() > give_up:
            raise DemoFailed(f"The preview of {job_id} stayed degraded: {', '.join(preview['degraded'])}.")
    return preview


def find_rooms(api: Api) -> str:
    """Upload the plan, check what is found on it and what is kept; return what to print."""
    with PLAN.open("rb") as file:
        job_id = api.data("POST", "/api/v1/jobs", files={"file": (PLAN.name, file)})["job_id"]
    rooms = whole_preview(api, job_id)["rooms"]
    if ROOM not in {room.get("name_hint", "").upper() for room in rooms}:
        raise DemoFailed(f"{ROOM} was not found on {PLAN.name}:\n{room_table(rooms)}")
    if api.data("GET", f"/api/v1/jobs/{job_id}/preview")["rooms"] != rooms:
        raise DemoFailed(f"The stored preview of {job_id} is not the one that was answered.")
    status = api.data("GET", f"/api/v1/jobs/{job_id}")["status"]
    if status != "completed":
        raise DemoFailed(f"{job_id} has a preview and is {status}.")
    return f"{job_id} is completed: {len(rooms)} rooms\n\n{room_table(rooms)}\n"


def main() -> int:
    if len(sys.argv) != 2 or not os.environ.get("SMOKE_API_KEY"):
        sys.stderr.write(f"{__doc__}\n")
        return 2
    base_url = sys.argv[1].rstrip("/")
    try:
        wait_until_ready(base_url)
        refuse_strangers(base_url)
        sys.stdout.write(find_rooms(Api(base_url, os.environ["SMOKE_API_KEY"])))
    except (DemoFailed, requests.RequestException) as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
