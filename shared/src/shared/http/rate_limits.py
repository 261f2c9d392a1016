"""The rate limit headers of every response to a counted request.

Syntax of the fields: https://www.ietf.org/archive/id/draft-ietf-httpapi-ratelimit-headers-11.html
"""

from flask import Flask, Response, g

from shared.http.errors import RateLimitExceeded
from shared.rate_limits import Verdict


def enforce_rate_limit(verdict: Verdict) -> None:
    """Put the verdict into the headers of the response. Raises RateLimitExceeded."""
    g.rate_limit = verdict
    if not verdict.allowed:
        raise RateLimitExceeded(verdict)


def add_rate_limit_headers(app: Flask) -> None:
    @app.after_request
    def announce(response: Response) -> Response:
        verdict: Verdict | None = g.get("rate_limit")
        if verdict is not None:
            limit, seconds = verdict.limit, verdict.next_in_seconds
            response.headers["RateLimit-Policy"] = f'"{limit.name}";q={limit.per_minute};w=60'
            response.headers["RateLimit"] = f'"{limit.name}";r={verdict.remaining};t={seconds}'
            if not verdict.allowed:
                response.headers["Retry-After"] = str(seconds)
        return response
