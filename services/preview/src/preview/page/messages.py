"""What the service and its sandboxed children send each other about a page, as JSON.

Both ends run the same version of these classes, and nothing of it is stored.
"""

from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, TypeVar

from cattrs import Converter

from preview.domain.page import PageInfo
from preview.domain.picture import PagePart, PicturedRoom
from preview.domain.room import Word
from preview.domain.scale import PageSize

M = TypeVar("M")

_converter = Converter(detailed_validation=False)


def _word(row: Any, _: type[Word]) -> Word:
    text, box, *others = row
    return Word(text, tuple(box), *others)


# As rows, in the order of the fields: a page has thousands
_converter.register_unstructure_hook(Word, attrgetter(*(field.name for field in fields(Word))))
_converter.register_structure_hook(Word, _word)


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page of which file; ``page_number`` counts from 1."""

    path: str
    blueprint_format: str
    page_number: int
    byte_size: int


@dataclass(frozen=True, slots=True)
class DrawRequest(PageRequest):
    """``rooms`` is None for the bare page, ``part`` for the whole page at a size that fits a screen."""

    rooms: tuple[PicturedRoom, ...] | None
    part: PagePart | None = None


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """A page that was drawn; ``as_stored`` says that Textract may read the stored file itself."""

    page: PageInfo
    words: tuple[Word, ...]
    as_stored: bool


@dataclass(frozen=True, slots=True)
class NameRequest:
    """``regions`` as `preview.rooms.Region.to_json` gives them; words of Textract and of the PDF itself."""

    regions: list[Any]
    textract: tuple[Word, ...]
    text_layer: tuple[Word, ...]
    page: PageSize


def to_json(message: Any) -> dict[str, Any]:
    """One of these messages, or another dataclass of the domain, as JSON types."""
    data: dict[str, Any] = _converter.unstructure(message)
    return data


def from_json(data: dict[str, Any], message: type[M]) -> M:
    """The inverse of `to_json`."""
    return _converter.structure(data, message)
