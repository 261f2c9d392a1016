"""The formats that a blueprint can have: everything that is known of one stands in its row."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

BlueprintFormat = Literal["png", "jpg", "pdf"]


@dataclass(frozen=True, slots=True)
class Format:
    """``other_names``: what a caller may call it, too; its names are also its extensions.

    ``media_types``: the standard one, then others that clients send for it. ``signature``: the first bytes of
    a file. ``pillow_name``: what Pillow calls it; None for what is no picture.
    """

    name: BlueprintFormat
    title: str
    media_types: tuple[str, ...]
    signature: bytes
    other_names: tuple[str, ...] = ()
    pillow_name: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.other_names)


# ``image/pjpeg`` and ``image/x-png`` are Internet Explorer's
PNG = Format("png", "PNG", ("image/png", "image/x-png"), b"\x89PNG\r\n\x1a\n", pillow_name="PNG")
JPG = Format(
    "jpg",
    "JPG",
    ("image/jpeg", "image/jpg", "image/pjpeg"),
    b"\xff\xd8\xff",
    other_names=("jpeg",),
    pillow_name="JPEG",
)
PDF = Format("pdf", "PDF", ("application/pdf", "application/x-pdf"), b"%PDF-")

FORMATS: dict[BlueprintFormat, Format] = {each.name: each for each in (PNG, JPG, PDF)}
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
