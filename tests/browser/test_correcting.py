"""The viewer's tools for correcting, in a person's hands: mouse, keyboard, and a service that is away."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from plan_library import plan_path
from running_stack import RunningStack

KEY = "local-dev-key"
PLAN = "house_12_rooms.png"
FOUND_MS = 120_000

Room = dict[str, Any]


class Plan:
    """A page of a job, opened in the viewer with the tools in hand."""

    def __init__(self, page: Page, origin: str, job_id: str) -> None:
        self.page = page
        self.api = f"{origin}/api/v1/jobs/{job_id}"
        self.address = f"{origin}/#job={job_id}"
        page.goto(f"{origin}/#key={KEY}")
        self.open()

    def open(self) -> None:
        """Anew, as after closing the tab."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.address}&key={KEY}")
        expect(self.page.locator("tr[data-room]")).not_to_have_count(0, timeout=FOUND_MS)
        self.button("Correct").click()
        self.is_saved()

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def listed(self, name: str) -> Locator:
        return self.page.locator("table.rooms th").get_by_role("button", name=name, exact=True)

    def choose(self, name: str) -> None:
        self.listed(name).click()

    def tool(self, name: str) -> Locator:
        return self.page.locator(f".room-form [data-tool={name}]")

    def corner(self, number: int) -> Locator:
        return self.page.locator(".handle.corner").nth(number)

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.mouse.move(*end, steps=4)
        self.page.mouse.up()

    def is_saved(self) -> None:
        expect(self.page.locator(".plan-tools .saved")).to_have_text("All saved", timeout=20_000)

    def say(self, item: dict[str, Any]) -> None:
        """As somebody else does, elsewhere."""
        answer = self.page.request.post(f"{self.api}/feedback", headers={"X-API-Key": KEY}, data=item)
        assert answer.status == 201, answer.text()

    def look_again(self) -> None:
        self.page.evaluate("dispatchEvent(new Event('focus'))")

    def answered(self) -> Any:
        """The preview with corrections, as everybody else reads it."""
        answer = self.page.request.get(f"{self.api}/preview?corrected=true", headers={"X-API-Key": KEY})
        return answer.json()["data"]

    def room(self, name: str) -> Room:
        [room] = [room for room in self.answered()["rooms"] if room.get("name_hint") == name]
        return room


@pytest.fixture
def plan(page: Page, stack: RunningStack) -> Plan:
    """A plan of twelve rooms, of a job of its own; a worker finds them."""
    origin, headers = stack.addresses.router, {"X-API-Key": KEY}
    file = {"name": PLAN, "mimeType": "image/png", "buffer": plan_path(PLAN).read_bytes()}
    form: dict[str, Any] = {"file": file, "preview": "true"}
    created = page.request.post(f"{origin}/api/v1/jobs", headers=headers, multipart=form)
    job_id = created.json()["data"]["job_id"]
    return Plan(page, origin, job_id)


def centre(locator: Locator) -> tuple[float, float]:
    box = locator.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_dragged_corner_is_undone_redone_and_there_after_a_reload(plan: Plan) -> None:
    found = plan.room("STUDY")["polygon"]
    plan.choose("STUDY")
    x, y = centre(plan.corner(0))
    plan.drag((x, y), (x - 40, y + 30))
    plan.is_saved()
    moved = plan.room("STUDY")["polygon"]
    assert [a == b for a, b in zip(found, moved, strict=True)] == [False] + [True] * (len(found) - 1)

    plan.page.keyboard.press("Control+z")
    plan.is_saved()
    assert plan.room("STUDY")["polygon"] == found
    plan.page.keyboard.press("Control+Shift+z")
    plan.is_saved()
    assert plan.room("STUDY")["polygon"] == moved

    plan.button("Done").click()
    plan.button("Zoom in").click()
    plan.open()
    plan.choose("STUDY")
    assert centre(plan.corner(0)) == pytest.approx((x - 40, y + 30), abs=10)
    plan.button("Undo").click()
    expect(plan.page.locator("tr.selected")).not_to_contain_text("corrected")
    plan.is_saved()
    assert plan.room("STUDY")["polygon"] == found
    assert centre(plan.corner(0)) == pytest.approx((x, y), abs=2)


