"""HTTP between the two services: keep-alive, timeouts, the request's ids, the internal token."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from shared import context
from shared.auth import InternalToken
from shared.circuit_breaker import CircuitBreaker
from shared.errors import DependencyFailed, DependencyUnavailable
from shared.metrics import Metrics
from shared.retry import Backoff, RetryBudget, call_with_retries

_MINIMUM_CALL_SECONDS = 0.25
"""Half of the shortest deadline that a caller sets; the other service answers in milliseconds."""


@dataclass(frozen=True, slots=True)
class InternalAnswer:
    """An enveloped answer below 500: ``data`` of a success, ``code`` and ``message`` of an error."""

    status: int
    data: dict[str, Any]
    code: str | None
    message: str | None


class _Unavailable(Exception):
    pass


_TRANSIENT = (
    _Unavailable,
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,  # whatever the encoding: the body broke off
)


class InternalClient:
    """Calls the service ``name`` at ``base_url``.

    Transport errors, 502, 503 and 504 are retried within the deadline of the request in progress. Writes are
    retried too, so the routes called must be idempotent. A circuit breaker guards the calls.
    """

    def __init__(
        self,
        name: str,
        base_url: str,
        token: InternalToken,
        backoff: Backoff,
        metrics: Metrics,
        *,
        connect_timeout_seconds: float = 1.0,
        read_timeout_seconds: float = 3.0,
        max_connections: int = 16,
    ) -> None:
        self._name = name
        self._base_url = base_url.rstrip("/")
        self._token = token
        self._backoff = backoff
        self._budget = RetryBudget()
        self._breaker = CircuitBreaker(name, metrics, minimum_call_seconds=_MINIMUM_CALL_SECONDS)
        self._timeouts = (connect_timeout_seconds, read_timeout_seconds)
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.mount("http://", HTTPAdapter(pool_maxsize=max_connections, pool_block=True))

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        json: Mapping[str, Any] | None = None,
        until_deadline: bool = False,
    ) -> InternalAnswer:
        """Wait for an answer as long as answers take, or ``until_deadline`` for one that takes long.

        Raises DependencyUnavailable when there is no answer, DependencyFailed for any other fault.
        """
        send = partial(self._send, method, path, params, json, until_deadline=until_deadline)
        with self._breaker.guard():
            try:
                token = self._token.current()
                response = self._send_with_retries(send)
                if response.status_code == 401 and self._token.has_replaced(token):
                    response = self._send_with_retries(send)
                answer = _answer_of(response)
            except _TRANSIENT as exc:
                raise DependencyUnavailable(self._name) from exc
            except (requests.RequestException, ValueError, AttributeError) as exc:
                raise DependencyFailed(self._name) from exc
            if answer.status >= 500 or answer.status == 401:
                raise DependencyFailed(self._name)
            return answer

    def is_alive(self) -> bool:
        """Whether the peer answers ``/health/live``, which calls no dependency."""
        return self._session.get(f"{self._base_url}/health/live", timeout=self._bounded_timeouts()).ok

    def close(self) -> None:
        self._session.close()

    def _send_with_retries(self, send: Callable[[], requests.Response]) -> requests.Response:
        return call_with_retries(
            send,
            backoff=self._backoff,
            budget=self._budget,
            is_transient=lambda exc: isinstance(exc, _TRANSIENT),
        )

    def _send(
        self,
        method: str,
        path: str,
        params: Mapping[str, str | int] | None,
        json: Mapping[str, Any] | None,
        *,
        until_deadline: bool,
    ) -> requests.Response:
        response = self._session.request(
            method,
            self._base_url + path,
            params=params,
            json=json,
            headers=self._headers(),
            timeout=self._bounded_timeouts(until_deadline=until_deadline),
            allow_redirects=False,
        )
        if response.status_code in (502, 503, 504):
            raise _Unavailable
        return response

    def _headers(self) -> dict[str, str]:
        request = context.current()
        headers = {"Authorization": f"Bearer {self._token.current()}"}
        if request.correlation_id:
            headers["X-Correlation-ID"] = request.correlation_id
        if request.traceparent:
            headers["traceparent"] = request.traceparent
        return headers

    def _bounded_timeouts(self, *, until_deadline: bool = False) -> tuple[float, float]:
        deadline = context.current().deadline
        if deadline is None:
            return self._timeouts
        remaining = max(deadline.remaining_seconds(), 0.001)
        answer_seconds = remaining if until_deadline else min(self._timeouts[1], remaining)
        return min(self._timeouts[0], remaining), answer_seconds


def _answer_of(response: requests.Response) -> InternalAnswer:
    body = response.json()
    error = body.get("error") or {}
    return InternalAnswer(
        response.status_code, body.get("data") or {}, error.get("code"), error.get("message")
    )
