"""A Chromium, a stack, the viewer on it, and a web site of another origin that may call it."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from browser.viewer import Viewer, complaints_of
from e2e.caller import Caller
from installed_programs import installed_program
from local_parts import free_port
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
    """A fresh page; what its scripts do not catch, and what its console complains of, fails the test."""
    context = browser.new_context()
    opened = context.new_page()
    complaints = complaints_of(opened)
    yield opened
    context.close()
    assert complaints == []


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
    """A stack that knows its own origin and a foreign one; it is not started where there is no browser."""
    port = free_port()
    origins = f"http://127.0.0.1:{port},{other_site}"
    environ = {"PORT": str(port), "CORS_ORIGINS": origins, "PREVIEW_DEADLINE_SECONDS": "12"}
    running = RunningStack.start(tmp_path_factory.mktemp("stack"), environ)
    try:
        yield running
    finally:
        assert running.stop() == 0


@pytest.fixture
def caller(stack: RunningStack) -> Iterator[Caller]:
    """The owner ``local``, through the router."""
    with Caller(stack.addresses.router) as local:
        yield local


@pytest.fixture
def viewer(page: Page, stack: RunningStack) -> Viewer:
    """The page at `/`, not yet opened."""
    return Viewer(page, stack.addresses.router)


@pytest.fixture(scope="session")
def previewed(stack: RunningStack) -> str:
    """A job whose rooms are found, and which nobody corrects."""
    with Caller(stack.addresses.router) as local:
        job_id: str = local.create("house_12_rooms.png")["job_id"]
        local.whole_preview(job_id)
        return job_id
