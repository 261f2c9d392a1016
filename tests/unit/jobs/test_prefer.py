"""What a caller says with ``Prefer``."""

import pytest

from jobs.api.prefer import wait_seconds


@pytest.mark.parametrize(
    ("prefer", "seconds"),
    [
        ("wait=7", 7),
        ("wait=20", 20),
        ("wait=21", 20),
        ("wait=" + "9" * 5000, 20),
        ("wait=007", 7),
        ("WAIT = 7", 7),
        ("wait=7; of=mine", 7),
        ("respond-async, wait=7", 7),
        ('note="a, wait=3", wait=7', 7),
        ("wait=7, wait=3", 7),
        ("wait=x, wait=3", None),
        ("", None),
        ("wait", None),
        ("wait=", None),
        ("wait=0", None),
        ("wait=000", None),
        ("wait=-1", None),
        ("wait=1.5", None),
        ("wait=1e1", None),
        ("wait=\N{ARABIC-INDIC DIGIT SEVEN}", None),
        ("await=7", None),
        ("=7", None),
    ],
)
def test_the_seconds_that_a_caller_would_wait(prefer: str, seconds: int | None) -> None:
    assert wait_seconds(prefer) == seconds
