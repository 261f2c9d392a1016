"""HTTP as both services speak it: envelope, ids, keys, errors, CORS, health.

A request runs through, in this order: `versions` (which API version the path means), `requests` (ids,
deadline, log line, metrics), `request_guard` (what is refused before a view runs), the view behind an
`EnvelopeBlueprint`, and `errors` (exception → code and status) if anything was raised.
"""

from shared.http.app import HttpSettings, create_app
from shared.http.blueprint import EnvelopeBlueprint
from shared.http.errors import ErrorAnswer
from shared.http.request_guard import body, principal, scope
from shared.http.requests import idle

__all__ = [
    "EnvelopeBlueprint",
    "ErrorAnswer",
    "HttpSettings",
    "body",
    "create_app",
    "idle",
    "principal",
    "scope",
]
