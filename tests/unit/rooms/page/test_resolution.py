import pytest

from builders_regions import label
from preview.rooms.page.resolution import ResolutionOptions, first_side_px, second_side_px
from preview.rooms.text.text_kinds import TextKind

OPTIONS = ResolutionOptions(working_side_px=1000, crowded_side_px=2000, crowded_labels=4, dense_side_px=1500)


@pytest.mark.parametrize(
    ("kinds", "side_px"),
    [
        ([], 1000),
        ([TextKind.ROOM] * 3, 1000),
        ([TextKind.ROOM] * 4, 2000),
        ([TextKind.ROOM, TextKind.NUMBER] * 2, 2000),
        ([TextKind.SHEET, TextKind.OTHER, TextKind.DIMENSION, TextKind.NOISE] * 9, 1000),
    ],
)
def test_only_names_and_numbers_of_rooms_make_a_page_crowded(kinds: list[TextKind], side_px: int) -> None:
    assert first_side_px([label(kind) for kind in kinds], OPTIONS) == side_px


@pytest.mark.parametrize(
    ("first_px", "page_px", "second_px"),
    [(1000, 4000, 1500), (1000, 1200, 1200), (1000, 800, 1000), (2000, 4000, 2000)],
    ids=["large page", "small page", "smaller page", "crowded page"],
)
def test_a_dense_page_is_enlarged_as_far_as_its_pixels_go(
    first_px: int, page_px: int, second_px: int
) -> None:
    assert second_side_px(first_px, page_px, OPTIONS) == second_px
