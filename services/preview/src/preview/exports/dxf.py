"""A drawing for CAD: outlines and labels of the rooms of a page, in its plane coordinates."""

import io
import re
from typing import TYPE_CHECKING, BinaryIO

from preview.domain.preview import MeasuredRoom, Preview
from preview.exports.coordinates import METRES, PAGE_UNITS, PlaneCoordinates
from preview.exports.labels import label_lines, label_point, letter_height

if TYPE_CHECKING:
    from ezdxf.document import Drawing
    from ezdxf.layouts.layout import Modelspace

ROOMS = "ROOMS"
LABELS = "ROOM_LABELS"

_VERSION = "R2010"  # the first whose text is UTF-8 and that every current program reads
_INSUNITS = {METRES: 6, PAGE_UNITS: 0}  # metres, and none
_BLUE, _GRAY = 5, 8  # of AutoCAD's colour index
_LINE = 1.5  # from line to line, in heights of the letters, as the next
_USUAL_LETTER_WIDTH = 0.65
_FONT = "arial.ttf"  # the usual txt.shx of CAD has few letters but Latin ones
_LARGEST_LETTERS = 1 / 80  # of the page's longer side


def write_page(file: BinaryIO, preview: Preview) -> None:
    """Closed polylines on the layer ``ROOMS``, names and areas on ``ROOM_LABELS``; units in ``$INSUNITS``."""
    drawing = _drawing(preview)
    coordinates = PlaneCoordinates.of(preview)
    for measured in preview.measured_rooms:
        _draw_room(drawing.modelspace(), measured, coordinates)
    text = io.TextIOWrapper(file, encoding=drawing.output_encoding, errors="dxfreplace", newline="")
    drawing.write(text)
    text.flush()
    text.detach()


def _drawing(preview: Preview) -> "Drawing":
    from ezdxf.filemanagement import new  # noqa: PLC0415 - 20 MB of a worker's memory, and few ask for it

    coordinates = PlaneCoordinates.of(preview)
    drawing = new(_VERSION, units=_INSUNITS[coordinates.units])
    drawing.layers.add(ROOMS, color=_BLUE)
    drawing.layers.add(LABELS, color=_GRAY)
    drawing.styles.add(LABELS, font=_FONT)
    width, height = coordinates.page_size
    extents = (0, 0, 0), (width, height, 0)
    drawing.modelspace().reset_extents(*extents)
    drawing.header["$EXTMIN"], drawing.header["$EXTMAX"] = extents  # ezdxf takes an origin of 0 for none
    drawing.set_modelspace_vport(height=max(width, height), center=(width / 2, height / 2))
    properties = {"job_id": preview.job_id, "page": str(preview.page.number)}
    for name, value in {**properties, "degraded": ", ".join(preview.degraded)}.items():
        drawing.header.custom_vars.append(name, value)
    return drawing


def _draw_room(space: "Modelspace", measured: MeasuredRoom, coordinates: PlaneCoordinates) -> None:
    corners = tuple(coordinates.of_point(corner) for corner in measured.room.polygon)
    space.add_lwpolyline(corners, close=True, dxfattribs={"layer": ROOMS})
    lines = label_lines(measured)
    if not lines:
        return
    largest = max(coordinates.page_size) * _LARGEST_LETTERS
    height = letter_height(corners, lines, largest)
    x, y = label_point(corners)
    for number, line in enumerate(lines):
        _write_line(space, line, (x, y + ((len(lines) - 1) / 2 - number) * _LINE * height), height)


def _write_line(space: "Modelspace", line: str, middle: tuple[float, float], height: float) -> None:
    from ezdxf.enums import TextEntityAlignment  # noqa: PLC0415 - as in `_drawing`

    text = space.add_text(_plain(line), height=height, dxfattribs={"layer": LABELS, "style": LABELS})
    text.set_placement(middle, align=TextEntityAlignment.MIDDLE_CENTER)
    x, y = middle
    # LibreOffice takes every text for one that begins at its insertion point; others do not look at that.
    text.dxf.insert = (x - len(line) * _USUAL_LETTER_WIDTH * height / 2, y - height / 2)


def _plain(text: str) -> str:
    r"""Text that CAD shows as it stands: ``%%d`` is a degree sign there, ``^J`` a line break and ``\U+202E``
    a mark of direction. Source: AutoCAD's help, "Control codes and special characters"."""
    return re.sub("%(?=%)", "% ", text).replace("\\", "/").replace("^", "^ ")
