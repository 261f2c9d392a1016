import json
from pathlib import Path
from random import Random

import cv2
import numpy as np
import pytest

from builders_rooms import draw_house
from builders_training import flat_rooms, flat_walls, write_flat
from preview.rooms.network.floor_network import STRIDE
from room_training.parts import ANY, IN_ROOM, NO_ROOM, Part, any_of
from room_training.samples import (
    EDGE,
    FLOOR,
    INPUT_SIDE,
    OTHER,
    OUT_SIDE,
    PARTS_STEP,
    UNSURE,
    Sample,
    _boxes,
    _classes,
    _depth,
    annotated_page,
    annotated_sample,
    drawn_page,
    drawn_sample,
)

PAGE = np.array([[1200, 900]]) / 1000


@pytest.fixture
def annotation(tmp_path: Path) -> Path:
    """The drawn house, annotated room by room, and one room left out."""
    house = draw_house()
    cv2.imwrite(str(tmp_path / "house.png"), house.gray)
    rings = [((a, b), (c, b), (c, d), (a, d)) for a, b, c, d in house.boxes[:-1]]
    rooms = [{"polygon": (np.array(ring) * PAGE).tolist()} for ring in rings]
    path = tmp_path / "house.json"
    path.write_text(json.dumps({"image": "house.png", "source": "house", "rooms": rooms}))
    return path


def test_a_room_is_floor_within_its_edge() -> None:
    labels = np.zeros((6, 7), np.int32)
    labels[1:6, 1:6] = 1
    o, f, e = OTHER, FLOOR, EDGE
    assert _classes(labels).tolist() == [
        [e, e, e, e, e, e, e],
        [e, e, e, e, e, e, e],
        [e, e, f, f, f, e, e],
        [e, e, f, f, f, e, e],
        [e, e, f, f, f, e, e],
        [e, e, f, f, f, e, e],
    ]
    assert _classes(np.zeros((3, 3), np.int32)).tolist() == [[o] * 3] * 3


def test_rooms_that_touch_have_an_edge_between_them() -> None:
    labels = np.repeat([[1, 1, 1, 2, 2, 2]], 4, axis=0).astype(np.int32)
    assert _classes(labels).tolist() == [[FLOOR, FLOOR, EDGE, EDGE, FLOOR, FLOOR]] * 4


def test_a_pixel_knows_how_far_its_room_reaches() -> None:
    labels = np.zeros((4, 6), np.int32)
    labels[1:3, 2:5] = 4
    left, top, right, bottom = _boxes(labels) / STRIDE
    assert left[1, 2:5].tolist() == [0.5, 1.5, 2.5]
    assert right[1, 2:5].tolist() == [2.5, 1.5, 0.5]
    assert top[1:3, 2].tolist() == [0.5, 1.5]
    assert bottom[1:3, 2].tolist() == [1.5, 0.5]
    assert not _boxes(labels)[:, labels == 0].any()


def test_every_room_has_a_box_of_its_own() -> None:
    labels = np.zeros((8, 8), np.int32)
    labels[0:4, 0:4], labels[4:8, 4:8] = 1, 2
    labels[5:7, 5:7] = 3
    left, top, right, bottom = _boxes(labels) / STRIDE
    for number, extent in ((1, (4, 4)), (2, (4, 4)), (3, (2, 2))):
        assert set((left + right)[labels == number]) == {extent[0]}
        assert set((top + bottom)[labels == number]) == {extent[1]}


def test_without_rooms_there_are_no_boxes() -> None:
    assert not _boxes(np.zeros((5, 5), np.int32)).any()


