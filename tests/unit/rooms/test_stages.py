"""The list of stages is what runs, in that order, and what docs/room-detection.md describes."""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

import preview.rooms
from builders_rooms import House
from preview.rooms import find_regions, name_rooms
from preview.rooms.detector import REGION_STAGES, ROOM_STAGES, Stage

STAGES = (*REGION_STAGES, *ROOM_STAGES)
ROOT = Path(__file__).parents[3]
HEADING = re.compile(r"^\*\*(\d+)\. ([^*]+)\*\* \(`([\w/]+\.py)`", re.MULTILINE)


@contextmanager
def results_of(stages: Sequence[Stage]) -> Iterator[list[str]]:
    """Names of the stages in the order of their first results."""
    names: dict[CodeType, str] = {stage.function.__code__: stage.name for stage in stages}
    seen: list[str] = []

    def note(frame: FrameType, event: str, _: Any) -> None:
        name = names.get(frame.f_code)
        if event == "return" and name and name not in seen:
            seen.append(name)

    sys.setprofile(note)
    try:
        yield seen
    finally:
        sys.setprofile(None)


def test_regions_are_found_in_the_order_of_the_stages(house: House) -> None:
    with results_of(REGION_STAGES) as seen:
        find_regions(house.gray, house.words)
    assert seen == [stage.name for stage in REGION_STAGES]


def test_rooms_are_named_in_the_order_of_the_stages(house: House) -> None:
    regions = find_regions(house.gray)
    with results_of(ROOM_STAGES) as seen:
        name_rooms(regions, house.words)
    assert seen == [stage.name for stage in ROOM_STAGES]


def path_of(function: Callable[..., Any]) -> str:
    package = Path(preview.rooms.__file__).parent
    return Path(function.__code__.co_filename).relative_to(package).as_posix()


def test_the_documentation_describes_the_stages_in_their_order() -> None:
    described = HEADING.findall((ROOT / "docs/room-detection.md").read_text(encoding="utf-8"))
    expected = [(str(n), stage.name, path_of(stage.function)) for n, stage in enumerate(STAGES, 1)]
    assert described == expected


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_every_stage_has_a_file_of_its_own(stage: Stage) -> None:
    assert [path_of(each.function) for each in STAGES].count(path_of(stage.function)) == 1
