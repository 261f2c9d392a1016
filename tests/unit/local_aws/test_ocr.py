"""The real models on drawn labels."""

import sys
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from local_aws.textract.lines import ReadLine, box_around
from local_aws.textract.ocr import OcrReader

WIDTH, HEIGHT = 1600, 1200

connections: list[Any] = []
sys.addaudithook(
    lambda event, arguments: connections.append(arguments) if event == "socket.connect" else None
)


@cache
def reader() -> OcrReader:
    return OcrReader()


def label(text: str, turn: int = 0, size: int = 34) -> Image.Image:
    font = ImageFont.load_default(size)
    left, top, right, bottom = (round(edge) for edge in font.getbbox(text))
    picture = Image.new("L", (right - left + 8, bottom - top + 8), 255)
    ImageDraw.Draw(picture).text((4 - left, 4 - top), text, fill=0, font=font)
    return picture.rotate(turn, expand=True)


def read(*labels: tuple[Image.Image, tuple[int, int]]) -> list[ReadLine]:
    page = Image.new("L", (WIDTH, HEIGHT), 255)
    draw = ImageDraw.Draw(page)
    draw.rectangle((100, 100, 1500, 1100), outline=0, width=8)
    for picture, place in labels:
        page.paste(picture, place)
    return reader().read(np.asarray(page))


def test_labels_are_read_where_they_are() -> None:
    lines = read((label("KITCHEN"), (300, 300)), (label("BEDROOM 2"), (900, 700)))
    assert [line.text for line in lines] == ["KITCHEN", "BEDROOM 2"]
    for line, (x, y) in zip(lines, [(300, 300), (900, 700)], strict=True):
        box = box_around(line.quad)
        assert box.left * WIDTH == pytest.approx(x, abs=12)
        assert box.top * HEIGHT == pytest.approx(y, abs=12)
        assert line.confidence > 80


def test_words_lie_side_by_side_on_their_line() -> None:
    (line,) = read((label("LIVING ROOM"), (300, 300)))
    assert [word.text for word in line.words] == ["LIVING", "ROOM"]
    living, room = (box_around(word.quad) for word in line.words)
    whole = box_around(line.quad)
    assert living.right <= room.left
    assert living.right * WIDTH == pytest.approx(300 + label("LIVING").width, abs=20)
    assert whole.left <= living.left
    assert room.right <= whole.right


@pytest.mark.parametrize("turn", [90, 270], ids=["upwards", "downwards"])
def test_turned_labels_are_read(turn: int) -> None:
    (line,) = read((label("HALLWAY", turn), (500, 400)))
    assert line.text == "HALLWAY"
    (_, start_y), (_, end_y) = line.quad[0], line.quad[1]
    assert (end_y < start_y) == (turn == 90)


def test_a_room_number_is_not_taken_for_a_turned_label() -> None:
    (line,) = read((label("7", size=48), (500, 400)))
    assert line.text == "7"


def test_an_empty_page_has_no_lines() -> None:
    assert reader().read(np.full((800, 600), 255, dtype=np.uint8)) == []


@pytest.mark.parametrize("shape", [(1, 1), (5, 3000), (40, 40)])
def test_odd_pages_are_survived(shape: tuple[int, int]) -> None:
    reader().read(np.zeros(shape, dtype=np.uint8))


@pytest.fixture(autouse=True)
def _nothing_is_downloaded() -> Iterator[None]:
    connections.clear()
    yield
    assert connections == []
