"""What is written on plans, in several languages, without meaning to be read."""

from random import Random

from shapely.geometry import Polygon

_NAMES = {
    "living_room": [
        "LIVING ROOM",
        "Reception Room",
        "OH",
        "SEJOUR",
        "Wohnen",
        "LOUNGE",
        "OLOHUONE",
        "FAMILY ROOM",
    ],
    "kitchen": ["KITCHEN", "Kitchen / Dining", "K", "KT", "CUISINE", "Kochen", "KEITTIO"],
    "bedroom": ["BEDROOM", "Bedroom 2", "MH", "CHAMBRE 1", "Schlafen", "MASTER BEDROOM", "BED 3", "MH 2"],
    "bathroom": ["BATH", "Bathroom", "KPH", "SDB", "Bad", "PH", "SHOWER"],
    "restroom": ["WC", "W.C.", "Toilet", "PWDR"],
    "washing_room": ["UTILITY", "LAUNDRY", "KHH"],
    "corridor": ["HALL", "Hallway", "ET", "AULA", "DEGT", "Flur"],
    "entry": ["ENTRY", "FOYER", "TK", "Entrance Hall"],
    "closet": ["CL", "VH", "CUPBOARD", "STO", "WIC"],
    "balcony": ["BALCONY", "PARVEKE", "TERRASSE", "DECK", "Patio", "PORCH"],
    "stairs": ["UP", "DN", "STAIRS"],
    "office": ["OFFICE", "MEETING", "LAB", "STORAGE", "CLASSROOM"],
}
NOTES = (
    "GROUND FLOOR",
    "FIRST FLOOR PLAN",
    "SCALE 1:100",
    "TOTAL APPROX. FLOOR AREA 646 SQ.FT.",
    "NOT TO SCALE",
    "For illustration purposes only",
    "3H+K+S 78 m2",
    "1. krs",
    "A-101",
    "DATE 12.04.2011",
    "DRAWN BY",
    "REV B",
    "Pohjapiirros 1:100",
    "Plan du Rez de Chaussee",
    "RESIDENCE",
    "h=2.60",
    "NOTES: VERIFY ALL DIMENSIONS ON SITE",
)


def room_words(kind: str, number: int, random: Random) -> list[str]:
    """Lines of a label for a room."""
    if random.random() < 0.2:
        return [str(random.choice([number, 100 + number, 3400 + number]))]
    words: str = random.choice(_NAMES.get(kind, ["ROOM"]))
    words = words.upper() if random.random() < 0.3 else words
    return words.split(" ", 1) if random.random() < 0.3 else [words]


def dimension(room: Polygon, random: Random) -> str:
    """A size as printed below names."""
    x0, y0, x1, y1 = room.bounds
    width, depth = (x1 - x0) / 1000, (y1 - y0) / 1000
    return random.choice(
        [
            f"{width:.2f} x {depth:.2f} m",
            f"{room.area / 1e6:.1f} m2",
            f"{room.area / 1e6:.1f}",
            f"{int(width * 3.28)}'{random.randint(0, 11)} x {int(depth * 3.28)}'{random.randint(0, 11)}",
        ]
    )
