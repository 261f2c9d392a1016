"""What a schedule for people says of scales, types, sizes and who looked at a room."""

from collections.abc import Iterable

from preview.domain.preview import Degraded, MeasuredRoom
from preview.domain.room import Room
from preview.domain.room_type import RoomType
from preview.domain.scale import Scale, ScaleSource

_INCH_M = 0.0254
_INCHES_PER_FOOT = 12

_SOURCES = {
    ScaleSource.GIVEN: "given by a person",
    ScaleSource.DIMENSIONS: "from sizes printed in rooms",
    ScaleSource.AREAS: "from areas printed in rooms",
    ScaleSource.NOTE: "from the scale note on the sheet",
}
_CONFLICTS = {
    ScaleSource.GIVEN: "what a person gave",
    ScaleSource.DIMENSIONS: "the sizes printed in rooms",
    ScaleSource.AREAS: "the areas printed in rooms",
    ScaleSource.NOTE: "the scale note",
}
_LACKS = {
    Degraded.TEXTRACT_UNAVAILABLE: "The text on the plan could not be read, so names are missing.",
    Degraded.DEADLINE_REACHED: "There was not enough time, so rooms may be missing.",
}


def lack_words(degraded: Iterable[Degraded]) -> str | None:
    """What the rooms lack; None where they are whole."""
    return " ".join(_LACKS[reason] for reason in degraded if reason in _LACKS) or None


def scale_words(scale: Scale | None) -> str:
    """Where the scale comes from, how sure it is, and what says something else."""
    if scale is None:
        return "no scale is known, so nothing is measured"
    text = f" ({scale.text})" if scale.text else ""
    doubt = ", ".join(_CONFLICTS[source] for source in scale.conflicts)
    against = f"; another scale would follow from {doubt}" if doubt else ""
    return f"scale {_SOURCES[scale.source]}{text}, {round(scale.confidence * 100)} % sure{against}"


def type_words(room_type: RoomType | None) -> str | None:
    """``Living room`` for ``living_room``."""
    return room_type.replace("_", " ").capitalize() if room_type else None


def state_words(room: Room) -> str:
    """What people said of a room; what nobody spoke of is only found."""
    said = [word for word, true in (("corrected", room.corrected), ("confirmed", room.confirmed)) if true]
    return ", ".join(said or ["found"]).capitalize()


def size_m(measured: MeasuredRoom) -> tuple[float, float] | None:
    """The sides that were measured, the longer first where the plan prints the longer first."""
    measures, printed = measured.measures, measured.room.printed_size_m
    if measures is None:
        return None
    sides = measures.width_m, measures.length_m
    return sides[::-1] if printed and printed[0] > printed[1] else sides


def in_metres(sides: tuple[float, float] | None) -> str | None:
    """``4.35 x 3.94``"""
    return sides and " x ".join(f"{side:.2f}" for side in sides)


def in_feet(sides: tuple[float, float] | None) -> str | None:
    """``14'-3" x 12'-11"``, to the inch"""
    return sides and " x ".join(map(_feet_and_inches, sides))


def _feet_and_inches(metres: float) -> str:
    feet, inches = divmod(round(metres / _INCH_M), _INCHES_PER_FOOT)
    return f"{feet}'-{inches}\""
