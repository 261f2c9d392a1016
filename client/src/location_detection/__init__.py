"""Client of the Location Detection API: send a plan, wait, read its rooms."""

from location_detection.client import Client, Export
from location_detection.errors import ApiError, LocationDetectionError, Unreachable, WaitTimeout
from location_detection.models import Job, PageStatus, Preview, Room

__all__ = [
    "ApiError",
    "Client",
    "Export",
    "Job",
    "LocationDetectionError",
    "PageStatus",
    "Preview",
    "Room",
    "Unreachable",
    "WaitTimeout",
]
