"""Textract's AnalyzeDocument, one page at a time."""

from collections.abc import Sequence
from typing import Any

from preview.domain.budget import TEXTRACT_SECONDS
from preview.domain.room import PAGE_SIDE, Word
from preview.domain.text_analysis import OcrResult, TextBlock
from shared.aws import dependency
from shared.circuit_breaker import CircuitBreaker
from shared.errors import DependencyFailed
from shared.metrics import Metrics

_NAME = "Textract"


class TextractReader:
    """Reads from ``bucket`` or from bytes; words with no text, which Textract may give, are left out.

    A Textract that stays away is not waited for: rooms without names in one second are better than in five.
    """

    def __init__(self, client: Any, bucket: str, metrics: Metrics) -> None:
        self._client = client
        self._bucket = bucket
        self._breaker = CircuitBreaker(_NAME, metrics, minimum_call_seconds=TEXTRACT_SECONDS)

    def read(self, blueprint_s3_key: str, png: bytes | None, features: Sequence[str]) -> OcrResult:
        with self._breaker.guard():
            return self._read(blueprint_s3_key, png, features)

    @dependency(_NAME)
    def _read(self, blueprint_s3_key: str, png: bytes | None, features: Sequence[str]) -> OcrResult:
        document: dict[str, Any] = (
            {"S3Object": {"Bucket": self._bucket, "Name": blueprint_s3_key}}
            if png is None
            else {"Bytes": png}
        )
        answer = self._client.analyze_document(Document=document, FeatureTypes=list(features))
        try:
            blocks = [_block(found) for found in answer["Blocks"]]
            vertical = [_runs_vertically(found["Geometry"]) for found in answer["Blocks"]]
        except (KeyError, TypeError) as exc:
            raise DependencyFailed(_NAME) from exc
        return OcrResult(
            words=tuple(
                Word(block.text, block.bounding_box, block.confidence, "textract", runs_vertically)
                for block, runs_vertically in zip(blocks, vertical, strict=True)
                if block.kind == "WORD" and block.text
            ),
            text_blocks=tuple(block for block in blocks if block.kind in ("LINE", "WORD")),
            layout_blocks=tuple(block for block in blocks if block.kind.startswith("LAYOUT_")),
            model_version=answer.get("AnalyzeDocumentModelVersion"),
        )


def _runs_vertically(geometry: dict[str, Any]) -> bool | None:
    """By the first side of the polygon, which lies along the top of the letters; None without a polygon.

    Source: `orientationRadians` of Amazon's own reader,
    https://github.com/aws-samples/amazon-textract-response-parser
    """
    polygon = geometry.get("Polygon", ())
    if len(polygon) < 2:
        return None
    first, second = polygon[:2]
    return bool(abs(second["Y"] - first["Y"]) > abs(second["X"] - first["X"]))


def _block(found: dict[str, Any]) -> TextBlock:
    box = found["Geometry"]["BoundingBox"]
    left, top = box["Left"] * PAGE_SIDE, box["Top"] * PAGE_SIDE
    right, bottom = left + box["Width"] * PAGE_SIDE, top + box["Height"] * PAGE_SIDE
    return TextBlock(
        id=found["Id"],
        kind=found["BlockType"],
        text=found.get("Text"),
        confidence=round(found.get("Confidence", 0.0) / 100, 4),
        bounding_box=(round(left, 2), round(top, 2), round(right, 2), round(bottom, 2)),
        children=tuple(
            child
            for relation in found.get("Relationships", ())
            if relation["Type"] == "CHILD"
            for child in relation["Ids"]
        ),
    )
