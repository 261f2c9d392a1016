"""Writes what was read as Textract's blocks, as botocore's model of ``AnalyzeDocument`` has them."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import uuid4

from local_aws.textract.layout import layout_of
from local_aws.textract.lines import Box, Quad, ReadLine, box_around, quad_of_box

MODEL_VERSION = "1.0"
LAYOUT_CONFIDENCE = 90.0
"""The grouping is a rule and knows no doubt; a constant says as much."""

Block = dict[str, Any]
_WHOLE_PAGE = Box(0.0, 0.0, 1.0, 1.0)


def analyze_document_response(lines: list[ReadLine], features: Collection[str]) -> dict[str, Any]:
    """The answer of ``AnalyzeDocument``: PAGE, LINE, WORD and, if asked for, LAYOUT_* blocks."""
    line_blocks, word_blocks = _text_blocks(lines)
    layout_blocks = _layout_blocks(lines, line_blocks) if "LAYOUT" in features else []
    page = _block("PAGE", quad_of_box(_WHOLE_PAGE), children=[*line_blocks, *layout_blocks])
    return {
        "DocumentMetadata": {"Pages": 1},
        "Blocks": [page, *line_blocks, *word_blocks, *layout_blocks],
        "AnalyzeDocumentModelVersion": MODEL_VERSION,
    }


def _text_blocks(lines: list[ReadLine]) -> tuple[list[Block], list[Block]]:
    line_blocks, word_blocks = [], []
    for line in lines:
        words = [
            _block("WORD", word.quad, Confidence=word.confidence, Text=word.text, TextType="PRINTED")
            for word in line.words
        ]
        word_blocks += words
        line_blocks.append(
            _block("LINE", line.quad, children=words, Confidence=line.confidence, Text=line.text)
        )
    return line_blocks, word_blocks


def _layout_blocks(lines: list[ReadLine], line_blocks: Sequence[Block]) -> list[Block]:
    return [
        _block(
            layout.kind,
            quad_of_box(layout.box),
            children=[line_blocks[number] for number in layout.line_numbers],
            Confidence=LAYOUT_CONFIDENCE,
        )
        for layout in layout_of(lines)
    ]


def _block(kind: str, quad: Quad, *, children: Sequence[Block] = (), **fields: Any) -> Block:
    block: Block = {"BlockType": kind, "Id": str(uuid4()), "Geometry": _geometry(quad), "Page": 1, **fields}
    if children:
        block["Relationships"] = [{"Type": "CHILD", "Ids": [child["Id"] for child in children]}]
    return block


def _geometry(quad: Quad) -> dict[str, Any]:
    box = box_around(quad)
    return {
        "BoundingBox": {"Width": box.width, "Height": box.height, "Left": box.left, "Top": box.top},
        "Polygon": [{"X": x, "Y": y} for x, y in quad],
    }
