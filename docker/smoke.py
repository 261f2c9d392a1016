"""Does the main job once on a deployed service; the end of every deployment, and a person can run it too.

    SMOKE_API_KEY=… python docker/smoke.py https://plans.example.com

It needs the client (pip install ./client). The key needs the scopes ``jobs:read`` and ``jobs:write``. The one
job left behind expires as any other.
"""

import os
import sys
import time
from pathlib import Path

import httpx

from location_detection import Client, LocationDetectionError, Preview

PLAN = Path(__file__).resolve().parent.parent / "tests/data/plans/studio_small.png"
ROOM = "BEDROOM"
"""One of its five rooms: a name shows that Textract was asked and answered."""

PATIENCE_SECONDS = 120
"""Longer than a load balancer takes to send requests to new tasks, or a cold service to become quick."""


class SmokeFailed(Exception):
    """The message tells a person what went wrong."""


def wait_until_ready(base_url: str) -> None:
    """Return once the service and all it needs are healthy."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            answer = httpx.get(f"{base_url}/health/ready", timeout=10)
            if answer.is_success:
                return
            seen = f"HTTP {answer.status_code}: {answer.text[:500]}"
        except httpx.HTTPError as failure:
            seen = str(failure)
        if time.monotonic() > give_up:
            raise SmokeFailed(f"{base_url} did not become healthy within {PATIENCE_SECONDS} s: {seen}")
        time.sleep(3)


def refuse_strangers(base_url: str) -> None:
    """Check that nobody without a key, and nobody at all through the load balancer, gets inside."""
    for path, expected in (("/api/v1/jobs", 401), ("/internal/v1/jobs/job_1", 404)):
        status = httpx.get(base_url + path, timeout=10).status_code
        if status != expected:
            raise SmokeFailed(f"GET {path} without a key was answered with {status}, not {expected}.")


def whole_preview(client: Client, job_id: str) -> Preview:
    """Ask until nothing is missing from the preview: a later request repairs it."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while (preview := client.compute_preview(job_id)).degraded:
        if time.monotonic() > give_up:
            raise SmokeFailed(f"The preview of {job_id} stayed degraded: {', '.join(preview.degraded)}.")
        time.sleep(1)
    return preview


def find_rooms(client: Client) -> str:
    """Upload the plan, check what is found on it and what is kept; return what to print."""
    job_id = client.create(PLAN).job_id
    rooms = whole_preview(client, job_id).rooms
    names = [room.name_hint or "-" for room in rooms]
    if ROOM not in {name.upper() for name in names}:
        raise SmokeFailed(f"{ROOM} was not found on {PLAN.name}, but {', '.join(names)}.")
    if client.preview(job_id).rooms != rooms:
        raise SmokeFailed(f"The stored preview of {job_id} is not the one that was answered.")
    status = client.job(job_id).status
    if status != "completed":
        raise SmokeFailed(f"{job_id} has a preview and is {status}.")
    return f"{job_id} is completed: {len(rooms)} rooms: {', '.join(names)}\n"


def main() -> int:
    key = os.environ.get("SMOKE_API_KEY")
    if len(sys.argv) != 2 or not key:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    base_url = sys.argv[1].rstrip("/")
    try:
        wait_until_ready(base_url)
        refuse_strangers(base_url)
        with Client(base_url, key) as client:
            sys.stdout.write(find_rooms(client))
    except (SmokeFailed, LocationDetectionError, httpx.HTTPError) as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
