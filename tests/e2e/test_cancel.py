"""A cancel while the preview is being computed."""

from concurrent.futures import ThreadPoolExecutor

import requests

from e2e.caller import Caller
from e2e.textract import TextractSimulator


def test_a_cancel_during_a_preview_wins(caller: Caller, textract: TextractSimulator) -> None:
    textract.fail("slow", seconds=3)
    job_id = caller.create("house_12_rooms.png")["job_id"]

    with ThreadPoolExecutor(1) as pool:
        preview = pool.submit(ask_for_preview, caller.base_url, job_id)
        caller.job_once(job_id, lambda job: job["status"] == "processing")
        cancelled = caller.data("DELETE", f"/api/v1/jobs/{job_id}")
        refused = preview.result()

    assert cancelled["status"] == "cancelled"
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "JOB_CANCELLED")
    job = caller.job(job_id)
    assert (job["status"], job["result_s3_key"]) == ("cancelled", None)
    assert caller.send("GET", f"/api/v1/jobs/{job_id}/preview").status_code == 404


def test_a_cancelled_job_pays_for_no_analysis(caller: Caller, textract: TextractSimulator) -> None:
    job_id = caller.create("studio_small.png")["job_id"]
    caller.data("DELETE", f"/api/v1/jobs/{job_id}")
    calls = textract.calls()
    refused = caller.send("POST", f"/api/v1/jobs/{job_id}/preview")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "JOB_CANCELLED")
    assert textract.calls() == calls


def ask_for_preview(base_url: str, job_id: str) -> requests.Response:
    with Caller(base_url) as caller:
        return caller.send("POST", f"/api/v1/jobs/{job_id}/preview")
