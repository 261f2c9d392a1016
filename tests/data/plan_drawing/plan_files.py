"""The plan files and their truth: one entry of ``PLAN_FILES`` per file in tests/data/plans."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from . import sheets, wear
from .floor_plan import DrawnRoom
from .paper import POINTS_PER_MM, PdfPaper, Point, RasterPaper
from .sheets import Sheet

SCAN_DEGREES = 0.8
EXIF_ORIENTATION_TAG = 0x0112
EXIF_TURN_CLOCKWISE = 6
"""Orientation for a file that a viewer turns 90 degrees clockwise (EXIF 2.32, table 6)."""

Rooms = list[dict[str, object]]
Writer = Callable[[Path], list[Rooms]]
"""Writes a file and returns the rooms of each of its pages."""

Finish = Callable[[Image.Image], Image.Image]


@dataclass(frozen=True, slots=True)
class PlanFile:
    """One file; ``rotation`` is the clockwise turn that its reader must apply."""

    name: str
    about: str
    write: Writer
    rotation: int = 0

    def draw(self, folder: Path) -> dict[str, object]:
        """Write the file and its truth (same name, ``.json``) into ``folder``; return the truth."""
        pages = self.write(folder / self.name)
        truth: dict[str, object] = {
            "file": self.name,
            "about": self.about,
            "coordinates": "0 to 1000 along each side of the upright page, origin top-left, y down",
            "rotation": self.rotation,
            "pages": [{"number": number, "rooms": rooms} for number, rooms in enumerate(pages, start=1)],
        }
        (folder / self.name).with_suffix(self.truth_suffix).write_text(_as_text(truth), encoding="utf-8")
        return truth

    @property
    def truth_suffix(self) -> str:
        return Path(self.name).suffix + ".json"


def draw_all(folder: Path) -> None:
    """Write every plan file and its truth into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for plan in PLAN_FILES:
        plan.draw(folder)


def _as_text(truth: dict[str, object]) -> str:
    """JSON with one room per line: short, and a change of one room is a change of one line."""
    text = json.dumps({**truth, "pages": []}, indent=2)
    pages = []
    for page in truth["pages"]:  # type: ignore[attr-defined]
        rooms = ",\n      ".join(json.dumps(room) for room in page["rooms"])
        pages.append(f'    {{"number": {page["number"]}, "rooms": [\n      {rooms}\n    ]}}')
    return text.replace('"pages": []', '"pages": [\n' + ",\n".join(pages) + "\n  ]") + "\n"


def _rooms(drawn: Sequence[DrawnRoom], sheet: Sheet, degrees: float = 0.0) -> Rooms:
    def place(point: Point) -> Point:
        x, y = wear.turned_point(point, sheet.width, sheet.height, degrees)
        return round(x / sheet.width * 1000, 2), round(y / sheet.height * 1000, 2)

    rooms: Rooms = []
    for room in drawn:
        ring = [place(point) for point in room.ring]
        xs, ys = [x for x, _ in ring], [y for _, y in ring]
        box = [min(xs), min(ys), max(xs), max(ys)]
        rooms.append({"name": room.name, "bounding_box": box, "polygon": ring})
    return rooms


def _raster(sheet: Sheet, px_per_mm: float, smooth: int = 2) -> tuple[Image.Image, Rooms]:
    paper = RasterPaper(sheet.width, sheet.height, px_per_mm, smooth=smooth, background=sheet.background)
    drawn = sheet.draw(paper)
    return paper.image(), _rooms(drawn, sheet)


def _png(sheet: Sheet, px_per_mm: float, smooth: int = 2) -> Writer:
    def write(path: Path) -> list[Rooms]:
        image, rooms = _raster(sheet, px_per_mm, smooth)
        image.convert("L").save(path, optimize=True)
        return [rooms]

    return write


def _as_drawn(image: Image.Image) -> Image.Image:
    return image


def _exposed(image: Image.Image) -> Image.Image:
    return wear.sun_print(image, seed=7)


def _jpeg(sheet: Sheet, px_per_mm: float, finish: Finish = _as_drawn) -> Writer:
    def write(path: Path) -> list[Rooms]:
        image, rooms = _raster(sheet, px_per_mm)
        finish(image).save(path, quality=82)
        return [rooms]

    return write


def _sideways_jpeg(sheet: Sheet, px_per_mm: float) -> Writer:
    def write(path: Path) -> list[Rooms]:
        image, rooms = _raster(sheet, px_per_mm)
        exif = Image.Exif()
        exif[EXIF_ORIENTATION_TAG] = EXIF_TURN_CLOCKWISE
        image.transpose(Image.Transpose.ROTATE_90).save(path, quality=82, exif=exif)
        return [rooms]

    return write


