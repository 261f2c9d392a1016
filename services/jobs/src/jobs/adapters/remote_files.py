"""Files fetched over HTTPS from hosts that a caller names, who may want to reach what only we can reach."""

import logging
import queue
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPException, HTTPResponse, HTTPSConnection
from typing import Any, cast

from jobs.domain.blueprint_file import MAX_BLUEPRINT_BYTES
from jobs.domain.errors import FileTooLarge, UrlNotAllowed
from jobs.domain.ports import ByteSink
from jobs.domain.remote_file import REDIRECTS, RemoteUrl, check_addresses, check_answer, parse_remote_url
from shared.deadline import Deadline
from shared.errors import DependencyUnavailable

log = logging.getLogger(__name__)

_PORT = 443
_ANSWER_SECONDS = 5.0  # Source: the specification of the API
_CONNECT_SECONDS = 2.0  # for one address, so that another can be tried
_MAX_REDIRECTS = 3
_MAX_LOOKUPS = 4  # a lookup cannot be broken off; the system gives it up after half a minute or so
_READ_BYTES = 64 * 1024
_HEADERS = {"User-Agent": "location-detection", "Accept": "*/*", "Connection": "close"}

Resolve = Callable[[str], list[str]]
Connect = Callable[[str, float], socket.socket]


def resolve(host: str) -> list[str]:
    """Every address of ``host``, as the system finds them. Raises OSError."""
    found = socket.getaddrinfo(f"{host}.", _PORT, type=socket.SOCK_STREAM)  # the dot: no search domains
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def connect(address: str, timeout_seconds: float) -> socket.socket:
    """A connection to port 443 of an address, which is not looked up. Raises OSError."""
    return socket.create_connection((address, _PORT), timeout_seconds)


