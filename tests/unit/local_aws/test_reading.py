"""What the simulator reads of pages, with a counting reader of pixels."""

import numpy as np
import pytest

from local_aws.textract.document import GrayPage
from local_aws.textract.lines import Quad, ReadLine, ReadWord
from local_aws.textract.reading import ReadOnce

QUAD: Quad = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


class CountingReader:
    """Reads on each page how many it has read."""

    def __init__(self) -> None:
        self.count = 0

    def read(self, page: GrayPage) -> list[ReadLine]:
        self.count += 1
        return [ReadLine((ReadWord(str(self.count), QUAD, 99.0),), QUAD)]


def page(shade: int, shape: tuple[int, int] = (20, 30)) -> GrayPage:
    return np.full(shape, shade, dtype=np.uint8)


@pytest.fixture
def reader() -> ReadOnce:
    return ReadOnce(CountingReader(), most_pages=2)


def text(reader: ReadOnce, page: GrayPage) -> str:
    return reader.read(page)[0].text


def test_the_same_pixels_are_read_once(reader: ReadOnce) -> None:
    assert [text(reader, page(255)) for _ in range(3)] == ["1", "1", "1"]


def test_other_pixels_or_another_shape_are_another_page(reader: ReadOnce) -> None:
    pages = [page(255), page(254), page(255, shape=(30, 20))]
    assert [text(reader, each) for each in pages] == ["1", "2", "3"]


def test_the_page_that_was_longest_unread_is_forgotten(reader: ReadOnce) -> None:
    first, second, third = page(1), page(2), page(3)
    assert [text(reader, each) for each in (first, second, first, third)] == ["1", "2", "1", "3"]
    assert text(reader, first) == "1"
    assert text(reader, second) == "4"
