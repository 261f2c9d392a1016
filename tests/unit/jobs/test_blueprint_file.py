"""What a file is called against what it is, and the names it gets."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.domain.blueprint_file import (
    MAX_BLUEPRINT_BYTES,
    BlueprintFacts,
    Declaration,
    StagedBlueprint,
    check_agreement,
    check_known_format,
    check_size,
    download_filename,
    received_format,
    safe_filename,
)
from jobs.domain.errors import FileTooLarge, InvalidFileFormat, InvalidRequest
from jobs.domain.formats import BlueprintFormat

PNG = BlueprintFacts("png", 1, 10, 10)
JPG = BlueprintFacts("jpg", 1, 10, 10)


@pytest.mark.parametrize(
    ("given_name", "stored_as"),
    [
        ("plan.png", "plan.png"),
        ("Ground Floor (v2).pdf", "Ground_Floor__v2_.pdf"),
        ("C:\\plans\\haus.png", "haus.png"),
        ("../../etc/passwd", "passwd"),
        ("Grundriß.png", "Grundri_.png"),
        ("图纸", "blueprint.png"),
        ("._.", "blueprint.png"),
        ("..", "blueprint.png"),
        ("", "blueprint.png"),
        (None, "blueprint.png"),
        ("plans/", "blueprint.png"),
        ("a" * 200 + ".pdf", "a" * 96 + ".pdf"),
    ],
)
def test_names_are_made_safe_for_storage(given_name: str | None, stored_as: str) -> None:
    assert safe_filename(given_name, "png") == stored_as


@given(st.text(max_size=300))
def test_a_stored_name_is_always_plain_and_short(name: str) -> None:
    safe = safe_filename(name, "pdf")
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,100}", safe)
    assert safe.strip("_.")


@pytest.mark.parametrize(
    ("given_name", "saved_as"),
    [
        ("plan.png", "plan.png"),
        ("plan.PNG", "plan.PNG"),
        ("plan.html", "plan.html.png"),
        ("dir/plan", "plan.png"),
        (None, "blueprint.png"),
        ("...", "blueprint.png"),
        ("Grundriß.png", "Grundriß.png"),
        ("plan\u202egnp.exe", "plangnp.exe.png"),
        ("\u2066\u2069", "blueprint.png"),
    ],
)
def test_a_download_is_named_after_what_it_is(given_name: str | None, saved_as: str) -> None:
    assert download_filename(given_name, "png") == saved_as


@pytest.mark.parametrize("spelt", ["jpg", "jpeg", "JPEG"])
def test_jpeg_is_jpg(spelt: str) -> None:
    check_agreement(Declaration((spelt,)), "jpg")


ALL: set[BlueprintFormat] = {"png", "jpg", "pdf"}


@pytest.mark.parametrize(
    ("media_type", "meant"),
    [
        (None, ALL),
        ("", ALL),
        ("*/*", ALL),
        ("application/octet-stream", ALL),
        ("binary/octet-stream", ALL),
        ("multipart/form-data", ALL),
        ("image/*", {"png", "jpg"}),
        ("image/png", {"png"}),
        ("IMAGE/PNG", {"png"}),
        ("image/x-png", {"png"}),
        ("image/jpeg", {"jpg"}),
        ("image/jpg", {"jpg"}),
        ("Image/PJpeg", {"jpg"}),
        ("application/pdf", {"pdf"}),
        ("application/x-pdf", {"pdf"}),
        ("image/gif", set()),
        ("image/svg+xml", set()),
        ("application/json", set()),
        ("text/plain", set()),
        ("png", set()),
        ("*", set()),
    ],
)
def test_a_media_type_agrees_with_the_formats_that_it_means(
    media_type: str | None, meant: set[BlueprintFormat]
) -> None:
    assert {found for found in ALL if agrees(media_type, found)} == meant


def agrees(media_type: str | None, found: BlueprintFormat) -> bool:
    try:
        check_agreement(Declaration(media_type=media_type), found)
    except InvalidFileFormat:
        return False
    return True


@pytest.mark.parametrize(
    ("declared", "received"),
    [
        (Declaration(("gif",)), "gif"),
        (Declaration(("png", "pdf")), "pdf"),
        (Declaration(("png",), "image/jpeg"), "image/jpeg"),
        (Declaration((), "text/html"), "text/html"),
    ],
)
def test_a_declaration_that_disagrees_is_refused(declared: Declaration, received: str) -> None:
    with pytest.raises(InvalidFileFormat) as refused:
        check_agreement(declared, "png")
    assert refused.value.details == {"received_format": received, "found_format": "png"}


@pytest.mark.parametrize("spelt", ["gif", "", "image/png"])
def test_an_unknown_format_is_refused(spelt: str) -> None:
    with pytest.raises(InvalidFileFormat) as refused:
        check_known_format(spelt)
    assert refused.value.details == {"received_format": spelt, "found_format": None}


def test_sizes_at_and_over_the_limits() -> None:
    check_size(StagedBlueprint(Path("x"), MAX_BLUEPRINT_BYTES, ""))
    with pytest.raises(FileTooLarge):
        check_size(StagedBlueprint(Path("x"), MAX_BLUEPRINT_BYTES + 1, ""))
    with pytest.raises(InvalidRequest, match="empty"):
        check_size(StagedBlueprint(Path("x"), 0, ""))


def test_what_was_received_is_the_format_or_else_the_media_type() -> None:
    assert received_format(Declaration(("gif",), "image/png")) == "gif"
    assert received_format(Declaration((), "image/png")) == "image/png"
    assert received_format(Declaration()) is None
