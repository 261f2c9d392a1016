"""Error responses of the HTTP server itself, to requests that never reach the application."""

import json
from http import HTTPStatus

from shared.http import envelope
from shared.http.errors import INTERNAL, ErrorAnswer
from shared.http.security_headers import EVERY_ANSWER

_MESSAGES = {
    414: "The request line is too long. Send what is long in the body.",
    417: "Nothing but 100-continue can be expected here. Send the request without Expect.",
    431: "The headers are too many or too long. Send those that are needed.",
}
_MALFORMED = "This is not a well-formed HTTP/1.1 request."


def server_error(status: int) -> bytes:
    """The whole answer in place of the server's own with ``status``: 400, unless the fault is ours."""
    refused = ErrorAnswer("INVALID_REQUEST", 400, _MESSAGES.get(status, _MALFORMED))
    answer = INTERNAL if status == INTERNAL.status else refused
    body = json.dumps(envelope.error(answer.code, answer.message or "", {})).encode()
    headers = {
        "Connection": "close",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        **EVERY_ANSWER,
    }
    lines = [
        f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body
