"""What people corrected, exported and read by the room benchmark."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from builders_jobs import JOB_ID, job, page_rooms
from jobs.domain.feedback import Correction, Submission
from world_jobs import new_world


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    world = new_world(tmp_path)
    world.has(job())
    Image.new("L", (330, 255), 255).save(tmp_path / "plan.png")
    world.bucket.store(job().blueprint_s3_key, (tmp_path / "plan.png").read_bytes())
    world.preview.rooms = {1: page_rooms()}
    corrected = Correction(bounding_box=(100, 100, 200, 200), name="Bath", sets_name=True)
    said = Submission("wrong", room_id="room_001", correction=corrected)
    world.use_cases.give_feedback(JOB_ID, "ada", "key_1", [said], several=False)
    world.use_cases.export_feedback(tmp_path / "set")
    return tmp_path / "set"


def test_the_benchmark_reads_and_draws_what_was_exported(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "benchmarks/rooms"))
    from plans import load_gray, read_plans

    [plan] = read_plans(folder)
    assert (plan.set_name, plan.plan_id, plan.page) == ("feedback", f"{JOB_ID}.p1", 1)
    bath, hall = plan.rooms
    assert (bath.names, hall.names) == (("Bath",), ("Hall",))
    assert bath.polygon == ((100, 100), (200, 100), (200, 200), (100, 200))
    assert bath.box == (100, 100, 200, 200)
    gray = load_gray(plan)
    assert (gray.shape, gray.dtype) == ((2550, 3300), np.uint8)
