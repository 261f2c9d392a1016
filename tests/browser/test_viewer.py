"""The viewer: from a dropped file to rooms, sets, what goes wrong, and every way to use it."""

import re
from pathlib import Path
from typing import Literal

import pypdfium2 as pdfium
import pytest
from PIL import Image
from playwright.sync_api import Browser, FloatRect, Locator, Page, Route, ViewportSize, expect

from browser.viewer import KEY, PATIENCE_MS, Viewer, complaints_of, requests_of
from e2e.caller import Caller
from e2e.textract import TextractSimulator
from plan_library import plan_path, true_rooms
from running_stack import RunningStack

HOUSE = "house_12_rooms.png"
STUDIO = "studio_small.png"
SET = "townhouse_three_pages.pdf"
LINES_OF_LONGEST_WORD = """(element) => {
    const text = element.firstChild;
    const lines = [...text.data.matchAll(/\\S+/g)].map((word) => {
        const range = document.createRange();
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        return range.getClientRects().length;
    });
    return Math.max(...lines);
}"""
Box = tuple[float, float, float, float]
MARKUP = "<img src=x onerror=alert(1)>"
MOST_REQUESTS = 15
MOST_BYTES = 300_000


def set_of_pages(count: int, path: Path) -> Path:
    """A drawing set: three floors, and blank sheets up to ``count`` pages."""
    with pdfium.PdfDocument(plan_path(SET)) as document:
        for _ in range(count - len(document)):
            document.new_page(595, 842)
        document.save(path)
    return path


def test_a_dropped_plan_becomes_rooms(viewer: Viewer) -> None:
    viewer.open(key=None)
    viewer.is_accessible()
    viewer.page.get_by_label("Your key").fill("local-dev-key")
    viewer.press("Go on")
    viewer.drop(plan_path(HOUSE))
    viewer.has_rooms(len(true_rooms(HOUSE)))
    expect(viewer.page).to_have_title(re.compile(HOUSE))
    names = viewer.listed.get_by_role("button").all_text_contents()
    assert sorted(names) == sorted(room.name for room in true_rooms(HOUSE))
    viewer.sees(re.compile(r"Scale from sizes printed in rooms"))
    viewer.row("KITCHEN").click()
    expect(viewer.page.locator(".plan path.room.selected")).to_have_count(1)
    viewer.sees("Perimeter")
    viewer.is_accessible()
    viewer.keep_screenshot("rooms")


def test_the_key_is_kept_by_the_tab_alone_and_forgotten(viewer: Viewer) -> None:
    viewer.open()
    viewer.sees("Your plans")
    assert "key" not in viewer.page.url
    assert viewer.page.evaluate("Object.values(sessionStorage)") == ["local-dev-key"]
    assert viewer.page.evaluate("[localStorage.length, document.cookie]") == [0, ""]
    viewer.press("Forget key")
    expect(viewer.page.get_by_label("Your key")).to_be_visible()
    assert viewer.page.evaluate("sessionStorage.length") == 0


