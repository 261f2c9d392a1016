"""Floor plans with known rooms: pictures, PDFs and their truth, as the benchmark reads them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray

from preview.domain.room import PAGE_SIDE, Box, Point, Word
from preview.page.pdf_file import open_pdf
from preview.page.text_layer import read_text

TRAINING_VIEWS = frozenset({"train_masks", "train_roboflow"})
FREE_TO_SHIP = TRAINING_VIEWS | {"r2v_render", "renders"}
"""Sets whose licence lets what was fitted to them ship; all others are for measuring alone."""


FEEDBACK = "feedback"
"""The set of an export of what people corrected."""


@dataclass(frozen=True, slots=True)
class TrueRoom:
    """A room as annotated, in page coordinates; one with ``ignore`` is neither asked for nor a mistake."""

    box: Box
    polygon: tuple[Point, ...] | None
    names: tuple[str, ...]
    ignore: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan, ``page`` of its file: ``recall_only`` where the annotation leaves rooms out."""

    set_name: str
    plan_id: str
    picture: Path
    width_px: int
    height_px: int
    rooms: tuple[TrueRoom, ...]
    recall_only: bool
    page: int = 1


def read_plans(
    folder: Path, sets: tuple[str, ...] = (), ignored_labels: tuple[str, ...] = ()
) -> Iterator[Plan]:
    """Plans of ``folder/<set>/<id>.json`` in order of name; all sets that have a picture unless named.

    Sets of training views are read only when named, as are those without annotated rooms.
    Rooms annotated with one of ``ignored_labels`` are to ignore. A folder that ``flask feedback export``
    wrote is one set, `FEEDBACK`.
    """
    if (folder / "annotations.json").exists():
        yield from _exported_plans(folder)
        return
    for path in sorted(folder.glob("*/*.json")):
        if path.parent.name in sets if sets else path.parent.name not in TRAINING_VIEWS:
            facts = json.loads(path.read_text(encoding="utf-8"))
            if "image" in facts and (sets or "rooms" in facts):
                yield _plan(path, facts, {label.casefold() for label in ignored_labels})


def load_gray(plan: Plan) -> NDArray[np.uint8]:
    """The plan as gray levels ``(height, width)``, paper white where the picture is transparent."""
    if plan.picture.suffix == ".pdf":
        return _drawn_page(plan)
    if plan.set_name == FEEDBACK:
        return _upright_picture(plan)
    picture = cv2.imread(str(plan.picture), cv2.IMREAD_UNCHANGED)
    if picture is None:
        raise ValueError(f"{plan.picture} is not a picture")
    if picture.ndim == 3 and picture.shape[2] == 4:
        alpha = picture[..., 3:].astype(np.float32) / 255
        picture = (picture[..., :3] * alpha + 255 * (1 - alpha)).astype(np.uint8)
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) if picture.ndim == 3 else picture, np.uint8)


def text_layer(plan: Plan) -> list[Word]:
    """Words a PDF itself holds, as the service reads them. None for a picture."""
    if plan.picture.suffix != ".pdf":
        return []
    with open_pdf(plan.picture, page_number=plan.page) as pdf:
        return read_text(pdf, pdf.draw()).words


def _drawn_page(plan: Plan) -> NDArray[np.uint8]:
    document = pdfium.PdfDocument(plan.picture)
    page = document[plan.page - 1]
    bitmap = page.render(scale=plan.width_px / page.get_width(), grayscale=True)
    gray = cv2.resize(bitmap.to_numpy().reshape(bitmap.height, bitmap.width), (plan.width_px, plan.height_px))
    page.close()
    document.close()
    return np.asarray(gray, np.uint8)


def _upright_picture(plan: Plan) -> NDArray[np.uint8]:
    """As a person views it, at the size at which the service analysed it."""
    picture = cv2.imread(str(plan.picture), cv2.IMREAD_GRAYSCALE)
    if picture is None:
        raise ValueError(f"{plan.picture} is not a picture")
    return np.asarray(cv2.resize(picture, (plan.width_px, plan.height_px)), np.uint8)


def _exported_plans(folder: Path) -> Iterator[Plan]:
    """Pages whose files still exist."""
    document = json.loads((folder / "annotations.json").read_text(encoding="utf-8"))
    for image in document["images"]:
        picture = folder / image["file_name"]
        of_image = [each for each in document["annotations"] if each["image_id"] == image["id"]]
        if picture.exists():
            yield Plan(
                set_name=FEEDBACK,
                plan_id=f"{image['job_id']}.p{image['page']}",
                picture=picture,
                width_px=image["width"],
                height_px=image["height"],
                rooms=tuple(_exported_room(each, image) for each in of_image),
                recall_only=False,
                page=image["page"],
            )


def _exported_room(annotation: dict[str, Any], image: dict[str, Any]) -> TrueRoom:
    across, down = PAGE_SIDE / image["width"], PAGE_SIDE / image["height"]
    x, y, width, height = annotation["bbox"]
    [sides] = annotation["segmentation"]
    name = annotation["attributes"]["name"]
    return TrueRoom(
        box=(x * across, y * down, (x + width) * across, (y + height) * down),
        polygon=tuple((x * across, y * down) for x, y in zip(sides[::2], sides[1::2], strict=True)),
        names=(name,) if name else (),
        ignore=False,
    )


def _plan(path: Path, facts: dict[str, Any], ignored_labels: set[str]) -> Plan:
    return Plan(
        set_name=path.parent.name,
        plan_id=path.stem,
        picture=path.parent / facts["image"],
        width_px=facts["width"],
        height_px=facts["height"],
        rooms=tuple(
            _true_room(room, facts["width"], facts["height"], ignored_labels)
            for room in facts.get("rooms", ())
        ),
        recall_only=bool(facts.get("gt_incomplete")),
    )


def _true_room(facts: dict[str, Any], width_px: int, height_px: int, ignored_labels: set[str]) -> TrueRoom:
    across, down = PAGE_SIDE / width_px, PAGE_SIDE / height_px
    x_min, y_min, x_max, y_max = facts["bounding_box"]
    outline = facts.get("polygon")
    names = (facts.get("label"), *(facts.get("label_alternatives") or ()))
    printed = facts.get("label_printed", True)
    return TrueRoom(
        box=(x_min * across, y_min * down, x_max * across, y_max * down),
        polygon=tuple((x * across, y * down) for x, y in outline) if outline else None,
        names=tuple(name for name in names if name and printed),
        ignore=bool(facts.get("ignore")) or (facts.get("label") or "").casefold() in ignored_labels,
    )
