"""Pages analysed and drawn in real children, down to the files made to hurt them."""

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from blueprint_files import (
    encoded,
    encrypted_pdf,
    marked_plan,
    million_paths_pdf,
    plan_pdf,
    unpacking_bomb_pdf,
)
from plan_library import plan_path
from preview.adapters.page_analyser import PAGE_LIMITS, SANDBOX_MODULE, SandboxPageAnalyser
from preview.domain.errors import DeadlineExceeded, DetectionTimeout, NoSuchPage, UnreadableBlueprint
from preview.domain.page import LoadedPage, PageInfo
from preview.domain.picture import PicturedRoom
from preview.domain.room import Room, Word
from preview.domain.scale import PageSize
from preview.rooms import Region, name_rooms
from shared import context
from shared.context import RequestContext
from shared.deadline import Deadline
from shared.errors import DependencyUnavailable
from shared.sandbox import SandboxLimits, SandboxPool

PATIENCE_SECONDS = 60.0
SIZE = PageSize(1400, 1050)


@pytest.fixture(scope="module")
def analyser() -> Iterator[SandboxPageAnalyser]:
    with SandboxPool(size=2, preload=(SANDBOX_MODULE,), limits=PAGE_LIMITS) as pool:
        yield SandboxPageAnalyser(pool)


@pytest.fixture
def stored(tmp_path: Path):
    def stored(content: bytes) -> Path:
        path = tmp_path / "blueprint"
        path.write_bytes(content)
        return path

    return stored


def page_of(
    analyser: SandboxPageAnalyser, path: Path, blueprint_format: str, cpu_seconds: float = PATIENCE_SECONDS
) -> LoadedPage:
    with analyser.analyse(path, blueprint_format, 1, path.stat().st_size) as analysis:
        return analysis.page(PATIENCE_SECONDS, cpu_seconds)


def test_a_pdf_page_comes_with_its_words_and_regions(analyser: SandboxPageAnalyser, stored) -> None:
    path = stored(plan_pdf("/MediaBox [0 0 792 612] /Rotate 90"))
    with analyser.analyse(path, "pdf", 1, path.stat().st_size) as analysis:
        page = analysis.page(PATIENCE_SECONDS, PATIENCE_SECONDS)
        regions = analysis.regions(PATIENCE_SECONDS)
    assert page.page == PageInfo(1, 1, 2550, 3300, 90, width_mm=215.9, height_mm=279.4)
    assert [(word.text, word.source) for word in page.words] == [("KITCHEN", "text_layer")]
    assert isinstance(page.words[0].box, tuple)
    assert page.textract_png is not None
    assert page.textract_png.startswith(b"\x89PNG")
    assert isinstance(regions, list)


def test_rooms_are_found_in_a_picture_that_textract_reads_itself(analyser: SandboxPageAnalyser) -> None:
    path = plan_path("house_12_rooms.png")
    with analyser.analyse(path, "png", 1, path.stat().st_size) as analysis:
        assert analysis.page(PATIENCE_SECONDS, PATIENCE_SECONDS).textract_png is None
        assert analysis.regions(PATIENCE_SECONDS)


def test_detection_that_is_late_is_told_apart(analyser: SandboxPageAnalyser, stored) -> None:
    path = stored(plan_pdf())
    with analyser.analyse(path, "pdf", 1, path.stat().st_size) as analysis:
        analysis.page(PATIENCE_SECONDS, PATIENCE_SECONDS)
        with pytest.raises(DetectionTimeout):
            analysis.regions(0.0)


def test_rooms_are_named_in_a_child(analyser: SandboxPageAnalyser) -> None:
    path = plan_path("house_12_rooms.png")
    with analyser.analyse(path, "png", 1, path.stat().st_size) as analysis:
        analysis.page(PATIENCE_SECONDS, PATIENCE_SECONDS)
        regions = analysis.regions(PATIENCE_SECONDS)
    whole = max(regions, key=lambda region: region["area"])
    x_min, y_min, _, _ = whole["box"]
    read = Word("KITCHEN", (x_min + 5, y_min + 5, x_min + 45, y_min + 15), 0.9, "textract")
    own = replace(read, text="Kitchen", confidence=1.0, source="text_layer")
    named = analyser.name_rooms(regions, [read], [own], SIZE, PATIENCE_SECONDS)
    assert named == name_rooms([Region.from_json(region) for region in regions], [read])
    assert "KITCHEN" in {room.name_hint for room in named.rooms}
    assert named.rejected


