"""Which plans the network learns from and which are kept for the scorer, by source."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

NETWORK_SHARE = 0.75
"""The scorer must meet plans that the network has not seen, or it would trust it too much."""


def flats(folder: Path | None) -> tuple[list[Path], list[Path]]:
    """Annotation files for the network and for the scorer; none without a folder."""
    return _split([(path, path.stem) for path in _files(folder, "*.txt")])


def annotated_plans(folders: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Annotated pictures for the network and for the scorer; views of one source stay together."""
    return _split([(path, source_of(path)) for folder in folders for path in _files(folder, "*.json")])


def part_of(source: str, count: int) -> int:
    """Which of ``count`` parts of the scorer's pages what comes from ``source`` belongs to."""
    return int(_digest(source)[8:16], 16) % count


def source_of(path: Path) -> str:
    """What an annotated picture is a view of."""
    return str(json.loads(path.read_text(encoding="utf-8"))["source"])


def _files(folder: Path | None, pattern: str) -> list[Path]:
    return sorted(folder.glob(pattern)) if folder else []


def _split(plans: list[tuple[Path, str]]) -> tuple[list[Path], list[Path]]:
    parts: tuple[list[Path], list[Path]] = ([], [])
    for path, source in plans:
        parts[int(_digest(source)[:8], 16) / 2**32 >= NETWORK_SHARE].append(path)
    return parts


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
