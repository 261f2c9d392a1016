"""The benchmark as a person runs it, on one plan whose rooms are known exactly."""

import json
import subprocess
import sys
from pathlib import Path

import cv2
import pytest

from builders_rooms import House

BENCH = Path(__file__).parents[2] / "benchmarks" / "rooms" / "bench_rooms.py"


@pytest.fixture
def plans(house: House, tmp_path: Path) -> Path:
    folder = tmp_path / "plans" / "drawn"
    folder.mkdir(parents=True)
    cv2.imwrite(str(folder / "house.png"), house.gray)
    height, width = house.gray.shape
    rooms = []
    for x_min, y_min, x_max, y_max in house.boxes:
        box = [x_min * width / 1000, y_min * height / 1000, x_max * width / 1000, y_max * height / 1000]
        ring = [[box[0], box[1]], [box[2], box[1]], [box[2], box[3]], [box[0], box[3]]]
        rooms.append({"bounding_box": box, "polygon": ring, "label": None})
    # A room nobody drew: found by none, so recall is 6 of 7.
    rooms.append({"bounding_box": [2, 2, 60, 60], "polygon": [[2, 2], [60, 2], [60, 60]], "label": None})
    facts = {"image": "house.png", "width": width, "height": height, "rooms": rooms}
    (folder / "house.json").write_text(json.dumps(facts))
    return tmp_path / "plans"


def test_the_benchmark_prints_a_table_and_writes_pictures_and_predictions(
    plans: Path, tmp_path: Path
) -> None:
    options = ["--no-words", "--gallery", str(tmp_path / "gallery"), "--out", str(tmp_path / "out")]
    done = subprocess.run(
        [sys.executable, str(BENCH), "--plans", str(plans), *options],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    head, row = done.stdout.splitlines()[1:]
    figures = dict(zip(head.split(), row.split(), strict=False))
    assert (figures["set"], figures["P"], figures["R"]) == ("drawn", "1.000", "0.857")
    assert figures["F1@.5"] == figures["F1@.75"] == figures["poly@.5"] == "0.923"
    assert figures["names"] == "-"
    assert (tmp_path / "gallery" / "drawn" / "house.png").exists()
    assert len(json.loads((tmp_path / "out" / "drawn" / "house.json").read_text())["rooms"]) == 6
