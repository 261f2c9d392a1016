"""Why a file cannot be drawn, in words that tell its owner what to do."""

from preview.domain.blueprint import MAX_PAGES, MAX_PIXELS
from preview.domain.errors import UnreadableBlueprint


def corrupt() -> UnreadableBlueprint:
    return UnreadableBlueprint(
        "The file is damaged or cut off. Export it again and create a new job with it.", "corrupt"
    )


def crashed_reader() -> UnreadableBlueprint:
    return UnreadableBlueprint(
        "The page cannot be drawn: the file is damaged or too complex. Export it again, or as PNG.", "corrupt"
    )


def encrypted() -> UnreadableBlueprint:
    return UnreadableBlueprint("The PDF asks for a password. Save it without one.", "encrypted")


def too_many_pixels() -> UnreadableBlueprint:
    return UnreadableBlueprint(
        f"The image has more than {MAX_PIXELS // 1_000_000} megapixels. Export it smaller.", "too_many_pixels"
    )


def too_many_pages() -> UnreadableBlueprint:
    return UnreadableBlueprint(
        f"The PDF has more than {MAX_PAGES} pages. Send the pages with plans only.", "too_many_pages"
    )


def too_complex() -> UnreadableBlueprint:
    return UnreadableBlueprint(
        "The page is too complex to draw in time. Simplify it, or export it as PNG.", "too_complex"
    )
