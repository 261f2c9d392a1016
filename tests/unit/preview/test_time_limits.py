"""The phases of a preview fit its deadline."""

import pytest

from preview.domain.time_limits import (
    ANSWER_SHARE,
    BACKGROUND_CAPACITY,
    BACKGROUND_THREADS,
    DEFAULT_DEADLINE_SECONDS,
    DRAW_SECONDS,
    MAX_DEADLINE_SECONDS,
    MIN_START_SHARE,
    NAMING_SECONDS,
    WRITE_SHARE,
    background_seconds,
    request_seconds,
)


def test_a_page_that_is_drawn_as_late_as_may_be_is_still_named() -> None:
    computing = DEFAULT_DEADLINE_SECONDS * (1 - ANSWER_SHARE - WRITE_SHARE)
    assert computing > DRAW_SECONDS + NAMING_SECONDS


def test_what_is_started_has_time_for_more_than_storing() -> None:
    assert MIN_START_SHARE > WRITE_SHARE


def test_the_last_preview_in_the_queue_gets_a_whole_deadline() -> None:
    rounds_before = BACKGROUND_CAPACITY / BACKGROUND_THREADS - 1
    for_itself = background_seconds(DEFAULT_DEADLINE_SECONDS) - rounds_before * DEFAULT_DEADLINE_SECONDS
    assert for_itself >= request_seconds(DEFAULT_DEADLINE_SECONDS)


@pytest.mark.parametrize("deadline", [DEFAULT_DEADLINE_SECONDS, 8.0, MAX_DEADLINE_SECONDS])
def test_a_preview_in_the_background_has_a_deadline_at_least(deadline: float) -> None:
    assert background_seconds(deadline) >= request_seconds(deadline)
