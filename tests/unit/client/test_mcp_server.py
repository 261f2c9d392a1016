"""The tools, through the protocol, against a fake service; and that they stay below their folders."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp import Client as Agent
from mcp.types import CallToolResult

from location_detection import Client
from location_detection.mcp_server import server
from unit.client.fake_service import KEY, FakeService, fake_service


@pytest.fixture
def service() -> Iterator[FakeService]:
    with fake_service() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "plans"
    folder.mkdir()
    (folder / "plan.png").write_bytes(b"plan")
    (tmp_path / "secret.png").write_bytes(b"secret")
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    return folder


def call(service: FakeService, folder: Path, tool: str, **arguments: Any) -> CallToolResult:
    async def through_the_protocol(client: Client) -> CallToolResult:
        async with Agent(server(client, [folder])) as agent:
            return await agent.call_tool(tool, arguments)

    with Client(service.url, KEY, retry_seconds=0) as client:
        return asyncio.run(through_the_protocol(client))


def job_of(service: FakeService, folder: Path) -> str:
    opened = call(service, folder, "open_plan", file="plan.png")
    assert not opened.is_error, opened
    assert opened.structured_content
    job_id: str = opened.structured_content["job_id"]
    return job_id


def test_a_plan_is_opened_waited_for_and_exported(service: FakeService, folder: Path) -> None:
    job_id = job_of(service, folder)
    waited = call(service, folder, "wait_for_job", job_id=job_id)
    assert waited.structured_content
    assert waited.structured_content["status"] == "completed"
    written = call(service, folder, "export_rooms", job_id=job_id, format="csv", file="rooms.csv", page=1)
    assert not written.is_error, written
    assert (folder / "rooms.csv").read_text() == "csv of page 1"
    schedule = call(service, folder, "export_rooms", job_id=job_id, format="schedule", file="rooms.xlsx")
    assert not schedule.is_error, schedule


def test_a_scale_is_given_and_forgotten(service: FakeService, folder: Path) -> None:
    job_id = job_of(service, folder)
    for scale in ({"from": [0, 0], "to": [1000, 0], "metres": 12.5}, None):
        answer = call(service, folder, "give_scale", job_id=job_id, scale=scale, pages="1")
        assert answer.structured_content
        assert answer.structured_content["job_id"] == job_id
        assert (service.jobs[job_id]["scale"], service.jobs[job_id]["pages"]) == (scale, "1")


def test_the_picture_is_an_image(service: FakeService, folder: Path) -> None:
    shown = call(service, folder, "show_picture", job_id=job_of(service, folder))
    assert shown.content[0].type == "image"


@pytest.mark.parametrize("file", ["../secret.png", "link.png", "/etc/hostname"])
def test_nothing_outside_the_folders_is_read(service: FakeService, folder: Path, file: str) -> None:
    opened = call(service, folder, "open_plan", file=file)
    assert opened.is_error
    assert "is not below" in str(opened.content)
    assert service.jobs == {}


@pytest.mark.parametrize("file", ["../rooms.csv", "link.png", "plan.png"])
def test_nothing_outside_the_folders_or_already_there_is_written(
    service: FakeService, folder: Path, file: str
) -> None:
    job_id = job_of(service, folder)
    written = call(service, folder, "export_rooms", job_id=job_id, format="csv", file=file, page=1)
    assert written.is_error
    assert (folder / "plan.png").read_bytes() == b"plan"
    assert (folder.parent / "secret.png").read_bytes() == b"secret"
    assert not (folder.parent / "rooms.csv").exists()


def test_what_the_service_refuses_is_the_tools_error(service: FakeService, folder: Path) -> None:
    refused = call(service, folder, "wait_for_job", job_id="job_none")
    assert refused.is_error
    assert "JOB_NOT_FOUND" in str(refused.content)


def test_what_can_be_no_file_is_told(service: FakeService, folder: Path) -> None:
    opened = call(service, folder, "open_plan", file="a\0b")
    assert opened.is_error
    assert "is no name of a file" in str(opened.content)


def test_an_agent_reaches_no_other_path_by_an_id(service: FakeService, folder: Path) -> None:
    refused = call(service, folder, "wait_for_job", job_id="../../../health?")
    assert refused.is_error
    assert "INVALID_JOB_ID" in str(refused.content)
