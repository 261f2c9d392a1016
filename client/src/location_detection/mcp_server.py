"""The client as tools over the Model Context Protocol; files only below the folders named at its start."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import wraps
from pathlib import Path
from typing import Any

from mcp.server.mcpserver import Image, MCPServer
from mcp.server.mcpserver.exceptions import ToolError

from location_detection.client import Client
from location_detection.detection import BY_DOCUMENT, FORMATS
from location_detection.errors import LocationDetectionError, WaitTimeout

INSTRUCTIONS = """Find the rooms on floor plans. Open a plan, wait for its job, then show the rooms of a page.
Coordinates run from 0 to 1000 along each side of the page, from the top left, x right and y down.
Jobs are deleted after some days."""

WAIT_SECONDS = 50
"""Shorter than the minute after which programs give up a tool; waiting again goes on."""


class Folders:
    """Resolves paths, and refuses those that lead out of the folders, by ``..`` or a link too."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = [folder.resolve(strict=True) for folder in folders]

    def path(self, named: str) -> Path:
        try:
            path = (self._folders[0] / named).resolve()
        except ValueError as failure:
            raise ToolError(f"{named!r} is no name of a file.") from failure
        if not any(path.is_relative_to(folder) for folder in self._folders):
            raise ToolError(f"{named} is not below {', '.join(map(str, self._folders))}.")
        return path


class Tools:
    """One method a tool; its docstring is what an agent reads."""

    def __init__(self, client: Client, folders: Folders) -> None:
        self._client = client
        self._folders = folders

    def open_plan(self, file: str, pages: str = "all") -> dict[str, Any]:
        """Send a plan (PNG, JPG or PDF) and have its pages ("all", "1-3,7") previewed. Answers the job."""
        return asdict(self._client.create(self._folders.path(file), pages=pages))

    def give_scale(
        self, job_id: str, scale: str | dict[str, Any] | None, pages: str = "all"
    ) -> dict[str, Any]:
        """Give the scale of pages, by which areas are measured then. Answers the job.

        "1:100", for a PDF only, or the metres between two points on the page: {"from": [x, y], "to": [x, y],
        "metres": 5.2}. null goes back to the scale that is read of the page.
        """
        self._client.request_pages(job_id, pages, scale=scale)
        return asdict(self._client.job(job_id))

    def wait_for_job(self, job_id: str) -> dict[str, Any]:
        """Wait up to 50 seconds for a job. Call again while its status is pending or processing."""
        with contextlib.suppress(WaitTimeout):
            return asdict(self._client.wait(job_id, timeout=WAIT_SECONDS))
        return asdict(self._client.job(job_id))

    def list_jobs(self, limit: int = 20) -> list[dict[str, Any]]:
        """List the latest jobs, newest first."""
        return [asdict(job) for job in self._client.jobs(limit=limit)]

    def show_rooms(self, job_id: str, page: int = 1, corrected: bool = False) -> dict[str, Any]:
        """Show the rooms of a page, with names, outlines and areas; corrected: as people corrected them."""
        return asdict(self._client.preview(job_id, page, corrected=corrected))

    def show_picture(self, job_id: str, page: int = 1, corrected: bool = False) -> Image:
        """Show the page with the rooms drawn on it."""
        return Image(data=self._client.image(job_id, page, corrected=corrected), format="png")

    def correct_rooms(self, job_id: str, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Say what is right or wrong of rooms, or correct them; at most 25 items, all or none are kept.

        An item: {"feedback": "correct|partial|wrong|missing", "page": 1, "room_id": "room_001", "correction":
        {"polygon": [[x, y], ...], "name": "...", "room_type": "...", "removed": true}, "comment": "..."}.
        """
        return [asdict(item) for item in self._client.give_feedback(job_id, *items)]

    def export_rooms(self, job_id: str, format: str, file: str, page: int | None = None) -> str:  # noqa: A002 - as the API has it
        """Write rooms to a new file: csv, xlsx, json, geojson, coco; svg and dxf need a page.

        The format schedule is a workbook (.xlsx) for people, xlsx one for programs.
        """
        if format not in FORMATS or format == "png" or (page is None and format not in BY_DOCUMENT):
            raise ToolError(f"{format} is no format of {'a page' if page else 'all pages'}.")
        path = self._folders.path(file)
        export = self._client.export(job_id, format, page=page)
        try:
            with path.open("xb") as new:
                new.write(export.content)
        except OSError as failure:
            raise ToolError(f"{file} cannot be written: {failure.strerror}.") from failure
        return f"{path} is written." + (f" It lacks pages {export.missing}." if export.missing else "")

    def all(self) -> list[Callable[..., Any]]:
        return [
            self.open_plan,
            self.give_scale,
            self.wait_for_job,
            self.list_jobs,
            self.show_rooms,
            self.show_picture,
            self.correct_rooms,
            self.export_rooms,
        ]


def server(client: Client, folders: Sequence[Path]) -> MCPServer[Any]:
    """Make a server whose tools read and write below ``folders`` only."""
    made: MCPServer[Any] = MCPServer("location-detection", instructions=INSTRUCTIONS, log_level="WARNING")
    for tool in Tools(client, Folders(folders)).all():
        made.tool()(explained(tool))
    return made


def explained(tool: Callable[..., Any]) -> Callable[..., Any]:
    """The tool, with what the service says of a failure as the tool's error."""

    @wraps(tool)
    def call(*arguments: Any, **named: Any) -> Any:
        try:
            return tool(*arguments, **named)
        except (LocationDetectionError, OSError) as failure:
            raise ToolError(str(failure)) from failure

    return call
