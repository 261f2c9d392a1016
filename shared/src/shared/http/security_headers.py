"""Security headers of every response, errors included: no caching, no scripts, no referrer.

After OWASP: https://cheatsheetseries.owasp.org/cheatsheets/REST_Security_Cheat_Sheet.html#security-headers
"""

from flask import Flask, Response, request

EVERY_ANSWER = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",  # for pages that embed; what CORS allows is not touched
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_HTTPS_ONLY_FROM_NOW_ON = "max-age=31536000"  # a year, which the load balancer says too


def add_security_headers(app: Flask) -> None:
    """A view that needs another value sets the header itself, and says why."""

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in EVERY_ANSWER.items():
            response.headers.setdefault(name, value)
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = _HTTPS_ONLY_FROM_NOW_ON
        return response
