"""Files fetched from a real TLS server, and what a hostile one can do; the rest is in `test_remote_file`."""

import io
import logging
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from https_site import HOST, OTHER_HOST, PUBLIC_ADDRESS, Site, answer, https_site, site_certificates
from jobs.adapters.remote_files import HttpsRemoteFiles
from jobs.domain.blueprint_file import MAX_BLUEPRINT_BYTES
from jobs.domain.errors import FileTooLarge, UrlNotAllowed
from jobs.staging import StagingFile
from shared.errors import DependencyUnavailable

URL = f"https://{HOST}/a.png"
GENEROUS_SECONDS = 60.0
SHORT_SECONDS = 0.5
FILE = b"pixels" * 50_000


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return site_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def site(certificates: tuple[Path, Path]) -> Iterator[Site]:
    with https_site(*certificates) as site:
        yield site


def files(site: Site, **changes: Any) -> HttpsRemoteFiles:
    seconds = {"seconds": GENEROUS_SECONDS, "answer_seconds": GENEROUS_SECONDS}
    seams = {"resolve": site.resolve, "connect": site.connect, "tls": site.tls}
    return HttpsRemoteFiles(**{"max_fetches": 2, **seconds, **seams, **changes})


def fetched(site: Site, url: str = URL, **changes: Any) -> bytes:
    into = io.BytesIO()
    files(site, **changes).fetch(url, into)
    return into.getvalue()


def refused(site: Site, url: str = URL, **changes: Any) -> str:
    """Why, as the log has it."""
    with pytest.raises(UrlNotAllowed) as caught:
        fetched(site, url, **changes)
    return caught.value.reason


def test_a_file_is_fetched_by_name_from_the_address_that_was_judged(site: Site) -> None:
    site.answers["/a.png?sig=1"] = answer(FILE)
    assert fetched(site, f"https://{HOST}/a.png?sig=1#page=1") == FILE
    assert (site.resolved, site.connected, site.names) == ([HOST], [PUBLIC_ADDRESS], [HOST])
    assert set(site.asked[0].split("\r\n")) == {
        "GET /a.png?sig=1 HTTP/1.1",
        f"Host: {HOST}",
        "Accept-Encoding: identity",
        "Accept: */*",
        "User-Agent: location-detection",
        "Connection: close",
        "",
    }


def test_a_file_in_chunks_and_one_without_a_length(site: Site) -> None:
    chunks = b"6\r\npixels\r\n3;a=b\r\nmor\r\n0\r\n\r\n"
    site.answers["/a.png"] = answer(chunks, Content_Length=None, Transfer_Encoding="chunked")
    assert fetched(site) == b"pixelsmor"
    site.answers["/a.png"] = answer(FILE, Content_Length=None)
    assert fetched(site) == FILE


def test_a_redirect_is_followed_from_the_start(site: Site) -> None:
    location = f"https://{OTHER_HOST}/b.png"
    site.answers |= {
        "/a.png": answer(status="302 Found", Location=location, Set_Cookie="a=b"),
        "/b.png": answer(FILE),
    }
    site.addresses[OTHER_HOST] = ["1.1.1.1"]
    assert fetched(site) == FILE
    assert (site.resolved, site.connected) == ([HOST, OTHER_HOST], [PUBLIC_ADDRESS, "1.1.1.1"])
    assert site.names == [HOST, OTHER_HOST]
    assert "Cookie" not in site.asked[1]
    assert "Referer" not in site.asked[1]


def test_redirects_end(site: Site) -> None:
    site.answers["/a.png"] = answer(status="307 Temporary Redirect", Location="/a.png")
    assert refused(site) == "too many redirects"
    assert len(site.asked) == 4


@pytest.mark.parametrize(
    "location", ["https://127.0.0.1/", "https://inside.example.com/", "http://a.b/", None]
)
def test_a_redirect_into_the_inside_is_not_followed(site: Site, location: str | None) -> None:
    site.answers["/a.png"] = answer(status="301 Moved Permanently", Location=location)
    site.addresses["inside.example.com"] = ["10.0.0.1"]
    refused(site)
    assert site.connected == [PUBLIC_ADDRESS]


