"""The facts about an uploaded blueprint that decide whether it is accepted, and its names in storage."""

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from jobs.domain.errors import FileTooLarge, InvalidFileFormat, InvalidRequest
from jobs.domain.formats import SPELLINGS, BlueprintFormat, formats_of

MAX_BLUEPRINT_BYTES = 52_428_800
MAX_PIXELS = 100_000_000
MAX_PAGES = 500

BLUEPRINTS = "blueprints/"
"""Key prefix of the blueprints of jobs in the bucket."""

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")
_BIDI_CONTROL = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MAX_NAME_BYTES = 100
_MAX_SUFFIX_BYTES = 10


@dataclass(frozen=True, slots=True)
class BlueprintFacts:
    """What the file's own header says. ``width_px`` and ``height_px`` are None for a PDF."""

    format: BlueprintFormat
    page_count: int
    width_px: int | None
    height_px: int | None


@dataclass(frozen=True, slots=True)
class StagedBlueprint:
    """A file on this machine's disk, on its way in; ``sha256`` in hex."""

    path: Path
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Declaration:
    """What the caller says about the file; all of it has to agree with the content.

    ``formats`` are as spelt by the caller; ``media_type`` is that of the multipart part; ``filename`` is as
    given, and its extension declares nothing.
    """

    formats: tuple[str, ...] = ()
    media_type: str | None = None
    filename: str | None = None


def known_format(spelt: str) -> BlueprintFormat | None:
    """The accepted format that ``spelt`` names, in either case and by any of its names."""
    return SPELLINGS.get(spelt.lower())


def check_known_format(spelt: str) -> BlueprintFormat:
    """The format that ``spelt`` names. Raises InvalidFileFormat when no accepted file can have it."""
    found = known_format(spelt)
    if found is None:
        raise InvalidFileFormat(spelt, None)
    return found


def check_size(staged: StagedBlueprint) -> None:
    """Raises InvalidRequest for an empty file, FileTooLarge for one over the limit."""
    if staged.size_bytes == 0:
        raise InvalidRequest("The file is empty. Send the blueprint's bytes.", "file")
    if staged.size_bytes > MAX_BLUEPRINT_BYTES:
        raise FileTooLarge(MAX_BLUEPRINT_BYTES)


def check_agreement(declared: Declaration, found: BlueprintFormat) -> None:
    """Raises InvalidFileFormat when a declared format or media type is not that of the content."""
    for spelt in declared.formats:
        if known_format(spelt) != found:
            raise InvalidFileFormat(spelt, found)
    media_type = (declared.media_type or "*/*").lower()
    if found not in formats_of(media_type):
        raise InvalidFileFormat(media_type, found)


def received_format(declared: Declaration) -> str | None:
    """What the caller calls the file, for the details of an error."""
    return declared.formats[0] if declared.formats else declared.media_type or None


def blueprint_key(job_id: str, filename: str | None, blueprint_format: BlueprintFormat) -> str:
    """Where a job's blueprint lies in the bucket."""
    return f"{BLUEPRINTS}{job_id}/{safe_filename(filename, blueprint_format)}"


def safe_filename(filename: str | None, blueprint_format: BlueprintFormat) -> str:
    """The base name in ASCII letters, digits, ``.``, ``_`` and ``-``, at most 100 bytes, its suffix kept.

    ``blueprint.{ext}`` when there is no name, or none but ``_`` and ``.`` is left of it.
    """
    safe = _UNSAFE.sub("_", _base_name(filename or ""))
    if not safe.strip("_."):
        return f"blueprint.{blueprint_format}"
    if len(safe) <= _MAX_NAME_BYTES:
        return safe
    suffix = PurePosixPath(safe).suffix[:_MAX_SUFFIX_BYTES]
    return safe[: _MAX_NAME_BYTES - len(suffix)] + suffix


def download_filename(filename: str | None, blueprint_format: BlueprintFormat) -> str:
    """The name to save a blueprint under: the caller's, with an extension that says what the file is.

    A browser goes by the extension once the file is on disk, so ``plan.html`` becomes ``plan.html.png``; and
    no bidi control shows another extension than is there.
    """
    name = _BIDI_CONTROL.sub("", _base_name(filename or "")).strip(" .") or "blueprint"
    suffix = PurePosixPath(name).suffix.removeprefix(".")
    return name if known_format(suffix) == blueprint_format else f"{name}.{blueprint_format}"


def _base_name(filename: str) -> str:
    return re.split(r"[/\\]", filename)[-1]
