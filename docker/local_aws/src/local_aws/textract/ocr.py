"""Reads a page's pixels with RapidOCR, whose models lie inside its wheel.

Its three steps are used apart from each other, because its own pipeline either searches the whole page at
full size (slow) or also reads it at the reduced size (small print is lost): text is *found* on a reduced
page and *read* from the full one.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import rapidocr
from numpy.typing import NDArray
from rapidocr import RapidOCR

from local_aws.textract.lines import Point, Quad, ReadLine, ReadWord, part_of_quad

Gray = NDArray[np.uint8]
Corners = NDArray[np.float32]
"""(4, 2) pixels, clockwise as the text runs."""


@dataclass(frozen=True, slots=True)
class OcrOptions:
    """Bounds of the reading, measured on rendered and scanned plans of up to 12 megapixels, two cores."""

    fine_side_px: int = 1_280
    """The page's long side while small print is looked for; 2,000 finds no more, in three times the time."""

    coarse_side_px: int = 736
    """And a second look: at the fine size the detector misses one plain label in twenty inside a heavy
    frame (drawn plans, 271 labels), at this size none."""

    threads: int = 2
    """The product's figures are for two shared cores."""

    min_score: float = 0.5
    """RapidOCR's own default; below it there is mostly hatching and furniture."""

    text_height_px: int = 48
    """The recogniser's input height."""

    min_text_width_px: int = 96
    """Narrower texts are padded to this. RapidOCR pads to 320, which costs labels a third more time."""

    max_lines: int = 400
    """A page of hatching can yield thousands of boxes; the best-scored ones are read."""


_TALL = 1.5
"""A box this much taller than wide holds turned text (RapidOCR's own threshold) ..."""

_VERY_TALL = 2.5
"""... unless it may be a single upright digit, which is at most this tall."""

_MOSTLY = 0.5
"""From here on one finding counts as covered by another."""

_PLAIN = str.maketrans(
    {
        "\N{PRIME}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{DOUBLE PRIME}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{MULTIPLICATION SIGN}": "x",
        "\N{EN DASH}": "-",
    }
)
"""Marks of feet and inches as Textract spells them."""


class OcrReader:
    """Reads one page at a time; not safe for threads."""

    def __init__(self, options: OcrOptions | None = None) -> None:
        self._options = options or OcrOptions()
        self._engine: Any = RapidOCR(params=_engine_parameters(self._options))

    def read(self, page: Gray) -> list[ReadLine]:
        """The lines on ``page`` ((height, width), 0 is black), in reading order."""
        corners = self._find(page)
        crops = [_Crop.of(page, quad, self._options.text_height_px) for quad in corners]
        return self._read_crops(crops, page.shape)

    def _find(self, page: Gray) -> list[Corners]:
        fine = self._find_at(page, self._options.fine_side_px)
        coarse = self._find_at(page, self._options.coarse_side_px)
        found = merge_findings(fine, coarse)
        best = sorted(found, key=lambda finding: -finding.score)[: self._options.max_lines]
        return [finding.corners for finding in best]

    def _find_at(self, page: Gray, side_px: int) -> list["Finding"]:
        reduced, scale = _resized(page, side_px)
        found = self._engine(cv2.cvtColor(reduced, cv2.COLOR_GRAY2BGR))
        if found.boxes is None:
            return []
        return [
            Finding((box / scale).astype(np.float32), float(score))
            for box, score in zip(found.boxes, found.scores, strict=True)
        ]

    def _read_crops(self, crops: Sequence["_Crop"], shape: tuple[int, ...]) -> list[ReadLine]:
        ways = [(index, way) for index, crop in enumerate(crops) for way in crop.ways]
        if not ways:
            return []
        read = self._engine.recognize_txt([way.pixels for _, way in ways])
        best: dict[int, tuple[float, ReadLine]] = {}
        for (index, way), text, score, info in zip(
            ways, read.txts, read.scores, read.word_results, strict=True
        ):
            line = _line(text, info, way.quad(shape))
            if line and score >= self._options.min_score and score > best.get(index, (0.0,))[0]:
                best[index] = (score, line)
        return [best[index][1] for index in sorted(best)]


@dataclass(frozen=True, slots=True)
class Finding:
    """Where text was found on the page, in pixels; ``score`` is 0 to 1."""

    corners: Corners
    score: float

    @property
    def area(self) -> float:
        width, height = _size(self.corners)
        return width * height

    def shared_area(self, other: "Finding") -> float:
        """Of the upright boxes around both."""
        low = np.maximum(self.corners.min(axis=0), other.corners.min(axis=0))
        high = np.minimum(self.corners.max(axis=0), other.corners.max(axis=0))
        sides = np.maximum(high - low, 0.0)
        return float(sides[0] * sides[1])


