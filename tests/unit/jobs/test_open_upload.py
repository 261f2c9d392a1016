"""Opening uploads, on fakes."""

from datetime import timedelta
from pathlib import Path

import pytest

from builders_jobs import NOW
from jobs.domain.errors import (
    InvalidFileFormat,
)
from world_jobs import World, new_world


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path)


def test_open_upload_leads_to_a_key_of_its_own(world: World) -> None:
    ticket = world.use_cases.open_upload("ada", "plan.pdf", "pdf")
    assert ticket.post.fields["key"] == f"uploads/{ticket.upload.upload_id}"
    assert ticket.upload.usable_until == NOW + timedelta(minutes=15)
    assert world.uploads.get(ticket.upload.upload_id) == ticket.upload


def test_open_upload_refuses_an_unknown_format(world: World) -> None:
    with pytest.raises(InvalidFileFormat):
        world.use_cases.open_upload("ada", None, "gif")
