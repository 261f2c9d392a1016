"""The benchmark in its parts, and as a person runs it on one plan whose rooms are known exactly."""

import json
import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from builders_rooms import House
from preview.domain.room import Room

sys.path.append(str(Path(__file__).parents[2] / "benchmarks" / "rooms"))

from ablation import VARIANTS
from baseline import Record, Verdict, keep, load, verdict
from bench_rooms import what_got_worse
from evaluation import Score, Tally, score_plan
from gallery_page import worst_first
from matching import match_rooms
from measuring import Outcome
from names import same_name
from plans import Plan, TrueRoom
from reliability import bins, calibration_error
from skewed import turned
from table import COLOURS, Cell, figure_cell, table

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
    # A closet nobody drew: found by none, so recall is 6 of 7.
    rooms.append({"bounding_box": [2, 2, 60, 60], "polygon": [[2, 2], [60, 2], [60, 60]], "label": "Closet"})
    facts = {"image": "house.png", "width": width, "height": height, "rooms": rooms}
    (folder / "house.json").write_text(json.dumps(facts))
    return tmp_path / "plans"


@pytest.mark.parametrize(
    ("name", "difference", "expected"),
    [
        ("F1@.5", -0.002, "worse"),
        ("F1@.5", -0.001, "same"),
        ("F1@.5", 0.001, "same"),
        ("F1@.5", 0.002, "better"),
        ("ECE", 0.002, "worse"),
        ("ECE", -0.002, "better"),
    ],
)
def test_a_figure_is_worse_when_it_changes_for_the_bad_by_more_than_a_rounding_step(
    name: str, difference: float, expected: Verdict
) -> None:
    assert verdict(name, difference) == expected


def test_differences_are_of_figures_known_both_times() -> None:
    before = Record(1, 7, {"F1@.5": 0.9, "names": None, "P": 0.5})
    now = Record(1, 7, {"F1@.5": 0.88, "names": 0.7, "P": None})
    assert now.differences(before) == {"F1@.5": -0.02}


@pytest.mark.parametrize("before", [None, Record(2, 7, {"P": 0.5}), Record(1, 8, {"P": 0.5})])
def test_figures_of_other_plans_are_not_compared(before: Record | None) -> None:
    assert Record(1, 7, {"P": 0.6}).differences(before) == {}


