"""Data for tests of the jobs service."""

import base64
import hashlib
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image

from jobs.domain.blueprint_file import BlueprintFacts, StagedBlueprint
from jobs.domain.feedback import Computation, Entry, PageRooms, Verdict, entry_ids
from jobs.domain.idempotency import IdempotencyKey, IdempotencyRecord, RequestFingerprint
from jobs.domain.job import Job, JobError, JobStatus
from jobs.domain.job_rules import JobRules
from jobs.domain.upload import Upload
from jobs.settings import Settings

NOW = datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC)
JOB_ID = "job_20260301120000_0123456789abc"
UPLOAD_ID = "up_20260301120000_0123456789abc"
PNG_FACTS = BlueprintFacts("png", 1, 40, 30)
FOUND = Computation("1.0.0", NOW)
KEY_LEASE = timedelta(seconds=20)
RULES = JobRules(retention=timedelta(days=7), processing_timeout=timedelta(seconds=60), key_lease=KEY_LEASE)


def job(**changes: Any) -> Job:
    """A pending job of ``ada``, created `NOW`; processing ones began then."""
    base = Job(
        job_id=JOB_ID,
        owner="ada",
        status=JobStatus.PENDING,
        created_at=NOW,
        updated_at=NOW,
        expires_at=NOW.replace(microsecond=0) + timedelta(days=7),
        blueprint_s3_key=f"blueprints/{JOB_ID}/plan.png",
        blueprint_format="png",
        blueprint_hash="ab" * 32,
        blueprint_filename="plan.png",
        blueprint_size_bytes=1234,
        page_count=1,
        request_id="req_20260301120000_0123456789abc",
        correlation_id="import-7",
        api_version="v1",
    )
    status = changes.get("status", base.status)
    if status is JobStatus.PROCESSING:
        changes.setdefault("processing_since", changes.get("updated_at", NOW))
    if status is JobStatus.FAILED:
        changes.setdefault("error", JobError("UNREADABLE_BLUEPRINT", "It is damaged."))
    return replace(base, **changes)


def upload(**changes: Any) -> Upload:
    base = Upload(
        upload_id=UPLOAD_ID,
        owner="ada",
        created_at=NOW,
        usable_until=NOW + timedelta(minutes=15),
        expires_at=NOW.replace(microsecond=0) + timedelta(days=1),
    )
    return replace(base, **changes)


def key_record(**changes: Any) -> IdempotencyRecord:
    """A claim of ``ada``'s key ``first`` on a PNG, made `NOW`."""
    base = IdempotencyRecord(
        key_hash=IdempotencyKey("ada", "first").hash,
        fingerprint=RequestFingerprint("ab" * 32, "png"),
        lease_owner="one",
        leased_until=NOW + KEY_LEASE,
        expires_at=NOW.replace(microsecond=0) + timedelta(hours=24),
    )
    return replace(base, **changes)


def entry(number: int = 0, **changes: Any) -> Entry:
    """The ``number``th thing that was said about `JOB_ID`: that its first room is right."""
    at = NOW + timedelta(milliseconds=number)
    [feedback_id] = entry_ids(f"fb_{at:%Y%m%d%H%M%S}_0123456789abc", at, 1)
    base = Entry(
        feedback_id=feedback_id,
        job_id=JOB_ID,
        created_at=at,
        expires_at=NOW.replace(microsecond=0) + timedelta(days=7),
        author_key_id="key_1",
        verdict=Verdict.CORRECT,
        page=1,
        model_version=FOUND.model_version,
        computed_at=FOUND.computed_at,
        room_id="room_001",
    )
    return replace(base, **changes)


def page_rooms(page: int = 1, **changes: Any) -> PageRooms:
    """A kitchen and a hall beside it, as preview answers them."""
    rooms = [found_room("room_001", 100, "Kitchen"), found_room("room_002", 400, "Hall")]
    return replace(PageRooms(page, FOUND, 3300, 2550, rooms), **changes)


def found_room(room_id: str, left: float, name: str) -> dict[str, Any]:
    right = left + 200
    return {
        "id": room_id,
        "bounding_box": [left, 100.0, right, 300.0],
        "polygon": [[left, 100.0], [right, 100.0], [right, 300.0], [left, 300.0]],
        "name_hint": name,
        "room_type": None,
        "confidence": 0.75,
    }


def staged(path: Path, content: bytes) -> StagedBlueprint:
    path.write_bytes(content)
    return StagedBlueprint(path, len(content), hashlib.sha256(content).hexdigest())


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("L", size, 255).save(out, kind)
    return out.getvalue()


def pdf(pages: int = 1) -> bytes:
    """A PDF of empty pages."""
    out = io.BytesIO()
    sheets = [Image.new("L", (60, 40), 255) for _ in range(pages)]
    sheets[0].save(out, "PDF", save_all=True, append_images=sheets[1:])
    return out.getvalue()


def in_base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def settings(**changes: Any) -> Settings:
    base = Settings(
        environment="dev",
        region="us-east-1",
        log_level="INFO",
        api_keys_secret="location-detection/dev/api/keys",
        internal_token_secret="location-detection/dev/internal/token",
        parameters_path="/location-detection/dev",
        rate_limits_table="location-detection-dev-rate-limits",
        cors_origins=("*",),
        config_cache_seconds=300.0,
        retry_attempts=1,
        retry_base_seconds=0.01,
        jobs_table="location-detection-dev-jobs",
        uploads_table="location-detection-dev-uploads",
        idempotency_table="location-detection-dev-idempotency",
        feedback_table="location-detection-dev-feedback",
        blueprints_bucket="location-detection-dev-blueprints",
        preview_url="http://127.0.0.1:9",
        retention_days=7,
        processing_timeout_seconds=60.0,
        reconcile_after_seconds=900.0,
        reconcile_most_orphans=100,
        request_seconds=10.0,
    )
    return replace(base, **changes)