def test_sizes_printed_in_rooms_tell_the_scale(analyser: SandboxPageAnalyser) -> None:
    path = plan_path("house_12_rooms.png")
    with analyser.analyse(path, "png", 1, path.stat().st_size) as analysis:
        size = analysis.page(PATIENCE_SECONDS, PATIENCE_SECONDS).page.size
        regions = analysis.regions(PATIENCE_SECONDS)
    x, y = (0.005 * px for px in size.px_per_unit)
    rooms = analyser.name_rooms(regions, [], [], size, PATIENCE_SECONDS).rooms
    words = [_printed_size(room, x, y) for room in rooms]
    named = analyser.name_rooms(regions, words, [], size, PATIENCE_SECONDS)
    assert named.scale is not None
    assert named.scale.metres_per_unit == pytest.approx((x, y), rel=0.01)
    assert all(room.printed_size_m for room in named.rooms)


def _printed_size(room: Room, x_m: float, y_m: float) -> Word:
    """The size of the room's box, printed in its middle."""
    x_min, y_min, x_max, y_max = room.bounding_box
    text = f"{(x_max - x_min) * x_m:.2f}x{(y_max - y_min) * y_m:.2f}m"
    x, y = (x_min + x_max) / 2, (y_min + y_max) / 2
    return Word(text, (x - 10, y - 2, x + 10, y + 2), 0.9, "textract")


def test_a_child_is_told_how_words_run(analyser: SandboxPageAnalyser) -> None:
    path = plan_path("house_12_rooms.png")
    with analyser.analyse(path, "png", 1, path.stat().st_size) as analysis:
        analysis.page(PATIENCE_SECONDS, PATIENCE_SECONDS)
        regions = analysis.regions(PATIENCE_SECONDS)
    x, y, _, _ = max(regions, key=lambda region: region["area"])["box"]
    upwards = {"MASTER": (x + 5, y + 27, x + 25, y + 52), "BATH": (x + 5, y + 5, x + 25, y + 22)}
    words = [Word(text, box, 0.9, "textract", vertical=True) for text, box in upwards.items()]
    named = analyser.name_rooms(regions, words, [], SIZE, PATIENCE_SECONDS)
    assert "MASTER BATH" in {room.name_hint for room in named.rooms}


def test_naming_that_is_late_is_told_apart(analyser: SandboxPageAnalyser) -> None:
    words = [Word("12", (i / 3, 500.0, i / 3 + 0.25, 504.0), 1.0, "text_layer") for i in range(3000)]
    with pytest.raises(DetectionTimeout):
        analyser.name_rooms([], words, words, SIZE, 0.0)


def test_naming_waits_for_a_child_no_longer_than_it_may(stored) -> None:
    path = stored(plan_pdf())
    with SandboxPool(size=1, preload=(SANDBOX_MODULE,), limits=PAGE_LIMITS) as pool:
        analyser = SandboxPageAnalyser(pool)
        with analyser.analyse(path, "pdf", 1, path.stat().st_size), pytest.raises(DetectionTimeout):
            analyser.name_rooms([], [], [], SIZE, 0.0)


def test_the_page_is_drawn_with_its_rooms(analyser: SandboxPageAnalyser, stored) -> None:
    ring = ((100.0, 100.0), (500.0, 100.0), (500.0, 800.0), (100.0, 800.0))
    room = PicturedRoom(1, ring, ("Küche", "12.5 m²"))
    png = analyser.draw(
        stored(encoded(marked_plan((1200, 900)), "JPEG")),
        "jpg",
        1,
        [room],
        PATIENCE_SECONDS,
        PATIENCE_SECONDS,
    )
    assert Image.open(io.BytesIO(png)).size == (1400, 1050)