def test_a_key_that_a_link_brings_waits_for_a_word(page: Page, stack: RunningStack) -> None:
    """Else whoever made the link would have what is sent; this machine's own service is trusted."""
    link = f"https://plans.example/#key={KEY}"

    def same_service(route: Route) -> None:
        there = route.request.url.replace("https://plans.example", stack.addresses.router)
        route.fulfill(response=route.fetch(url=there))

    page.route("https://plans.example/**", same_service)
    page.goto(link)
    expect(page.get_by_role("dialog", name="Use the key of this address?")).to_be_visible()
    assert "key" not in page.url
    page.get_by_role("button", name="Leave it").click()
    expect(page.get_by_label("Your key")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0
    page.goto(link)
    page.get_by_role("button", name="Use this key").click()
    expect(page.get_by_role("heading", name="Your plans")).to_be_visible()
    assert page.evaluate("Object.values(sessionStorage)") == [KEY]
    page.unroute_all(behavior="wait")


def test_a_key_is_pasted_with_what_nobody_sees(viewer: Viewer) -> None:
    viewer.open(key=None)
    viewer.page.get_by_label("Your key").fill(f"\u200b {KEY}\ufeff")
    viewer.press("Go on")
    viewer.sees("Your plans")
    assert viewer.page.evaluate("Object.values(sessionStorage)") == [KEY]


def test_a_file_is_saved_as_what_it_is(viewer: Viewer, caller: Caller) -> None:
    """Its name could say that it is a page or a program, which a double click would run."""
    files = {"file": ("plan.html", plan_path(STUDIO).read_bytes() + b"<script>")}
    viewer.open(caller.data("POST", "/api/v1/jobs", 201, files=files)["job_id"])
    viewer.page.get_by_text("Download", exact=True).click()
    with viewer.page.expect_download() as download:
        viewer.press("As it was sent")
    assert download.value.suggested_filename == "plan.html.png"


def test_the_first_page_says_how_long_plans_are_kept_and_what_was_found(
    viewer: Viewer, previewed: str
) -> None:
    viewer.open()
    viewer.sees("A plan is kept for 7 days, unless you erase it sooner.")
    row = viewer.page.locator(".job-row", has=viewer.page.locator(f"#open-{previewed}"))
    expect(row).to_contain_text("12 rooms")
    expect(row).to_contain_text("kept until")


def test_the_sum_is_told_without_the_garage_too(viewer: Viewer, caller: Caller, previewed: str) -> None:
    rooms = caller.data("GET", f"/api/v1/jobs/{previewed}/preview", 200)["rooms"]
    viewer.open(previewed)
    indoors = sum(room["area_m2"] for room in rooms if room["room_type"] != "garage")
    everything = sum(room["area_m2"] for room in rooms)
    sums = viewer.page.locator("table.rooms tfoot tr")
    expect(sums).to_contain_text([f"12 rooms{everything:.1f}", f"Without garage{indoors:.1f}"])


def test_what_was_left_out_is_drawn_but_for_furniture(viewer: Viewer, caller: Caller, previewed: str) -> None:
    withheld = caller.data("GET", f"/api/v1/jobs/{previewed}/preview?withheld=true", 200)["withheld"]
    furniture = [region for region in withheld if region["reason"] == "furniture"]
    assert 0 < len(furniture) < len(withheld)
    viewer.open(previewed)
    viewer.press("Show what was left out")
    expect(viewer.page.locator(".plan path.withheld")).to_have_count(len(withheld) - len(furniture))
    viewer.sees(re.compile(rf"^{len(furniture)} . Furniture"))
    viewer.press("Hide what was left out")
    expect(viewer.page.locator(".plan path.withheld")).to_have_count(0)


def test_an_expired_key_is_asked_for_again(viewer: Viewer) -> None:
    viewer.open(key="local-expired-key")
    viewer.sees(re.compile("has expired"))
    expect(viewer.page.get_by_label("Your key")).to_be_visible()


def test_a_previewed_job_opens_with_few_and_small_requests(viewer: Viewer, previewed: str) -> None:
    with requests_of(viewer.page) as asked:
        viewer.open(previewed)
        viewer.has_rooms(len(true_rooms(HOUSE)))
        viewer.page.wait_for_selector(".plan img", state="attached")
    sent = [url for url in asked if url.startswith(viewer.url)]
    assert len(sent) <= MOST_REQUESTS, sent
    sizes = [
        len(viewer.page.request.get(url, headers={"Accept-Encoding": "identity"}).body())
        for url in sent
        if "/static/" in url
    ]
    assert sum(sizes) <= MOST_BYTES


def test_a_set_shows_its_pages_as_they_end(viewer: Viewer, tmp_path: Path) -> None:
    viewer.open()
    viewer.drop(set_of_pages(40, tmp_path / "forty sheets.pdf"), pages="all")
    strip = viewer.page.get_by_role("navigation", name="Pages")
    expect(strip.get_by_role("listitem")).to_have_count(40, timeout=PATIENCE_MS)
    expect(strip.get_by_text("0 rooms")).to_have_count(37, timeout=3 * PATIENCE_MS)
    strip.evaluate("strip => { strip.isMarked = true }")
    strip.get_by_role("link", name=re.compile(r"^Page 2\b")).click()
    viewer.has_rooms(len(true_rooms(SET, page=2)))
    viewer.press("Correct")
    viewer.page.locator("#main").press("PageDown")
    viewer.has_rooms(len(true_rooms(SET, page=3)))
    assert strip.evaluate("strip => strip.isMarked"), "the strip is kept when the page is turned"
    expect(viewer.page.get_by_role("button", name="Done", exact=True)).to_be_visible()
    strip.get_by_role("link", name=re.compile(r"^Page 40\b")).click()
    viewer.sees("No rooms were found on this page.")
    viewer.keep_screenshot("set")
    viewer.page.get_by_text("Download", exact=True).click()
    with viewer.page.expect_download() as download:
        viewer.page.get_by_text("Table of rooms, CSV").last.click()
    assert download.value.suggested_filename == "forty sheets.csv"
    assert len(download.value.path().read_text().splitlines()) > len(true_rooms(SET))


def test_a_large_sheet_is_sent_to_storage_and_stays_sharp(viewer: Viewer, tmp_path: Path) -> None:
    large = tmp_path / "large sheet.png"
    with Image.open(plan_path(HOUSE)) as plan:
        factor = 10_000 / plan.width
        plan.convert("L").resize((10_000, round(plan.height * factor))).save(large, compress_level=1)
    with large.open("ab") as file:
        file.write(bytes(8_500_000))  # what follows a picture's end is allowed
    viewer.open()
    with requests_of(viewer.page) as asked:
        viewer.drop(large)
        viewer.has_rooms(len(true_rooms(HOUSE)))
    assert any(url.endswith("/api/v1/uploads") for url in asked)
    with viewer.page.expect_response(lambda response: "region=" in response.url) as sharp:
        viewer.row("LAUNDRY").click()
        viewer.press("Zoom to room")
    assert sharp.value.status == 200
    expect(viewer.page.locator(".plan img.sheet")).to_have_count(2)
    viewer.keep_screenshot("large-sheet")


def test_a_file_that_is_no_plan_is_refused_in_words(viewer: Viewer, tmp_path: Path) -> None:
    bad = tmp_path / "notes.png"
    bad.write_bytes(b"no picture at all")
    viewer.open()
    (tmp_path / "empty.pdf").touch()
    viewer.drop(bad, tmp_path / "empty.pdf", plan_path(STUDIO))
    failed = viewer.page.locator(".upload.failed")
    expect(failed.filter(has_text="notes.png")).to_be_visible()
    expect(failed.filter(has_text="empty.pdf")).to_contain_text("The file is empty. Save the plan again")
    expect(viewer.page.get_by_role("link", name=re.compile(STUDIO)).first).to_be_visible()


def test_a_failed_page_says_why(viewer: Viewer, tmp_path: Path) -> None:
    cut = tmp_path / "cut off.png"
    cut.write_bytes(plan_path(HOUSE).read_bytes()[:30_000])
    viewer.open()
    viewer.drop(cut)
    viewer.sees("This did not work")
    expect(viewer.page.get_by_role("button", name="Try again")).to_have_count(0)
    viewer.keep_screenshot("failed")


def test_a_preview_without_text_says_what_it_lacks(
    viewer: Viewer, caller: Caller, stack: RunningStack, tmp_path: Path
) -> None:
    simulator = TextractSimulator(stack.addresses.textract)
    simulator.fail("error")
    try:
        other = plan_path(STUDIO).read_bytes() + b"another file"
        (tmp_path / "quiet.png").write_bytes(other)
        job = caller.data(
            "POST", "/api/v1/jobs", 201, files={"file": ("quiet.png", other)}, data={"format": "png"}
        )
        caller.preview(job["job_id"])
        viewer.open(job["job_id"])
        viewer.sees(re.compile("could not be read, so names are missing"))
    finally:
        simulator.recover()


def test_a_waiting_plan_is_cancelled_and_then_erased(viewer: Viewer, caller: Caller) -> None:
    job_id = caller.create(STUDIO)["job_id"]
    viewer.open(job_id)
    viewer.sees("Not looked at yet")
    viewer.press("Cancel")
    viewer.sees("This plan was cancelled. Send the file again to find its rooms.")
    viewer.press("Erase…")
    viewer.press("Erase")
    viewer.sees("Erased.")
    viewer.open(job_id)
    viewer.sees("This plan cannot be shown")
    assert caller.send("GET", f"/api/v1/jobs/{job_id}").status_code == 404


def test_a_plan_that_was_erased_elsewhere_is_gone_when_one_looks_again(
    viewer: Viewer, caller: Caller
) -> None:
    job_id = caller.create(STUDIO)["job_id"]
    caller.whole_preview(job_id)
    viewer.open(job_id)
    viewer.has_rooms(len(true_rooms(STUDIO)))
    caller.data("DELETE", f"/api/v1/jobs/{job_id}/data")
    viewer.page.evaluate("dispatchEvent(new Event('focus'))")
    viewer.sees("This plan cannot be shown")


def test_the_keyboard_alone_reaches_every_room(viewer: Viewer, previewed: str) -> None:
    viewer.open(previewed)
    viewer.has_rooms(len(true_rooms(HOUSE)))
    press = viewer.page.keyboard.press
    first, second = (viewer.listed.nth(place).get_by_role("button") for place in range(2))
    for _ in range(40):
        if first.evaluate("button => button === document.activeElement"):
            break
        press("Tab")
    expect(first).to_be_focused()
    press("ArrowDown")
    expect(second).to_be_focused()
    expect(second).to_have_attribute("aria-expanded", "true")
    press("Escape")
    expect(viewer.page.locator("table.rooms tr.selected")).to_have_count(0)
    press("?")
    expect(viewer.page.get_by_role("dialog", name="Help")).to_be_visible()
    press("Escape")
    expect(viewer.page.get_by_role("dialog", name="Help")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_plan_and_list(
    browser: Browser, stack: RunningStack, previewed: str, scheme: Literal["light", "dark"]
) -> None:
    phone: ViewportSize = {"width": 390, "height": 844}
    with browser.new_context(viewport=phone, color_scheme=scheme, has_touch=True) as context:
        opened = context.new_page()
        complaints = complaints_of(opened)
        viewer = Viewer(opened, stack.addresses.router).open()
        viewer.sees("Your plans")
        viewer.fits_its_width()
        viewer.is_accessible()
        viewer.keep_screenshot(f"phone-home-{scheme}")
        viewer.open(previewed)
        viewer.has_rooms(len(true_rooms(HOUSE)))
        viewer.fits_its_width()
        viewer.is_accessible()
        viewer.keep_screenshot(f"phone-{scheme}")
        assert complaints == []


@pytest.mark.parametrize("size", [(375, 812), (683, 400)], ids=["phone", "enlarged to 200 %"])
def test_a_small_screen_shows_a_room_on_the_plan_and_in_the_list_at_once(
    browser: Browser, stack: RunningStack, previewed: str, size: tuple[int, int]
) -> None:
    width, height = size
    small: ViewportSize = {"width": width, "height": height}
    with browser.new_context(viewport=small, has_touch=True) as context:
        viewer = Viewer(context.new_page(), stack.addresses.router).open(previewed)
        viewer.has_rooms(len(true_rooms(HOUSE)))
        last = viewer.listed.last.get_by_role("button")
        expect(last).not_to_be_in_viewport()
        garage = viewer.drawn.last
        garage.tap()
        expect(last).to_be_in_viewport()
        expect(viewer.page.get_by_text("Perimeter")).to_be_in_viewport()
        expect(garage).to_be_in_viewport(ratio=1)
        viewer.press("Correct")
        viewer.press("Split")
        expect(viewer.page.get_by_text("drag a line across the room").last).to_be_in_viewport()
        expect(garage).to_be_in_viewport(ratio=1)
        viewer.fits_its_width()
        viewer.is_accessible()
        viewer.keep_screenshot(f"small-{width}")


def test_no_name_is_broken_inside_a_word(browser: Browser, stack: RunningStack, caller: Caller) -> None:
    job_id = caller.create(HOUSE)["job_id"]
    rooms = caller.whole_preview(job_id)["rooms"]
    said = [{"feedback": "correct", "room_id": room["id"]} for room in rooms]
    caller.data("POST", f"/api/v1/jobs/{job_id}/feedback", 201, json={"items": said})
    narrower_than_phones: ViewportSize = {"width": 300, "height": 640}
    with browser.new_context(viewport=narrower_than_phones) as context:
        viewer = Viewer(context.new_page(), stack.addresses.router).open(job_id)
        viewer.has_rooms(len(rooms))
        viewer.sees("confirmed")
        for name in viewer.listed.get_by_role("button").all():
            assert name.evaluate(LINES_OF_LONGEST_WORD) == 1, name.text_content()


def test_labels_cover_no_print_and_are_switched_off(viewer: Viewer, caller: Caller, previewed: str) -> None:
    lines = caller.data("GET", f"/api/v1/jobs/{previewed}/textract-results", 200)["text_blocks"]
    viewer.page.set_viewport_size({"width": 1366, "height": 800})
    viewer.open(previewed)
    viewer.has_rooms(len(true_rooms(HOUSE)))
    sheet, labels = viewer.page.locator(".plan img.sheet"), viewer.page.locator(".label span")
    expect(sheet).to_be_visible()
    viewer.page.wait_for_function("[...document.images].every((image) => image.complete)")
    expect(labels.filter(visible=True)).to_have_count(len(true_rooms(HOUSE)))
    page_box = sheet.bounding_box()
    assert page_box is not None
    printed = [on_screen(line["bounding_box"], page_box) for line in lines if line["kind"] == "LINE"]
    for label in labels.all():
        assert not any(overlap(box_of(label), print_) for print_ in printed), label.text_content()
    viewer.press("Labels")
    expect(labels.first).to_be_hidden()
    viewer.press("Labels")
    expect(labels.first).to_be_visible()


def box_of(shown: Locator) -> Box:
    """Left, top, right and bottom of it on the screen."""
    box = shown.bounding_box()
    assert box is not None
    return box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]


def on_screen(bounding_box: list[float], page_box: FloatRect) -> Box:
    """Of thousandths of the page."""
    left, top, right, bottom = (each / 1000 for each in bounding_box)
    x, y, width, height = (page_box[side] for side in ("x", "y", "width", "height"))
    return x + left * width, y + top * height, x + right * width, y + bottom * height


def overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def test_what_people_wrote_is_shown_as_text(viewer: Viewer, caller: Caller) -> None:
    job_id = caller.create(STUDIO)["job_id"]
    room = caller.whole_preview(job_id)["rooms"][0]
    said = {"feedback": "wrong", "room_id": room["id"], "correction": {"name": MARKUP}}
    caller.data("POST", f"/api/v1/jobs/{job_id}/feedback", 201, json=said)
    viewer.open(job_id)
    expect(viewer.row(MARKUP)).to_be_visible()
    assert viewer.page.locator("table.rooms img").count() == 0