@pytest.mark.parametrize("addresses", [["127.0.0.1"], [PUBLIC_ADDRESS, "10.0.0.1"], ["::ffff:7f00:1"], []])
def test_nothing_is_connected_to_when_a_name_leads_inside(site: Site, addresses: list[str]) -> None:
    site.addresses[HOST] = addresses
    refused(site)
    assert site.connected == []


def test_a_name_that_changes_its_answer_reaches_nothing_else(site: Site) -> None:
    """DNS rebinding: public when it is judged, loopback ever after."""
    answers = iter([[PUBLIC_ADDRESS]])
    site.answers["/a.png"] = answer(FILE)
    assert fetched(site, resolve=lambda host: next(answers, ["127.0.0.1"])) == FILE
    assert site.connected == [PUBLIC_ADDRESS]


def test_a_name_that_changes_its_answer_before_a_redirect_is_judged_again(site: Site) -> None:
    answers = iter([[PUBLIC_ADDRESS]])
    site.answers["/a.png"] = answer(status="302 Found", Location="/b.png")
    assert refused(site, resolve=lambda host: next(answers, ["127.0.0.1"])) == "inside address"
    assert site.connected == [PUBLIC_ADDRESS]


def test_the_next_address_is_tried_when_one_takes_no_connection(site: Site) -> None:
    site.addresses[HOST] = ["1.1.1.1", PUBLIC_ADDRESS]
    site.answers["/a.png"] = answer(FILE)

    def connect(address: str, timeout_seconds: float) -> Any:
        if address == "1.1.1.1":
            raise ConnectionRefusedError
        return site.connect(address, timeout_seconds)

    assert fetched(site, connect=connect) == FILE


