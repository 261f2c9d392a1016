"""How large the raster is that the stages work on: larger for crowded and for dense pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from preview.rooms.text.labels import Label
from preview.rooms.text.text_kinds import TextKind


@dataclass(frozen=True, slots=True)
class ResolutionOptions:
    """Long sides of the working raster, and when a larger one is used."""

    working_side_px: int = 1280
    """Long side of the working raster, pixels: a wall of 125 mm on a sheet 40 m wide is 4 px.
    At 1600 everything takes half as long again and ordinary plans are found no better. Tuned."""
    crowded_side_px: int = 2000
    """The same for a crowded page: the walls of such vector floors are hairlines, and larger or smaller finds
    fewer rooms. Takes up to three times as long. Tuned."""
    crowded_labels: int = 30
    """A page is crowded whose own text names at least so many rooms. Tuned."""
    dense_side_px: int = 1600
    """A dense page is processed again at this size, if it is large enough: the hairlines of office floors
    need it. Tuned."""
    dense_mean_width: float = 0.03
    """A page is dense whose usual room is narrower than this share of the long side. Tuned."""


def first_side_px(labels: Sequence[Label], options: ResolutionOptions) -> int:
    """Long side of the working raster for a page whose own text gives ``labels``, pixels."""
    naming = [label for label in labels if label.kind in (TextKind.ROOM, TextKind.NUMBER)]
    crowded = len(naming) >= options.crowded_labels
    return options.crowded_side_px if crowded else options.working_side_px


def second_side_px(first_px: int, page_px: int, options: ResolutionOptions) -> int:
    """Long side with which a dense page of ``page_px`` is processed again; at least ``first_px``."""
    return max(first_px, min(options.dense_side_px, page_px))
