"""The phases of a preview fit its deadline."""

from preview.domain.budget import (
    ANSWER_SHARE,
    DEFAULT_DEADLINE_SECONDS,
    DRAW_SECONDS,
    MIN_START_SHARE,
    NAMING_SECONDS,
    PAGE_SECONDS,
    WRITE_SHARE,
)
from preview.domain.page_work import DEFAULT_TIMES


def test_a_page_that_is_drawn_as_late_as_may_be_is_still_named() -> None:
    computing = DEFAULT_DEADLINE_SECONDS * (1 - ANSWER_SHARE - WRITE_SHARE)
    assert computing > DRAW_SECONDS + NAMING_SECONDS


def test_what_is_started_has_time_for_more_than_storing() -> None:
    assert MIN_START_SHARE > WRITE_SHARE


def test_a_worker_ends_its_page_before_another_takes_it_over() -> None:
    assert DEFAULT_TIMES.attempt.total_seconds() > PAGE_SECONDS
