"""The page of the documentation, where requests are filled in from the document's examples and sent."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from plan_library import plan_path
from running_stack import RunningStack

JPG_PLAN = "bungalow_scan.jpg"
DOCUMENT = Path(__file__).parents[2] / "services/jobs/src/jobs/api/static/openapi.json"


def needing_no_job() -> list[str]:
    """Operations that anybody with a key can try who has neither a job nor a file."""
    return [
        operation["operationId"]
        for path, item in json.loads(DOCUMENT.read_text())["paths"].items()
        for method, operation in item.items()
        if method != "parameters" and "{" not in path and operation["operationId"] != "createJob"
    ]


@pytest.fixture
def docs(page: Page, stack: RunningStack) -> Page:
    """The page, with a key entered."""
    page.goto(f"{stack.addresses.router}/api/v1/docs")
    page.locator(".auth-wrapper .authorize").click()
    entry = page.locator(".auth-container", has_text="X-API-Key")
    entry.locator("input").fill("local-dev-key")
    entry.get_by_role("button", name="Apply credentials").click()
    page.locator(".close-modal").click()
    return page


def opened(docs: Page, operation_id: str) -> Locator:
    """An operation's box, ready to be tried."""
    box = docs.locator(f"[id$='-{operation_id}']")
    box.locator(".opblock-summary-control").click()
    box.locator(".try-out__btn").click()
    return box


def pressed(box: Locator) -> tuple[int, Any]:
    """Execute, and the status and body of what the server answered."""
    with box.page.expect_response(lambda response: "/openapi.json" not in response.url) as answer:
        box.locator(".execute").click()
    expect(box.locator(".live-responses-table")).to_be_visible()
    return answer.value.status, answer.value.json()


def test_every_example_works_when_pressed(docs: Page) -> None:
    for operation_id in needing_no_job():
        status, body = pressed(opened(docs, operation_id))
        assert status in (200, 201), (operation_id, body)


def test_a_job_is_created_as_a_form_and_as_json(docs: Page) -> None:
    box = opened(docs, "createJob")
    box.locator("input[type=file]").set_input_files(plan_path(JPG_PLAN))
    status, body = pressed(box)
    assert status == 201, body
    assert body["data"]["blueprint_filename"] == JPG_PLAN

    box.locator(".body-param-content-type select").select_option("application/json")
    for _ in range(2):
        status, body = pressed(box)
        assert status == 201, body
        assert body["data"]["blueprint_format"] == "png"
