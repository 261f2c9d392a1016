import pytest
from shapely import Polygon

from preview.domain.room import Box
from preview.rooms.evidence.region import Region
from preview.rooms.scoring.region_scorer import Candidate
from preview.rooms.selection.nested_rooms import NestedRoomOptions, cut_out_nested_rooms
from preview.rooms.text.labels import Label
from preview.rooms.text.text_kinds import TextKind

OPTIONS = NestedRoomOptions()
MOST_OVERLAP = 0.2
BEDROOM = (100.0, 100.0, 500.0, 400.0)
CLOSET = (102.0, 102.0, 180.0, 160.0)
NAMES = {name: Label(TextKind.ROOM, name, (0.0, 0.0)) for name in ("BEDROOM", "CL")}


def candidate(box: Box, *names: str) -> Candidate:
    x_min, y_min, x_max, y_max = box
    ring = ((x_min, y_min), (x_max, y_min), (x_max, y_max), (x_min, y_max))
    region = Region(ring, box, 0.1, 0.05, 0.5, 0.9, 0.9, 1.0, 1.0)
    return Candidate(region, tuple(NAMES[name] for name in names), 0.9)


def test_a_closet_in_a_corner_is_cut_out_with_the_wall_around_it() -> None:
    closet, bedroom = cut_out_nested_rooms([candidate(CLOSET), candidate(BEDROOM)], MOST_OVERLAP, OPTIONS)
    left, whole = Polygon(bedroom.region.polygon), Polygon(candidate(BEDROOM).region.polygon)
    gap = OPTIONS.wall_width
    assert closet == candidate(CLOSET)
    assert left.area == pytest.approx(whole.area - (80 + gap) * (60 + gap), rel=0.01)
    assert left.intersection(Polygon(closet.region.polygon)).area == 0
    assert bedroom.region.box == BEDROOM


def test_a_box_shrinks_with_its_outline() -> None:
    across = (100.0, 100.0, 500.0, 140.0)
    bedroom = cut_out_nested_rooms([candidate(across), candidate(BEDROOM)], MOST_OVERLAP, OPTIONS)[1]
    assert bedroom.region.box == (100.0, 140.0 + OPTIONS.wall_width, 500.0, 400.0)


def test_a_name_goes_with_the_smaller_room() -> None:
    chosen = [candidate(CLOSET, "CL"), candidate(BEDROOM, "BEDROOM", "CL")]
    assert [
        [label.name for label in c.labels] for c in cut_out_nested_rooms(chosen, MOST_OVERLAP, OPTIONS)
    ] == [
        ["CL"],
        ["BEDROOM"],
    ]


def test_a_room_all_around_another_keeps_its_outline() -> None:
    inner = (250.0, 200.0, 300.0, 250.0)
    around = cut_out_nested_rooms([candidate(inner), candidate(BEDROOM)], MOST_OVERLAP, OPTIONS)[1]
    assert Polygon(around.region.polygon).equals(Polygon(candidate(BEDROOM).region.polygon))


def test_rooms_side_by_side_stay_as_they_are() -> None:
    rooms = [candidate((500.0, 100.0, 600.0, 200.0)), candidate(BEDROOM)]
    assert cut_out_nested_rooms(rooms, MOST_OVERLAP, OPTIONS) == rooms


def test_a_room_of_which_nothing_would_be_left_stays() -> None:
    halls = [candidate((100.0, 100.0, 500.0, 399.0)), candidate(BEDROOM)]
    assert cut_out_nested_rooms(halls, MOST_OVERLAP, OPTIONS)[1].region == halls[1].region