def test_a_split_room_is_two_and_one_again_when_undone(plan: Plan) -> None:
    plan.choose("LIVING ROOM")
    area = plan.room("LIVING ROOM")["area_m2"]
    split_in_two(plan)
    parts = [room for room in plan.answered()["rooms"] if room.get("corrected")]
    assert [room.get("name_hint") for room in parts] == ["LIVING ROOM", None]
    assert sum(room["area_m2"] for room in parts) == pytest.approx(area, rel=0.01)

    plan.button("Undo").click()
    plan.is_saved()
    assert plan.room("LIVING ROOM")["area_m2"] == area


def split_in_two(plan: Plan) -> None:
    """The selected room, by a line across it."""
    box = plan.page.locator(".plan path.room.selected").bounding_box()
    assert box
    plan.tool("split").click()
    level = box["y"] + box["height"] * 0.7
    plan.drag((box["x"] - 10, level), (box["x"] + box["width"] + 10, level))
    plan.is_saved()


def test_by_keyboard_a_room_is_added_named_shaped_and_removed(plan: Plan) -> None:
    press = plan.page.keyboard.press
    plan.button("Add room").focus()
    far = [*["Shift+ArrowRight"] * 5, *["Shift+ArrowDown"] * 5]
    for key in ("Enter", "Shift+ArrowUp", "Enter", *far, "Enter", "Enter"):
        press(key)
    expect(plan.tool("rename")).to_be_focused()
    plan.page.keyboard.type("Pantry")
    press("Enter")
    plan.is_saved()
    assert (plan.room("Pantry")["room_type"], len(plan.room("Pantry")["polygon"])) == ("storage", 4)

    plan.tool("corners").focus()
    press("Enter")
    press("Delete")
    plan.is_saved()
    assert len(plan.room("Pantry")["polygon"]) == 3
    plan.tool("remove").focus()
    press("Enter")
    plan.is_saved()
    assert len(plan.answered()["rooms"]) == 12


def test_what_is_corrected_while_the_service_is_away_is_saved_once_it_is_back(plan: Plan) -> None:
    plan.page.route("**/feedback", lambda route: route.abort())
    plan.choose("STUDY")
    plan.tool("rename").fill("Library")
    plan.page.keyboard.press("Enter")
    plan.tool("retype").select_option("office")
    expect(plan.page.locator(".plan-tools .saved")).to_contain_text("Not saved yet (2)")
    plan.page.unroute("**/feedback")
    plan.button("Save now").click()
    plan.is_saved()
    assert plan.room("Library")["room_type"] == "office"


def test_what_is_corrected_with_a_key_that_has_expired_is_saved_with_the_next(plan: Plan) -> None:
    refused = {"status": "error", "error": {"code": "UNAUTHORIZED", "message": "refused"}, "meta": {}}
    plan.page.route("**/feedback", lambda route: route.fulfill(status=401, json=refused))
    plan.choose("STUDY")
    plan.tool("rename").fill("Library")
    plan.page.keyboard.press("Enter")
    expect(plan.page.get_by_label("Your key")).to_be_visible()
    plan.page.unroute("**/feedback")
    plan.page.locator("#choose-files").set_input_files(plan_path(PLAN))
    plan.page.get_by_label("Your key").fill(KEY)
    with plan.page.expect_response("**/feedback") as saved:
        plan.button("Go on").click()
    assert saved.value.status == 201
    assert plan.room("Library")["corrected"]


def test_an_answer_that_was_lost_adds_no_second_room(plan: Plan) -> None:
    plan.page.route("**/feedback", losing_one_answer())
    plan.button("Add room").click()
    x, y = centre(plan.page.locator(".plan"))
    plan.drag((x, y), (x + 40, y + 40))
    plan.is_saved()
    assert len(plan.answered()["rooms"]) == 13


def losing_one_answer() -> Callable[[Route], None]:
    lost: list[str] = []

    def lose(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.request.url)
            route.fetch()
            route.abort()
        else:
            route.continue_()

    return lose