def _scan(sheet: Sheet, px_per_mm: float) -> tuple[Image.Image, Rooms]:
    paper = RasterPaper(sheet.width, sheet.height, px_per_mm)
    drawn = sheet.draw(paper)
    return wear.scanned(paper.image(), SCAN_DEGREES, seed=14), _rooms(drawn, sheet, SCAN_DEGREES)


def _scanned_jpeg(sheet: Sheet, px_per_mm: float) -> Writer:
    def write(path: Path) -> list[Rooms]:
        image, rooms = _scan(sheet, px_per_mm)
        image.save(path, quality=70)
        return [rooms]

    return write


def _scanned_pdf(sheet: Sheet, px_per_mm: float) -> Writer:
    def write(path: Path) -> list[Rooms]:
        image, rooms = _scan(sheet, px_per_mm)
        jpeg = BytesIO()
        image.save(jpeg, "JPEG", quality=65)
        size = (sheet.width * POINTS_PER_MM, sheet.height * POINTS_PER_MM)
        canvas = _canvas(path, size)
        canvas.drawImage(ImageReader(jpeg), 0, 0, *size)
        canvas.save()
        return [rooms]

    return write


def _pdf(pages: Sequence[Sheet]) -> Writer:
    def write(path: Path) -> list[Rooms]:
        canvas = _canvas(path, (1, 1))
        rooms = []
        for sheet in pages:
            canvas.setPageSize((sheet.width * POINTS_PER_MM, sheet.height * POINTS_PER_MM))
            rooms.append(_rooms(sheet.draw(PdfPaper(canvas, sheet.width, sheet.height)), sheet))
            canvas.showPage()
        canvas.save()
        return rooms

    return write


def _sideways_pdf(sheet: Sheet) -> Writer:
    """The content lies on its left side and /Rotate 90 sets it upright."""

    def write(path: Path) -> list[Rooms]:
        width, height = sheet.width * POINTS_PER_MM, sheet.height * POINTS_PER_MM
        canvas = _canvas(path, (width, height))  # reportlab swaps the sides of a turned page
        canvas.setPageRotation(90)
        canvas.transform(0, 1, -1, 0, height, 0)
        rooms = _rooms(sheet.draw(PdfPaper(canvas, sheet.width, sheet.height)), sheet)
        canvas.save()
        return [rooms]

    return write


def _canvas(path: Path, size: tuple[float, float]) -> Canvas:
    return Canvas(str(path), pagesize=size, pageCompression=1, invariant=1)


PLAN_FILES = (
    PlanFile(
        "house_12_rooms.png",
        "A house of twelve rooms with dimension strings, A3 at 200 DPI",
        _png(sheets.HOUSE, 7.874),
    ),
    PlanFile("flat_furnished.jpg", "An estate agent's plan of a furnished flat", _jpeg(sheets.FLAT, 5.6)),
    PlanFile("office_floor.pdf", "An office floor with numbered rooms, vector PDF", _pdf([sheets.OFFICE])),
    PlanFile(
        "cottage_blueprint.jpg", "A sun print, white lines on blue", _jpeg(sheets.BLUEPRINT, 5.6, _exposed)
    ),
    PlanFile(
        "bungalow_scan.jpg",
        "A scan: grain, specks, a shadow, turned by 0.8 degrees",
        _scanned_jpeg(sheets.SURVEY, 6.0),
    ),
    PlanFile(
        "bungalow_scan.pdf", "The same scan as a PDF without any text in it", _scanned_pdf(sheets.SURVEY, 5.5)
    ),
    PlanFile(
        "clinic_sheet.pdf",
        "An A2 sheet with title block, legend, notes and schedules, vector PDF",
        _pdf([sheets.CLINIC_SHEET]),
    ),
    PlanFile(
        "bungalow_rotated.pdf",
        "A vector PDF whose page is stored sideways with /Rotate 90",
        _sideways_pdf(sheets.SURVEY),
        90,
    ),
    PlanFile(
        "townhouse_three_pages.pdf",
        "A vector PDF with one floor on each of three pages",
        _pdf(sheets.TOWNHOUSE),
    ),
    PlanFile(
        "flat_sideways.jpg",
        "The flat photographed sideways, set upright by its EXIF orientation",
        _sideways_jpeg(sheets.FLAT, 5.6),
        90,
    ),
    PlanFile(
        "house_12_megapixels.png",
        "The house exported without smoothing at 4000 x 3000 px",
        _png(sheets.HOUSE_4_BY_3, 4000 / 420, smooth=1),
    ),
    PlanFile(
        "studio_small.png", "Five rooms on 816 x 576 px, for quick tests", _png(sheets.STUDIO_SHEET, 4.0)
    ),
)
