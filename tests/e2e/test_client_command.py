"""``location-detection`` against the running stack."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from e2e.caller import Caller, once
from e2e.textract import TextractSimulator
from local_parts import free_port
from plan_library import plan_path
from running_stack import RunningStack

COMMAND = [sys.executable, "-m", "location_detection.command"]
STATE = ".location-detection.json"
PATIENCE_SECONDS = 150


def environment(url: str, **changes: str) -> dict[str, str]:
    named = {"LOCATION_DETECTION_URL": url, "LOCATION_DETECTION_KEY": "local-dev-key"}
    return os.environ | named | changes


def run(url: str, *arguments: object, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        env=environment(url, **changes),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def start(url: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        env=environment(url),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def state(out: Path) -> dict[str, Any]:
    try:
        plans: dict[str, Any] = json.loads((out / STATE).read_text())["plans"]
    except FileNotFoundError:
        return {}
    return plans


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    """A plan with a name of many scripts, a set of three pages, and a file that is none."""
    folder = tmp_path / "plans"
    folder.mkdir()
    shutil.copy(plan_path("studio_small.png"), folder / "Grundriß Ⅱ 平面図.png")
    shutil.copy(plan_path("townhouse_three_pages.pdf"), folder / r"C:\plans\set.pdf")
    return folder


def test_a_folder_with_a_bad_file_and_odd_names(stack: RunningStack, plans: Path, tmp_path: Path) -> None:
    url, out = stack.addresses.router, tmp_path / "out"
    (plans / "bad.png").write_bytes(b"no plan")
    done = run(url, "detect", plans, "-o", out, "--format", "json,svg,png", "--json")
    assert done.returncode == 1, done.stderr
    assert done.stderr == ""
    rooms = {Path(file["file"]).name: file["rooms"] for file in json.loads(done.stdout)["files"]}
    assert rooms["Grundriß Ⅱ 平面図.png"] == 5
    assert rooms["bad.png"] == 0
    (bad,) = [file for file in json.loads(done.stdout)["files"] if file["status"] == "failed"]
    assert "INVALID_FILE_FORMAT" in bad["error"]
    assert (out / "Grundriß Ⅱ 平面図.png.p1.png").read_bytes().startswith(b"\x89PNG")
    previews = json.loads((out / r"C:\plans\set.pdf.json").read_text())["previews"]
    assert [preview["page"]["number"] for preview in previews] == [1, 2, 3]
    assert (out / r"C:\plans\set.pdf.p3.svg").read_text().startswith("<svg")

    listed = run(url, "list", "--limit", "100").stdout
    assert "Grundriß Ⅱ 平面図.png" in listed


def test_ctrl_c_and_the_same_command_again(
    stack: RunningStack, caller: Caller, textract: TextractSimulator, tmp_path: Path
) -> None:
    textract.fail("slow", seconds=3)  # so that there is something to break off
    folder, out = tmp_path / "plans", tmp_path / "out"
    folder.mkdir()
    names = [f"{tmp_path.name}-{number}.png" for number in range(6)]
    for number, name in enumerate(names):
        # Bytes after its end make a picture another file.
        (folder / name).write_bytes(plan_path("studio_small.png").read_bytes() + bytes([number]))
    arguments = ("detect", folder, "-o", out)
    process = start(stack.addresses.router, *arguments)
    once(lambda: state(out), lambda plans: any(plan["job_id"] for plan in plans.values()))
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 130, said
    textract.recover()
    assert not list(out.glob("*.part"))

    done = run(stack.addresses.router, *arguments)
    assert done.returncode == 0, done.stdout
    assert {path.name for path in out.glob("*.csv")} == {f"{name}.csv" for name in names}
    jobs = caller.data("GET", "/api/v1/jobs?limit=100")["jobs"]
    mine = [job["blueprint_filename"] for job in jobs if job["blueprint_filename"] in names]
    assert sorted(mine) == names


@pytest.mark.timeout(300)  # two starts of a stack, and a command that may take PATIENCE_SECONDS
def test_a_server_that_restarts_meanwhile(plans: Path, tmp_path: Path) -> None:
    ports = {name: str(free_port()) for name in ("PORT", "LOCAL_AWS_PORT", "LOCAL_TEXTRACT_PORT")}
    first = RunningStack.start(tmp_path / "stack", ports)
    process = start(first.addresses.router, "detect", plans, "-o", tmp_path / "out", "--format", "json")
    try:
        once(lambda: state(tmp_path / "out"), lambda found: any(plan["job_id"] for plan in found.values()))
    finally:
        assert first.stop() == 0
    second = RunningStack.start(tmp_path / "stack", ports)
    try:
        printed, said = process.communicate(timeout=PATIENCE_SECONDS)
        assert process.returncode == 0, printed + said
    finally:
        assert second.stop() == 0


def test_the_key_decides(stack: RunningStack, plans: Path, tmp_path: Path) -> None:
    url = stack.addresses.router
    refused = run(url, "detect", plans, "-o", tmp_path / "1", LOCATION_DETECTION_KEY="local-expired-key")
    assert (refused.returncode, "UNAUTHORIZED" in refused.stderr) == (3, True)
    forbidden = run(url, "detect", plans, "-o", tmp_path / "2", LOCATION_DETECTION_KEY="local-read-key")
    assert (forbidden.returncode, "FORBIDDEN" in forbidden.stderr) == (3, True)


def test_a_job_is_shown_and_erased(stack: RunningStack, caller: Caller) -> None:
    url, job_id = stack.addresses.router, caller.create("studio_small.png")["job_id"]
    caller.whole_preview(job_id)
    shown = run(url, "show", job_id)
    assert shown.returncode == 0
    assert "room_001" in shown.stdout
    erased = run(url, "erase", job_id, "--yes")
    assert erased.returncode == 0, erased.stderr
    assert run(url, "show", job_id).returncode == 1
