"""Saving changed pages of a job together with what they do to its counts."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import reduce
from operator import add
from typing import TypeVar

from preview.domain.errors import PageChanged
from preview.domain.page_work import CountChange, PageCounts, PageWork, count_change
from preview.domain.ports import MAX_SAVED_PAGES, PageTable

T = TypeVar("T")

_TRIES = 5  # others change the same pages for milliseconds at a time

Change = tuple[PageWork | None, PageWork]
"""A page before and after."""


def save_pages(pages: PageTable, counts: PageCounts, changes: Sequence[Change]) -> None:
    """Save as many at once as the table takes. Raises PageChanged, and then some may be saved."""
    for batch in _batches(changes):
        each = (count_change(before, after, counts.round) for before, after in batch)
        pages.save([after for _, after in batch], counts, reduce(add, each, CountChange()))


def retried(change: Callable[[], T]) -> T:
    """What ``change`` returns: it reads and saves pages, and is tried again where others changed them in
    between. Raises PageChanged where they do so all the while."""
    for _ in range(_TRIES - 1):
        with suppress(PageChanged):
            return change()
    return change()


def _batches(changes: Sequence[Change]) -> Iterator[Sequence[Change]]:
    return (changes[start : start + MAX_SAVED_PAGES] for start in range(0, len(changes), MAX_SAVED_PAGES))
