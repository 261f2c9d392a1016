"""Pages that the network has not learned from, and how well regions fit their true rooms."""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from random import Random
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from preview.domain.room import PAGE_SIDE, Word
from preview.rooms.evidence.region import Region
from preview.rooms.geometry.boxes import iou_matrix
from preview.rooms.geometry.coverage_mask import CELLS, CoverageMask
from room_training.canvas import Written
from room_training.samples import annotated_page, drawn_page
from room_training.split import annotated_plans, flats, part_of, source_of

_Value = TypeVar("_Value", bound=np.generic)
RIGHT_IOU = 0.5

RIGHT_SHARE = 0.6
"""What a region is worth that just is right; the rest is for how well it fits, so that of two readings of
a room the better one wins."""
GOOD_IOU = 0.9
UNSURE_SHARE = 0.5
"""A region with more of its ground where annotations leave rooms out tells nothing."""
MISREAD = 0.08
"""Share of lines that a text service misses, and of those that it misreads."""
SMALLEST_LETTER_PX = 5


@dataclass(frozen=True, slots=True)
class Page:
    """A page to learn from; ``sure`` is where its annotation is believed, ``by_box`` if it is of boxes."""

    gray: NDArray[np.uint8]
    labels: NDArray[np.int32]
    sure: NDArray[np.float32]
    words: list[Word]
    by_box: bool


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What ``pages`` reads."""
    parser.add_argument(
        "--flats",
        type=Path,
        help="folder of Raster-to-Vector annotation files; only invented plans if absent",
    )
    parser.add_argument("--annotated", type=Path, nargs="*", default=[], help="folders of annotated pictures")
    parser.add_argument(
        "--unseen",
        type=Path,
        nargs="*",
        default=[],
        help="such folders of which the network has seen nothing",
    )
    parser.add_argument("--drawn", type=int, default=500, help="pages to draw")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--parts", default="0,1,2,3/5", help="k,l/n: of every n pages the k-th and l-th")


def pages(arguments: argparse.Namespace) -> Iterator[Page]:
    """Annotated pages, then drawn ones, of the parts asked for."""
    cv2.setNumThreads(1)
    chosen, count = arguments.parts.split("/")
    parts = {int(part) for part in chosen.split(",")}
    annotated = [*annotated_plans(arguments.annotated)[1], *chain(*annotated_plans(arguments.unseen))]
    for path in (path for path in annotated if part_of(source_of(path), int(count)) in parts):
        gray, truth = annotated_page(path, Random(f"{arguments.seed} {path.stem}"), wear=False)
        yield Page(gray, truth.labels, truth.sure, [], by_box=not _is_outlined(path))
    flat_files = [path for path in flats(arguments.flats)[1] if part_of(path.stem, int(count)) in parts]
    for number in (number for number in range(arguments.drawn) if number % int(count) in parts):
        random = Random(arguments.seed * 100_000 + number)
        sheet = drawn_page(flat_files, random)
        words = _as_read(sheet.written, sheet.gray.shape, random)
        yield Page(sheet.gray, sheet.labels, np.ones(sheet.labels.shape, np.float32), words, by_box=False)


def _is_outlined(path: Path) -> bool:
    return bool(json.loads(path.read_text(encoding="utf-8")).get("polygons"))


def _as_read(written: Sequence[Written], shape: tuple[int, ...], random: Random) -> list[Word]:
    """What a text service makes of a page: a little is missed, a little misread."""
    words = []
    unit = np.array([shape[1], shape[0], shape[1], shape[0]]) / PAGE_SIDE
    for text, box in written:
        off_page = min(box) < 0 or box[2] > shape[1] or box[3] > shape[0]
        if off_page or random.random() < MISREAD or box[3] - box[1] < SMALLEST_LETTER_PX:
            continue
        shown = (
            text
            if random.random() > MISREAD
            else text.replace(random.choice(text), random.choice("OIl1EB"), 1)
        )
        x_min, y_min, x_max, y_max = (np.array(box) / unit).tolist()
        parts = shown.split()
        start = 0
        for part in parts:
            start = shown.index(part, start)
            a, b = start / len(shown), (start + len(part)) / len(shown)
            start += len(part)
            words.append(
                Word(
                    part,
                    (x_min + a * (x_max - x_min), y_min, x_min + b * (x_max - x_min), y_max),
                    0.95,
                    "textract",
                )
            )
    return words


def fit_of(
    regions: Sequence[Region], masks: Sequence[CoverageMask], page: Page
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """IoU of every region with its best true room, and whether the annotation can tell."""
    labels, sure = _on_grid(page.labels), _on_grid(page.sure)
    sizes = np.bincount(labels.ravel())
    boxes = _boxes(labels, len(sizes))
    fit, known = np.zeros(len(regions), np.float32), np.ones(len(regions), bool)
    for index, (region, mask) in enumerate(zip(regions, masks, strict=True)):
        inside = mask.window(labels)[mask.cells]
        counts = np.bincount(inside, minlength=len(sizes))
        iou = counts / (sizes + mask.area - counts)
        if page.by_box:
            iou = iou_matrix(boxes, np.array([region.box]))[:, 0]
        fit[index] = iou[1:].max(initial=0)
        known[index] = (mask.window(sure)[mask.cells] < 1).mean() < UNSURE_SHARE
    return fit, known | (fit >= RIGHT_IOU)


def worth(fit: NDArray[np.float32]) -> NDArray[np.float32]:
    """What the scorer is to answer for a region that fits so well."""
    finer = ((fit - RIGHT_IOU) / (GOOD_IOU - RIGHT_IOU)).clip(0, 1)
    return np.where(fit >= RIGHT_IOU, RIGHT_SHARE + (1 - RIGHT_SHARE) * finer, 0).astype(np.float32)


def _on_grid(raster: NDArray[_Value]) -> NDArray[_Value]:
    rows, columns = ((np.arange(CELLS) + 0.5) / CELLS * side for side in raster.shape)
    return raster[rows.astype(int)][:, columns.astype(int)]


def _boxes(labels: NDArray[np.int32], count: int) -> NDArray[np.float64]:
    boxes = np.zeros((count, 4))
    for number in range(1, count):
        rows, columns = np.nonzero(labels == number)
        if len(rows):
            boxes[number] = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
    return boxes * (PAGE_SIDE / CELLS)