def merge_findings(fine: Sequence[Finding], coarse: Sequence[Finding]) -> list[Finding]:
    """Both looks at a page as one: a label found twice is kept from the look that saw more of it."""
    kept = list(fine)
    for finding in coarse:
        same = [other for other in kept if finding.shared_area(other) > 0]
        covered = sum(finding.shared_area(other) for other in same)
        if covered < _MOSTLY * finding.area:
            kept = [other for other in kept if finding.shared_area(other) < _MOSTLY * other.area]
            kept.append(finding)
    return kept


@dataclass(frozen=True, slots=True)
class _Way:
    """One way of holding a crop to read it."""

    pixels: NDArray[np.uint8]
    corners: Corners

    def quad(self, shape: tuple[int, ...]) -> Quad:
        height, width = shape[:2]
        points: list[Point] = [
            (min(max(float(x) / width, 0.0), 1.0), min(max(float(y) / height, 0.0), 1.0))
            for x, y in self.corners
        ]
        return (points[0], points[1], points[2], points[3])


@dataclass(frozen=True, slots=True)
class _Crop:
    """A piece of the page with text in it, and the ways it may have to be held."""

    ways: tuple[_Way, ...]

    @classmethod
    def of(cls, page: Gray, corners: Corners, text_height_px: int) -> "_Crop":
        width, height = _size(corners)
        turns: tuple[int, ...] = (0,)
        if height >= _TALL * width:
            turns = (1, 3) if height >= _VERY_TALL * width else (0, 1, 3)
        held = [np.roll(corners, -turn, axis=0) for turn in turns]
        return cls(tuple(_Way(_cut_out(page, quad, text_height_px), quad) for quad in held))


def _size(corners: Corners) -> tuple[float, float]:
    top = float(np.linalg.norm(corners[1] - corners[0]))
    side = float(np.linalg.norm(corners[3] - corners[0]))
    return max(top, 1.0), max(side, 1.0)


def _cut_out(page: Gray, corners: Corners, text_height_px: int) -> NDArray[np.uint8]:
    width, height = _size(corners)
    size = (max(1, round(width)), max(1, round(height)))
    target = np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]], dtype=np.float32)
    crop = cv2.warpPerspective(
        page,
        cv2.getPerspectiveTransform(corners, target),
        size,
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    if size[1] > text_height_px:
        shrunk = (max(1, round(width * text_height_px / height)), text_height_px)
        crop = cv2.resize(crop, shrunk, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(crop, cv2.COLOR_GRAY2BGR), dtype=np.uint8)


def _resized(page: Gray, side_px: int) -> tuple[Gray, float]:
    """The page with a long side of ``side_px``, and its size relative to the page."""
    height, width = page.shape
    scale = side_px / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(page, size, interpolation=how), dtype=np.uint8), scale


def _line(text: str, info: Any, quad: Quad) -> ReadLine | None:
    """Words placed along the line by the columns in which the recogniser saw their letters."""
    words = []
    confidences = [sure for letter, sure in zip(text, info.confs, strict=False) if not letter.isspace()]
    for letters, columns in zip(info.words, info.word_cols, strict=True):
        of_word, confidences = confidences[: len(letters)], confidences[len(letters) :]
        plain = _plain("".join(letters))
        if plain:
            start, end = columns[0] / info.line_txt_len, (columns[-1] + 1) / info.line_txt_len
            part = part_of_quad(quad, max(0.0, start), min(1.0, end))
            words.append(ReadWord(plain, part, 100 * float(np.mean(of_word))))
    return ReadLine(tuple(words), quad) if words else None


def _plain(text: str) -> str:
    """Latin letters, digits and signs: what Textract reads. The model also knows Chinese."""
    normal = unicodedata.normalize("NFC", text.translate(_PLAIN))
    return "".join(letter for letter in normal if ord(letter) < 0x250)


def _engine_parameters(options: OcrOptions) -> dict[str, Any]:
    models = Path(rapidocr.__file__).parent / "models"
    return {
        "Global.log_level": "error",
        "Global.use_cls": False,
        "Global.use_rec": False,
        "Global.use_preprocess_img": False,
        "Global.return_word_box": True,
        # Named so that nothing is looked for on the network.
        "Det.model_path": str(_model(models, "*_det_*.onnx")),
        "Rec.model_path": str(_model(models, "*_rec_*.onnx")),
        # The page comes at its final size; one pixel is a bound that no page falls below.
        "Det.limit_type": "min",
        "Det.limit_side_len": 1,
        "Rec.rec_img_shape": [3, options.text_height_px, options.min_text_width_px],
        "EngineConfig.onnxruntime.intra_op_num_threads": options.threads,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }


def _model(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise FileNotFoundError(f"Expected one RapidOCR model {pattern} in {folder}, found {len(found)}")
    return found[0]