def test_a_known_length_sets_the_scale_and_is_forgotten_again(plan: Plan) -> None:
    read = plan.answered()["scale"]
    plan.button("Set scale").click()
    x, y = centre(plan.page.locator(".plan"))
    plan.drag((x - 100, y), (x + 100, y))
    plan.page.get_by_label("Length").fill("32'-10\"")
    plan.button("Set the scale").click()
    expect(plan.page.locator(".scale")).to_contain_text("given by you")
    assert plan.answered()["scale"]["source"] == "given"
    plan.button("Forget scale").click()
    expect(plan.button("Forget scale")).to_be_hidden()
    assert plan.answered()["scale"] == read
    plan.button("Undo").click()
    expect(plan.button("Forget scale")).to_be_visible()
    assert plan.answered()["scale"]["source"] == "given"


def test_an_undo_of_a_split_that_is_cut_short_goes_on_when_the_page_is_opened_again(plan: Plan) -> None:
    area = plan.room("LIVING ROOM")["area_m2"]
    plan.choose("LIVING ROOM")
    split_in_two(plan)
    plan.page.route("**/feedback/*", letting_one_through())
    plan.button("Undo").click()
    expect(plan.page.locator(".plan-tools .saved")).to_contain_text("Not saved yet (1)")
    plan.page.unroute("**/feedback/*")
    plan.open()
    plan.button("Undo").click()
    plan.is_saved()
    assert len(plan.answered()["rooms"]) == 12
    assert plan.room("LIVING ROOM")["area_m2"] == area


def letting_one_through() -> Callable[[Route], None]:
    passed: list[str] = []

    def pass_one(route: Route) -> None:
        if passed:
            route.abort()
        else:
            passed.append(route.request.url)
            route.continue_()

    return pass_one


def test_what_is_corrected_elsewhere_is_shown_when_one_looks_again(plan: Plan) -> None:
    plan.choose("STUDY")
    plan.tool("rename").fill("Library")
    plan.page.keyboard.press("Enter")
    plan.is_saved()
    plan.say({"feedback": "partial", "room_id": plan.room("KITCHEN")["id"], "correction": {"name": "Pantry"}})
    plan.look_again()
    expect(plan.listed("Pantry")).to_be_visible()

    plan.button("Undo").click()
    plan.is_saved()
    expect(plan.listed("STUDY")).to_be_visible()
    expect(plan.listed("Pantry")).to_be_visible()

    plan.button("Done").click()
    plan.say({"feedback": "wrong", "room_id": plan.room("Pantry")["id"], "correction": {"removed": True}})
    plan.look_again()
    expect(plan.listed("Pantry")).to_have_count(0)


def test_a_room_that_was_removed_elsewhere_is_gone_once_it_is_spoken_of(plan: Plan) -> None:
    plan.choose("STUDY")
    plan.say({"feedback": "wrong", "room_id": plan.room("STUDY")["id"], "correction": {"removed": True}})
    plan.tool("rename").fill("Library")
    plan.page.keyboard.press("Enter")
    expect(plan.listed("Library")).to_have_count(0)
    expect(plan.page.get_by_text("This page was corrected elsewhere meanwhile")).to_be_visible()


def test_a_comment_is_shown_with_its_room_until_it_is_undone(plan: Plan) -> None:
    plan.choose("STUDY")
    plan.tool("complain").click()
    plan.page.get_by_label("Comment").fill("These are two rooms.\nOne is a bath.")
    plan.button("Send").click()
    said = plan.page.locator("tr.details").get_by_text("These are two rooms.")
    expect(said).to_be_visible()
    assert "rooms.\nOne" in said.inner_text()
    plan.is_saved()
    plan.open()
    plan.choose("STUDY")
    expect(said).to_be_visible()
    plan.button("Undo").click()
    plan.is_saved()
    expect(said).to_have_count(0)


def test_what_was_said_before_the_page_was_computed_anew_is_of_no_room_that_has_the_id_now(
    plan: Plan,
) -> None:
    plan.say({"feedback": "wrong", "room_id": plan.room("STUDY")["id"], "comment": "Before."})
    anew = {"page": 1, "refresh": True}
    plan.page.request.post(f"{plan.api}/preview", headers={"X-API-Key": KEY}, data=anew)
    plan.say({"feedback": "wrong", "room_id": plan.room("STUDY")["id"], "comment": "After."})
    plan.open()
    plan.choose("STUDY")
    expect(plan.page.locator("tr.details .said")).to_have_text(["After."])
    plan.button("Undo").click()
    expect(plan.button("Undo")).to_be_disabled()
