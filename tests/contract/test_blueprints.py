"""Every blueprint that the jobs service accepts can be previewed."""

from jobs.domain import blueprint_file, formats
from preview.domain import blueprint
from preview.page.formats import FORMATS, PILLOW_FORMATS


def test_both_services_know_the_same_formats() -> None:
    assert set(formats.FORMATS) == set(FORMATS)
    pictures = {name: each.pillow_name for name, each in formats.FORMATS.items() if each.pillow_name}
    assert pictures == PILLOW_FORMATS


def test_both_services_have_the_same_limits() -> None:
    assert blueprint_file.MAX_PAGES == blueprint.MAX_PAGES
    assert blueprint_file.MAX_PIXELS == blueprint.MAX_PIXELS
