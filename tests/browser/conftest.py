"""A Chromium, a stack, and a web site of another origin that may call it."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from installed_programs import installed_program
from running_stack import RunningStack

OTHER_SITE = Path(__file__).parent / "other_site"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium; Playwright brings the driver only."""
    chromium = installed_program("chromium", "chromium")
    with sync_playwright() as playwright:
        # Chromium refuses its sandbox to root, as whom containers and CI run
        launched = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page; what its scripts do not catch fails the test."""
    context = browser.new_context()
    opened = context.new_page()
    uncaught: list[str] = []
    opened.on("pageerror", lambda error: uncaught.append(str(error)))
    yield opened
    context.close()
    assert uncaught == []


@pytest.fixture(scope="session")
def other_site() -> Iterator[str]:
    """The origin of a site that is served beside the API."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietFiles, directory=OTHER_SITE))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


class QuietFiles(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def stack(
    browser: Browser, other_site: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningStack]:
    """A stack that knows one foreign origin; it is not started where there is no browser."""
    environ = {"CORS_ORIGINS": other_site, "PREVIEW_DEADLINE_SECONDS": "12"}
    running = RunningStack.start(tmp_path_factory.mktemp("stack"), environ)
    try:
        yield running
    finally:
        assert running.stop() == 0
