"""How the seconds of a preview are spent: the deadline of a request, and every limit that derives from it.

Shares are of the deadline that operators have set, seconds are for the default one.
"""

DEFAULT_DEADLINE_SECONDS = 5.0
MAX_DEADLINE_SECONDS = 15.0
"""What operators may set; part of the time that a worker has to stop (docker/gunicorn.conf.py)."""

ANSWER_SHARE = 0.02
"""Kept for turning a preview into JSON."""

WRITE_SHARE = 0.12
"""Kept for storing what was found: it takes 50 to 100 ms, and a slow store is waited for."""

STORE_CALL_SHARE = 0.5
"""Of the time that is left, for each thing that is stored: one that hangs leaves time for the others."""

MIN_START_SHARE = 0.3
"""With less left nothing is computed: Textract would be paid for and not waited for."""

DRAW_SECONDS = 0.6 * DEFAULT_DEADLINE_SECONDS
"""A page that takes longer to draw is too complex: the rest is for reading it."""

NAMING_SECONDS = 0.6
"""Kept for naming while text is waited for: three times what a floor of a hundred rooms takes."""

TEXTRACT_SECONDS = 0.4 * DEFAULT_DEADLINE_SECONDS
"""Half of what fetching, drawing and storing leave of the deadline on an idle machine."""

EXPORT_SECONDS = MAX_DEADLINE_SECONDS
"""For a file of all pages of a job: as long as any request may take."""

PAGE_SECONDS = 30.0
"""What a worker has for a page from the queue."""

VISIBILITY_TIMEOUT_SECONDS = 2 * PAGE_SECONDS
"""How long the queue gives a message that was received to nobody else, unless a setting says otherwise. Three
quarters of it have to exceed `PAGE_SECONDS`: then another worker takes the page over."""


def request_seconds(deadline_seconds: float) -> float:
    """Time for the work of one request."""
    return deadline_seconds * (1 - ANSWER_SHARE)
