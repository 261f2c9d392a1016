"""Plans of known scale, made of rectangles and texts."""

from dataclasses import dataclass, field, replace

from preview.domain.room import Box, Point
from preview.domain.scale import PageSize
from preview.measures.printed import PrintedText

FLAT_M: tuple[Box, ...] = (
    (0.0, 0.0, 4.0, 3.0),
    (4.2, 0.0, 7.7, 3.0),
    (0.0, 3.2, 2.5, 5.7),
    (2.7, 3.2, 7.7, 8.2),
    (0.0, 5.9, 2.5, 8.2),
)
"""Rooms of a small flat in metres."""
MM_PER_PX = 20.0


@dataclass(frozen=True, slots=True)
class DrawnPlan:
    """``FLAT_M`` on a page of 600 by 500 pixels, stretched along x by ``stretch``."""

    texts: tuple[PrintedText, ...] = ()
    rooms_m: tuple[Box, ...] = FLAT_M
    mm_per_px: float = MM_PER_PX
    stretch: float = 1.0
    page: PageSize = field(default_factory=lambda: PageSize(600, 500))

    def outline(self, room: int) -> list[Point]:
        x_min, y_min, x_max, y_max = self.rooms_m[room]
        corners = ((x_min, y_min), (x_max, y_min), (x_max, y_max), (x_min, y_max))
        return [self._placed(x, y) for x, y in corners]

    @property
    def outlines(self) -> list[list[Point]]:
        return [self.outline(room) for room in range(len(self.rooms_m))]

    def printing(self, room: int, text: str, *, is_named: bool = False) -> "DrawnPlan":
        """The plan with ``text`` in the middle of a room too."""
        x_min, y_min, x_max, y_max = self.rooms_m[room]
        x, y = self._placed((x_min + x_max) / 2, (y_min + y_max) / 2)
        return self.with_text(text, (x - 20, y - 5, x + 20, y + 5), is_named=is_named)

    def with_text(self, text: str, box: Box = (900, 950, 990, 960), *, is_named: bool = False) -> "DrawnPlan":
        return replace(self, texts=(*self.texts, PrintedText(text, box, is_named)))

    def with_sizes(self, *rooms: int) -> "DrawnPlan":
        """The plan with the right size printed in ``rooms``, the longer side first."""
        plan = self
        for room in rooms:
            x_min, y_min, x_max, y_max = self.rooms_m[room]
            sides = sorted((x_max - x_min, y_max - y_min), reverse=True)
            plan = plan.printing(room, f"{sides[0]:.2f} x {sides[1]:.2f} m")
        return plan

    def with_areas(self, *rooms: int, form: str = "{:.1f} m2") -> "DrawnPlan":
        """The plan with the right area printed in ``rooms``."""
        plan = self
        for room in rooms:
            x_min, y_min, x_max, y_max = self.rooms_m[room]
            plan = plan.printing(room, form.format((x_max - x_min) * (y_max - y_min)))
        return plan

    @property
    def metres_per_unit(self) -> tuple[float, float]:
        """The truth."""
        metres_per_px = self.mm_per_px / 1000
        x, y = self.page.px_per_unit
        return metres_per_px * x / self.stretch, metres_per_px * y

    def _placed(self, x_m: float, y_m: float) -> Point:
        x, y = self.metres_per_unit
        return 50 + x_m / x, 50 + y_m / y
