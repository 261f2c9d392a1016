"""Jobs from files that are fetched, on fakes: the switch, repeats, and that they are like any other."""

from pathlib import Path
from typing import Any

import pytest

from jobs.domain.blueprint_file import Declaration
from jobs.domain.errors import (
    IdempotencyKeyReused,
    InvalidFileFormat,
    InvalidRequest,
    NotABlueprint,
    RequestInProgress,
    UrlInputDisabled,
    UrlNotAllowed,
)
from jobs.use_cases.create_job import CreatedJob, CreateJobCommand
from world_jobs import PNG, World, new_world

URL = "https://plans.example.com/a.png?sig=1"
OTHER_URL = "https://plans.example.com/a.png?sig=2"


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = new_world(tmp_path)
    world.remote_files.contents = {URL: b"pixels", OTHER_URL: b"pixels"}
    return world


def create(
    world: World,
    url: str = URL,
    declared: Declaration = PNG,
    key: str | None = None,
    *,
    pages: str | None = None,
) -> CreatedJob:
    return world.use_cases.create_job.from_url(CreateJobCommand("ada", declared, pages, key), url)


def test_a_fetched_file_becomes_the_job_that_a_sent_one_would(world: World) -> None:
    job, sent = create(world).job, world.create(b"pixels")
    assert world.jobs.get(job.job_id) == job
    assert world.bucket.objects[job.blueprint_s3_key].content == b"pixels"
    for field in (
        "blueprint_hash",
        "blueprint_format",
        "blueprint_filename",
        "blueprint_size_bytes",
        "owner",
    ):
        assert getattr(job, field) == getattr(sent, field)


def test_switched_off_nothing_is_fetched(world: World) -> None:
    world.parameters.url_input = False
    with pytest.raises(UrlInputDisabled):
        create(world)
    assert world.remote_files.fetched == []


def test_an_unknown_format_is_refused_before_anything_is_fetched(world: World) -> None:
    with pytest.raises(InvalidFileFormat):
        create(world, declared=Declaration(("gif",)))
    assert world.remote_files.fetched == []


def test_a_fetched_file_is_accepted_or_refused_like_any_other(world: World) -> None:
    with pytest.raises(InvalidFileFormat):
        create(world, declared=Declaration(("pdf",)))
    world.reader.answer = NotABlueprint(None)
    with pytest.raises(InvalidFileFormat):
        create(world)
    world.remote_files.contents[URL] = b""
    with pytest.raises(InvalidRequest):
        create(world)
    assert not world.jobs.stored
    assert not world.bucket.objects


def test_a_repeat_fetches_nothing_and_is_told_of_the_first_job(world: World) -> None:
    first = create(world, key="k")
    world.remote_files.contents[URL] = b"another file by now"
    again = create(world, key="k")
    assert (again.job, again.replayed) == (first.job, True)
    assert world.remote_files.fetched == [URL]
    assert list(world.jobs.stored) == [first.job.job_id]


def test_a_key_belongs_to_the_request_and_not_to_what_was_fetched(world: World) -> None:
    create(world, key="k")
    with pytest.raises(IdempotencyKeyReused):
        create(world, OTHER_URL, key="k")  # the same bytes
    with pytest.raises(IdempotencyKeyReused):
        create(world, declared=Declaration(("jpg",)), key="k")
    with pytest.raises(IdempotencyKeyReused):
        create(world, key="k", pages="1")
    assert world.remote_files.fetched == [URL]


def test_a_url_that_is_refused_leaves_its_key_free(world: World) -> None:
    contents, world.remote_files.contents = world.remote_files.contents, {}
    with pytest.raises(UrlNotAllowed):
        create(world, key="k")
    world.remote_files.contents = contents
    assert not create(world, key="k").replayed


def test_a_request_that_meets_the_first_at_work_fetches_nothing(world: World) -> None:
    met = []

    def interfere(*args: Any) -> None:
        world.bucket.put = put  # the fake's own seam
        with pytest.raises(RequestInProgress):
            create(world, key="k", pages="1")
        met.append(True)
        put(*args)

    put, world.bucket.put = world.bucket.put, interfere
    create(world, key="k", pages="1")
    assert met == [True]
    assert world.remote_files.fetched == [URL]
