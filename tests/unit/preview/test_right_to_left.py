"""What stands side by side on the page, in the order in which it is read."""

import pytest

from preview.domain.right_to_left import is_right_to_left, reading_order


@pytest.mark.parametrize(
    ("on_the_page", "read"),
    [
        (["MASTER", "BEDROOM"], ["MASTER", "BEDROOM"]),
        (["שינה", "חדר"], ["חדר", "שינה"]),
        (["2", "שינה", "חדר"], ["חדר", "שינה", "2"]),
        (["3", "x", "4", "חדר"], ["חדר", "3", "x", "4"]),
        (["نوم", "غرفة"], ["غرفة", "نوم"]),
        (list("12רדח"), list("חדר12")),
        (list("ד-רדח"), list("חדר-ד")),
        ([], []),
    ],
)
def test_text_is_brought_into_reading_order(on_the_page: list[str], read: list[str]) -> None:
    assert reading_order(on_the_page) == read


@pytest.mark.parametrize(
    ("text", "expected"), [("חדר", True), ("A חדר", True), ("KITCHEN ח", False), ("12", False)]
)
def test_the_script_of_most_letters_decides(text: str, expected: bool) -> None:
    assert is_right_to_left(text) == expected