def assert_whole(sample: Sample) -> None:
    assert sample.picture.shape == (2, INPUT_SIDE, INPUT_SIDE)
    assert sample.classes.shape == sample.weights.shape == (OUT_SIDE, OUT_SIDE)
    assert sample.boxes.shape == (4, OUT_SIDE, OUT_SIDE)
    assert set(np.unique(sample.classes)) == {OTHER, FLOOR, EDGE}
    assert 0 <= sample.picture.min() <= sample.picture.max() <= 1
    assert (sample.boxes[:, sample.classes == FLOOR] > 0).all()
    assert not sample.boxes[:, sample.classes == OTHER].any()
    assert sample.depth.shape == (OUT_SIDE, OUT_SIDE)
    assert (sample.depth[sample.classes == FLOOR] > 0).all()
    assert not sample.depth[sample.classes != FLOOR].any()
    assert sample.parts.shape == (OUT_SIDE // PARTS_STEP, OUT_SIDE // PARTS_STEP)
    assert 0 <= sample.parts.min() <= sample.parts.max() <= ANY


@pytest.mark.parametrize("seed", range(3))
def test_a_drawn_page_is_given_as_the_network_sees_it(tmp_path: Path, seed: int) -> None:
    flat = write_flat(tmp_path, [*flat_walls(), *flat_rooms()])
    sample = drawn_sample([flat], Random(seed))
    assert_whole(sample)
    assert (sample.weights == 1).all()


def test_a_drawn_page_has_rooms_even_if_a_flat_is_not_closed(tmp_path: Path) -> None:
    broken = write_flat(tmp_path, [])
    for seed in range(4):
        assert drawn_page([broken], Random(seed)).labels.any()


@pytest.mark.parametrize("seed", range(4))
def test_an_annotated_picture_stays_under_its_annotation_however_it_is_turned(
    annotation: Path, seed: int
) -> None:
    gray, truth = annotated_page(annotation, Random(seed), wear=False)
    labels = truth.labels
    assert gray.shape == labels.shape == truth.sure.shape == truth.parts.shape
    assert np.unique(labels).tolist() == [0, 1, 2, 3, 4, 5]
    near = cv2.dilate((labels > 0).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    assert gray[labels > 0].mean() > 240
    assert gray[near & (labels == 0)].mean() < 128


def test_between_annotated_rooms_an_annotation_is_hardly_believed(annotation: Path) -> None:
    _, truth = annotated_page(annotation, Random(0), wear=False)
    labels, sure = truth.labels, truth.sure
    assert (sure[labels > 0] == 1).all()
    assert set(np.unique(sure)) == {np.float32(UNSURE), 1}
    assert sure[0, 0] == sure[-1, -1] == 1


def test_rooms_annotated_by_outline_are_believed_everywhere(annotation: Path) -> None:
    annotation.write_text(json.dumps({**json.loads(annotation.read_text()), "polygons": True}))
    _, truth = annotated_page(annotation, Random(0), wear=False)
    assert (truth.sure == 1).all()
    assert (truth.parts[truth.labels > 0] == IN_ROOM).all()
    assert (truth.parts[truth.labels == 0] == NO_ROOM).all()


def test_of_boxes_only_the_ground_around_them_is_known_to_be_no_room(annotation: Path) -> None:
    _, truth = annotated_page(annotation, Random(0), wear=False)
    assert (truth.parts[truth.labels > 0] == IN_ROOM).all()
    assert not truth.parts[(truth.sure < 1) & (truth.labels == 0)].any()
    assert truth.parts[0, 0] == NO_ROOM


def test_ground_that_a_turned_picture_left_black_tells_nothing(annotation: Path) -> None:
    picture = annotation.with_name("house.png")
    gray = cv2.imread(str(picture), cv2.IMREAD_GRAYSCALE)
    cv2.fillPoly(gray, [np.array([[0, 0], [150, 0], [0, 100]])], 0)
    cv2.imwrite(str(picture), gray)
    shown, truth = annotated_page(annotation, Random(0), wear=False)
    bare = truth.sure == 0
    assert 0.003 < bare.mean() < 0.02
    assert (shown[bare] == 255).all()
    assert not truth.parts[bare].any()


def test_of_walls_alone_only_walls_are_known(annotation: Path) -> None:
    ring = [[100, 100], [500, 100], [500, 130], [100, 130]]
    facts = {"image": "house.png", "source": "house", "walls": [ring]}
    annotation.write_text(json.dumps(facts))
    sample = annotated_sample(annotation, Random(0))
    _, truth = annotated_page(annotation, Random(0), wear=False)
    wall = any_of(Part.WALL)
    assert (truth.parts == wall).mean() == pytest.approx(400 * 30 / (1200 * 900), rel=0.1)
    assert set(np.unique(truth.parts)) == {wall, ANY & ~wall}
    assert not truth.sure.any()
    assert not sample.boxes.any()
    assert not sample.weights[sample.parts.repeat(2, 0).repeat(2, 1) == wall].any()


def test_transparent_ground_that_turned_black_is_white(annotation: Path) -> None:
    picture = annotation.with_name("house.png")
    gray = cv2.imread(str(picture), cv2.IMREAD_GRAYSCALE)
    cv2.imwrite(str(picture), np.where(gray > 200, 0, 120).astype(np.uint8))
    shown, truth = annotated_page(annotation, Random(0), wear=False)
    assert (shown == 255).mean() > 0.5
    assert (shown == 120).any()
    assert truth.sure.all()


def test_depth_is_the_distance_to_the_outline_of_the_room() -> None:
    labels = np.zeros((9, 9), np.int32)
    labels[1:8, 1:8] = 3
    depth = _depth(labels) / STRIDE
    assert depth[4, 4] == depth.max() == pytest.approx(3, abs=0.2)
    assert depth[2, 4] == pytest.approx(1, abs=0.1)
    assert not depth[labels == 0].any()


def test_a_room_within_a_room_is_not_covered_by_it(annotation: Path) -> None:
    facts = json.loads(annotation.read_text())
    inner, outer = ([[a, a], [b, a], [b, b], [a, b]] for a, b in ((300, 400), (200, 600)))
    for rooms in ([inner, outer], [outer, inner]):
        annotation.write_text(json.dumps({**facts, "rooms": [{"polygon": ring} for ring in rooms]}))
        _, truth = annotated_page(annotation, Random(1), wear=False)
        assert len(np.unique(truth.labels)) == 3


@pytest.mark.parametrize("seed", range(4))
def test_the_network_learns_floor_where_the_picture_shows_it(annotation: Path, seed: int) -> None:
    sample = annotated_sample(annotation, Random(seed))
    assert_whole(sample)
    ink = cv2.resize(sample.picture[0], (OUT_SIDE, OUT_SIDE), interpolation=cv2.INTER_AREA)
    assert ink[sample.classes == FLOOR].mean() < 0.05
    assert ink[sample.classes == EDGE].mean() > 0.3
    reach = sample.boxes[:, sample.classes == FLOOR]
    assert (reach[0] + reach[2]).max() < INPUT_SIDE
