"""The table of formats, and what is derived from it."""

import pytest
from PIL import Image

from blueprint_files import encoded, plan_pdf
from jobs.domain.file_signatures import sniff_format
from jobs.domain.formats import FORMATS, SPELLINGS, TITLES, Format, either, formats_of

every_format = pytest.mark.parametrize("known", FORMATS.values(), ids=FORMATS)


@every_format
def test_a_file_of_the_format_has_its_signature(known: Format) -> None:
    picture = Image.new("L", (4, 3))
    content = encoded(picture, known.pillow_name) if known.pillow_name else plan_pdf()
    assert content.startswith(known.signatures)
    assert sniff_format(content) == known.name


@every_format
def test_each_signature_leads_to_the_format(known: Format) -> None:
    assert {sniff_format(signature + bytes(100)) for signature in known.signatures} == {known.name}


@every_format
def test_all_names_and_media_types_lead_to_the_format(known: Format) -> None:
    assert {SPELLINGS[name] for name in known.names} == {known.name}
    assert {formats_of(media_type.upper()) for media_type in known.media_types} == {frozenset({known.name})}


def test_formats_are_listed_as_a_person_would() -> None:
    assert TITLES == "PNG, JPG or PDF"
    assert either(["a"]) == "a"
