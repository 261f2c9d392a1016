"""Words of a plan for the benchmark: RapidOCR once per picture, kept in a folder outside the repository."""

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from preview.domain.room import PAGE_SIDE, Box, Word

OCR_LONG_SIDE_PX = 2000
"""Larger pictures are shrunk before reading; small ones are doubled. Keeps a plan within 2 s on two cores."""
DETECTION_SIDE_PX = 1280
MIN_CONFIDENCE = 0.5


class CachedOcr:
    """Reads the words of pictures; a second reading of the same pixels comes from ``folder``."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        self._folder = folder
        self._threads = threads
        self._engine: Callable[[NDArray[np.uint8]], Any] | None = None

    @property
    def has_read(self) -> bool:
        """Whether a picture had to be read: the engine takes more memory than what is measured."""
        return self._engine is not None

    def words(self, gray: NDArray[np.uint8]) -> list[Word]:
        """Words of ``gray`` ``(height, width)`` in page coordinates; lines are split at their spaces."""
        key = hashlib.sha256(
            gray.tobytes() + repr((gray.shape, OCR_LONG_SIDE_PX, DETECTION_SIDE_PX)).encode()
        )
        path = self._folder / f"{key.hexdigest()[:24]}.json"
        if not path.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(f".{os.getpid()}")
            part.write_text(json.dumps(self._read(gray)), encoding="utf-8")
            part.replace(path)
        lines = json.loads(path.read_text(encoding="utf-8"))
        return [
            word
            for line in lines
            if line["confidence"] >= MIN_CONFIDENCE
            for word in split_line(line["text"], line["box"], line["confidence"], "textract")
        ]

    def _read(self, gray: NDArray[np.uint8]) -> list[dict[str, Any]]:
        height, width = gray.shape
        scale = min(2.0, OCR_LONG_SIDE_PX / max(height, width))
        interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        picture = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=interpolation)
        answer = self._loaded()(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR))
        if answer.boxes is None:
            return []
        unit = PAGE_SIDE / np.array([picture.shape[1], picture.shape[0]])
        return [
            {
                "text": text,
                "confidence": round(float(score), 3),
                "box": [round(float(v), 2) for v in (*(quad.min(axis=0) * unit), *(quad.max(axis=0) * unit))],
            }
            for quad, text, score in zip(answer.boxes, answer.txts, answer.scores, strict=True)
        ]

    def _loaded(self) -> Callable[[NDArray[np.uint8]], Any]:
        if self._engine is None:
            from rapidocr import RapidOCR

            self._engine = RapidOCR(
                params={
                    "Global.log_level": "error",
                    "Det.limit_side_len": DETECTION_SIDE_PX,
                    "Det.limit_type": "max",
                    "EngineConfig.onnxruntime.intra_op_num_threads": self._threads,
                    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                }
            )
        return self._engine


def split_line(
    text: str, box: Box, confidence: float, source: Literal["textract", "text_layer"]
) -> list[Word]:
    """Words of one line of text, their boxes in proportion to their characters along the line."""
    x_min, y_min, x_max, y_max = box
    stands = len(text) > 2 and (y_max - y_min) > 1.5 * (x_max - x_min)
    words, start = [], 0
    for token in text.split():
        start = text.index(token, start)
        a, b = start / len(text), (start + len(token)) / len(text)
        if stands:
            part = (x_min, y_min + a * (y_max - y_min), x_max, y_min + b * (y_max - y_min))
        else:
            part = (x_min + a * (x_max - x_min), y_min, x_min + b * (x_max - x_min), y_max)
        words.append(Word(token, part, confidence, source))
        start += len(token)
    return words
