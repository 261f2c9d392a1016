"""What the command prints."""

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from location_detection.client import Client
from location_detection.models import Job, Preview
from location_detection.results import SUMMARY, Result
from location_detection.transport import printable

WITHOUT_TERMINAL_COLUMNS = 240


def print_rooms_of(results: list[Result], *, corrected: bool) -> None:
    """Print the rooms of each completed page."""
    with Client() as client:
        for result in results:
            for preview in client.previews(result.job_id, corrected=corrected) if result.job_id else ():
                click.echo(f"\n{printable(result.file)}, page {preview.page.number}:")
                print_rooms(preview)


def print_rooms(preview: Preview) -> None:
    rows = [
        [
            room.id,
            room.name_hint or "-",
            room.room_type or "-",
            measure(room.area_m2),
            f"{room.confidence:.2f}",
            ", ".join(f"{side:.0f}" for side in room.bounding_box),
        ]
        for room in preview.rooms
    ]
    print_table(["room", "name", "type", "m²", "confidence", "box (0-1000)"], rows)


def print_results(results: list[Result], out: Path) -> None:
    """Print a line for each plan, what failed, and where the results are."""
    rows = [
        [
            result.file,
            f"{result.pages - result.pages_failed}/{result.pages}",
            str(result.rooms),
            outcome(result),
        ]
        for result in results
    ]
    print_table(["plan", "pages", "rooms", "result"], rows)
    click.echo(f"\n{sum(len(result.outputs) for result in results)} files and {SUMMARY} are in {out}.")


def outcome(result: Result) -> str:
    said = [result.status if result.error is None else f"{result.status}: {result.error}"]
    said += [
        f"page {page.page}: {page.code}: {page.message}" for page in result.failed_pages if not result.error
    ]
    said += [f"degraded: {', '.join(result.degraded)}"] if result.degraded else []
    return "; ".join(said)


def pages_of(job: Job) -> str:
    return str(job.page_count) if job.pages is None else f"{job.pages.done}/{job.pages.asked}"


def measure(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def print_table(headings: list[str], rows: list[list[str]]) -> None:
    """Print a table that fits the terminal, or whole lines where there is none."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=WITHOUT_TERMINAL_COLUMNS)
    table = Table(box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    console.print(table)