def test_a_kept_baseline_leaves_other_sets_and_modes_alone(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    assert load(path, "with words") == {}
    old, new = Record(1, 7, {"P": 0.5}), Record(1, 7, {"P": 0.75})
    keep(path, "with words", {"a": old, "b": old})
    keep(path, "without words", {"a": old})
    keep(path, "with words", {"a": new})
    assert load(path, "with words") == {"a": new, "b": old}
    assert load(path, "without words") == {"a": old}


def test_what_got_worse_names_set_figure_and_difference() -> None:
    differences = {"a": {"P": -0.02, "R": 0.02, "ECE": 0.01}, "b": {"P": -0.001}}
    assert what_got_worse(differences) == ["a P -0.020", "a ECE +0.010"]


def test_a_cell_shows_the_difference_and_marks_what_got_worse() -> None:
    assert figure_cell("P", None) == Cell("-")
    assert figure_cell("P", 0.5) == Cell("0.500")
    assert figure_cell("P", 0.5, -0.012) == Cell("0.500 (-0.012!)", "worse")
    assert figure_cell("P", 0.5, 0.012) == Cell("0.500 (+0.012)", "better")


def test_colour_does_not_move_the_columns() -> None:
    rows = [["a", Cell("worse", "worse"), "b"], ["a", "x", "b"]]
    assert table(rows).splitlines() == ["a  worse  b", "a  x      b"]
    assert table(rows, coloured=True).splitlines()[0] == f"a  {COLOURS['worse']}worse\033[0m  b"


def test_bins_hold_the_mean_confidence_the_share_right_and_the_number_of_rooms() -> None:
    first, *empty, last = bins([(0.0, False), (0.06, True), (0.95, True), (1.0, True)])
    assert first is not None
    assert last is not None
    assert (first.said, first.right, first.rooms) == (0.03, 0.5, 2)
    assert (last.said, last.right, last.rooms) == (pytest.approx(0.975), 1.0, 2)
    assert empty == [None] * 8


def test_calibration_error_weighs_the_gap_of_each_bin_by_its_rooms() -> None:
    judged = [(0.8, True), (0.8, True), (0.8, True), (0.3, False)]
    assert calibration_error(judged) == pytest.approx((3 * 0.2 + 0.3) / 4)
    assert calibration_error([]) is None


def test_a_prediction_goes_to_an_asked_room_before_one_to_ignore() -> None:
    truth = [_room(ignore=True), _room(), _room(ignore=True)]
    overlaps = np.array([[0.9, 0.6, 0.0], [0.0, 0.0, 0.7], [0.0, 0.0, 0.3]])
    matching = match_rooms(truth, overlaps, 0.5)
    assert matching.pairs == ((0, 1),)
    assert matching.excused == {1}


def test_plans_that_leave_rooms_out_give_recall_alone() -> None:
    incomplete = Tally(annotated=4, found=0)
    assert (incomplete.f1, incomplete.f1_or_recall) == (None, 0.0)
    complete = Tally(annotated=4, found=3, annotated_in_full=4, predicted=6, right=3)
    assert complete.f1 == complete.f1_or_recall == pytest.approx(0.6)
    assert Tally(annotated=4, annotated_in_full=4).f1 == 0.0


def test_the_gallery_shows_the_worst_plans_first() -> None:
    good, bad = _outcome("a", found=4), _outcome("b", found=1)
    nothing_annotated = _outcome("0", found=0, annotated=0)
    only_recall = _outcome("c", found=2, recall_only=True)
    ordered = worst_first([good, nothing_annotated, only_recall, bad])
    assert [outcome.plan.plan_id for outcome in ordered] == ["b", "c", "a", "0"]


def test_the_benchmark_prints_a_table_and_writes_pictures_and_predictions(
    plans: Path, tmp_path: Path
) -> None:
    gallery = tmp_path / "gallery"
    done = _bench(plans, "--gallery", str(gallery), "--out", str(tmp_path / "out"))
    figures = _figures(done)
    assert (figures["set"], figures["P"], figures["R"]) == ("drawn", "1.000", "0.857")
    assert figures["F1@.5"] == figures["F1@.75"] == figures["poly@.5"] == "0.923"
    assert figures["names"] == "-"
    assert "no baseline of the same plans: drawn" in done.stdout
    page = (gallery / "index.html").read_text()
    assert 'loading="lazy" alt="" src="drawn/house.png"' in page
    assert '6 of 7 rooms, <b class="missed">1 missed</b>, <b class="wrong">0 wrong</b>' in page
    assert (gallery / "drawn" / "house.png").exists()
    assert len(json.loads((tmp_path / "out" / "drawn" / "house.json").read_text())["rooms"]) == 6


def test_the_benchmark_compares_with_what_was_kept(plans: Path, tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    kept = _bench(plans, "--baseline", str(path), "--keep-baseline", "--ignore", "closet")
    assert _figures(kept)["R"] == "1.000"
    mode = "without words, closet ignored"
    record = load(path, mode)["drawn"]
    assert record.rooms == 6
    keep(path, mode, {"drawn": Record(1, 6, record.figures | {"P": 0.5, "R": 1.01})})
    options = ("--baseline", str(path), "--ignore", "closet")
    done = _bench(plans, *options)
    assert "1.000 (+0.500)" in done.stdout
    assert "1.000 (-0.010!)" in done.stdout
    assert done.stdout.splitlines()[-1] == "worse than the baseline: drawn R -0.010"
    assert _bench(plans, *options, "--strict", status=1).stdout.endswith("drawn R -0.010\n")


def test_the_ablation_tells_each_variant_from_the_full_detector(plans: Path) -> None:
    lines = _bench(plans, "--ablation").stdout.splitlines()[2:]
    assert [line.split("  ")[0] for line in lines] == list(VARIANTS)
    assert lines[0].split()[2:4] == ["0.923", "0.923"]


def _bench(plans: Path, *options: str, status: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, str(BENCH), "--plans", str(plans), "--no-words", *options],
        capture_output=True,
        text=True,
        check=False,
        env={name: value for name, value in os.environ.items() if name != "FORCE_COLOR"},
    )
    assert done.returncode == status, done.stderr
    return done


def _figures(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    head, row = done.stdout.split("\nset ", 1)[1].splitlines()[:2]
    return dict(zip(["set", *head.split()], row.split(), strict=False))


def _room(*, ignore: bool = False) -> TrueRoom:
    return TrueRoom((0.0, 0.0, 1.0, 1.0), None, (), ignore)


def _outcome(plan_id: str, *, found: int, annotated: int = 4, recall_only: bool = False) -> Outcome:
    in_full = 0 if recall_only else annotated
    score = Score(plans=1)
    score.tallies["box", 0.5] = Tally(annotated, found, in_full, in_full, 0 if recall_only else found)
    plan = Plan("drawn", plan_id, Path(), 1, 1, (), recall_only)
    return Outcome(plan, (), score, 0.0, None)


def test_names_are_judged_of_all_rooms_and_of_those_that_were_given_one() -> None:
    boxes = [(0.0, 0.0, 100.0, 100.0), (200.0, 0.0, 300.0, 100.0), (400.0, 0.0, 500.0, 100.0)]
    truth = tuple(TrueRoom(box, None, ("Kitchen",), ignore=False) for box in boxes)
    rooms = [
        Room(f"room_{k}", box, ((box[0], box[1]), (box[2], box[1]), (box[2], box[3])), hint, 0.9)
        for k, (box, hint) in enumerate(zip(boxes, ["KITCHEM", "Bath", None], strict=True))
    ]
    figures = score_plan(
        Plan("drawn", "plan", Path("x.png"), 1000, 1000, truth, recall_only=False), rooms
    ).figures
    assert (figures["names"], figures["said"]) == (pytest.approx(1 / 3), 0.5)


@pytest.mark.parametrize(
    ("read", "annotated", "same"),
    [
        ("Recepfion", "living kitchen dining", True),
        ("En-Suite", "bathroom", True),
        ("Utility", "hall", True),
        ("Bash", "Hall", False),
        ("Hill", "kitchen", False),
        (None, "kitchen", False),
    ],
)
def test_a_name_is_right_by_its_kind_with_a_letter_or_two_misread(
    read: str | None, annotated: str, same: bool
) -> None:
    assert same_name(read, [annotated]) is same


@pytest.mark.parametrize("with_outline", [True, False])
def test_a_plan_turned_has_its_rooms_where_its_picture_has_them(with_outline: bool) -> None:
    gray = np.full((300, 500), 255, np.uint8)
    gray[60:180, 100:400] = 0
    box = (200.0, 200.0, 800.0, 600.0)
    outline = ((200.0, 200.0), (800.0, 200.0), (800.0, 600.0), (200.0, 600.0)) if with_outline else None
    room = TrueRoom(box, outline, ("hall",), ignore=False)
    plan = Plan("drawn", "hall", Path("hall.png"), 500, 300, (room,), recall_only=False)
    askew, picture = turned(plan, gray, 7.0)
    height, width = picture.shape
    rows, columns = np.nonzero(picture < 128)
    seen = np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1])
    (moved,) = askew.rooms
    assert (askew.width_px, askew.height_px) == (width, height)
    assert np.array(moved.box) / 1000 * [width, height, width, height] == pytest.approx(seen, abs=1.5)
    assert (moved.polygon is not None) == with_outline
    assert moved.names == ("hall",)
