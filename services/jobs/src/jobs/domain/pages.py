"""Pages of a blueprint: which ones a caller asks for, and how far preview has come with them."""

import re
from dataclasses import dataclass

from jobs.domain.errors import InvalidRequest

ALL_PAGES = "all"
FIRST_PAGE = "1"
PAGES_PATTERN = r"^(all|[0-9]{1,4}(-[0-9]{1,4})?(,[0-9]{1,4}(-[0-9]{1,4})?)*)$"
MAX_PAGES_CHARACTERS = 3000
"""Five hundred single pages, with commas, have 1,892."""


@dataclass(frozen=True, slots=True)
class PageCounts:
    """How many pages of a job were asked for, and how many of them have ended; ``failed`` ones among these.

    ``number`` is preview's, which counts the changes: of two counts the one with the higher number is newer.
    """

    asked: int
    done: int = 0
    failed: int = 0
    number: int = 0

    @property
    def all_ended(self) -> bool:
        return 0 < self.asked == self.done

    @property
    def percent(self) -> int:
        return 100 * self.done // self.asked if self.asked else 0

    @property
    def waiting(self) -> str:
        """What a job says before any page was begun."""
        verb = "waits" if self.asked == 1 else "wait"
        return f"{_pages(self.asked)} {verb} to be previewed."

    @property
    def summary(self) -> str:
        """What a job says from then on."""
        return f"{self.done} of {_pages(self.asked)} done."

    def found(self, rooms: int) -> str:
        """What a job says once all pages have ended."""
        found = f"{rooms} room{'' if rooms == 1 else 's'} found on "
        if self.failed:
            return f"{found}{self.done - self.failed} of {_pages(self.asked)}; {self.failed} failed."
        return f"{found}{_pages(self.asked)}."


def parse_pages(text: str, page_count: int) -> tuple[int, ...]:
    """The pages that ``text`` names, in order, each once: ``all``, or numbers and ranges as in ``1-3,7``.

    Raises InvalidRequest for any other text, and for a page that the document does not have.
    """
    if len(text) > MAX_PAGES_CHARACTERS or not re.fullmatch(PAGES_PATTERN, text):
        raise _invalid("Name the pages as 'all', or as numbers and ranges such as '1-3,7'.")
    if text == ALL_PAGES:
        return tuple(range(1, page_count + 1))
    pages: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        pages |= _range(int(first), int(last or first), page_count)
    return tuple(sorted(pages))


def format_pages(pages: tuple[int, ...]) -> str:
    """Pages in order as one text for each set of pages: ``1-3,7``."""
    ranges: list[list[int]] = []
    for page in pages:
        if ranges and page == ranges[-1][1] + 1:
            ranges[-1][1] = page
        else:
            ranges.append([page, page])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)


def _range(first: int, last: int, page_count: int) -> set[int]:
    if first > last:
        raise _invalid(f"A range of pages begins with its lower number, not '{first}-{last}'.")
    if first < 1 or last > page_count:
        missing = last if first >= 1 else first
        raise _invalid(f"There is no page {missing}: the document has {_pages(page_count)}.")
    return set(range(first, last + 1))


def _invalid(message: str) -> InvalidRequest:
    return InvalidRequest(message, "pages")


def _pages(count: int) -> str:
    return f"{count} page{'' if count == 1 else 's'}"