def test_the_environment_names_no_proxy(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    site.answers["/a.png"] = answer(FILE)
    assert fetched(site) == FILE


def test_a_certificate_for_another_name_is_refused(site: Site) -> None:
    assert "SSLCertVerificationError" in refused(site, "https://third.example.com/")
    assert site.asked == []


def test_a_certificate_of_nobody_we_trust_is_refused(site: Site) -> None:
    assert "SSLCertVerificationError" in refused(site, tls=ssl.create_default_context())
    assert site.asked == []


BAD_ANSWERS = {
    "not found": answer(status="404 Not Found"),
    "only a part": answer(FILE, status="206 Partial Content"),
    "no content": answer(status="204 No Content"),
    "an error": answer(FILE, status="500 Internal Server Error"),
    "not modified": answer(status="304 Not Modified"),
    "compressed": answer(FILE, Content_Encoding="gzip"),
    "compressed twice": answer(FILE, Content_Encoding="br, gzip"),
    "cut off": answer(FILE, Content_Length=str(len(FILE) + 1)),
    "a chunk cut off": answer(b"FFFF\r\nab", Content_Length=None, Transfer_Encoding="chunked"),
    "a bad chunk": answer(b"zz\r\nab", Content_Length=None, Transfer_Encoding="chunked"),
    "a redirect to nowhere": answer(status="302 Found"),
    "a redirect elsewhere": answer(status="302 Found", Location="http://plans.example.com/"),
    "a redirect that is no URL": answer(status="302 Found", Location="https://[::1"),
    "not HTTP": b"SSH-2.0-OpenSSH_9.6\r\n",
    "nothing": b"",
    "endless headers": b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 1000,
    "an endless header": b"HTTP/1.1 200 OK\r\na: " + b"b" * 200_000,
}


@pytest.mark.parametrize("bad", BAD_ANSWERS.values(), ids=BAD_ANSWERS)
def test_what_is_not_the_file_itself_is_refused(site: Site, bad: bytes) -> None:
    site.answers["/a.png"] = bad
    refused(site)


def test_a_file_that_says_it_is_too_large_is_not_read(site: Site) -> None:
    site.answers["/a.png"] = answer(Content_Length=str(MAX_BLUEPRINT_BYTES + 1))
    with pytest.raises(FileTooLarge):
        fetched(site)


def test_a_file_that_never_ends_is_too_large(site: Site) -> None:
    def flood(connection: ssl.SSLSocket) -> None:
        connection.sendall(answer(Content_Length=None))
        while not site.over.is_set():
            connection.sendall(bytes(65536))

    site.answers["/a.png"] = flood
    with StagingFile(limit_bytes=200_000) as file, pytest.raises(FileTooLarge):
        files(site).fetch(URL, file)


def drip(head: bytes) -> Any:
    """Sends ``head`` and then a byte now and then, for as long as somebody listens."""

    def script(connection: ssl.SSLSocket) -> None:
        connection.sendall(head)
        pause = threading.Event()
        while True:
            connection.sendall(b"a")
            pause.wait(0.02)

    return script


def test_an_answer_that_drips_in_ends_in_time(site: Site) -> None:
    site.answers["/a.png"] = drip(b"HTTP/1.1 200 OK\r\nX: ")
    assert refused(site, answer_seconds=SHORT_SECONDS) == "no answer: TimeoutError"


def test_a_file_that_drips_in_ends_in_time(site: Site) -> None:
    site.answers["/a.png"] = drip(answer(Content_Length="1000000"))
    assert refused(site, seconds=SHORT_SECONDS) in ("cut off: TimeoutError", "no answer: TimeoutError")


def test_a_file_may_take_longer_than_its_answer(site: Site) -> None:
    never = threading.Event()
    for answer_seconds in (0.5, 2, 8, 32):  # the first that this machine can answer in

        def late(connection: ssl.SSLSocket, seconds: float = answer_seconds) -> None:
            connection.sendall(answer(FILE)[:-1])
            never.wait(seconds)
            connection.sendall(FILE[-1:])

        site.answers["/a.png"] = late
        try:
            assert fetched(site, answer_seconds=answer_seconds) == FILE
        except UrlNotAllowed as exc:
            assert exc.reason != "cut off: TimeoutError"  # noqa: PT017 - any other is tried again
        else:
            return
    pytest.fail("no answer in time")


def test_a_server_that_says_nothing_ends_in_time(site: Site) -> None:
    def hang(connection: ssl.SSLSocket) -> None:
        connection.recv(1)  # until the client is gone

    site.answers["/a.png"] = hang
    assert refused(site, answer_seconds=SHORT_SECONDS) == "no answer: TimeoutError"


def test_a_name_server_that_says_nothing_ends_in_time(site: Site) -> None:
    answered = threading.Event()

    def resolve(host: str) -> list[str]:
        return [str(answered.wait(GENEROUS_SECONDS))]

    assert refused(site, resolve=resolve, answer_seconds=SHORT_SECONDS) == "no answer of DNS"
    answered.set()


def test_lookups_that_hang_do_not_pile_up(site: Site) -> None:
    answered = threading.Event()

    def resolve(host: str) -> list[str]:
        return [str(answered.wait(GENEROUS_SECONDS))]

    slow = files(site, resolve=resolve, answer_seconds=0.01)
    for _ in range(4):
        with pytest.raises(UrlNotAllowed):
            slow.fetch(URL, io.BytesIO())
    with pytest.raises(DependencyUnavailable):
        slow.fetch(URL, io.BytesIO())
    answered.set()


def test_no_more_files_than_allowed_are_fetched_at_once(site: Site) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(connection: ssl.SSLSocket) -> None:
        begun.set()
        go_on.wait(GENEROUS_SECONDS)
        connection.sendall(answer(FILE))

    site.answers["/a.png"] = slow
    one = files(site, max_fetches=1)
    first = threading.Thread(target=one.fetch, args=(URL, io.BytesIO()))
    first.start()
    assert begun.wait(GENEROUS_SECONDS)
    with pytest.raises(DependencyUnavailable):
        one.fetch(URL, io.BytesIO())
    go_on.set()
    first.join()
    assert fetched(site) == FILE


def test_the_log_says_where_and_why_and_no_secret(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    site.answers["/a.png?sig=secret"] = answer(b"secret body", status="403 Forbidden")
    refused(site, f"https://{HOST}/a.png?sig=secret")
    site.addresses[OTHER_HOST] = ["10.0.0.1"]
    refused(site, f"https://{OTHER_HOST}/secret?sig=secret")
    refused(site, "https://me:secret@plans.example.com/")
    said = [(record.levelname, record.context) for record in caplog.records]  # type: ignore[attr-defined]  # by shared.logs
    assert said == [
        ("INFO", {"reason": "status", "hosts": [HOST]}),
        ("WARNING", {"reason": "inside address", "hosts": [OTHER_HOST]}),
        ("INFO", {"reason": "malformed", "hosts": []}),
    ]
    assert "secret" not in caplog.text + str(said)
