"""What Textract is given: the stored file where it takes that, otherwise a PNG of the page."""

import math

import cv2

from preview.page.limits import TEXTRACT_MAX_BYTES, TEXTRACT_MAX_SIDE_PX, TEXTRACT_PNG_SIDE_PX
from preview.page.png import encode_png
from preview.page.raster_file import Gray


def takes_stored_file(byte_size: int, plain: bool, raster_size_px: tuple[int, int] | None) -> bool:
    """Whether Textract may be named the S3 object.

    ``plain`` says that every reader shows the file as this page; ``raster_size_px`` is None for a PDF,
    whose length on paper counts as part of being plain.
    """
    sides_fit = raster_size_px is None or max(raster_size_px) <= TEXTRACT_MAX_SIDE_PX
    return plain and sides_fit and byte_size <= TEXTRACT_MAX_BYTES


def encode_for_textract(
    gray: Gray, max_side_px: int = TEXTRACT_PNG_SIDE_PX, max_bytes: int = TEXTRACT_MAX_BYTES
) -> bytes:
    """The page as an 8-bit gray PNG inside both limits, made smaller where it has to be."""
    scale = min(1.0, max_side_px / max(gray.shape))
    while True:
        png = encode_png(shrink(gray, scale))
        if len(png) <= max_bytes:
            return png
        scale *= 0.95 * math.sqrt(max_bytes / len(png))


def shrink(gray: Gray, scale: float) -> Gray:
    """The picture at ``scale`` (at most 1) of its sides, averaged; each side at least 1 px."""
    if scale >= 1.0:
        return gray
    width, height = (max(1, round(side * scale)) for side in reversed(gray.shape))
    return cv2.resize(gray, (width, height), interpolation=cv2.INTER_AREA).astype(gray.dtype, copy=False)
