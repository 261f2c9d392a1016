"""Tables of text whose cells may be red or green."""

from collections.abc import Sequence
from dataclasses import dataclass

from baseline import Verdict, verdict

COLOURS = {"worse": "\033[31m", "better": "\033[32m"}
PLAIN = "\033[0m"


@dataclass(frozen=True, slots=True)
class Cell:
    """A text, and whether it tells of something worse or better than before."""

    text: str
    verdict: Verdict = "same"


def figure_cell(name: str, figure: float | None, difference: float = 0.0) -> Cell:
    """A figure with its difference to what it was; ``!`` marks what got worse, a dash what is not known."""
    if figure is None:
        return Cell("-")
    judged = verdict(name, difference)
    mark = "!" if judged == "worse" else ""
    text = f"{figure:.3f}" + (f" ({difference:+.3f}{mark})" if difference else "")
    return Cell(text, judged)


def table(rows: Sequence[Sequence[Cell | str]], *, coloured: bool = False) -> str:
    """``rows`` of as many cells each, in aligned columns."""
    cells = [[cell if isinstance(cell, Cell) else Cell(cell) for cell in row] for row in rows]
    widths = [max(len(cell.text) for cell in column) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  ".join(_padded(cell, width, coloured) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    )


def _padded(cell: Cell, width: int, coloured: bool) -> str:
    text = cell.text.ljust(width)
    return f"{COLOURS[cell.verdict]}{text}{PLAIN}" if coloured and cell.verdict in COLOURS else text
