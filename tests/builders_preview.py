"""Things of the preview service to test with; every field has a value until a test cares about it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from preview.domain.cache_entry import CacheEntry
from preview.domain.job import Job, JobStatus
from preview.domain.page import LoadedPage, PageInfo
from preview.domain.page_work import DEFAULT_TIMES, PageCounts, PageStatus, PageWork
from preview.domain.preview import Preview, Timing
from preview.domain.result_keys import analysis_key
from preview.domain.room import Box, Point, RejectedCandidate, RejectionReason, Room, Word
from preview.domain.text_analysis import OcrResult, TextAnalysis, TextBlock, TextMetadata

JOB_ID = "job_20240115103000_k3v9q2m4d8x1z"
OTHER_JOB_ID = "job_20240115103001_7c2w0n5r9f3ht"
OWNER = "local"
NOW = datetime(2024, 1, 15, 10, 30, tzinfo=UTC)
EXPIRES_AT = NOW + timedelta(days=7)
SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def a_job(job_id: str = JOB_ID, status: JobStatus = JobStatus.PENDING, **changes: Any) -> Job:
    job = Job(
        job_id=job_id,
        owner=OWNER,
        version=1,
        status=status,
        blueprint_s3_key=f"blueprints/{job_id}/plan.png",
        blueprint_format="png",
        blueprint_hash=SHA256,
        blueprint_size_bytes=1000,
        page_count=3,
        expires_at=EXPIRES_AT,
        blueprint_filename="plan.png",
    )
    return replace(job, **changes)


def a_room(number: int = 1, box: Box = (50.0, 50.0, 200.0, 300.0), name: str | None = "KITCHEN") -> Room:
    return Room(f"room_{number:03d}", box, ring_of(box), name, 0.75)


def a_rejected_candidate(
    reason: RejectionReason = RejectionReason.FURNITURE, box: Box = (60.0, 60.0, 90.0, 80.0)
) -> RejectedCandidate:
    return RejectedCandidate(box, ring_of(box), reason)


def ring_of(box: Box) -> tuple[Point, ...]:
    x_min, y_min, x_max, y_max = box
    return ((x_min, y_min), (x_max, y_min), (x_max, y_max), (x_min, y_max))


def a_word(text: str = "KITCHEN", box: Box = (100.0, 100.0, 150.0, 110.0), source: Any = "textract") -> Word:
    return Word(text, box, 1.0 if source == "text_layer" else 0.98, source)


def a_page(number: int = 1, **changes: Any) -> PageInfo:
    return replace(PageInfo(number, count=3, width_px=3300, height_px=2550, rotation=0), **changes)


def a_loaded_page(words: tuple[Word, ...] = (), png: bytes | None = b"png", number: int = 1) -> LoadedPage:
    return LoadedPage(a_page(number), words, png)


def a_preview(job_id: str = JOB_ID, page: int = 1, **changes: Any) -> Preview:
    preview = Preview(
        job_id=job_id,
        page=a_page(page),
        rooms=(a_room(),),
        withheld=(a_rejected_candidate(),),
        timing=Timing(0.05, 0.2, 2.4, 0.4, 3.2),
        model_version="1.0.0",
        degraded=(),
        timestamp=NOW,
    )
    return replace(preview, **changes)


def an_entry(job_id: str = JOB_ID, **changes: Any) -> CacheEntry:
    return CacheEntry(a_preview(job_id, **changes))


def a_work(job_id: str = JOB_ID, page: int = 1, **changes: Any) -> PageWork:
    """A page that waits in the queue."""
    work = PageWork(
        job_id=job_id,
        page=page,
        status=PageStatus.QUEUED,
        updated_at=NOW,
        expires_at=EXPIRES_AT,
        due_at=NOW + DEFAULT_TIMES.visibility_timeout,
        round=1,
    )
    return replace(work, **changes)


def some_counts(job_id: str = JOB_ID, **changes: Any) -> PageCounts:
    return replace(PageCounts(job_id, OWNER, EXPIRES_AT), **changes)


def a_block(text: str | None = "KITCHEN", kind: str = "WORD", block_id: str = "block-1") -> TextBlock:
    return TextBlock(block_id, kind, text, 0.98, (100.0, 100.0, 150.0, 110.0))


def an_ocr_result(*words: Word) -> OcrResult:
    blocks = tuple(a_block(word.text, "WORD", f"block-{n}") for n, word in enumerate(words))
    return OcrResult(words, blocks, (a_block(None, "LAYOUT_FIGURE", "layout-1"),), "1.0")


def an_analysis(job_id: str = JOB_ID, page: int = 1) -> TextAnalysis:
    return TextAnalysis(
        job_id=job_id,
        s3_key=analysis_key(job_id, page),
        text_blocks=(a_block(),),
        layout_blocks=(TextBlock("layout-1", "LAYOUT_TEXT", None, 0.9, (0.0, 0.0, 9.5, 9.5), ("block-1",)),),
        metadata=TextMetadata(page, 3, "textract", ("LAYOUT",), "1.0", 1, 0),
        timestamp=NOW,
    )
