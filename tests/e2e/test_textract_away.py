"""Textract throttling, failing and hanging: rooms all the same, in time, and repaired later."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from e2e.caller import PATIENCE_SECONDS, Caller, once
from e2e.textract import TextractSimulator
from plan_library import plan_path
from running_stack import RunningStack


@pytest.mark.parametrize("mode", ["throttle", "error", "hang"])
def test_rooms_are_answered_without_textract_and_named_once_it_is_back(
    caller: Caller, textract: TextractSimulator, mode: str
) -> None:
    textract.fail(mode)
    job_id = create_fresh(caller, mode)

    without = caller.preview(job_id)

    assert "textract_unavailable" in without["degraded"]
    assert without["rooms"]
    assert all("name_hint" not in room for room in without["rooms"])

    textract.recover()
    repaired = caller.whole_preview(job_id)
    assert any(room.get("name_hint") for room in repaired["rooms"])


def test_names_come_from_the_text_of_a_pdf_while_textract_is_away(
    caller: Caller, textract: TextractSimulator
) -> None:
    textract.fail("error")
    preview = caller.preview(caller.create("bungalow_rotated.pdf")["job_id"])
    assert preview["degraded"] == ["textract_unavailable"]
    assert any("LOUNGE" in room.get("name_hint", "").upper() for room in preview["rooms"])


def test_health_answers_while_many_wait_for_textract(
    stack: RunningStack, caller: Caller, textract: TextractSimulator
) -> None:
    textract.fail("hang")
    job_id = create_fresh(caller, "thirty callers")
    calls = textract.calls()
    with ThreadPoolExecutor(30) as pool:
        waiting = [pool.submit(ask, caller.base_url, job_id) for _ in range(30)]
        once(textract.calls, lambda count: count > calls)
        live = [is_live(stack.addresses.preview) for _ in range(20)]
        assert not all(one.done() for one in waiting), "health is answered while callers wait"
        answers = [one.result() for one in waiting]

    assert all(live)
    assert {answer.status_code for answer in answers} <= {200, 202}
    assert all("Retry-After" in answer.headers for answer in answers if answer.status_code != 200)


def is_live(base_url: str) -> bool:
    """Asked over a connection of its own, to meet either worker."""
    url = f"{base_url}/health/live"
    answer = requests.get(url, headers={"Connection": "close"}, timeout=PATIENCE_SECONDS)
    return answer.status_code == requests.codes.ok


def ask(base_url: str, job_id: str) -> requests.Response:
    with Caller(base_url) as caller:
        return caller.send("POST", f"/api/v1/jobs/{job_id}/preview")


def test_ten_plans_at_once_have_their_rooms_without_textract(
    caller: Caller, textract: TextractSimulator
) -> None:
    textract.fail("hang")
    job_ids = [create_fresh(caller, f"plan {number} of ten") for number in range(10)]
    with ThreadPoolExecutor(len(job_ids)) as pool:
        answers = list(pool.map(lambda job_id: answer_in_the_end(caller.base_url, job_id), job_ids))
    assert [answer.status_code for answer in answers] == [requests.codes.ok] * len(job_ids)
    assert all("textract_unavailable" in answer.json()["data"]["degraded"] for answer in answers)


def answer_in_the_end(base_url: str, job_id: str) -> requests.Response:
    """Come back, as one is told to, when no permit came free and the page was queued."""
    return once(lambda: ask(base_url, job_id), lambda answer: answer.status_code != requests.codes.accepted)


def create_fresh(caller: Caller, difference: str) -> str:
    """Upload a plan that is not in the cache yet: bytes after a PNG's end change only its hash."""
    content = plan_path("studio_small.png").read_bytes() + difference.encode()
    job = caller.data("POST", "/api/v1/jobs", 201, files={"file": ("studio.png", content)})
    return str(job["job_id"])
