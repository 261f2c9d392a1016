from collections.abc import Callable
from io import BytesIO

import pytest
from reportlab.pdfgen.canvas import Canvas

from local_aws.textract.document import open_page
from local_aws.textract.lines import Box, ReadLine, box_around

WIDTH, HEIGHT = 400, 200


def read(draw: Callable[[Canvas], None], rotation: int = 0) -> list[ReadLine]:
    file = BytesIO()
    canvas = Canvas(file, pagesize=(WIDTH, HEIGHT))
    canvas.setPageRotation(rotation)
    canvas.setFont("Helvetica", 10)
    draw(canvas)
    canvas.save()
    return list(open_page(file.getvalue()).text_layer)


def box(line: ReadLine) -> Box:
    return box_around(line.quad)


def test_words_and_their_places() -> None:
    (line,) = read(lambda canvas: canvas.drawString(100, 150, "MASTER BEDROOM 2"))
    assert [word.text for word in line.words] == ["MASTER", "BEDROOM", "2"]
    assert line.text == "MASTER BEDROOM 2"
    assert box(line).left == pytest.approx(100 / WIDTH, abs=0.01)
    # The baseline lies 150 points above the lower edge.
    assert box(line).top < 1 - 150 / HEIGHT < box(line).bottom
    lefts = [box_around(word.quad).left for word in line.words]
    assert lefts == sorted(lefts)


def test_distant_labels_on_one_height_are_lines_of_their_own() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(50, 100, "KITCHEN")
        canvas.drawString(250, 100, "BATH")

    assert [line.text for line in read(draw)] == ["KITCHEN", "BATH"]


def test_stacked_labels_are_lines_of_their_own() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(50, 100, "LIVING")
        canvas.drawString(50, 88, "ROOM")

    assert [line.text for line in read(draw)] == ["LIVING", "ROOM"]


def test_dimensions_keep_their_signs() -> None:
    (line,) = read(lambda canvas: canvas.drawString(50, 100, "12'-0\" x 10'-6\""))
    assert line.text == "12'-0\" x 10'-6\""


def turned(degrees: int) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        canvas.translate(200, 100)
        canvas.rotate(degrees)
        canvas.drawString(0, 0, "UTILITY ROOM")

    return draw


@pytest.mark.parametrize(
    ("degrees", "begins"),
    [(0, "left"), (90, "bottom"), (180, "right"), (270, "top")],
)
def test_turned_labels_begin_where_one_begins_to_read(degrees: int, begins: str) -> None:
    (line,) = read(turned(degrees))
    assert line.text == "UTILITY ROOM"
    first, last = box_around(line.words[0].quad), box_around(line.words[1].quad)
    order = {
        "left": first.left < last.left,
        "right": first.left > last.left,
        "top": first.top < last.top,
        "bottom": first.top > last.top,
    }
    assert order[begins]
    if begins in ("top", "bottom"):
        assert box(line).height * HEIGHT > 3 * box(line).width * WIDTH
    start_x, start_y = line.quad[0]
    end_x, end_y = line.quad[1]
    direction = {"left": (1, 0), "bottom": (0, -1), "right": (-1, 0), "top": (0, 1)}[begins]
    assert (end_x - start_x) * direction[0] + (end_y - start_y) * direction[1] > 0.1


@pytest.mark.parametrize(("rotation", "corner"), [(0, (0, 1)), (90, (0, 0)), (180, (1, 0)), (270, (1, 1))])
def test_a_turned_page_is_read_as_a_person_views_it(rotation: int, corner: tuple[int, int]) -> None:
    (line,) = read(lambda canvas: canvas.drawString(2, 2, "A1"), rotation)
    found = box(line)
    assert abs((found.left + found.right) / 2 - corner[0]) < 0.15
    assert abs((found.top + found.bottom) / 2 - corner[1]) < 0.15


def test_text_beside_the_page_is_not_on_it() -> None:
    assert read(lambda canvas: canvas.drawString(1000, 1000, "HIDDEN")) == []
