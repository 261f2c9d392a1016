"""The viewer's files, as a browser is served them."""

import gzip
import posixpath
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from jobs.api.viewer import FOLDER

MODULES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.js"))


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def root(browser: FlaskClient) -> str:
    """The address of this release's files."""
    found = re.search(r'"(/static/viewer/[0-9a-f]+)/main.js"', browser.get("/").text)
    assert found
    return found[1]


def test_the_page_may_load_its_own_files_and_send_files_to_the_bucket(browser: FlaskClient) -> None:
    assert browser.get("/").headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
        "connect-src 'self' https://s3.us-east-1.amazonaws.com; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def test_the_page_has_nothing_inline_and_nothing_from_elsewhere(browser: FlaskClient) -> None:
    page = browser.get("/").text
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", page) == []
    linked = re.findall(r'(?:src|href)="([^"#][^"]*)"', page)
    assert [address for address in linked if not address.startswith(("/", "data:"))] == []
    for address in linked:
        if address.startswith("/static/"):
            assert browser.get(address).status_code == 200, address


def test_the_page_knows_how_long_plans_are_kept(browser: FlaskClient) -> None:
    assert '<body data-kept-days="7">' in browser.get("/").text


def test_every_module_that_is_imported_is_served(browser: FlaskClient, root: str) -> None:
    for name in MODULES:
        source = browser.get(f"{root}/{name}")
        assert source.content_type == "text/javascript; charset=utf-8"
        assert source.headers["X-Content-Type-Options"] == "nosniff"
        for imported in re.findall(r'(?:from|import\()\s?"(\.[^"]+)"', source.text):
            path = posixpath.normpath(f"{posixpath.dirname(name)}/{imported}").lstrip("/")
            assert path in MODULES, f"{name} imports {imported}"


def test_the_page_is_asked_for_again_and_its_files_are_kept(browser: FlaskClient, root: str) -> None:
    page, style = browser.get("/"), browser.get(f"{root}/viewer.css")
    assert page.headers["Cache-Control"] == "no-cache"
    assert style.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for path, answer in (("/", page), (f"{root}/viewer.css", style)):
        again = browser.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_files_of_another_release_are_answered_and_not_kept(browser: FlaskClient) -> None:
    answer = browser.get("/static/viewer/0123/main.js")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")


def test_a_browser_that_reads_gzip_is_sent_less(browser: FlaskClient, root: str) -> None:
    plain = browser.get(f"{root}/leaflet/leaflet.js")
    packed = browser.get(f"{root}/leaflet/leaflet.js", headers={"Accept-Encoding": "br, gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 2


def test_all_files_together_are_small_as_sent(browser: FlaskClient, root: str) -> None:
    names = [*MODULES, "viewer.css"]
    sent = [browser.get(f"{root}/{name}", headers={"Accept-Encoding": "gzip"}).data for name in names]
    assert sum(map(len, sent)) < 300_000


@pytest.mark.parametrize(
    "name",
    ["none.js", "index.html", "leaflet/LICENSE", "../api/docs.py", "%2e%2e/app.py", "/etc/passwd", "leaflet"],
)
def test_nothing_else_is_served(browser: FlaskClient, root: str, name: str) -> None:
    answer = browser.get(f"{root}/{name}")
    assert answer.status_code == 404
    assert "Content-Security-Policy" in answer.headers


def test_a_key_is_needed_for_none_of_it(browser: FlaskClient, root: str) -> None:
    refused = {"X-API-Key": "not-a-key"}
    assert browser.get("/", headers=refused).status_code == 200
    assert browser.get(f"{root}/main.js", headers=refused).status_code == 200
