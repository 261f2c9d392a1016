"""From a document's bytes to the lines on its page."""

import hashlib
from collections import OrderedDict
from typing import Protocol

from local_aws.textract.document import GrayPage, open_page
from local_aws.textract.lines import ReadLine, box_around


class PixelReader(Protocol):
    def read(self, page: GrayPage) -> list[ReadLine]: ...


class ReadOnce:
    """Keeps the lines of the ``most_pages`` read last; not safe for threads.

    The same plan comes in many files, and reading its pixels takes a second or more of both cores.
    """

    def __init__(self, pixels: PixelReader, most_pages: int = 64) -> None:
        self._pixels = pixels
        self._most_pages = most_pages
        self._known: OrderedDict[tuple[object, ...], list[ReadLine]] = OrderedDict()

    def read(self, page: GrayPage) -> list[ReadLine]:
        key = (*page.shape, hashlib.sha256(page.tobytes()).digest())
        if key not in self._known:
            self._known[key] = self._pixels.read(page)
        self._known.move_to_end(key)
        while len(self._known) > self._most_pages:
            self._known.popitem(last=False)
        return self._known[key]


class DocumentReader:
    """Takes the words from a PDF's text layer where there is one, and from the pixels otherwise."""

    def __init__(self, pixels: PixelReader) -> None:
        self._pixels = pixels

    def read(self, document: bytes) -> list[ReadLine]:
        """All lines in reading order.

        Raises
        ------
        TextractError
            For a document outside Textract's limits.
        """
        page = open_page(document)
        lines = list(page.text_layer)
        if page.picture is not None:
            lines += _not_yet_read(self._pixels.read(page.picture), lines)
        return sorted(lines, key=lambda line: (round(box_around(line.quad).top, 2), line.quad[0][0]))


def _not_yet_read(candidates: list[ReadLine], known: list[ReadLine]) -> list[ReadLine]:
    boxes = [box_around(line.quad) for line in known]
    return [line for line in candidates if not any(box_around(line.quad).overlaps(box) for box in boxes)]
