from collections.abc import Iterator

import pytest

from builders_preview import a_job
from fakes_preview import FakeJobs, World


@pytest.fixture
def world() -> Iterator[World]:
    world = World(jobs=FakeJobs(a_job()))
    yield world
    world.close()
