"""Misread room words are spelt as the language of their page spells them."""

import pytest

from preview.rooms.text.spelling import respelt


@pytest.mark.parametrize(
    ("read", "right"),
    [
        ("TOLLET", "TOILET"),
        ("Kitchem", "Kitchen"),
        ("bathrqom", "bathroom"),
        ("AUNDRY", "LAUNDRY"),
        ("BEDR00M 2", "BEDROOM 2"),
        ("MA$TER BEDROOM", "MASTER BEDROOM"),
        ("(TOLLET)", "(TOILET)"),
        ("TOLLET1", "TOILET1"),
        ("Kitcher/ Reception", "Kitchen/ Reception"),
    ],
)
def test_a_word_misread_by_a_letter_or_by_digits_is_mended(read: str, right: str) -> None:
    assert respelt(["BEDROOM", "Living", read])[read] == right


@pytest.mark.parametrize(
    "name",
    [
        "BEDROOMS", "MASTERBATH", "Gameroom", "Closed", "Mushroom", "Officer", "Hal", "Utilities",
        "W.C.", "ROOM 101", "S101", "K\u00fcche", "-", "",
    ],
)  # fmt: skip
def test_a_word_that_may_be_right_stays(name: str) -> None:
    assert respelt(["BEDROOM", "K\u00fcche", name])[name] == name


def test_a_word_is_mended_only_in_the_language_of_its_page() -> None:
    assert respelt(["kuhinja", "dnevni boravak", "toalet"])["toalet"] == "toalet"
    assert respelt(["makuuhuone", "sauna", "keittid"])["keittid"] == "keittio"
    assert respelt(["bedroom", "living", "keittid"])["keittid"] == "keittid"


def test_words_of_other_languages_stay_though_a_letter_from_one_of_the_page() -> None:
    assert respelt(["dormitorio", "comedor", "salon", "cucina"])["cucina"] == "cucina"
    assert respelt(["soggiorno", "cucina", "bagno", "ingress"])["ingress"] == "ingress"


def test_letters_alone_tell_no_language() -> None:
    assert respelt(["k", "kt", "h", "keittid"])["keittid"] == "keittid"


def test_accents_that_the_lexicon_does_not_have_stay() -> None:
    assert respelt(["Schlafzimmer", "Waschk\u00fcchc"])["Waschk\u00fcchc"] == "Waschk\u00fcchc"


def test_a_page_without_names_has_none_to_mend() -> None:
    assert respelt([]) == {}
