"""The ``Prefer`` header (RFC 7240), of which this service knows ``wait``."""

import re

from werkzeug.http import parse_list_header

LONGEST_WAIT_SECONDS = 20
"""A third of the time after which the load balancer gives up a silent connection."""

_SECONDS = re.compile(r"0*([1-9][0-9]*)")


def wait_seconds(prefer: str) -> int | None:
    """How long the caller would wait, `LONGEST_WAIT_SECONDS` at most; None where that is not said.

    Of several ``wait`` the first counts. One that is malformed or 0 says nothing.
    """
    for preference in parse_list_header(prefer):
        name, _, value = preference.partition(";")[0].partition("=")
        if name.strip().lower() == "wait":
            seconds = _SECONDS.fullmatch(value.strip())
            return _at_most(seconds[1]) if seconds else None
    return None


def _at_most(digits: str) -> int:
    """Thousands of digits are no number for Python."""
    return LONGEST_WAIT_SECONDS if len(digits) > 3 else min(int(digits), LONGEST_WAIT_SECONDS)
