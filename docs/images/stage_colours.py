"""What colours mean in the pictures of the stages."""

import colorsys

from preview.domain.room import RejectionReason
from preview.rooms.text.text_kinds import TextKind

Colour = tuple[int, int, int]

WHITE, BLACK, GRAY, PALE = (255, 255, 255), (0, 0, 0), (130, 130, 130), (205, 205, 205)
RED, BLUE, GREEN, ORANGE, PURPLE = (215, 40, 40), (30, 90, 200), (20, 140, 60), (230, 130, 0), (140, 60, 170)
GAP_COLOURS = (GREEN, BLUE, ORANGE, RED)
KIND_COLOURS = {
    TextKind.ROOM: GREEN,
    TextKind.NUMBER: BLUE,
    TextKind.OTHER: ORANGE,
    TextKind.SHEET: RED,
    TextKind.DIMENSION: PURPLE,
    TextKind.NOISE: GRAY,
}
REASON_COLOURS = {
    RejectionReason.TITLE_BLOCK: (0, 140, 150),
    RejectionReason.NOTES: (120, 90, 30),
    RejectionReason.FURNITURE: ORANGE,
    RejectionReason.TOO_SMALL: (220, 80, 160),
    RejectionReason.OUTSIDE: BLUE,
    RejectionReason.OVERLAPS_ROOM: RED,
    RejectionReason.UNLIKELY: PURPLE,
}


def hue(index: int) -> Colour:
    """One of many colours that stay distinct."""
    return _rgb(index * 0.618034 % 1.0, 0.75, 0.85)


def red_to_green(score: float) -> Colour:
    """Red for 0, yellow, green for 1."""
    return _rgb(min(1.0, max(0.0, score)) / 3, 0.65, 0.95)


def _rgb(hue: float, saturation: float, value: float) -> Colour:
    red, green, blue = colorsys.hsv_to_rgb(hue, saturation, value)
    return round(255 * red), round(255 * green), round(255 * blue)


def darker(colour: Colour) -> Colour:
    """A colour for the outline of an area."""
    red, green, blue = (part * 2 // 3 for part in colour)
    return red, green, blue
