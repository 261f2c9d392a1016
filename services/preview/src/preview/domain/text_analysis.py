"""The text of a page and its layout, as Textract read them and as they are stored for later stages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from preview.domain.room import Box, Word

TEXTRACT_PAGE_USD = {"FORMS": 0.05, "LAYOUT": 0.004, "SIGNATURES": 0.0035, "TABLES": 0.015}
"""Price of one page of AnalyzeDocument by feature, us-east-1, first million pages of a month.

Source: https://aws.amazon.com/textract/pricing/
"""

TextSource = Literal["textract", "text_layer"]


@dataclass(frozen=True, slots=True)
class TextBlock:
    """One block of text or layout.

    ``kind`` is Textract's type: ``LINE``, ``WORD``, ``LAYOUT_TITLE`` and so on; ``text`` is None for a block
    that only groups others; ``confidence`` is 0 to 1; ``children`` are ids of blocks inside this one.
    """

    id: str
    kind: str
    text: str | None
    confidence: float
    bounding_box: Box
    children: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OcrResult:
    """What Textract read on one page."""

    words: tuple[Word, ...]
    text_blocks: tuple[TextBlock, ...]
    layout_blocks: tuple[TextBlock, ...]
    model_version: str | None


@dataclass(frozen=True, slots=True)
class TextMetadata:
    """Where the text came from: ``text_source`` is None where there was none to be had."""

    page: int
    page_count: int
    text_source: TextSource | None
    features: tuple[str, ...]
    textract_model_version: str | None
    textract_pages: int
    text_layer_words: int

    @property
    def estimated_usd(self) -> float:
        return self.textract_pages * sum(TEXTRACT_PAGE_USD[feature] for feature in self.features)


@dataclass(frozen=True, slots=True)
class TextAnalysis:
    """The analysis of one page of one job, stored at ``s3_key``."""

    job_id: str
    s3_key: str
    text_blocks: tuple[TextBlock, ...]
    layout_blocks: tuple[TextBlock, ...]
    metadata: TextMetadata
    timestamp: datetime


def blocks_of(words: Sequence[Word]) -> tuple[TextBlock, ...]:
    """Words of a PDF's own text as the blocks that stand in when Textract gave none."""
    return tuple(
        TextBlock(f"text-layer-{number}", "WORD", word.text, word.confidence, word.box)
        for number, word in enumerate(words, start=1)
    )
