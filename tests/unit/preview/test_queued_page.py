import pytest

from preview.domain.queued_page import Backlog, retry_after_seconds


@pytest.mark.parametrize(
    ("waiting", "received", "seconds"),
    [(0, 0, 2), (0, 2, 2), (1, 2, 2), (2, 2, 4), (9, 1, 20), (99, 10, 20), (100_000, 2, 300)],
)
def test_a_page_queued_last_is_waited_for_at_the_pace_of_the_workers(
    waiting: int, received: int, seconds: int
) -> None:
    assert retry_after_seconds(Backlog(waiting, received), None) == seconds


@pytest.mark.parametrize(
    ("service_seconds", "seconds"), [(0.01, 1), (0.5, 3), (1.0, 5), (7.25, 37), (100.0, 300)]
)
def test_their_pace_is_what_pages_took_them_lately(service_seconds: float, seconds: int) -> None:
    assert retry_after_seconds(Backlog(9, 2), service_seconds) == seconds
