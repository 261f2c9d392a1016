"""Fonts for the labels of a picture: one that is shipped, and one of the system's for what it lacks."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from itertools import groupby
from pathlib import Path

from PIL import ImageFont
from PIL.ImageFont import FreeTypeFont, Layout
from pymupdf_fonts import FiraGO_Regular

SYSTEM_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("/System/Library/Fonts"),
    Path("/Library/Fonts"),
)
_SUFFIXES = {".otf", ".ttc", ".ttf"}
_PROBE_PX = 20.0
_IN_NO_FONT = "\U0010fffe"  # a noncharacter: what is drawn for it is what the font draws for all it lacks
_UNDRAWN = ("C", "Z")  # Unicode categories of controls and of spaces


@dataclass(frozen=True, slots=True)
class Typeface:
    """A font file, in memory or on the disk, to be had in any size."""

    source: bytes | Path

    def at(self, size_px: float) -> FreeTypeFont:
        """The font with letters of ``size_px``."""
        return _font(self.source, size_px)

    def lacks(self, text: str) -> frozenset[str]:
        """The characters of ``text`` that it draws as boxes."""
        return frozenset(sign for sign in _drawn(text) if not _has(self.source, sign))


SHIPPED = Typeface(FiraGO_Regular.fontbuffer)
"""FiraGO (SIL Open Font License 1.1): Latin, Greek, Cyrillic, Hebrew, Arabic, Thai, Georgian, Devanagari."""


@dataclass(frozen=True, slots=True)
class Typefaces:
    """The shipped font, and those of the system that have what it lacks."""

    fallbacks: tuple[Typeface, ...] = ()

    @classmethod
    def of(cls, texts: Iterable[str], folders: Sequence[Path] = SYSTEM_FOLDERS) -> "Typefaces":
        """Look through the system's fonts once for what the shipped one lacks of ``texts``."""
        missing = SHIPPED.lacks("".join(texts))
        found = []
        for path in _files(folders) if missing else ():
            typeface = Typeface(path)
            try:
                lacking = typeface.lacks("".join(missing))
            except OSError:  # a bitmap font, or a broken file
                continue
            if lacking != missing:
                found.append(typeface)
            missing = lacking
            if not missing:
                break
        return cls(tuple(found))

    def runs(self, line: str) -> list[tuple[Typeface, str]]:
        """``line`` in parts of one font each; what no font has is the shipped one's."""
        signs = [(self._typeface(sign), sign) for sign in line]
        parts = groupby(signs, key=lambda sign: sign[0])
        return [(typeface, "".join(sign for _, sign in part)) for typeface, part in parts]

    def _typeface(self, sign: str) -> Typeface:
        return next((face for face in (SHIPPED, *self.fallbacks) if not face.lacks(sign)), SHIPPED)


def _files(folders: Sequence[Path]) -> list[Path]:
    found = [path for folder in folders for path in folder.rglob("*") if path.suffix.lower() in _SUFFIXES]
    return sorted(found, key=lambda path: ("regular" not in path.name.lower(), str(path)))


def _drawn(text: str) -> set[str]:
    return {sign for sign in text if not unicodedata.category(sign).startswith(_UNDRAWN)}


@lru_cache(maxsize=4096)
def _has(source: bytes | Path, sign: str) -> bool:
    probe = _font(source, _PROBE_PX, Layout.BASIC)
    return _shape(probe, sign) != _shape(probe, _IN_NO_FONT)


def _shape(font: FreeTypeFont, sign: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(sign)
    return mask.size, bytes(mask)


@lru_cache(maxsize=64)
def _font(source: bytes | Path, size_px: float, layout: Layout | None = None) -> FreeTypeFont:
    file = BytesIO(source) if isinstance(source, bytes) else source
    return ImageFont.truetype(file, size_px, layout_engine=layout)
