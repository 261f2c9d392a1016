"""Scale notes, and on which sheets they hold."""

import pytest

from preview.measures.notes import is_not_to_scale, note_for, read_scale_notes

A3_MM = (297, 420)


@pytest.mark.parametrize(
    ("text", "ratio"),
    [
        ("1:50", 50),
        ("1 : 100", 100),
        ("M 1:100", 100),
        ("М 1:100", 100),  # noqa: RUF001
        ("SCALE 1:100 @ A3", 100),
        ("Drawing scale: 1/75", 75),
        ("Mittakaava 1:100", 100),
        ("Maßstab 1:100", 100),
        ("Échelle 1/50", 50),
        ("Масштаб 1:200", 200),
        ("縮尺 1/100", 100),
        ('1/4" = 1\'-0"', 48),
        ('Scale: 1/8"=1\'-0"', 96),
        ('3/16" = 1\'-0"', 64),
        ("1\" = 20'", 240),
        ('SCALE 1/4"', 48),
    ],
)
def test_a_scale_note_is_read(text: str, ratio: float) -> None:
    assert [note.ratio for note in read_scale_notes(text)] == [ratio]


@pytest.mark.parametrize(
    "text",
    [
        "RAMP 1:20",
        "SLOPE 1:50",
        "12:30",
        "scale 1:5",
        '1-1/2" = 1\'-0"',
        "10/100",
        "13/01/2020",
        "1:100000",
        "12'-0\" x 10'-6\"",
        "SCALE",
        "",
    ],
)
def test_slopes_details_times_and_dates_are_no_scales(text: str) -> None:
    assert not read_scale_notes(text)


def test_each_scale_of_a_line_has_its_own_sheet() -> None:
    notes = read_scale_notes("Scale 1:100 at A3 / 1:50 at A1")
    assert [(note.ratio, note.sheet_mm) for note in notes] == [(100, A3_MM), (50, (594, 841))]


@pytest.mark.parametrize("text", ["NTS", "N.T.S.", "For guidance. Not to scale.", "ei mittakaavassa"])
def test_a_drawing_says_that_it_keeps_no_scale(text: str) -> None:
    assert is_not_to_scale(text)


def test_do_not_scale_tells_nothing_of_the_scale() -> None:
    assert not is_not_to_scale("DO NOT SCALE DRAWINGS")


def test_a_note_holds_only_on_the_sheet_that_it_names() -> None:
    assert note_for(["SCALE 1:100 @ A3"], 420, 297) is not None
    assert note_for(["SCALE 1:100 @ A3"], 210, 297) is None


def test_the_note_for_this_sheet_is_chosen() -> None:
    found = note_for(["1:50 @ A1", "1:100 @ A3"], 420, 297)
    assert found is not None
    assert found[0].ratio == 100


def test_confidence_follows_how_much_the_sheet_is_known() -> None:
    named, standard, any_size = (
        note_for(["1:100 @ A3"], 420, 297), note_for(["1:100"], 420, 297), note_for(["1:100"], 333, 222)
    )  # fmt: skip
    assert named is not None
    assert standard is not None
    assert any_size is not None
    assert 0.8 >= named[1] > standard[1] > any_size[1]


def test_the_commonest_of_several_scales_holds_with_less_confidence() -> None:
    alone, among = note_for(["1:100"], 420, 297), note_for(["1:100", "1:100", "1:20"], 420, 297)
    assert alone is not None
    assert among is not None
    assert among[0].ratio == 100
    assert among[1] < alone[1]


def test_as_many_notes_of_two_scales_tell_nothing() -> None:
    assert note_for(["1:100", "1:50"], 420, 297) is None


def test_no_note_holds_where_the_drawing_keeps_no_scale() -> None:
    assert note_for(["1:100", "Not to scale"], 420, 297) is None
