"""From a document's bytes to the lines on its page."""

from typing import Protocol

from local_aws.textract.document import GrayPage, open_page
from local_aws.textract.lines import ReadLine, box_around


class PixelReader(Protocol):
    def read(self, page: GrayPage) -> list[ReadLine]: ...


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
