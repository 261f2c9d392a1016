"""Sizes as plans print them, and as readers misread them."""

import pytest

from preview.measures.sizes import MOST_READINGS, SizeKind, read_sizes


@pytest.mark.parametrize(
    ("text", "sides_m"),
    [
        ("12'-0\" x 10'-6\"", (3.658, 3.2)),
        ("13'-9\" x 17'-8\"", (4.191, 5.385)),
        ("12'0 x 9'6", (3.658, 2.896)),
        ("10' 6 1/2\" x 9' 0\"", (3.213, 2.743)),
        ("11 ft 4 x 10 ft 2", (3.454, 3.099)),
        ("11 ft 4 in x 9 ft", (3.454, 2.743)),
        ("12.5' x 10'", (3.81, 3.048)),
        ("12 by 10 ft", (3.658, 3.048)),
        ("3.50 x 4.20 m", (3.5, 4.2)),
        ("3,50х4,20", (3.5, 4.2)),  # noqa: RUF001 - a Cyrillic letter
        ("4,72mx3,30m", (4.72, 3.3)),
        ("(2.20m×2.09m)", (2.2, 2.09)),  # noqa: RUF001
        ("3m40 x 2m50", (3.4, 2.5)),
        ("8 x 4 m", (8.0, 4.0)),
        ("350 x 420 cm", (3.5, 4.2)),
        ("3500 x 4200", (3.5, 4.2)),
        ("3500 x 900", (3.5, 0.9)),
        ("350 x 420", (3.5, 4.2)),
        ("2.0 x 3.0 x 2.7 m", (2.0, 3.0)),
        ("Bedroom 2 12'0 x 9'6", (3.658, 2.896)),
        ("max 14'3 x 12'1 max", (4.343, 3.683)),
    ],
)
def test_a_size_is_read(text: str, sides_m: tuple[float, float]) -> None:
    (size,) = read_sizes(text)
    assert size.sides_m[0] == pytest.approx(sides_m, abs=0.001)


@pytest.mark.parametrize(
    ("text", "sides_m"),
    [
        ("4.1O x 2.3O m", (4.1, 2.3)),
        ("1O'6 x l2'0", (3.2, 3.658)),
        ("15'2×113", (4.623, 3.429)),  # noqa: RUF001
        ("82×6'8", (2.489, 2.032)),  # noqa: RUF001
        ("212×1410", (6.452, 4.521)),  # noqa: RUF001
        ("13'5° x 7'7\"", (4.089, 2.311)),
        ("10°10 x 9", (3.302, 2.743)),
        ('168°×131"', (5.08, 3.988)),  # noqa: RUF001
        ("3, 50 x 4,.20 m", (3.5, 4.2)),
    ],
)
def test_a_misread_size_has_what_was_printed_among_its_readings(
    text: str, sides_m: tuple[float, float]
) -> None:
    (size,) = read_sizes(text)
    assert any(sides == pytest.approx(sides_m, abs=0.001) for sides in size.sides_m)
    assert len(size.sides_m) <= MOST_READINGS


def test_a_line_in_feet_and_in_metres_tells_both() -> None:
    feet, metres = read_sizes("13' x 7'3 (4.0m x 2.2m)")
    assert feet.kind is SizeKind.IMPERIAL
    assert metres.kind is SizeKind.METRIC
    assert metres.sides_m == ((4.0, 2.2),)


@pytest.mark.parametrize(
    "text",
    [
        "BEDROOM",
        "12'-0\"",
        "12.5 m2",
        "101",
        "0.2 x 0.3 m",
        "1:100",
        "x",
        "",
        "Fax",
        "2 x 4500 m",
        "4.5 x 90.0 m",
        "x" * 200,
        "3.5 x 4.2 m " * 20,
    ],
)
def test_what_is_no_room_has_no_size(text: str) -> None:
    assert not read_sizes(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("9x21", SizeKind.DIGITS),
        ("15x16", SizeKind.DIGITS),
        ("248x149", SizeKind.CENTIMETRES),
        ("2480 x 1490", SizeKind.METRIC),
        ("9' x 21'", SizeKind.IMPERIAL),
    ],
)
def test_sizes_of_windows_are_told_apart_by_their_writing(text: str, kind: SizeKind) -> None:
    assert [size.kind for size in read_sizes(text)] == [kind]


def test_the_text_is_that_of_the_size_alone() -> None:
    (size,) = read_sizes("LIVING 13'-9\" x 17'-8\"")
    assert size.text == "13'-9\" x 17'-8\""
