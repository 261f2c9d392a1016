"""``location-detection`` as a process, against a fake service."""

import fcntl
import json
import os
import pty
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from location_detection import Client
from location_detection.detection import Detection, Options
from location_detection.plans import Plan
from location_detection.results import ResultFolder
from unit.client.fake_service import BAD, KEY, FakeService, fake_service

COMMAND = [sys.executable, "-m", "location_detection.command"]
STATE = ".location-detection.json"


@pytest.fixture
def service() -> Iterator[FakeService]:
    with fake_service() as running:
        yield running


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    """A folder of two plans."""
    folder = tmp_path / "plans"
    (folder / "upper floor").mkdir(parents=True)
    (folder / "a.png").write_bytes(b"plan a")
    (folder / "upper floor" / "b.PDF").write_bytes(b"plan b")
    (folder / "notes.txt").write_text("no plan")
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def environment(service: FakeService | None, **changes: str) -> dict[str, str]:
    url = service.url if service else "http://127.0.0.1:1"
    named = {"LOCATION_DETECTION_URL": url, "LOCATION_DETECTION_KEY": KEY, "XDG_CONFIG_HOME": "/nonexistent"}
    return os.environ | named | changes


def run(service: FakeService, *arguments: object, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        env=environment(service, **changes),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def summary(out: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((out / "summary.json").read_text())
    return read


def test_a_folder_goes_in_and_tables_come_out(service: FakeService, plans: Path, out: Path) -> None:
    done = run(service, "detect", plans, "-o", out)
    assert done.returncode == 0, done.stderr
    assert files(out) == {STATE, "summary.json", "a.png.csv", "upper floor/b.PDF.csv"}
    assert (out / "a.png.csv").read_text() == "csv of page 1"
    assert "a.png" in done.stdout
    assert "completed" in done.stdout
    assert summary(out)["plans"] == {"completed": 2, "failed": 0, "pending": 0}
    assert summary(out)["rooms"] == 4


def test_it_is_quiet_without_a_terminal(service: FakeService, plans: Path, out: Path) -> None:
    assert run(service, "detect", plans, "-o", out).stderr == ""


def test_it_shows_progress_on_a_terminal(service: FakeService, plans: Path, out: Path) -> None:
    parent, child = pty.openpty()
    command = [*COMMAND, "detect", str(plans), "-o", str(out)]
    with subprocess.Popen(
        command, env=environment(service), stderr=child, stdout=subprocess.DEVNULL
    ) as process:
        os.close(child)
        shown = b""
        while b"plans" not in shown:
            shown += os.read(parent, 10_000)
        assert process.wait(30) == 0
    os.close(parent)


def test_the_summary_is_printed_as_json(service: FakeService, plans: Path, out: Path) -> None:
    done = run(service, "detect", plans, "-o", out, "--json")
    assert json.loads(done.stdout) == summary(out)
    assert summary(out)["succeeded"] is True


def test_pages_have_files_of_their_own_where_a_format_is_by_page(
    service: FakeService, plans: Path, out: Path
) -> None:
    service.page_count = 2
    done = run(service, "detect", plans / "a.png", "-o", out, "--format", "json,svg", "--format", "png,xlsx")
    assert done.returncode == 0, done.stderr
    pages = {f"a.png.p{page}.{kind}" for page in (1, 2) for kind in ("svg", "png")}
    assert files(out) == {STATE, "summary.json", "a.png.json", "a.png.xlsx", *pages}
    written = json.loads((out / "a.png.json").read_text())
    assert [preview["page"]["number"] for preview in written["previews"]] == [1, 2]


def test_where_the_service_has_no_file_of_a_document_each_page_has_its_own(
    service: FakeService, plans: Path, out: Path
) -> None:
    service.page_count, service.has_documents = 2, False
    done = run(service, "detect", plans / "a.png", "-o", out)
    assert done.returncode == 0, done.stdout
    assert files(out) == {STATE, "summary.json", "a.png.p1.csv", "a.png.p2.csv"}


def test_the_same_command_sends_and_asks_nothing_twice(service: FakeService, plans: Path, out: Path) -> None:
    first = run(service, "detect", plans, "-o", out, "--json")
    service.requests.clear()
    assert run(service, "detect", plans, "-o", out, "--json").stdout == first.stdout
    assert service.requests == ["GET /api/v1/jobs"]


def test_another_format_is_fetched_from_the_same_jobs(service: FakeService, plans: Path, out: Path) -> None:
    run(service, "detect", plans, "-o", out)
    assert run(service, "detect", plans, "-o", out, "--format", "svg").returncode == 0
    assert len(service.jobs) == 2
    assert (out / "a.png.p1.svg").exists()


def test_a_result_that_was_deleted_is_fetched_again(service: FakeService, plans: Path, out: Path) -> None:
    run(service, "detect", plans, "-o", out)
    (out / "a.png.csv").unlink()
    run(service, "detect", plans, "-o", out)
    assert (out / "a.png.csv").exists()
    assert len(service.jobs) == 2


def test_the_schedule_has_a_name_of_its_own(service: FakeService, plans: Path, out: Path) -> None:
    service.page_count, service.has_documents = 2, False
    done = run(service, "detect", plans / "a.png", "-o", out, "--format", "schedule,xlsx")
    assert done.returncode == 0, done.stderr
    assert (out / "a.png.p2.schedule.xlsx").read_text() == "schedule of page 2"
    assert (out / "a.png.p2.xlsx").read_text() == "xlsx of page 2"


def test_another_folder_is_another_run(service: FakeService, plans: Path, tmp_path: Path) -> None:
    run(service, "detect", plans / "a.png", "-o", tmp_path / "1")
    run(service, "detect", plans / "a.png", "-o", tmp_path / "2")
    assert len(service.jobs) == 2


def test_corrected_rooms_are_fetched_each_time(service: FakeService, plans: Path, out: Path) -> None:
    run(service, "detect", plans / "a.png", "-o", out)
    assert run(service, "detect", plans / "a.png", "-o", out, "--corrected").returncode == 0
    assert (out / "a.png.csv").read_text() == "csv of page 1 corrected"
    run(service, "detect", plans / "a.png", "-o", out)
    assert (out / "a.png.csv").read_text() == "csv of page 1"
    assert len(service.jobs) == 1


LENGTH = {"from": [0, 0], "to": [1000, 0], "metres": 12.5}


@pytest.mark.parametrize(("said", "scale"), [("1:50", "1:50"), (json.dumps(LENGTH), LENGTH)])
def test_the_scale_is_given_for_the_pages_that_are_asked_for(
    service: FakeService, plans: Path, out: Path, said: str, scale: object
) -> None:
    (plans / "a.png").write_bytes(b"%PDF-1.7 whatever it is called")
    assert run(service, "detect", plans / "a.png", "-o", out, "--scale", said).returncode == 0
    (job,) = service.jobs.values()
    assert (job["scale"], job["pages"], job["asked"]) == (scale, "all", True)


@pytest.mark.parametrize("said", ["", "100", "1:0", "1:100\n", "{", "[1, 2]", '{"metres": 5}'])
def test_a_scale_that_makes_no_sense_is_wrong_use_and_nothing_is_sent(
    service: FakeService, plans: Path, out: Path, said: str
) -> None:
    done = run(service, "detect", plans / "a.png", "-o", out, "--scale", said)
    assert done.returncode == 2
    assert "1:100" in done.stderr
    assert service.requests == []


def test_a_ratio_is_refused_for_pictures_before_they_are_sent(
    service: FakeService, plans: Path, out: Path
) -> None:
    (plans / "sheet.pdf").write_bytes(b"%PDF-1.7")
    done = run(service, "detect", plans / "a.png", plans / "sheet.pdf", "-o", out, "--scale", "1:50")
    assert done.returncode == 1
    assert "is for PDF files" in done.stdout
    assert [job["name"] for job in service.jobs.values()] == ["sheet.pdf"]


def test_a_bad_file_does_not_keep_the_good_ones(service: FakeService, plans: Path, out: Path) -> None:
    (plans / "bad.png").write_bytes(BAD)
    done = run(service, "detect", plans, "-o", out)
    assert done.returncode == 1
    assert "INVALID_FILE_FORMAT" in done.stdout
    assert summary(out)["plans"] == {"completed": 2, "failed": 1, "pending": 0}
    assert {"a.png.csv", "upper floor/b.PDF.csv"} <= files(out)


def test_failed_pages_are_named_and_tried_again(service: FakeService, plans: Path, out: Path) -> None:
    service.page_count, service.failing = 3, {2}
    done = run(service, "detect", plans / "a.png", "-o", out)
    assert done.returncode == 1
    assert "2/3" in done.stdout
    assert "page 2: UNREADABLE_BLUEPRINT: This page is damaged." in done.stdout
    service.failing = set()
    assert run(service, "detect", plans / "a.png", "-o", out).returncode == 0
    assert len(service.jobs) == 1
    assert sum(line.startswith("POST") and line.endswith("previews") for line in service.requests) == 1


def test_what_the_server_does_not_offer_is_said_in_its_words(
    service: FakeService, plans: Path, out: Path
) -> None:
    done = run(service, "detect", plans / "a.png", "-o", out, "--format", "dxf")
    assert done.returncode == 1
    assert "INVALID_REQUEST (HTTP 400): What to do." in done.stdout


def test_a_job_that_is_gone_is_made_anew(service: FakeService, plans: Path, out: Path) -> None:
    run(service, "detect", plans / "a.png", "-o", out)
    for wanted in ("svg", "json"):
        service.jobs.clear()
        assert run(service, "detect", plans / "a.png", "-o", out, "--format", wanted).returncode == 0
        assert len(service.jobs) == 1


def test_a_plan_that_was_renamed_since_its_job_was_erased_is_sent_again(
    service: FakeService, plans: Path, out: Path
) -> None:
    run(service, "detect", plans / "a.png", "-o", out)
    service.jobs.clear()
    renamed = (plans / "a.png").rename(plans / "c.png")
    assert run(service, "detect", renamed, "-o", out).returncode == 0
    assert [job["name"] for job in service.jobs.values()] == ["c.png"]


def test_pages_that_wait_on_after_their_job_are_given_up_at_the_timeout(
    service: FakeService, plans: Path, out: Path
) -> None:
    service.queued = {1}
    pauses = [0.0] * 100
    with Client(service.url, KEY, sleep=lambda _: pauses.pop()) as client:
        detection = Detection(client, ResultFolder(out), Options(timeout=0.05))
        result = detection.detect(Plan(plans / "a.png", "a.png"))
    assert result.status == "pending"
    assert result.job_id in service.jobs


def test_a_limit_is_waited_for(service: FakeService, plans: Path, out: Path) -> None:
    service.limited = 2
    assert run(service, "detect", plans, "-o", out).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["detect"], "PLAN"),
        (["detect", "nowhere.png"], "does not exist"),
        (["detect", ".", "--format", "doc"], "'doc' is none of"),
        (["detect", "empty"], "no file that ends in"),
        (["detect", "plans", "-o", "plans"], "a folder of their own"),
        (["detect", "pipe.png"], "pipe.png is no file"),
    ],
)
def test_wrong_use_is_2(service: FakeService, tmp_path: Path, arguments: list[str], said: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "plans").mkdir()
    os.mkfifo(tmp_path / "pipe.png")
    command = subprocess.run(
        [*COMMAND, *arguments],
        cwd=tmp_path,
        env=environment(service),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert command.returncode == 2
    assert said in command.stderr


def test_an_address_that_cannot_be_read_is_wrong_use(plans: Path, out: Path) -> None:
    done = run(None, "detect", plans, "-o", out, LOCATION_DETECTION_URL="http://[")
    assert (done.returncode, done.stdout) == (2, "")
    assert "LOCATION_DETECTION_URL must be like" in done.stderr


def test_a_refused_key_is_3(service: FakeService, plans: Path, out: Path) -> None:
    done = run(service, "detect", plans, "-o", out, LOCATION_DETECTION_KEY="another")
    assert done.returncode == 3
    assert "UNAUTHORIZED" in done.stderr
    assert "another" not in done.stderr


def test_a_service_that_is_away_is_3(service: FakeService, plans: Path, out: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        done = run(service, "detect", plans, "-o", out, LOCATION_DETECTION_URL=url)
    assert done.returncode == 3
    assert "cannot be reached" in done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_stops_cleanly_and_the_same_command_goes_on(
    service: FakeService, plans: Path, out: Path
) -> None:
    service.held = True
    command = [*COMMAND, "detect", str(plans), "-o", str(out)]
    process = subprocess.Popen(
        command, env=environment(service), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert service.seen.wait(30)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "goes on from here" in said
    assert "Traceback" not in said
    assert files(out) <= {STATE, "summary.json"}
    assert summary(out)["plans"] == {"completed": 0, "failed": 0, "pending": 2}
    assert json.loads((out / STATE).read_text())["run"]
    jobs = set(service.jobs)

    service.held = False
    assert run(service, "detect", plans, "-o", out).returncode == 0
    assert jobs <= set(service.jobs)
    assert len(service.jobs) == 2


def test_a_second_ctrl_c_ends_at_once(service: FakeService, plans: Path, out: Path) -> None:
    service.held = True
    process = subprocess.Popen(
        [*COMMAND, "detect", str(plans), "-o", str(out)], env=environment(service), stderr=subprocess.DEVNULL
    )
    assert service.seen.wait(30)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 130


@pytest.mark.parametrize(
    "name",
    ["Grundriß Ⅱ 平面図.png", r"C:\plans\ground floor.png", "a [bold]b.png", "a\nb.png", "nicht \udcff.png"],
)
def test_names_of_all_kinds_are_sent_and_kept(
    service: FakeService, tmp_path: Path, out: Path, name: str
) -> None:
    folder = tmp_path / "plans"
    folder.mkdir()
    (folder / name).write_bytes(b"plan")
    done = run(service, "detect", folder, "-o", out)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{name}.csv" in files(out)
    heading, line, *_ = done.stdout.splitlines()
    assert heading.startswith("plan ")
    assert line.rstrip().endswith("completed")


def test_files_of_one_name_are_told_apart_by_their_folders(
    service: FakeService, tmp_path: Path, out: Path
) -> None:
    for folder in ("north", "south"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "plan.png").write_text(folder)
    done = run(service, "detect", tmp_path / "north/plan.png", tmp_path / "south/plan.png", "-o", out)
    assert done.returncode == 0
    assert {"north/plan.png.csv", "south/plan.png.csv"} <= files(out)


def test_results_inside_the_folder_are_no_plans(service: FakeService, plans: Path) -> None:
    for _ in range(2):
        assert run(service, "detect", plans, "-o", plans / "rooms", "--format", "png").returncode == 0
    assert len(service.jobs) == 2


def test_a_damaged_state_is_named(service: FakeService, plans: Path, out: Path) -> None:
    out.mkdir()
    (out / STATE).write_text("{")
    done = run(service, "detect", plans, "-o", out)
    assert done.returncode != 0
    assert "is damaged" in done.stderr


def test_a_folder_that_another_run_writes_into_is_wrong_use(
    service: FakeService, plans: Path, out: Path
) -> None:
    out.mkdir()
    another = os.open(out, os.O_RDONLY)
    fcntl.flock(another, fcntl.LOCK_EX)
    refused = run(service, "detect", plans, "-o", out)
    os.close(another)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert (
        refused.stderr
        == f"Error: Another run writes into {out}. Wait until it has ended, or choose another folder.\n"
    )
    assert not service.jobs
    assert run(service, "detect", plans, "-o", out).returncode == 0


def test_a_link_that_was_put_into_the_folder_leads_nowhere(
    service: FakeService, plans: Path, out: Path, tmp_path: Path
) -> None:
    (tmp_path / "victim").write_text("mine")
    out.mkdir()
    for name in (".location-detection.part", "a.png.csv", "summary.json"):
        (out / name).symlink_to(tmp_path / "victim")
    assert run(service, "detect", plans, "-o", out).returncode == 0
    assert (tmp_path / "victim").read_text() == "mine"
    assert (out / "a.png.csv").read_text() == "csv of page 1"
