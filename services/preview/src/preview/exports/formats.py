"""Which formats there are."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO

from preview.domain.preview import Preview
from preview.exports import coco, csv_table, dxf, geojson, schedule_sheet, svg, xlsx


@dataclass(frozen=True, slots=True)
class Export:
    """``name`` is what a caller asks for, ``schema`` describes what is written.

    ``extension`` is of the file that it is saved as. ``write_document`` writes the pages of a job, one after
    the other, and is None for a format of single pages. ``Accept`` asks for those that are ``negotiated``,
    each by a media type of its own.
    """

    name: str
    media_type: str
    extension: str
    schema: Mapping[str, Any]
    write_page: Callable[[BinaryIO, Preview], None]
    write_document: Callable[[BinaryIO, str, Iterable[Preview]], None] | None = None
    negotiated: bool = True

    def render(self, preview: Preview) -> bytes:
        """A page as the bytes of a file."""
        file = BytesIO()
        self.write_page(file, preview)
        return file.getvalue()


_FEATURES = {"type": "object", "required": ["type", "features"]}
_COCO = {"type": "object", "required": ["images", "categories", "annotations"]}
_TEXT = {"type": "string"}
_BINARY = {"type": "string", "format": "binary"}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

EXPORTS = (
    Export(
        "geojson",
        "application/geo+json",
        "geojson",
        _FEATURES,
        geojson.write_page,
        geojson.write_document,
    ),
    Export("svg", "image/svg+xml", "svg", _TEXT, svg.write_page),
    Export(
        "coco", "application/json", "coco.json", _COCO, coco.write_page, coco.write_document, negotiated=False
    ),
    Export("csv", "text/csv", "csv", _TEXT, csv_table.write_page, csv_table.write_document),
    Export("xlsx", _XLSX, "xlsx", _BINARY, xlsx.write_page, xlsx.write_document),
    Export(
        "schedule",
        _XLSX,
        "schedule.xlsx",
        _BINARY,
        schedule_sheet.write_page,
        schedule_sheet.write_document,
        negotiated=False,
    ),
    Export("dxf", "image/vnd.dxf", "dxf", _TEXT, dxf.write_page),
)

DOCUMENT_WRITERS = {export.name: export.write_document for export in EXPORTS if export.write_document}
"""By name, the formats that hold many pages of a job."""
