"""The whole stack stopped and started again."""

from pathlib import Path

from e2e.caller import Caller
from plan_library import plan_path
from running_stack import RunningStack


def test_jobs_files_and_previews_outlive_a_restart(tmp_path: Path) -> None:
    first = RunningStack.start(tmp_path)
    try:
        with Caller(first.addresses.router) as caller:
            waiting = caller.create("office_floor.pdf")["job_id"]
            job_id = caller.create("studio_small.png")["job_id"]
            rooms = caller.whole_preview(job_id)["rooms"]
            job = caller.job(job_id)
    finally:
        assert first.stop() == 0

    second = RunningStack.start(tmp_path)
    try:
        with Caller(second.addresses.router) as caller:
            assert caller.job(job_id) == job
            assert caller.data("GET", f"/api/v1/jobs/{job_id}/preview")["rooms"] == rooms
            stored = caller.send("GET", f"/api/v1/jobs/{job_id}/blueprint").content
            assert stored == plan_path("studio_small.png").read_bytes()
            assert caller.job(waiting)["status"] == "pending"
            assert caller.whole_preview(waiting)["rooms"]
    finally:
        assert second.stop() == 0
