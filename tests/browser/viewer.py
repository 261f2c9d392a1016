"""The viewer as a person uses it, by what they see and press."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Locator, Page, Request, expect

from running_stack import REPOSITORY

SCREENSHOTS = REPOSITORY / "test-artefacts" / "viewer"
PATIENCE_MS = 120_000
KEY = "local-dev-key"

Point = tuple[float, float]


class Viewer:
    """The page at ``url`` in one tab."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        page.set_default_timeout(PATIENCE_MS)

    def open(self, job_id: str | None = None, key: str | None = KEY, page: int = 1) -> "Viewer":
        address = {"job": job_id, "page": str(page), "key": key} if job_id else {"key": key}
        given = {name: value for name, value in address.items() if value}
        self.page.goto("about:blank")  # the same page with another fragment is not loaded again
        self.page.goto(f"{self.url}/#{urlencode(given)}")
        return self

    def drop(self, *plans: Path, pages: str | None = None) -> None:
        if pages:
            self.page.get_by_label("Of a PDF, look at").select_option(pages)
        self.page.locator("#choose-files").set_input_files(list(plans))

    def drop_on_page(self, *paths: Path) -> None:
        """As from a file browser's window; folders too."""
        page = self.page.context.new_cdp_session(self.page)
        data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
        for step in ("dragEnter", "dragOver", "drop"):
            page.send("Input.dispatchDragEvent", {"type": step, "x": 100, "y": 100, "data": data})

    @property
    def drawn(self) -> Locator:
        """Rooms on the plan."""
        return self.page.locator(".plan path.room")

    @property
    def listed(self) -> Locator:
        """Rooms in the list."""
        return self.page.locator("table.rooms tr[data-room]")

    @property
    def saved(self) -> Locator:
        return self.page.get_by_text("All saved")

    def row(self, name: str) -> Locator:
        """The button of a room in the list."""
        return self.page.locator("table.rooms").get_by_role("button", name=name, exact=True)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def sees(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=PATIENCE_MS)

    def has_rooms(self, count: int) -> None:
        expect(self.listed).to_have_count(count, timeout=PATIENCE_MS)
        expect(self.drawn).to_have_count(count, timeout=PATIENCE_MS)

    def middle(self, room: Locator) -> Point:
        box = room.bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag(self, start: Point, end: Point) -> None:
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        mouse.move(*end)
        mouse.up()

    def keep_screenshot(self, name: str) -> None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")

    def is_accessible(self) -> None:
        """Nothing serious by axe, the checker of accessibility that browsers' own tools use."""
        found = Axe().run(self.page).response["violations"]
        serious = [
            (rule["id"], [node["html"] for node in rule["nodes"]])
            for rule in found
            if rule["impact"] in ("serious", "critical")
        ]
        assert serious == []

    def fits_its_width(self) -> None:
        """Nothing sticks out to the side."""
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def complaints_of(page: Page) -> list[str]:
    """Uncaught exceptions and errors in the console, of the security policy too, as they come."""
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        is_answer = message.text.startswith("Failed to load resource")  # such as a 404 that the page expects
        if message.type == "error" and not is_answer:
            complaints.append(message.text)

    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", listen)
    return complaints


@contextmanager
def requests_of(page: Page) -> Iterator[list[str]]:
    """The addresses that the page asks for inside, as they are asked for."""
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    yield asked
    page.remove_listener("request", note)
