"""What a room is for, as a closed list."""

from enum import StrEnum


class RoomType(StrEnum):
    """The use of a room; ``OTHER`` is a known one that the list does not have."""

    BEDROOM = "bedroom"
    LIVING_ROOM = "living_room"
    KITCHEN = "kitchen"
    DINING_ROOM = "dining_room"
    LIVING_KITCHEN = "living_kitchen"
    BATHROOM = "bathroom"
    TOILET = "toilet"
    HALL = "hall"
    CORRIDOR = "corridor"
    STAIRS = "stairs"
    ELEVATOR = "elevator"
    CLOSET = "closet"
    STORAGE = "storage"
    LAUNDRY = "laundry"
    GARAGE = "garage"
    BALCONY = "balcony"
    TERRACE = "terrace"
    OFFICE = "office"
    MEETING_ROOM = "meeting_room"
    CLASSROOM = "classroom"
    TECHNICAL = "technical"
    SHAFT = "shaft"
    OTHER = "other"
