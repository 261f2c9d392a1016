"""Which files to send, and what each is called in the folder that takes the results."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

SUFFIXES = (".png", ".jpg", ".jpeg", ".pdf")
"""What is taken from a folder; a file that is named itself is sent whatever it is called."""


class NoPlans(Exception):
    """The message tells what about the files given is wrong."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A file, and its name below OUT, with ``/`` for folders."""

    path: Path
    name: str


def find_plans(given: Iterable[Path], out: Path) -> list[Plan]:
    """List the files given and those in the folders given, each once, by name; nothing below ``out``.

    A folder that cannot be read is among them, since the attempt to send it tells why. A plan from a folder
    is called by its path in that folder. Files of one name get their folder's in front.
    """
    found = {os.path.realpath(plan.path): plan for path in given for plan in _plans_of(path, out)}
    plans = _told_apart(list(found.values()))
    if not plans:
        raise NoPlans(f"There is no file that ends in {', '.join(SUFFIXES)}.")
    return sorted(plans, key=lambda plan: plan.name)


def _plans_of(path: Path, out: Path) -> Iterator[Plan]:
    if path.is_file():
        yield Plan(path, path.name)
        return
    if not path.is_dir():
        raise NoPlans(f"{path} is no file.")
    results = out.resolve()
    if path.resolve().is_relative_to(results):
        raise NoPlans(f"{out} holds {path}; the results need a folder of their own.")
    for found in _walk(path, results):
        yield Plan(found, found.relative_to(path).as_posix())


def _walk(top: Path, results: Path) -> Iterator[Path]:
    """Yield the files that may be plans, and folders that cannot be read; nothing hidden and no results."""
    unreadable: list[OSError] = []
    for folder, folders, files in os.walk(top, onerror=unreadable.append):
        inside = [Path(folder, name) for name in files if not name.startswith(".")]
        yield from (file for file in inside if file.suffix.lower() in SUFFIXES and file.is_file())
        folders[:] = [
            name for name in folders if not name.startswith(".") and Path(folder, name).resolve() != results
        ]
    yield from (Path(failure.filename) for failure in unreadable)


def _told_apart(plans: list[Plan]) -> list[Plan]:
    """Names are compared without case, as many file systems do."""
    taken = Counter(plan.name.casefold() for plan in plans)
    plans = [
        replace(plan, name=f"{plan.path.resolve().parent.name}/{plan.name}")
        if taken[plan.name.casefold()] > 1
        else plan
        for plan in plans
    ]
    names = Counter(plan.name.casefold() for plan in plans)
    twice = [str(plan.path) for plan in plans if names[plan.name.casefold()] > 1]
    if twice:
        raise NoPlans(f"These would have the same results: {', '.join(twice)}. Give a folder above them.")
    return plans
