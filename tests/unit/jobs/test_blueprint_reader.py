"""Headers of uploads, honest and hostile, read in real children."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Semaphore
from typing import Any

import numpy as np
import pytest
from PIL import Image

from blueprint_files import (
    encoded,
    encrypted_pdf,
    marked_plan,
    plan_pdf,
    png_bomb,
    png_chunk,
    raw_pdf,
    self_referring_pdf,
    turned,
    unpacking_bomb_pdf,
)
from jobs.adapters.blueprint_reader import HEADER_LIMITS, SANDBOX_MODULE, SandboxBlueprintReader
from jobs.domain.blueprint_file import BlueprintFacts
from jobs.domain.errors import NotABlueprint, UnreadableBlueprint
from shared.sandbox import (
    SandboxAnswer,
    SandboxBusy,
    SandboxCpuExceeded,
    SandboxCrashed,
    SandboxError,
    SandboxPool,
)

PATIENCE_SECONDS = 60.0
OWNER = "acme"
PNG = encoded(marked_plan(), "PNG")
JPG = encoded(marked_plan(), "JPEG")


@pytest.fixture(scope="module")
def pool() -> Iterator[SandboxPool]:
    with SandboxPool(size=2, preload=(SANDBOX_MODULE,), limits=HEADER_LIMITS) as pool:
        yield pool


@pytest.fixture(scope="module")
def reader(pool: SandboxPool) -> SandboxBlueprintReader:
    return SandboxBlueprintReader(pool, PATIENCE_SECONDS, PATIENCE_SECONDS)


@pytest.fixture
def stored(tmp_path: Path):
    def stored(content: bytes) -> Path:
        path = tmp_path / "upload"
        path.write_bytes(content)
        return path

    return stored


ACCEPTED = {
    "png": (PNG, BlueprintFacts("png", 1, 120, 80)),
    "jpg": (JPG, BlueprintFacts("jpg", 1, 120, 80)),
    "print colours": (encoded(marked_plan().convert("CMYK"), "JPEG"), BlueprintFacts("jpg", 1, 120, 80)),
    "turned, as stored": (turned(marked_plan(), 6), BlueprintFacts("jpg", 1, 80, 120)),
    "one pixel": (encoded(Image.new("1", (1, 1)), "PNG"), BlueprintFacts("png", 1, 1, 1)),
    "100 megapixels": (png_bomb(10_000, 10_000), BlueprintFacts("png", 1, 10_000, 10_000)),
    "pdf": (plan_pdf(), BlueprintFacts("pdf", 1, None, None)),
    "500 pages": (plan_pdf(pages=500), BlueprintFacts("pdf", 500, None, None)),
    "png and more": (PNG + b"trailing", BlueprintFacts("png", 1, 120, 80)),
    "jpg and more": (JPG + PNG, BlueprintFacts("jpg", 1, 120, 80)),
    "pdf and more": (plan_pdf() + b"\x00" * 5000, BlueprintFacts("pdf", 1, None, None)),
    "pdf after other bytes": (b"@PJL JOB\r\n" * 50 + plan_pdf(), BlueprintFacts("pdf", 1, None, None)),
    "png that is also a pdf": (PNG + plan_pdf(), BlueprintFacts("png", 1, 120, 80)),
    "pdf with no password to ask for": (encrypted_pdf(""), BlueprintFacts("pdf", 1, None, None)),
    "pdf that unpacks to gigabytes": (unpacking_bomb_pdf(100), BlueprintFacts("pdf", 1, None, None)),
    "png cut off in its pixels": (PNG[:-60], BlueprintFacts("png", 1, 120, 80)),
}


@pytest.mark.parametrize(("content", "facts"), ACCEPTED.values(), ids=ACCEPTED.keys())
def test_facts_are_what_the_header_says(reader, stored, content: bytes, facts: BlueprintFacts) -> None:
    assert reader.read(stored(content), OWNER) == facts


NO_BLUEPRINTS = {
    "gif": (encoded(marked_plan(), "GIF"), "gif"),
    "webp": (encoded(marked_plan(), "WEBP"), "webp"),
    "tiff": (encoded(marked_plan(), "TIFF"), "tiff"),
    "bmp": (encoded(marked_plan(), "BMP"), "bmp"),
    "gif that is also a pdf": (encoded(marked_plan(), "GIF") + plan_pdf(), "gif"),
    "web page": (b"<html><script>alert(1)</script>" + plan_pdf(), "html"),
    "random": (np.random.default_rng(0).bytes(5000), None),
    "signature and nothing": (b"\x89PNG\r\n\x1a\n", None),
    "png signature on a jpg": (b"\x89PNG\r\n\x1a\n" + JPG, None),
    "jpg signature on a png": (b"\xff\xd8\xff" + PNG, None),
    "pdf header and nothing": (b"%PDF-1.7\n" + b"no objects " * 100, None),
    "no width": (b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", bytes(4) + b"\0\0\0\1\1\0\0\0\0"), None),
    "empty": (b"", None),
}


@pytest.mark.parametrize(("content", "found"), NO_BLUEPRINTS.values(), ids=NO_BLUEPRINTS.keys())
def test_other_files_are_called_what_they_are(reader, stored, content: bytes, found: str | None) -> None:
    with pytest.raises(NotABlueprint) as refusal:
        reader.read(stored(content), OWNER)
    assert refusal.value.found_format == found


UNREADABLE = {
    "one pixel too many": (png_bomb(100_000_001, 1), "too_many_pixels"),
    "wide and high": (png_bomb(10_001, 10_048), "too_many_pixels"),
    "encrypted": (encrypted_pdf(), "encrypted"),
    "501 pages": (plan_pdf(pages=501), "too_many_pages"),
    "10,000 pages": (plan_pdf(pages=10_000), "too_many_pages"),
    "pages that are their own parents": (self_referring_pdf(), "too_many_pages"),
    "no pages": (raw_pdf([]), "corrupt"),
}


@pytest.mark.parametrize(("content", "reason"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_blueprints_beyond_the_limits_are_refused_with_advice(
    reader, stored, content: bytes, reason: str
) -> None:
    with pytest.raises(UnreadableBlueprint) as refusal:
        reader.read(stored(content), OWNER)
    assert refusal.value.details == {"reason": reason}
    assert str(refusal.value).endswith(".")


@pytest.mark.parametrize("content", [PNG, JPG, plan_pdf()], ids=["png", "jpg", "pdf"])
def test_a_file_cut_off_anywhere_is_accepted_or_refused_but_nothing_else(
    reader, stored, content: bytes
) -> None:
    for end in range(0, len(content), 1 + len(content) // 25):
        try:
            assert reader.read(stored(content[:end]), OWNER).page_count == 1
        except (NotABlueprint, UnreadableBlueprint):
            continue


class PoolOfSlowFiles:
    """Children that have not read their file until they are told to."""

    def __init__(self) -> None:
        self.reading = Semaphore(0)
        self.done = Event()

    @contextmanager
    def start(self, task: str, request: dict[str, Any]) -> Iterator["PoolOfSlowFiles"]:
        self.reading.release()
        yield self

    def receive(self, timeout_seconds: float, cpu_seconds: float) -> SandboxAnswer:
        assert self.done.wait(PATIENCE_SECONDS)
        return SandboxAnswer({"page_count": 1, "width_px": 120, "height_px": 80}, b"")


def test_slow_files_of_one_owner_take_one_child_at_a_time(stored) -> None:
    slow, path = PoolOfSlowFiles(), stored(PNG)
    reader = SandboxBlueprintReader(slow, owner_wait_seconds=0.0)
    with ThreadPoolExecutor(2) as threads:
        reads = [threads.submit(reader.read, path, "greedy")]
        assert slow.reading.acquire(timeout=PATIENCE_SECONDS)
        with pytest.raises(SandboxBusy):
            reader.read(path, "greedy")
        reads.append(threads.submit(reader.read, path, OWNER))
        assert slow.reading.acquire(timeout=PATIENCE_SECONDS)
        slow.done.set()
        assert [read.result().page_count for read in reads] == [1, 1]
    assert reader.read(path, "greedy").page_count == 1


def test_a_file_waits_for_another_of_its_owner(stored) -> None:
    slow, path = PoolOfSlowFiles(), stored(PNG)
    reader = SandboxBlueprintReader(slow, owner_wait_seconds=PATIENCE_SECONDS)
    with ThreadPoolExecutor(2) as threads:
        reads = [threads.submit(reader.read, path, OWNER) for _ in range(2)]
        assert slow.reading.acquire(timeout=PATIENCE_SECONDS)
        slow.done.set()
        assert [read.result().page_count for read in reads] == [1, 1]


class PoolOfVictims:
    """Every child of which ends over its file, with ``error``."""

    def __init__(self, error: SandboxError) -> None:
        self.error = error

    @contextmanager
    def start(self, task: str, request: dict[str, Any]) -> Iterator["PoolOfVictims"]:
        yield self

    def receive(self, timeout_seconds: float, cpu_seconds: float) -> SandboxAnswer:
        raise self.error


@pytest.mark.parametrize(
    ("error", "reason"), [(SandboxCrashed("died"), "corrupt"), (SandboxCpuExceeded(2.0), "too_complex")]
)
def test_a_header_that_takes_its_reader_along_is_refused(stored, error: SandboxError, reason: str) -> None:
    with pytest.raises(UnreadableBlueprint) as refusal:
        SandboxBlueprintReader(PoolOfVictims(error)).read(stored(PNG), OWNER)
    assert refusal.value.details == {"reason": reason}


def test_a_header_that_a_busy_machine_does_not_read_in_time_is_not_blamed(pool: SandboxPool, stored) -> None:
    with pytest.raises(SandboxBusy):
        SandboxBlueprintReader(pool, header_wait_seconds=0.0).read(stored(PNG), OWNER)
