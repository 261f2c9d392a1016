"""What of a room a schedule leaves out."""

from builders_preview import a_preview
from preview.exports.properties import room_properties
from preview.exports.schedule import COLUMNS

RENAMED = {"id": "room_id", "name_hint": "name"}
LEFT_OUT = {"bounding_box", "confirmed", "printed_size_m"}
"""The box has four columns of its own; the rest is not asked for."""


def test_every_property_of_a_room_is_a_column_or_left_out_on_purpose() -> None:
    rooms = a_preview().measured_rooms
    properties = {name for room in rooms for name in room_properties(room)} - LEFT_OUT
    assert {RENAMED.get(name, name) for name in properties} <= set(COLUMNS)
