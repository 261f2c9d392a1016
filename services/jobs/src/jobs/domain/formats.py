"""The formats that a blueprint can have: everything that is known of one stands in its row."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NewType

BlueprintFormat = NewType("BlueprintFormat", str)
"""The name of one of `FORMATS`."""


@dataclass(frozen=True, slots=True)
class Format:
    """``other_names``: what a caller may call it, too; its names are also its extensions.

    ``media_types``: the standard one, then others that clients send for it. ``signatures``: a file begins
    with one of them. ``pillow_name``: what Pillow calls a picture's format; None for what is no picture. A
    picture is one page.
    """

    name: BlueprintFormat
    title: str
    media_types: tuple[str, ...]
    signatures: tuple[bytes, ...]
    other_names: tuple[str, ...] = ()
    pillow_name: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.other_names)


PDF = Format(BlueprintFormat("pdf"), "PDF", ("application/pdf", "application/x-pdf"), (b"%PDF-",))

_ROWS = (
    Format(
        BlueprintFormat("png"),
        "PNG",
        ("image/png", "image/x-png"),  # the second is Internet Explorer's, as image/pjpeg is
        (b"\x89PNG\r\n\x1a\n",),
        pillow_name="PNG",
    ),
    Format(
        BlueprintFormat("jpg"),
        "JPG",
        ("image/jpeg", "image/jpg", "image/pjpeg"),
        (b"\xff\xd8\xff",),
        other_names=("jpeg",),
        pillow_name="JPEG",
    ),
    PDF,
)
"""In the order in which they are listed to people."""

FORMATS: dict[BlueprintFormat, Format] = {each.name: each for each in _ROWS}
MEDIA_TYPES: dict[BlueprintFormat, str] = {name: each.media_types[0] for name, each in FORMATS.items()}
SPELLINGS: dict[str, BlueprintFormat] = {
    spelling: each.name for each in FORMATS.values() for spelling in each.names
}


def either(words: Iterable[str]) -> str:
    """``a, b or c``."""
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


TITLES = either(each.title for each in FORMATS.values())
PICTURE_TITLES = either(each.title for each in FORMATS.values() if each.pillow_name)

_ANY = frozenset(FORMATS)
_PICTURES = frozenset(name for name, each in FORMATS.items() if each.pillow_name)
_LOOSE_MEDIA_TYPES = {
    "image/*": _PICTURES,
    "*/*": _ANY,
    "application/octet-stream": _ANY,
    "binary/octet-stream": _ANY,
    "multipart/form-data": _ANY,
}
"""``binary/octet-stream`` is S3's default. HTTP clients on phones send a range, or the type of the form, for
a file of which they know no more."""

_EXACT_MEDIA_TYPES = {
    media_type: frozenset({each.name}) for each in FORMATS.values() for media_type in each.media_types
}


def formats_of(media_type: str) -> frozenset[str]:
    """The formats that a part with this media type can have; none for a type that no blueprint has."""
    return (_LOOSE_MEDIA_TYPES | _EXACT_MEDIA_TYPES).get(media_type.lower(), frozenset())
