"""The load balancer: finds the target of each request and passes it on, streaming."""

import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import h11
from aiohttp import ClientError, web

from local_aws.router.routing import RULES, Rule, Target, target_of
from local_aws.router.upstream import Answer, BodyBrokeOff, Headers, NoAnswer, Request, exchange

RETRY_AFTER_SECONDS = 2

_HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
"""Headers that belong to one connection (RFC 9110, 7.6.1)."""

_REPLACED = frozenset({b"expect", b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-port"})
"""``Expect`` because aiohttp has answered it with ``100 Continue``; the others as the ALB does."""

_SECURITY = {"X-Content-Type-Options": "nosniff"}
"""What Terraform has the load balancer add to every answer, apart from what is for HTTPS only."""

Address = tuple[str, int]

log = logging.getLogger(__name__)


def create_proxy(
    targets: Mapping[Target, Address], port: int, rules: Sequence[Rule] = RULES
) -> web.Application:
    """An application that forwards to ``targets``; ``port`` is its own, for ``X-Forwarded-Port``."""
    app = web.Application(client_max_size=0)
    app.router.add_route("*", r"/{path:[\s\S]*}", _Proxy(targets, port, rules).handle)
    return app


class _Proxy:
    def __init__(self, targets: Mapping[Target, Address], port: int, rules: Sequence[Rule]) -> None:
        self._targets = targets
        self._port = port
        self._rules = rules

    async def handle(self, request: web.Request) -> web.StreamResponse:
        target = target_of(request.raw_path.partition("?")[0], self._rules)
        if target is None:
            return web.json_response(not_found(), status=404, headers=_SECURITY)
        try:
            async with exchange(self._targets[target], self._onward(request)) as answer:
                return await _pass_back(request, answer)
        except NoAnswer as error:
            log.warning("%s did not answer: %s", target, error)
            return _service_unavailable()
        except h11.LocalProtocolError:
            message = "This is not valid HTTP. Check the path and headers."
            return web.json_response(_envelope("INVALID_REQUEST", message), status=400, headers=_SECURITY)

    def _onward(self, request: web.Request) -> Request:
        headers = [
            (name, value)
            for name, value in _end_to_end(list(request.raw_headers))
            if name.lower() not in _REPLACED
        ]
        forwarded = [*request.headers.getall("X-Forwarded-For", []), request.remote or "unknown"]
        headers += [
            (b"X-Forwarded-For", ", ".join(forwarded).encode()),
            (b"X-Forwarded-Proto", b"http"),
            (b"X-Forwarded-Port", str(self._port).encode()),
            # A kept connection that the service closes just then would cost a failed POST.
            (b"Connection", b"close"),
        ]
        if not request.body_exists:
            return Request(request.method, request.raw_path, headers, None)
        if "Content-Length" not in request.headers:
            headers.append((b"Transfer-Encoding", b"chunked"))
        return Request(request.method, request.raw_path, headers, _chunks(request))


async def _chunks(request: web.Request) -> AsyncIterator[bytes]:
    """The body as it arrives."""
    try:
        async for chunk in request.content.iter_any():
            yield chunk
    except (ClientError, OSError) as error:
        raise BodyBrokeOff from error


def _end_to_end(headers: Headers) -> Headers:
    named = {
        token.strip().lower()
        for name, value in headers
        if name.lower() == b"connection"
        for token in value.split(b",")
    }
    return [(name, value) for name, value in headers if name.lower() not in _HOP_BY_HOP | named]


async def _pass_back(request: web.Request, answer: Answer) -> web.StreamResponse:
    response = web.StreamResponse(status=answer.status, reason=answer.reason)
    for name, value in _end_to_end(answer.headers):
        response.headers.add(name.decode("latin-1"), value.decode("latin-1"))
    try:
        await response.prepare(request)
        async for chunk in answer.body:
            await response.write(chunk)
        await response.write_eof()
    except NoAnswer:
        # Too late for another status: the client must see that the body is incomplete.
        log.warning("An answer broke off after its head was sent")
        if request.transport:
            request.transport.abort()
    except ConnectionResetError:
        log.debug("The client went away before its answer was all sent")
    return response


def not_found() -> dict[str, Any]:
    """The body of the answer where no rule matches; Terraform gives the load balancer the same."""
    return _envelope("NOT_FOUND", "There is nothing here. The API begins at /api/v1.")


def _service_unavailable() -> web.Response:
    message = "The service is not answering just now. Try again in a moment."
    headers = {**_SECURITY, "Retry-After": str(RETRY_AFTER_SECONDS)}
    return web.json_response(_envelope("SERVICE_UNAVAILABLE", message), status=503, headers=headers)


def _envelope(code: str, message: str) -> dict[str, Any]:
    """The product's error envelope; the load balancer has no request id to give."""
    return {
        "status": "error",
        "error": {"code": code, "message": message, "details": {}},
        "meta": {"request_id": None, "api_version": "v1"},
    }
