from preview.domain.room import Box
from preview.rooms.evidence.region import Region
from preview.rooms.geometry.coverage_mask import CoverageMask
from preview.rooms.scoring.region_scorer import Candidate
from preview.rooms.selection.non_maximum_suppression import SelectionOptions, non_maximum_suppression

OPTIONS = SelectionOptions()


def candidate(box: Box, score: float) -> Candidate:
    x_min, y_min, x_max, y_max = box
    ring = ((x_min, y_min), (x_max, y_min), (x_max, y_max), (x_min, y_max))
    return Candidate(Region(ring, box, 0.1, 0.05, 0.5, 0.9, 0.9, 1.0, 1.0), (), score)


def chosen(*candidates: Candidate) -> list[Box]:
    masks = [CoverageMask(c.region) for c in candidates]
    return [c.region.box for c in non_maximum_suppression(candidates, masks, OPTIONS)]


ROOM = (100.0, 100.0, 500.0, 500.0)
TABLE = (200.0, 200.0, 300.0, 300.0)
LEFT, RIGHT = (100.0, 100.0, 295.0, 500.0), (305.0, 100.0, 500.0, 500.0)
SURE, FAIR, POOR = OPTIONS.least_score + 2, OPTIONS.least_score + 1, OPTIONS.least_score - 0.1
LIKELY, UNLIKELY = OPTIONS.nested_score, OPTIONS.nested_score - 0.05


def test_a_room_wins_over_its_furniture() -> None:
    assert chosen(candidate(ROOM, FAIR), candidate(TABLE, UNLIKELY)) == [ROOM]


def test_two_rooms_win_over_both_as_one() -> None:
    assert sorted(chosen(candidate(LEFT, SURE), candidate(RIGHT, SURE), candidate(ROOM, FAIR))) == [
        LEFT,
        RIGHT,
    ]


def test_one_room_wins_over_its_uncertain_halves() -> None:
    assert chosen(candidate(LEFT, FAIR), candidate(RIGHT, POOR), candidate(ROOM, SURE)) == [ROOM]


def test_what_scores_too_low_is_left_out() -> None:
    assert chosen(candidate(ROOM, POOR)) == []


def test_rooms_side_by_side_both_stay() -> None:
    assert len(chosen(candidate(LEFT, FAIR), candidate((290.0, 100.0, 500.0, 500.0), FAIR))) == 2


def test_a_region_at_the_very_edge_of_the_page_is_handled() -> None:
    edge = (900.0, 950.0, 1000.0, 1000.0)
    assert chosen(candidate(edge, SURE)) == [edge]


CLOSET = (105.0, 105.0, 180.0, 180.0)


def test_a_likely_closet_stays_in_its_bedroom() -> None:
    assert chosen(candidate(CLOSET, LIKELY), candidate(ROOM, SURE)) == [CLOSET, ROOM]
    assert chosen(candidate(CLOSET, UNLIKELY), candidate(ROOM, SURE)) == [ROOM]


def test_a_closet_keeps_its_ground_when_a_larger_reading_comes() -> None:
    larger = (95.0, 95.0, 510.0, 510.0)
    assert chosen(candidate(CLOSET, LIKELY), candidate(ROOM, FAIR), candidate(larger, SURE)) == [
        CLOSET,
        larger,
    ]


def test_a_room_comes_back_when_what_replaced_it_is_replaced() -> None:
    both = (100.0, 100.0, 700.0, 500.0)
    beside = (520.0, 100.0, 990.0, 500.0)
    replaced = [candidate(ROOM, 0.6), candidate(both, 0.7)]
    assert chosen(*replaced) == [both]
    assert chosen(*replaced, candidate(beside, 0.95)) == [ROOM, beside]
