"""Areas as plans print them."""

import pytest

from preview.measures.areas import read_area


@pytest.mark.parametrize(
    ("text", "area_m2"),
    [
        ("12,5 m2", 12.5),
        ("12.5 m²", 12.5),
        ("40,6M²", 40.6),
        ("12.5 sq m", 12.5),
        ("12.9 sq.m", 12.9),
        ("12,5 кв. м", 12.5),
        ("12,5 м2", 12.5),
        ("7.2 kvm", 7.2),
        ("12.5 mq", 12.5),
        ("12,5 qm", 12.5),
        ("9.2㎡", 9.2),
        ("120 sq ft", 11.148),
        ("195 SF", 18.116),
        ("571 SQ.FT.", 53.048),
        ("8帖", 12.96),
        ("3坪", 9.917),
        ("S=12,5", 12.5),
        ("A: 12.5 m²", 12.5),
        ("Wfl 12,5 m²", 12.5),
        ("BEDROOM 195 SF", 18.116),
        ("155 sq m / 1668 sq ft", 155.0),
        ("l2,5 m2", 12.5),
    ],
)
def test_an_area_with_its_unit_is_read(text: str, area_m2: float) -> None:
    area = read_area(text)
    assert area is not None
    assert area.areas_m2[0] == pytest.approx(area_m2, abs=0.001)
    assert not area.bare


@pytest.mark.parametrize(
    ("text", "area_m2"), [("12,5", 12.5), ("17.4", 17.4), ("1, 8", 1.8), ("4,.2", 4.2), ("5.90 m", 5.9)]
)
def test_a_number_alone_may_be_an_area(text: str, area_m2: float) -> None:
    area = read_area(text)
    assert area is not None
    assert area.bare
    assert area.areas_m2 == (area_m2,)


def test_a_number_beside_a_name_is_no_bare_one() -> None:
    area = read_area("MH 13,2", is_named=True)
    assert area is not None
    assert (area.areas_m2, area.bare) == ((13.2,), False)


def test_a_lost_decimal_sign_is_a_second_reading() -> None:
    area = read_area("1162 m2")
    assert area is not None
    assert area.areas_m2[0] == 1162
    assert 11.62 in area.areas_m2


@pytest.mark.parametrize(
    "text",
    ["", "101", "S101", "m2", "BEDROOM", "12.5.2024", "3.5 x 4.2 m", "0.1 m2", "999,9", "12,5 m2 " * 20],
)
def test_what_is_no_area_is_none(text: str) -> None:
    assert read_area(text) is None
