"""Folders, many plans at once, and the list of jobs beyond its first page."""

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from browser.viewer import KEY, PATIENCE_MS, Viewer
from e2e.caller import Caller
from plan_library import plan_path
from running_stack import RunningStack

STUDIO = plan_path("studio_small.png").read_bytes()
PLANS = 30
MORE_THAN_A_BROWSER_TELLS_AT_ONCE = 120
MANY = 65
OTHER_KEY = "local-other-key"
LONG_AGO = 1_000_000_000
FILE_NAME = re.compile(rb'filename="([^"]*)"')


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A drawing set as it lies on a disk: plans in nested folders, and beside them what is none."""
    root = tmp_path / "set"
    (root / "level 1" / "deep").mkdir(parents=True)
    (root / ".git").mkdir()
    for number in range(PLANS):
        (root / "level 1" / f"plan {number}.png").write_bytes(STUDIO)
    for number in range(MORE_THAN_A_BROWSER_TELLS_AT_ONCE):
        (root / "level 1" / f"notes {number}.txt").write_text("no plan")
    (root / "level 1" / "deep" / "plan.PDF").write_bytes(plan_path("office_floor.pdf").read_bytes())
    for hidden in ("._plan 1.png", ".DS_Store", ".git/plan.pdf"):
        (root / hidden).write_bytes(b"not for people")
    return root


EXPECTED = {f"set/level 1/plan {number}.png" for number in range(PLANS)} | {"set/level 1/deep/plan.PDF"}


@pytest.fixture
def sent(page: Page, previewed: str, caller: Caller) -> list[str]:
    """The names of files as the page sends them to a service that takes them all."""
    answer = {"status": "success", "data": caller.data("GET", f"/api/v1/jobs/{previewed}"), "meta": {}}
    names: list[str] = []

    def take(route: Route) -> None:
        if route.request.method == "POST":
            names.extend(name.decode() for name in FILE_NAME.findall(route.request.post_data_buffer or b""))
            route.fulfill(status=201, body=json.dumps(answer), content_type="application/json")
        else:
            route.continue_()

    page.route("**/api/v1/jobs", take)
    return names


def is_sent(viewer: Viewer, sent: list[str]) -> None:
    expect(viewer.page.locator("#spoken")).to_have_text(
        f"{len(EXPECTED)} plans are sent.", timeout=PATIENCE_MS
    )
    assert (len(sent), set(sent)) == (len(EXPECTED), EXPECTED)


def test_a_chosen_folder_is_sent_with_the_plans_of_the_folders_in_it(
    viewer: Viewer, folder: Path, sent: list[str]
) -> None:
    viewer.open()
    viewer.page.locator("#choose-folder").set_input_files(folder)
    viewer.sees(re.compile(r"Sending 31 plans: \d+ done"))
    is_sent(viewer, sent)


def test_a_dropped_folder_is_sent_likewise(viewer: Viewer, folder: Path, sent: list[str]) -> None:
    viewer.open()
    viewer.sees("Your plans")
    viewer.drop_on_page(folder)
    is_sent(viewer, sent)


def test_all_that_waits_is_cancelled_at_once(viewer: Viewer, folder: Path) -> None:
    viewer.open()
    viewer.page.route("**/api/v1/jobs", lambda route: None)
    viewer.page.locator("#choose-folder").set_input_files(folder)
    viewer.press("Cancel all")
    expect(viewer.page.locator(".upload")).to_have_count(0)
    viewer.page.unroute("**/api/v1/jobs")


def test_a_plan_that_the_service_is_too_busy_for_is_sent_again(viewer: Viewer, caller: Caller) -> None:
    busy = {"status": "error", "error": {"code": "SERVICE_UNAVAILABLE", "message": "busy"}, "meta": {}}
    answers = iter([503, 429])

    def refuse(route: Route) -> None:
        status = next(answers, None) if route.request.method == "POST" else None
        if status:
            body, headers = json.dumps(busy), {"Retry-After": "0"}
            route.fulfill(status=status, headers=headers, body=body, content_type="application/json")
        else:
            route.continue_()

    viewer.page.route("**/api/v1/jobs", refuse)
    viewer.open()
    viewer.drop(plan_path("studio_small.png"))
    viewer.sees("5 rooms")


@pytest.fixture(scope="module")
def jobs_of_another(stack: RunningStack) -> Iterator[list[str]]:
    """Jobs of an owner who has no others, the newest first."""
    with Caller(stack.addresses.router, OTHER_KEY) as other:
        made = [other.create("studio_small.png")["job_id"] for _ in range(MANY)]
        yield made[::-1]
        for job_id in made:
            other.send("DELETE", f"/api/v1/jobs/{job_id}/data")


def test_the_list_of_jobs_goes_on_beyond_its_first_page(viewer: Viewer, jobs_of_another: list[str]) -> None:
    viewer.open(key=OTHER_KEY)
    rows = viewer.page.locator(".job-row a")
    expect(rows).to_have_count(20)
    viewer.press("Show more")
    expect(rows).to_have_count(MANY)
    assert rows.evaluate_all("links => links.map(link => link.id)") == [
        f"open-{job}" for job in jobs_of_another
    ]
    expect(rows.nth(20)).to_be_focused()
    expect(viewer.page.get_by_role("button", name="Show more")).to_be_hidden()


def test_what_is_shown_of_the_list_stays_shown_when_it_is_read_again(
    viewer: Viewer, jobs_of_another: list[str]
) -> None:
    viewer.open(key=OTHER_KEY)
    viewer.press("Show more")
    rows = viewer.page.locator(".job-row")
    expect(rows).to_have_count(MANY)
    first = rows.first.element_handle()
    rows.nth(30).get_by_role("button", name="Cancel").click()
    expect(rows.nth(30)).to_contain_text("Cancelled")
    expect(rows).to_have_count(MANY)
    assert first.evaluate("row => row.isConnected")


def test_an_upload_that_lost_its_connection_is_sent_once_there_is_one(viewer: Viewer) -> None:
    viewer.open()
    viewer.sees("Your plans")
    viewer.page.context.set_offline(True)
    viewer.drop(plan_path("studio_small.png"))
    viewer.sees("The service cannot be reached. Check the connection, then try again.")
    viewer.page.context.set_offline(False)
    viewer.sees("5 rooms")


def test_a_set_whose_key_expires_waits_for_another_key(viewer: Viewer, folder: Path, sent: list[str]) -> None:
    refused = {"status": "error", "error": {"code": "UNAUTHORIZED", "message": "refused"}, "meta": {}}
    used: list[str] = []

    def expire(route: Route) -> None:
        if route.request.method == "POST":
            used.append(route.request.headers["x-api-key"])
        if len(used) > 10 and used[-1] != OTHER_KEY and route.request.method == "POST":
            route.fulfill(status=401, json=refused)
        else:
            route.fallback()

    viewer.page.route("**/api/v1/jobs", expire)
    viewer.open()
    viewer.page.locator("#choose-folder").set_input_files(folder)
    viewer.sees("Sending 31 plans: 10 done, 21 to go once a key is entered")
    viewer.page.get_by_label("Your key").fill(OTHER_KEY)
    viewer.press("Go on")
    is_sent(viewer, sent)
    assert set(used) == {KEY, OTHER_KEY}, "nothing is sent without a key"
    assert used.count(KEY) <= 12, "what is under way when the key is refused, and no more"


@pytest.mark.parametrize("change", [Path.unlink, lambda plan: plan.write_bytes(b"another plan")])
def test_a_file_that_is_not_what_it_was_when_it_was_chosen_is_named_so(
    viewer: Viewer, tmp_path: Path, change: Callable[[Path], object]
) -> None:
    plan = tmp_path / "plan.png"
    plan.write_bytes(STUDIO)
    os.utime(plan, (LONG_AGO, LONG_AGO))  # Chromium compares whole seconds
    viewer.open(key=None)
    viewer.drop(plan)
    viewer.sees("Enter your key, and the plan is sent.")
    change(plan)
    viewer.page.get_by_label("Your key").fill(KEY)
    viewer.press("Go on")
    viewer.sees("The file has changed or is gone. Choose it again.")
    expect(viewer.page.get_by_role("button", name="Send again")).to_be_hidden()


def test_a_plan_that_is_dropped_on_another_is_a_new_plan(viewer: Viewer, previewed: str) -> None:
    viewer.open(previewed)
    viewer.sees("12 rooms")
    viewer.drop_on_page(plan_path("studio_small.png"))
    viewer.sees("5 rooms")


def test_what_is_no_plan_is_named(viewer: Viewer, tmp_path: Path) -> None:
    photo = tmp_path / "photo.heic"
    photo.write_bytes(b"a photo")
    viewer.open()
    viewer.drop(photo)
    viewer.sees("photo.heic is no PNG, JPG or PDF.")


def test_pages_that_make_no_sense_are_asked_for_again(viewer: Viewer) -> None:
    viewer.open()
    viewer.page.get_by_label("Of a PDF, look at").select_option("some")
    field = viewer.page.get_by_label("Which pages")
    field.fill("2-9, x")
    viewer.drop(plan_path("townhouse_three_pages.pdf"))
    expect(field).to_be_focused()
    expect(viewer.page.locator(".upload")).to_have_count(0)
    field.fill("2 , 3")
    viewer.drop(plan_path("townhouse_three_pages.pdf"))
    viewer.sees("townhouse_three_pages.pdf")
    second = viewer.page.get_by_role("listitem").filter(has_text="Page 2")
    expect(second).to_contain_text("4 rooms", timeout=PATIENCE_MS)
