"""What the API answers, as frozen dataclasses; a field that a server does not send has its default.

Coordinates run from 0 to 1000 along each side of the page, from the top left, x right and y down. Times are
ISO 8601 in UTC, as sent.
"""

from dataclasses import dataclass
from typing import Any, TypeVar

import cattrs

from location_detection.errors import NotTheService

ENDED = ("completed", "failed", "cancelled")

T = TypeVar("T")
_converter = cattrs.Converter()


def read(kind: type[T], data: Any) -> T:
    """Make a ``kind`` of decoded JSON; fields that it does not know are left out."""
    try:
        return _converter.structure(data, kind)
    except (cattrs.BaseValidationError, TypeError, ValueError) as failure:
        raise NotTheService(f"The answer holds no {kind}, as this version knows it.") from failure


def read_optional(kind: type[T], data: Any) -> T | None:
    """Make a ``kind`` of decoded JSON, or None of null."""
    return None if data is None else read(kind, data)


def read_all(kind: type[T], data: Any) -> list[T]:
    """Make a ``kind`` of each item of decoded JSON."""
    if not isinstance(data, list):
        raise NotTheService("The answer holds no list where this version knows one.")
    return [read(kind, item) for item in data]


def field_of(data: Any, name: str) -> Any:
    """A field of decoded JSON that every answer has."""
    if not isinstance(data, dict) or name not in data:
        raise NotTheService(f"The answer holds no {name}, as this version knows it.")
    return data[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a job or a page failed."""

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCounts:
    """How many pages of a job were asked for; those that failed are done too."""

    asked: int
    done: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    job_id: str
    status: str
    stage: str | None
    progress: int
    message: str | None
    created_at: str
    updated_at: str
    blueprint_s3_key: str
    blueprint_format: str
    blueprint_hash: str
    blueprint_filename: str | None
    blueprint_size_bytes: int
    page_count: int
    result_s3_key: str | None
    error: Failure | None
    request_id: str | None
    correlation_id: str | None
    api_version: str
    degraded: tuple[str, ...] = ()
    pages: PageCounts | None = None
    expires_at: str | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing that was asked for is still to be done; a cancelled job's pages never are."""
        if self.status == "cancelled":
            return True
        return self.status in ENDED and (self.pages is None or self.pages.done >= self.pages.asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageStatus:
    """How far a page that was asked for has come: queued, processing, completed, failed or cancelled."""

    page: int
    status: str
    rooms: int | None
    degraded: tuple[str, ...]
    error: Failure | None
    updated_at: str

    @property
    def ended(self) -> bool:
        return self.status in ENDED


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    number: int
    count: int
    width_px: int
    height_px: int
    rotation: int
    width_mm: float | None = None
    height_mm: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    metres_per_unit: tuple[float, float]
    source: str
    text: str | None = None
    confidence: float
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    id: str
    bounding_box: tuple[float, float, float, float]
    polygon: tuple[tuple[float, float], ...]
    confidence: float
    name_hint: str | None = None
    room_number: str | None = None
    room_type: str | None = None
    area_m2: float | None = None
    perimeter_m: float | None = None
    width_m: float | None = None
    length_m: float | None = None
    printed_area_m2: float | None = None
    printed_size_m: tuple[float, float] | None = None
    corrected: bool = False
    confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """A region that was taken for no room."""

    bounding_box: tuple[float, float, float, float]
    polygon: tuple[tuple[float, float], ...]
    reason: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    load_seconds: float
    render_seconds: float
    textract_analysis_seconds: float
    room_detection_seconds: float
    total_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The rooms of a page."""

    job_id: str
    stage: str
    page: Page
    rooms: tuple[Room, ...]
    processing_time_seconds: float
    timing_metrics: Timing
    model_version: str
    cached: bool
    degraded: tuple[str, ...]
    timestamp: str
    scale: Scale | None = None
    withheld: tuple[Withheld, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """Where a large file goes, and with which form fields."""

    upload_id: str
    url: str
    fields: dict[str, str]
    expires_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """How many of each an erasure removed."""

    blueprint: int
    results: int
    analysis: int
    feedback: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    job_id: str
    erased_at: str
    removed: Removed


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What somebody said of a room or a page."""

    feedback_id: str
    job_id: str
    created_at: str
    feedback: str
    page: int = 1
    room_id: str | None = None
    correction: dict[str, Any] | None = None
    comment: str | None = None
