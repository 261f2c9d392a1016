"""Which pages of a document are meant: ``all``, or numbers and ranges as in ``1-3,7``."""

import re

from preview.domain.errors import InvalidPages

ALL_PAGES = "all"

PAGES_PATTERN = r"^(all|[0-9]{1,4}(-[0-9]{1,4})?(,[0-9]{1,4}(-[0-9]{1,4})?)*)$"

MAX_PAGES_CHARACTERS = 3000
"""Five hundred single pages, with commas, have 1,892."""


def parse_pages(text: str, page_count: int) -> tuple[int, ...]:
    """The pages in order, each once. Raises InvalidPages, also for a page that the document lacks."""
    if len(text) > MAX_PAGES_CHARACTERS or not re.fullmatch(PAGES_PATTERN, text):
        raise InvalidPages(page_count)
    if text == ALL_PAGES:
        return tuple(range(1, page_count + 1))
    pages: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        pages |= _pages_between(int(first), int(last or first), page_count)
    return tuple(sorted(pages))


def format_ranges(pages: tuple[int, ...]) -> str:
    """Pages in order as the shortest text: ``1-3,7``."""
    ranges: list[list[int]] = []
    for page in pages:
        if ranges and page == ranges[-1][1] + 1:
            ranges[-1][1] = page
        else:
            ranges.append([page, page])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)


def _pages_between(first: int, last: int, page_count: int) -> set[int]:
    if not 1 <= first <= last <= page_count:
        raise InvalidPages(page_count)
    return set(range(first, last + 1))