class HttpsRemoteFiles:
    """Fetches at most ``max_fetches`` files at a time, each in ``seconds`` (`jobs.domain.ports.RemoteFiles`).

    A host is looked up once, all its addresses are judged, and the connection is made to one of those: what
    the name means a moment later does not matter. TLS is verified against the name. Every redirect starts
    from the beginning. Nothing of the environment counts, such as proxies or .netrc.
    """

    def __init__(
        self,
        max_fetches: int,
        seconds: float,
        *,
        answer_seconds: float = _ANSWER_SECONDS,
        resolve: Resolve = resolve,
        connect: Connect = connect,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._fetches = threading.BoundedSemaphore(max_fetches)
        self._lookups = threading.BoundedSemaphore(_MAX_LOOKUPS)
        self._seconds = seconds
        self._answer_seconds = min(answer_seconds, seconds)
        self._resolve = resolve
        self._connect = connect
        self._tls = tls or ssl.create_default_context()
        self._tls.sslsocket_class = _TimedSocket

    def fetch(self, url: str, into: ByteSink) -> None:
        hosts: list[str] = []
        with _permit(self._fetches, "a permit to fetch a file"):
            try:
                self._fetch(url, into, hosts)
            except UrlNotAllowed as exc:
                _log_refusal(exc, hosts)
                raise

    def _fetch(self, url: str, into: ByteSink, hosts: list[str]) -> None:
        """``hosts`` are those that were asked, for the log."""
        whole, answer = Deadline.after(self._seconds), Deadline.after(self._answer_seconds)
        at = parse_remote_url(url)
        for _ in range(_MAX_REDIRECTS + 1):
            hosts.append(at.host)
            with self._request(at, answer) as (response, connection):
                if response.status not in REDIRECTS:
                    connection.until = whole
                    return _receive(response, into)
                at = at.redirected(response.headers.get("Location"))
        raise UrlNotAllowed("too many redirects")

    @contextmanager
    def _request(self, at: RemoteUrl, deadline: Deadline) -> Iterator[tuple[HTTPResponse, "_TimedSocket"]]:
        with _refuse_failures("no connection"):
            addresses = self._resolve_public(at.host, deadline)
            connection = self._connect_to_any(at.host, addresses, deadline)
        http = HTTPSConnection(at.host, _PORT, context=self._tls)
        http.sock = connection
        with closing(connection), closing(http):
            with _refuse_failures("no answer"):
                http.request("GET", at.target, headers=_HEADERS)
                response = http.getresponse()
            with closing(response):
                yield response, connection

    def _resolve_public(self, host: str, deadline: Deadline) -> list[str]:
        answer: queue.SimpleQueue[list[str]] = queue.SimpleQueue()
        if not self._lookups.acquire(blocking=False):
            raise DependencyUnavailable("DNS")
        threading.Thread(target=self._resolve_into, args=(answer, host), name="resolve", daemon=True).start()
        try:
            addresses = answer.get(timeout=deadline.remaining_seconds())
        except queue.Empty:
            raise UrlNotAllowed("no answer of DNS") from None
        check_addresses(addresses)
        return addresses

    def _resolve_into(self, answer: "queue.SimpleQueue[list[str]]", host: str) -> None:
        addresses: list[str] = []
        try:
            addresses = self._resolve(host)
        except (OSError, UnicodeError):
            pass  # it has none
        finally:
            self._lookups.release()
            answer.put(addresses)

    def _connect_to_any(self, host: str, addresses: list[str], deadline: Deadline) -> "_TimedSocket":
        """A connection to the first of ``addresses`` that takes one and can show that it is ``host``."""
        last = OSError("out of time")
        for address in addresses:
            if deadline.expired:
                break
            try:
                plain = self._connect(address, min(_CONNECT_SECONDS, deadline.remaining_seconds()))
            except OSError as exc:
                last = exc
                continue
            with _close_on_failure(plain):
                plain.settimeout(_remaining_or_timeout(deadline))
                connection = cast(_TimedSocket, self._tls.wrap_socket(plain, server_hostname=host))
            connection.until = deadline
            return connection
        raise last


class _TimedSocket(ssl.SSLSocket):
    """Reads until a point in time, and not past it however many small pieces come before: a limit for each
    read would let a slow sender go on for ever."""

    until: Deadline

    def recv_into(self, *args: Any, **named: Any) -> int:
        self.settimeout(_remaining_or_timeout(self.until))
        return super().recv_into(*args, **named)


def _remaining_or_timeout(deadline: Deadline) -> float:
    if deadline.expired:
        raise TimeoutError
    return deadline.remaining_seconds()


def _receive(response: HTTPResponse, into: ByteSink) -> None:
    check_answer(response.status, response.headers.get("Content-Encoding"))
    if (response.length or 0) > MAX_BLUEPRINT_BYTES:
        raise FileTooLarge(MAX_BLUEPRINT_BYTES)
    while chunk := _chunk(response):
        into.write(chunk)
    if response.length:
        raise UrlNotAllowed("cut off")


def _chunk(response: HTTPResponse) -> bytes:
    with _refuse_failures("cut off"):
        return response.read(_READ_BYTES)


@contextmanager
def _refuse_failures(reason: str) -> Iterator[None]:
    try:
        yield
    except (OSError, HTTPException, ValueError) as exc:
        raise UrlNotAllowed(f"{reason}: {type(exc).__name__}") from None  # its text may hold the query


@contextmanager
def _close_on_failure(connection: socket.socket) -> Iterator[None]:
    try:
        yield
    except BaseException:
        connection.close()
        raise


@contextmanager
def _permit(permits: threading.BoundedSemaphore, what: str) -> Iterator[None]:
    if not permits.acquire(blocking=False):
        raise DependencyUnavailable(what)
    try:
        yield
    finally:
        permits.release()


def _log_refusal(refused: UrlNotAllowed, hosts: list[str]) -> None:
    """Never the path or the query, which may be all that is needed to read the file."""
    level = logging.WARNING if refused.suspicious else logging.INFO
    fields = {"reason": refused.reason, "hosts": hosts}
    log.log(level, "no file fetched from a URL", extra={"context": fields})
