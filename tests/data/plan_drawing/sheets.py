"""The sheets: which building lies where on which paper, in which style, with what beside it."""

from collections.abc import Callable
from dataclasses import dataclass

from . import sheet
from .building import Building
from .dwellings import BUNGALOW, COTTAGE, FAMILY_HOUSE, FURNISHED_FLAT, STUDIO
from .floor_plan import DrawnRoom, FloorPlan, Style
from .other_buildings import (
    CLINIC,
    OFFICE_FLOOR,
    TOWNHOUSE_FIRST,
    TOWNHOUSE_GROUND,
    TOWNHOUSE_SECOND,
)
from .paper import BLACK, WHITE, Colour, Paper

BLUEPRINT_BLUE: Colour = (36, 78, 150)
CHALK: Colour = (232, 240, 250)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of ``width`` by ``height`` mm; ``draw`` draws it and returns the rooms on it."""

    width: float
    height: float
    draw: Callable[[Paper], list[DrawnRoom]]
    background: Colour = WHITE


HOUSE_STYLE = Style(walls="grey", name_size=3.6, size_size=2.6, fitting_ink=(60, 60, 60))
ESTATE_AGENT_STYLE = Style(
    walls="solid",
    bold=True,
    units="metres",
    name_size=4.0,
    size_size=3.0,
    fitting_ink=(96, 96, 96),
    floors={
        "Reception": (246, 232, 205),
        "Bedroom": (239, 222, 188),
        "Hall": (222, 203, 172),
        "Kitchen": (226, 226, 218),
        "Bathroom": (200, 224, 234),
        "En-suite": (200, 224, 234),
        "Store": (216, 216, 216),
        "Balcony": (228, 236, 222),
    },
)
OFFICE_STYLE = Style(walls="outline", wall_line=0.3, units="none", name_size=2.6, fitting_ink=(110, 110, 110))
BLUEPRINT_STYLE = Style(
    ink=CHALK, paper=BLUEPRINT_BLUE, walls="outline", wall_line=0.5, thin_line=0.25, fitting_ink=CHALK
)
SURVEY_STYLE = Style(walls="outline", wall_line=0.5, thin_line=0.25, name_size=3.6, size_size=2.6)
CLINIC_STYLE = Style(walls="hatched", units="metres", bold=True, name_size=3.2, size_size=2.4)
TOWNHOUSE_STYLE = Style(walls="solid", units="metres", name_size=3.6, size_size=2.6)
SMALL_STYLE = Style(walls="solid", units="none", bold=True, name_size=5.0)


def _house(paper: Paper) -> list[DrawnRoom]:
    plan = FloorPlan(FAMILY_HOUSE, paper, (50, 38), 17.5, HOUSE_STYLE)
    rooms = plan.draw()
    sheet.dimension_chain(plan, "x", (0, 4.6, 6.8, 10.2, 12.4, 16.2, 17.8), -0.75)
    sheet.dimension_chain(plan, "x", (0, 17.8), -1.35)
    sheet.dimension_chain(plan, "y", (0, 4.2, 7.2, 11.4), -0.75)
    sheet.dimension_chain(plan, "y", (0, 12.4), -1.35)
    sheet.dimension_chain(plan, "x", (0, 6.4, 8.4, 14.2, 17.8), 12.95)
    sheet.dimension_chain(plan, "y", (4.2, 6.6, 12.4), 18.5)
    paper.text(plan.on_sheet((7.4, 10.5)), "PORCH", 2.6, BLACK)
    sheet.border(paper, BLACK)
    sheet.caption(
        paper,
        (18, 278),
        "GROUND FLOOR PLAN",
        "SCALE 1:50 AT A3   ALL DIMENSIONS TO BE CHECKED ON SITE",
        BLACK,
    )
    sheet.north_arrow(paper, (396, 26), BLACK)
    sheet.scale_bar(paper, (300, 281), 17.5, BLACK)
    return rooms


def _flat(paper: Paper) -> list[DrawnRoom]:
    plan = FloorPlan(FURNISHED_FLAT, paper, (30, 52), 18.0, ESTATE_AGENT_STYLE)
    rooms = plan.draw()
    sheet.north_arrow(paper, (246, 22), BLACK, 6)
    paper.text((131, 208), "Second Floor", 4.2, BLACK, bold=True)
    paper.text((131, 215), "Approx. Gross Internal Area 84 sq m / 904 sq ft", 3.4, BLACK)
    small = "For illustration only. Measurements are approximate and not to scale."
    paper.text((131, 221), small, 2.4, (90, 90, 90))
    return rooms


def _office(paper: Paper) -> list[DrawnRoom]:
    plan = FloorPlan(OFFICE_FLOOR, paper, (70, 56), 10.6, OFFICE_STYLE)
    sheet.grid(plan, (0, 7.5, 15, 22.5, 30), (0, 4.8, 12.8, 18))
    rooms = plan.draw()
    sheet.dimension_chain(plan, "x", (0, 7.5, 15, 22.5, 30), 19.0)
    sheet.border(paper, BLACK)
    sheet.caption(
        paper, (20, 274), "LEVEL 1 - OFFICE FLOOR", "SCALE 1:100   DIMENSIONS IN MILLIMETRES", BLACK
    )
    sheet.north_arrow(paper, (392, 270), BLACK)
    return rooms


def _cottage(paper: Paper) -> list[DrawnRoom]:
    plan = FloorPlan(COTTAGE, paper, (70, 46), 19.0, BLUEPRINT_STYLE)
    rooms = plan.draw()
    sheet.dimension_chain(plan, "x", (0, 5.0, 8.4, 11.6), -0.8)
    sheet.dimension_chain(plan, "y", (0, 3.6, 8.4), 12.5)
    sheet.dimension_chain(plan, "x", (0, 4.2, 7.4, 11.6), 9.2)
    sheet.border(paper, CHALK)
    sheet.caption(
        paper,
        (28, 236),
        "COTTAGE NO. 7 - FLOOR PLAN",
        "SCALE 1/4 IN. = 1 FT.   DRAWN BY R.H.   SHEET 2 OF 5",
        CHALK,
    )
    return rooms


def _bungalow(paper: Paper) -> list[DrawnRoom]:
    plan = FloorPlan(BUNGALOW, paper, (42, 46), 18.0, SURVEY_STYLE)
    rooms = plan.draw()
    sheet.dimension_chain(plan, "x", (0, 3.6, 7.4, 11.4), -0.8)
    sheet.dimension_chain(plan, "y", (0, 3.8, 5.2, 9.6), 12.2)
    sheet.caption(paper, (22, 242), "BUNGALOW, PLOT 14", "SURVEYED MAY 1987   SCALE 1:50", BLACK)
    sheet.scale_bar(paper, (170, 246), 18.0, BLACK, 4)
    return rooms


def _clinic(paper: Paper) -> list[DrawnRoom]:
    plan = FloorPlan(CLINIC, paper, (58, 62), 20.0, CLINIC_STYLE)
    sheet.grid(plan, (0, 6.4, 11.4, 18.2), (0, 5.2, 6.8, 11.2), 1.9)
    rooms = plan.draw()
    sheet.dimension_chain(plan, "x", (0, 3.8, 7.6, 11.4, 13.6, 18.2), 12.0)
    sheet.dimension_chain(plan, "y", (0, 5.2, 6.8, 11.2), 19.0)
    sheet.border(paper, BLACK)
    sheet.caption(
        paper, (24, 322), "PROPOSED GROUND FLOOR PLAN", "SCALE 1:50 AT A2   DIMENSIONS IN MILLIMETRES", BLACK
    )
    areas = [
        (f"{1 + n:03d}", space.name, f"{CLINIC.floor(space).area:.1f}")
        for n, space in enumerate(CLINIC.spaces)
    ]
    sheet.table(paper, (250, 318), (20, 50, 24), [("NO", "ROOM", "SQ M"), *areas], BLACK)
    _clinic_margin(paper)
    return rooms


def _clinic_margin(paper: Paper) -> None:
    sheet.legend(paper, (484, 24), BLACK)
    lines = (
        "DO NOT SCALE FROM THIS DRAWING.",
        "ALL PARTITIONS TO FULL HEIGHT.",
        "FIRE DOORS FD30S UNLESS NOTED.",
        "VERIFY ALL LEVELS ON SITE.",
        "READ WITH STRUCTURAL SHEETS S1-S4.",
    )
    sheet.notes(paper, (484, 88), "GENERAL NOTES", lines, BLACK)
    doors = (
        ("DOOR", "WIDTH", "TYPE"),
        ("D01", "1800", "DOUBLE"),
        ("D02", "900", "SINGLE"),
        ("D03", "1000", "SINGLE"),
    )
    sheet.table(paper, (484, 128), (24, 28, 40), doors, BLACK)
    revisions = (("REV", "DATE", "BY"), ("A", "12.03.24", "JT"), ("B", "02.05.24", "MK"))
    sheet.table(paper, (484, 164), (24, 40, 28), revisions, BLACK)
    fields = {
        "ARCHITECT": "HOLM & REED",
        "CLIENT": "RIVERSIDE HEALTH",
        "PROJECT": "CLINIC EXTENSION",
        "DRAWING": "FLOOR PLAN",
        "DATE": "02.05.2024",
        "SHEET": "A-101",
    }
    sheet.title_block(paper, (484, 224), (98, 176), fields, BLACK)


def _townhouse(building: Building, storey: str) -> Callable[[Paper], list[DrawnRoom]]:
    def draw(paper: Paper) -> list[DrawnRoom]:
        plan = FloorPlan(building, paper, (52, 40), 20.0, TOWNHOUSE_STYLE)
        rooms = plan.draw()
        sheet.dimension_chain(plan, "x", (0, 5.4), -0.7)
        sheet.dimension_chain(plan, "y", (0, 9.4), -0.7)
        sheet.caption(paper, (52, 252), storey, "PLOT 3, MILL LANE   SCALE 1:50", BLACK)
        return rooms

    return draw


def _studio(paper: Paper) -> list[DrawnRoom]:
    return FloorPlan(STUDIO, paper, (12, 12), 20.0, SMALL_STYLE).draw()


HOUSE = Sheet(420, 297, _house)
HOUSE_4_BY_3 = Sheet(420, 315, _house)
FLAT = Sheet(262, 230, _flat)
OFFICE = Sheet(420, 297, _office)
BLUEPRINT = Sheet(340, 260, _cottage, BLUEPRINT_BLUE)
SURVEY = Sheet(297, 262, _bungalow)
CLINIC_SHEET = Sheet(594, 412, _clinic)
TOWNHOUSE = (
    Sheet(210, 270, _townhouse(TOWNHOUSE_GROUND, "GROUND FLOOR")),
    Sheet(210, 270, _townhouse(TOWNHOUSE_FIRST, "FIRST FLOOR")),
    Sheet(210, 270, _townhouse(TOWNHOUSE_SECOND, "SECOND FLOOR")),
)
STUDIO_SHEET = Sheet(204, 144, _studio)
