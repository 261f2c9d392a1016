"""A page of another origin uses the API in a real browser: its preflights, its headers, its downloads."""

import csv
import json
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from plan_library import plan_path, true_rooms
from running_stack import RunningStack

PLAN = "studio_small.png"
PATIENCE_MS = 60_000


@pytest.fixture
def app(page: Page, other_site: str, stack: RunningStack) -> Page:
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{other_site}/#{urlencode({'api': stack.addresses.router, 'key': 'local-dev-key'})}")
    return page


def create(app: Page) -> str:
    """Have the page upload the plan and show what became of it; the job's id."""
    said = app.locator("#said")
    before = said.text_content() or ""
    app.set_input_files("#file", plan_path(PLAN))
    expect(said).not_to_have_text(before, timeout=PATIENCE_MS)
    job_id, rooms = (said.text_content() or "").split(": ")
    assert rooms == f"{len(true_rooms(PLAN))} rooms"
    return job_id


def saved(app: Page, button: str) -> tuple[str, Path]:
    """The name that a file was saved under, and where it is."""
    with app.expect_download() as download:
        app.click(button)
    return download.value.suggested_filename, download.value.path()


def test_a_page_of_another_origin_lists_exports_and_downloads(app: Page) -> None:
    jobs = [create(app), create(app)]
    app.click("#list")
    for place, job_id in enumerate(jobs[::-1]):  # other tests have created jobs before
        expect(app.locator("#jobs li").nth(place)).to_have_text(job_id, timeout=PATIENCE_MS)

    name, path = saved(app, "#blueprint")
    assert (name, path.read_bytes()) == (PLAN, plan_path(PLAN).read_bytes())
    name, path = saved(app, "#csv")
    assert name == f"{jobs[-1]}.p1.csv"
    assert len(list(csv.DictReader(path.read_text().splitlines()))) == len(true_rooms(PLAN))
    name, path = saved(app, "#geojson")
    assert name == f"{jobs[-1]}.p1.geojson"
    assert json.loads(path.read_text())["type"] == "FeatureCollection"
    name, path = saved(app, "#image")
    assert name == f"{jobs[-1]}.p1.png"
    assert path.read_bytes().startswith(b"\x89PNG")
