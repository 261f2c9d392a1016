import pytest

from builders_regions import label, region
from preview.rooms.scoring.page_statistics import PageStatistics, PageStatisticsOptions, page_statistics
from preview.rooms.text.text_kinds import TextKind

OPTIONS = PageStatisticsOptions()
ROOM, NUMBER, OTHER, SHEET = (
    label(kind) for kind in (TextKind.ROOM, TextKind.NUMBER, TextKind.OTHER, TextKind.SHEET)
)


@pytest.mark.parametrize(("names", "named"), [(0, False), (2, False), (3, True), (9, True)])
def test_some_room_words_make_a_page_one_of_names(names: int, named: bool) -> None:
    statistics = page_statistics([region()], [*[ROOM] * names, OTHER, NUMBER, SHEET], OPTIONS)
    assert statistics.has_room_names is named


def test_unlikely_regions_do_not_change_the_room_width() -> None:
    rooms = [region(mean_width=0.1)] * 3
    unlikely = [region(mean_width=0.01, agreement=0.1), region(mean_width=0.01, wall_support=0.1)] * 9
    assert page_statistics([*rooms, *unlikely], [], OPTIONS) == page_statistics(rooms, [], OPTIONS)
    assert page_statistics(unlikely, [], OPTIONS).room_width < OPTIONS.usual_mean_width


def test_large_regions_count_more_for_the_room_width_than_small_ones() -> None:
    cupboards, hall = [region(mean_width=0.02, area=0.0004)] * 3, region(mean_width=0.2, area=0.09)
    assert page_statistics([*cupboards, hall], [], OPTIONS) == page_statistics([hall], [], OPTIONS)


def test_an_empty_page_has_the_usual_room_width() -> None:
    assert page_statistics([], [], OPTIONS) == PageStatistics(OPTIONS.usual_mean_width, has_room_names=False)
