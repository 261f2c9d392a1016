"""Rooms from pixels and words: pure functions, no input or output."""

from preview.rooms.detector import DETECTOR_VERSION, detect, find_regions, name_rooms
from preview.rooms.evidence.region import Region
from preview.rooms.options import DetectorOptions

__all__ = ["DETECTOR_VERSION", "DetectorOptions", "Region", "detect", "find_regions", "name_rooms"]