@pytest.mark.parametrize(
    ("content", "blueprint_format", "reason"),
    [
        (encrypted_pdf(), "pdf", "encrypted"),
        (plan_pdf(pages=10_000), "pdf", "too_many_pages"),
        (encoded(marked_plan(), "PNG")[:100], "png", "corrupt"),
        (bytes(range(256)) * 100, "jpg", "corrupt"),
    ],
    ids=["encrypted", "10,000 pages", "truncated", "random"],
)
def test_a_hostile_file_is_refused_with_its_reason(
    analyser: SandboxPageAnalyser, stored, content: bytes, blueprint_format: str, reason: str
) -> None:
    with pytest.raises(UnreadableBlueprint) as refusal:
        page_of(analyser, stored(content), blueprint_format)
    assert refusal.value.reason == reason


def test_a_page_that_would_take_minutes_is_cut_short(analyser: SandboxPageAnalyser, stored) -> None:
    path = stored(million_paths_pdf())
    for draw in (
        lambda: page_of(analyser, path, "pdf", 0.5),
        lambda: analyser.draw(path, "pdf", 1, [], PATIENCE_SECONDS, 0.5),
    ):
        with pytest.raises(UnreadableBlueprint) as refusal:
            draw()
        assert refusal.value.reason == "too_complex"
    assert page_of(analyser, stored(plan_pdf()), "pdf").page.count == 1


def test_a_page_that_is_not_drawn_in_time_is_not_called_too_complex(
    analyser: SandboxPageAnalyser, stored
) -> None:
    path = stored(plan_pdf())
    with analyser.analyse(path, "pdf", 1, path.stat().st_size) as task, pytest.raises(DeadlineExceeded):
        task.page(0.0, PATIENCE_SECONDS)
    with pytest.raises(DeadlineExceeded):
        analyser.draw(path, "pdf", 1, [], 0.0, PATIENCE_SECONDS)


def test_a_page_that_unpacks_to_gigabytes_costs_one_child(analyser: SandboxPageAnalyser, stored) -> None:
    with pytest.raises(UnreadableBlueprint) as refusal:
        page_of(analyser, stored(unpacking_bomb_pdf()), "pdf", 3.0)
    assert refusal.value.reason in ("too_complex", "corrupt")  # whether time or memory runs out first
    assert page_of(analyser, stored(plan_pdf()), "pdf").page.count == 1


def test_a_picture_too_large_for_its_memory_is_too_complex(stored) -> None:
    path = stored(encoded(Image.new("1", (9000, 9000)), "PNG"))
    limits = SandboxLimits(memory_bytes=150 << 20)
    with (
        SandboxPool(size=1, preload=(SANDBOX_MODULE,), limits=limits) as pool,
        pytest.raises(UnreadableBlueprint) as refusal,
    ):
        page_of(SandboxPageAnalyser(pool), path, "png")
    assert refusal.value.reason == "too_complex"


def test_a_page_that_is_not_there_is_named(analyser: SandboxPageAnalyser, stored) -> None:
    path = stored(plan_pdf(pages=2))
    with analyser.analyse(path, "pdf", 3, 1) as analysis, pytest.raises(NoSuchPage) as missing:
        analysis.page(PATIENCE_SECONDS, PATIENCE_SECONDS)
    assert missing.value.details == {"reason": "no_such_page", "page": 3, "page_count": 2}
    with pytest.raises(NoSuchPage):
        analyser.draw(path, "pdf", 3, [], PATIENCE_SECONDS, PATIENCE_SECONDS)


def test_waiting_for_a_child_ends_with_the_deadline(analyser: SandboxPageAnalyser, stored) -> None:
    path = stored(plan_pdf())
    with (
        context.using(RequestContext(deadline=Deadline.after(0.0))),
        pytest.raises(DependencyUnavailable),
        analyser.analyse(path, "pdf", 1, 1),
    ):
        pass
