"""The measures of a page: the last step, which reads as the list of the others."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from preview.domain.detection import Detection
from preview.domain.measures import area, measure
from preview.domain.room import Point, Word
from preview.domain.scale import PageSize, Scale
from preview.measures.evidence import Evidence, area_evidence, size_evidence
from preview.measures.outlines import Ring, ring
from preview.measures.printed import PrintedMeasures, PrintedText, measures_by_room, printed_texts
from preview.measures.room_measures import printed_area, printed_size
from preview.measures.scale import find_scale


@dataclass(frozen=True, slots=True)
class RoomReading:
    """What a plan prints in one room, in fields named as those of a `Room`, which takes them all."""

    printed_area_m2: float | None = None
    printed_size_m: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class PageReading:
    """The scale of a page, None where it has none, and what it prints in its rooms, in their order."""

    scale: Scale | None
    rooms: tuple[RoomReading, ...]


def with_measures(detection: Detection, words: Sequence[Word], page: PageSize) -> Detection:
    """``detection`` with the scale of the page, and with what ``words`` print in its rooms."""
    reading = read_page([room.polygon for room in detection.rooms], printed_texts(words), page)
    rooms = (
        replace(room, **asdict(room_reading))
        for room, room_reading in zip(detection.rooms, reading.rooms, strict=True)
    )
    return replace(detection, rooms=tuple(rooms), scale=reading.scale)


def read_page(
    outlines: Sequence[Sequence[Point]], texts: Sequence[PrintedText], page: PageSize
) -> PageReading:
    """The scale of a page, and what it prints in each of its rooms.

    Parameters
    ----------
    outlines
        Rings of rooms in page coordinates.
    texts
        What the page prints of sizes, areas and its scale.
    page
        Its size in pixels, and for a PDF in millimetres.
    """
    rings_px = [ring(outline, page.px_per_unit) for outline in outlines]
    printed = measures_by_room(outlines, texts)
    areas_px = [area(outline_px.tolist()) for outline_px in rings_px]
    scale = find_scale(evidence_of(rings_px, printed), [text.text for text in texts], page, areas_px)
    return PageReading(scale, tuple(_read(*each, scale) for each in zip(outlines, printed, strict=True)))


def evidence_of(rings_px: Sequence[Ring], printed: Sequence[PrintedMeasures]) -> list[Evidence]:
    """Evidence of the scale from all rooms, by their rings in pixels."""
    pieces = (
        (size_evidence(room, outline, each.sizes), area_evidence(room, outline, each.areas))
        for room, (outline, each) in enumerate(zip(rings_px, printed, strict=True))
    )
    return [piece for of_room in pieces for piece in of_room if piece]


def _read(outline: Sequence[Point], printed: PrintedMeasures, scale: Scale | None) -> RoomReading:
    if scale is None:
        return RoomReading(printed_area(printed.areas, None, None), printed_size(printed.sizes, None))
    area_m2 = measure(outline, scale).area_m2
    x, y = zip(*ring(outline, scale.metres_per_unit).tolist(), strict=True)
    extent_m = (max(x) - min(x), max(y) - min(y))
    return RoomReading(printed_area(printed.areas, area_m2, scale), printed_size(printed.sizes, extent_m))
