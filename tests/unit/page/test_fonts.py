"""Fonts for the labels of a picture."""

from pathlib import Path

import pytest
from pymupdf_fonts import NotoMusic_Regular

from preview.page.fonts import SHIPPED, Typeface, Typefaces

CLEF = "\U0001d11e"  # in no font for words


@pytest.mark.parametrize(
    "text",
    [
        "Küche, Büro, Straße",
        "Łazienka, Żółty pokój",
        "Obývací pokoj, Šatna, Předsíň",
        "Phòng ngủ, Bếp",
        "Прихожая, Кухня, Вітальня, Ђевђелија",
        "Υπνοδωμάτιο, Κουζίνα",
        "חדר שינה",
        "غرفة نوم",
        "12 m², 99 %",
    ],
)
def test_the_shipped_font_has_every_letter(text: str) -> None:
    assert SHIPPED.lacks(text) == frozenset()


def test_the_shipped_font_knows_what_it_lacks() -> None:
    assert SHIPPED.lacks(f"Saal {CLEF}") == {CLEF}


def test_a_font_of_the_system_writes_what_the_shipped_one_lacks(tmp_path: Path) -> None:
    (tmp_path / "a broken one.ttf").write_bytes(b"no font")
    music = tmp_path / "truetype" / "music.TTF"
    music.parent.mkdir()
    music.write_bytes(NotoMusic_Regular.fontbuffer)
    typefaces = Typefaces.of(["Küche", f"Saal {CLEF} 2"], [tmp_path, tmp_path / "not there"])
    assert typefaces.runs(f"Saal {CLEF} 2") == [(SHIPPED, "Saal "), (Typeface(music), CLEF), (SHIPPED, " 2")]
    assert typefaces.runs("Küche") == [(SHIPPED, "Küche")]


def test_what_no_font_has_is_written_all_the_same(tmp_path: Path) -> None:
    assert Typefaces.of([CLEF], [tmp_path]).runs(CLEF) == [(SHIPPED, CLEF)]
