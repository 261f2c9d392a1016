"""The one place that parses JSON bodies, so that any malformed body is answered with 400."""

import json
from typing import Any, NoReturn

from shared.http.errors import InvalidRequest


def parse_json(body: bytes) -> Any:
    """The document in ``body``. Raises InvalidRequest when it is not JSON in UTF-8 that Python can hold."""
    try:
        return json.loads(body.decode(), parse_constant=_refuse)
    except (json.JSONDecodeError, UnicodeDecodeError) as exc:
        raise _invalid("The body is not valid JSON. Send one JSON document in UTF-8.") from exc
    except RecursionError as exc:
        raise _invalid("The body is nested too deeply.") from exc
    except ValueError as exc:  # an integer beyond sys.get_int_max_str_digits
        raise _invalid("A number in the body has too many digits.") from exc


def _refuse(constant: str) -> NoReturn:
    raise json.JSONDecodeError(f"{constant} is not JSON", constant, 0)


def _invalid(message: str) -> InvalidRequest:
    return InvalidRequest(message, {"problems": {"json": {"_schema": [message]}}})
