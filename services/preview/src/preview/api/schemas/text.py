"""The text of a page."""

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from preview.api.schemas.fields import JOB_ID_EXAMPLE, Box, integer_field, share_field, string_field
from shared.http.fields import Time


class TextBlockSchema(ma.Schema):
    """A block of text or layout, as Textract has them."""

    id = string_field("Unique within the page.", "5f6d2c1e-9a41-4d0e-8a32-0f5b4f0a7c11")
    kind = string_field("`LINE`, `WORD`, `LAYOUT_TITLE` and so on.", "WORD")
    text = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Null for a block that only groups others.", "example": "KITCHEN"},
    )
    confidence = share_field("Textract's own, from 0 to 1.")
    bounding_box = Box()
    children = fields.List(
        fields.String(), required=True, metadata={"description": "Ids of the blocks inside.", "example": []}
    )


class _TextBlocks(fields.List[Any]):
    """A page may have 20,000; marshmallow takes twenty times as long, field by field (measured)."""

    def __init__(self) -> None:
        super().__init__(fields.Nested(TextBlockSchema), required=True)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> list[dict[str, Any]]:
        return [
            {
                "id": block.id,
                "kind": block.kind,
                "text": block.text,
                "confidence": block.confidence,
                "bounding_box": block.bounding_box,
                "children": block.children,
            }
            for block in value
        ]


class AnalysisMetadataSchema(ma.Schema):
    page = integer_field("From 1.", 1)
    page_count = integer_field("Pages of the blueprint.", 3)
    text_source = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(["textract", "text_layer", None]),
        metadata={"description": "Null where no text was read.", "example": "textract"},
    )
    features = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Textract features that were requested.", "example": ["LAYOUT"]},
    )
    textract_model_version = fields.String(required=True, allow_none=True, metadata={"example": "1.0"})
    textract_pages = integer_field("Pages sent to Textract.", 1)
    text_layer_words = integer_field("Words of the PDF's own text.", 0)


class AnalysisSchema(ma.Schema):
    """Text and layout of one page."""

    job_id = string_field("The job's id.", JOB_ID_EXAMPLE)
    s3_key = string_field("Where it is stored.", f"cache/textract/{JOB_ID_EXAMPLE}/analysis.json")
    text_blocks = _TextBlocks()
    layout_blocks = _TextBlocks()
    metadata = fields.Nested(AnalysisMetadataSchema, required=True)
    timestamp = Time("When the text was read.")
