"""Every blueprint that the jobs service accepts can be previewed."""

from typing import get_args

from jobs.domain import blueprint_file
from preview.domain import blueprint
from preview.page.formats import FORMATS


def test_both_services_know_the_same_formats() -> None:
    assert set(get_args(blueprint_file.BlueprintFormat)) == set(FORMATS)


def test_both_services_have_the_same_limits() -> None:
    assert blueprint_file.MAX_PAGES == blueprint.MAX_PAGES
    assert blueprint_file.MAX_PIXELS == blueprint.MAX_PIXELS
