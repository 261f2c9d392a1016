"""Jobs created with their previews asked for in the same request, several at a time."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

from e2e.caller import Caller, is_late, once
from plan_library import plan_path

THREADS = 6
"""As many as may ask for previews, or wait to, in one worker of jobs: one worker may get them all."""
CREATES = 16


def test_every_preview_asked_for_in_a_burst_of_creates_is_made(caller: Caller) -> None:
    content = plan_path("studio_small.png").read_bytes()

    def create(number: int) -> str:
        own = content + b"burst %d" % number  # no two share a stored preview
        with Caller(caller.base_url) as one:
            upload = {"file": ("studio.png", own)}
            return str(
                one.data("POST", "/api/v1/jobs", 201, files=upload, data={"preview": "true"})["job_id"]
            )

    with ThreadPoolExecutor(THREADS) as pool:
        job_ids = list(pool.map(create, range(CREATES)))

    for job_id in job_ids:
        job = caller.job_once(job_id, lambda job: job["status"] != "processing")
        if job["status"] == "failed":  # on a loaded machine its time was over, and it says so
            assert job["error"]["code"] == "SERVICE_UNAVAILABLE", job
            asked = f"/api/v1/jobs/{job_id}/preview"
            once(
                partial(caller.send, "POST", asked),
                lambda answer: answer.status_code == 200 and not is_late(answer),
            )
            job = caller.job(job_id)
        assert job["status"] == "completed", job
