"""Types of rooms by their names, in all languages that are read."""

import pytest

from preview.domain.room_type import RoomType
from preview.rooms.text.lexicon import plain
from preview.rooms.text.room_types import room_type
from preview.rooms.text.type_vocabulary import CUSTOMARY_USES, USE_SIGNS, USES
from preview.rooms.text.vocabulary import ROOM_SIGNS, ROOMS


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Bedroom", "bedroom"),
        ("BEDROOM 1", "bedroom"),
        ("BED2", "bedroom"),
        ("MASTER BEDROOM", "bedroom"),
        ("Master Bath", "bathroom"),
        ("MASTER", "bedroom"),
        ("MBR", "bedroom"),
        ("Guest WC", "toilet"),
        ("W/C", "toilet"),
        ("W.C.", "toilet"),
        ("WC & Shower", "bathroom"),
        ("En-Suite", "bathroom"),
        ("PWDR", "toilet"),
        ("Living Room", "living_room"),
        ("Family Room", "living_room"),
        ("Reception Room", "living_room"),
        ("Drawing room", "living_room"),
        ("Living / Dining", "living_room"),
        ("Living / Kitchen", "living_kitchen"),
        ("GREAT ROOM / KITCHEN", "living_kitchen"),
        ("Kitchen / Reception Room", "living_kitchen"),
        ("Kitchen Reception Room", "living_kitchen"),
        ("Open-plan kitchen", "kitchen"),
        ("Kitchen/Dining Room", "kitchen"),
        ("WET KITCHEN", "kitchen"),
        ("Dining Room", "dining_room"),
        ("Entry Hall", "hall"),
        ("Entrance", "hall"),
        ("LIFT LOBBY", "hall"),
        ("Corridor", "corridor"),
        ("First floor landing", "corridor"),
        ("STAIR 2", "stairs"),
        ("Elevator", "elevator"),
        ("CL.", "closet"),
        ("Walk-in wardrobe", "closet"),
        ("Dressing room", "closet"),
        ("Store room", "storage"),
        ("Utility", "laundry"),
        ("Garage", "garage"),
        ("Balcony", "balcony"),
        ("Roof Terrace", "terrace"),
        ("OFFICE", "office"),
        ("Study room", "office"),
        ("MEETING ROOM 2", "meeting_room"),
        ("CONFERENCE", "meeting_room"),
        ("CLASSROOM", "classroom"),
        ("Mech. Room", "technical"),
        ("Riser", "shaft"),
        ("Gym", "other"),
        ("Room", "other"),
        ("BEDR00M", "bedroom"),
        ("Kitchem", "kitchen"),
        ("Familly Room", "living_room"),
        ("MASTERBATH", "bathroom"),
        ("Bedrooms", "bedroom"),
        ("Makuuhuone", "bedroom"),
        ("MH1", "bedroom"),
        ("OH", "living_room"),
        ("OH+K", "living_kitchen"),
        ("Keittiö", "kitchen"),
        ("ET", "hall"),
        ("Kylpyhuone", "bathroom"),
        ("KHH", "laundry"),
        ("Vaatehuone", "closet"),
        ("Parveke", "balcony"),
        ("Vardagsrum", "living_room"),
        ("Kök", "kitchen"),
        ("Schlafzimmer", "bedroom"),
        ("Schlafz.", "bedroom"),
        ("Zimmer 2", "bedroom"),
        ("Wohnküche", "living_kitchen"),
        ("Wohnen/Essen", "living_room"),
        ("Flur", "corridor"),
        ("Bad", "bathroom"),
        ("Abstellraum", "storage"),
        ("Herrenzimmer", "bedroom"),
        ("Chambre 1", "bedroom"),
        ("Salle de bains", "bathroom"),
        ("Salle d'eau", "bathroom"),
        ("Salle à manger", "dining_room"),
        ("Séjour", "living_room"),
        ("Dégagement", "corridor"),
        ("Dormitorio principal", "bedroom"),
        ("Cuarto de baño", "bathroom"),
        ("Sala de estar", "living_room"),
        ("Terraza de cocina", "terrace"),
        ("Recámara", "bedroom"),
        ("Quarto", "bedroom"),
        ("Cozinha", "kitchen"),
        ("Casa de banho", "bathroom"),
        ("Camera da letto", "bedroom"),
        ("Soggiorno", "living_room"),
        ("Ripostiglio", "storage"),
        ("Slaapkamer", "bedroom"),
        ("Woonkamer", "living_room"),
        ("Overloop", "corridor"),
        ("Sypialnia", "bedroom"),
        ("Przedpokój", "hall"),
        ("Pokój dzienny", "bedroom"),
        ("Soverom", "bedroom"),
        ("Badeværelse", "bathroom"),
        ("Ložnice", "bedroom"),
        ("Koupelna", "bathroom"),
        ("Спальня", "bedroom"),
        ("Кухня-гостиная", "living_kitchen"),
        ("С/у", "bathroom"),  # noqa: RUF001
        ("Прихожая", "hall"),
        ("Вітальня", "living_room"),
        ("洋室", "other"),
        ("寝室", "bedroom"),
        ("LDK", "living_kitchen"),
        ("主卧", "bedroom"),
        ("卫生间", "bathroom"),
        ("침실", "bedroom"),
        ("Yatak odası", "bedroom"),  # noqa: RUF001
        ("Mutfak", "kitchen"),
        ("Hálószoba", "bedroom"),
        ("Előszoba", "hall"),
        ("Υπνοδωμάτιο", "bedroom"),
        ("Κουζίνα", "kitchen"),
    ],
)
def test_a_name_tells_the_type(name: str, expected: str) -> None:
    assert room_type(name) == RoomType(expected)


@pytest.mark.parametrize("name", [None, "", "EXAM 1", "101", "TREATMENT", "Gemini", "12'-0\" x 10'-6\"", "?"])
def test_an_unknown_name_tells_none(name: str | None) -> None:
    assert room_type(name) is None


def test_every_room_word_of_every_language_tells_a_type() -> None:
    known = {
        plain(word) for uses in (USES, CUSTOMARY_USES) for words in uses.values() for word in words.split()
    }
    assert not {word for words in ROOMS.values() for word in words.split() if plain(word) not in known}
    assert set(ROOM_SIGNS.split()) == {sign for signs in USE_SIGNS.values() for sign in signs.split()}


def test_no_word_tells_two_types() -> None:
    words = [
        plain(word)
        for uses in (USES, CUSTOMARY_USES)
        for words in uses.values()
        for word in set(words.split())
    ]
    assert sorted({word for word in words if words.count(word) > 1}) == []


def test_every_type_has_words() -> None:
    assert set(USES) == set(RoomType)
