"""Every hostile file and name, sent to the whole stack: what becomes of them, and of the stack."""

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import pytest
import requests

from e2e.caller import Caller, is_late, once
from e2e.textract import TextractSimulator
from hostile_files import CANARY, HOSTILE_FILES, Fate, HostileFile
from hostile_names import KEPT, REFUSED
from hostile_pictures import PLAIN
from processes import Process, gunicorn_workers
from running_stack import RunningStack

AT_ONCE = 4
WORKER_PEAK_MB = 300
"""What a worker may take at most, while its children open bombs of gigabytes; it starts with about 120."""

MEDIA_TYPES = {"png": "image/png", "jpg": "image/jpeg", "pdf": "application/pdf"}


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What became of the files, and the workers before and after."""

    fates: dict[str, Future[Fate]]
    before: list[Process]
    after: list[Process]


def workers(stack: RunningStack) -> list[Process]:
    return [
        worker
        for variable in ("JOBS_TABLE", "PREVIEW_CACHE_TABLE")
        for worker in gunicorn_workers(stack.pid, variable)
    ]


@pytest.fixture(scope="module")
def aftermath(stack: RunningStack) -> Iterator[Aftermath]:
    simulator = TextractSimulator(stack.addresses.textract)
    simulator.fail("refuse")  # as Textract does with files such as these, and quickly
    before = workers(stack)
    for worker in before:
        worker.forget_peak_memory()
    try:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            fates = {name: pool.submit(fate_of, stack, name, file) for name, file in HOSTILE_FILES.items()}
        yield Aftermath(fates, before, workers(stack))
    finally:
        simulator.recover()


def fate_of(stack: RunningStack, name: str, file: HostileFile) -> Fate:
    content = file.make()
    with Caller(stack.addresses.router) as caller:
        created = settled(caller, "POST", "/api/v1/jobs", files={"file": (f"{CANARY} {name}", content)})
        if created.status_code == 400:
            assert created.json()["error"]["code"] == "INVALID_FILE_FORMAT", f"{name}: {created.text}"
            return Fate.NO_BLUEPRINT
        if created.status_code == 422:
            assert created.json()["error"]["code"] == "UNREADABLE_BLUEPRINT", f"{name}: {created.text}"
            return Fate.REFUSED
        assert created.status_code == 201, f"{name}: {created.status_code} {created.text}"
        job = created.json()["data"]
        assert_served_as_what_it_is(caller, job, content)
        return fate_of_job(caller, name, file, job["job_id"]) if file.through_all else Fate.DRAWN


def fate_of_job(caller: Caller, name: str, file: HostileFile, job_id: str) -> Fate:
    preview = settled(caller, "POST", f"/api/v1/jobs/{job_id}/preview")
    if preview.status_code == 422:
        assert preview.json()["error"]["code"] == "UNREADABLE_BLUEPRINT", f"{name}: {preview.text}"
        assert status_in_the_end(caller, job_id) == "failed", name
        return Fate.UNDRAWABLE
    assert preview.status_code == 200, f"{name}: {preview.status_code} {preview.text}"
    assert status_in_the_end(caller, job_id) == "completed", name
    return Fate.DRAWN


def status_in_the_end(caller: Caller, job_id: str) -> str:
    """A job whose page was queued first follows its worker."""
    status: str = once(lambda: caller.job(job_id)["status"], lambda status: status != "processing")
    return status


def settled(caller: Caller, method: str, path: str, **body: object) -> requests.Response:
    """The answer once it is one: a machine under load may need another try of what can be drawn."""

    def is_answer(answer: requests.Response) -> bool:
        return answer.status_code not in (202, 503) and not is_late(answer)

    return once(lambda: caller.send(method, path, **body), is_answer)


def assert_served_as_what_it_is(caller: Caller, job: dict[str, str], content: bytes) -> None:
    """A polyglot too comes back as the one thing that it was taken for, and as nothing to run."""
    served = caller.send("GET", f"/api/v1/jobs/{job['job_id']}/blueprint")
    assert served.content == content
    assert served.headers["Content-Type"] == MEDIA_TYPES[job["blueprint_format"]]
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert {"default-src 'none'", "sandbox"} <= set(served.headers["Content-Security-Policy"].split("; "))
    disposition = served.headers["Content-Disposition"]
    assert re.fullmatch(r"attachment; filename=\"[ -~]*\"; filename\*=UTF-8''[A-Za-z0-9%._~-]+", disposition)
    assert disposition.endswith(f".{job['blueprint_format']}")


@pytest.mark.parametrize("name", HOSTILE_FILES)
def test_each_file_meets_its_fate(aftermath: Aftermath, name: str) -> None:
    assert aftermath.fates[name].result() in HOSTILE_FILES[name].fates


def test_all_workers_live_and_none_has_swelled(aftermath: Aftermath) -> None:
    assert [worker.pid for worker in aftermath.after] == [worker.pid for worker in aftermath.before]
    assert max(worker.peak_memory_mb for worker in aftermath.after) < WORKER_PEAK_MB


@pytest.mark.parametrize("name", KEPT.values(), ids=KEPT)
def test_a_strange_name_harms_nothing(caller: Caller, name: str) -> None:
    for job in (create_as_form(caller, name), create_as_json(caller, name)):
        assert job.status_code == 201, job.text
        data = job.json()["data"]
        key = rf"blueprints/{data['job_id']}/[A-Za-z0-9_.-]{{1,100}}"
        assert re.fullmatch(key, data["blueprint_s3_key"])
        assert not data["blueprint_s3_key"].endswith(("/.", "/.."))
        assert_served_as_what_it_is(caller, data, PLAIN)


@pytest.mark.parametrize("name", REFUSED.values(), ids=REFUSED)
def test_a_name_that_is_none_is_refused(caller: Caller, name: str) -> None:
    answers = [create_as_json(caller, name)]
    if "\n" not in name and "\ud800" not in name:  # a form cannot even say these
        answers.append(create_as_form(caller, name))
    for answer in answers:
        assert answer.status_code == 400, answer.text
        assert answer.json()["error"]["code"] == "INVALID_REQUEST"


def test_a_name_that_adds_a_header_adds_none(caller: Caller) -> None:
    answer = create_as_form(caller, REFUSED["with another header"])
    assert answer.status_code in (201, 400)
    if answer.status_code == 201:
        assert "\n" not in str(answer.json()["data"]["blueprint_filename"])
        assert_served_as_what_it_is(caller, answer.json()["data"], PLAIN)


def test_a_file_called_or_typed_as_another_is_judged_by_its_content(caller: Caller) -> None:
    assert create_as_form(caller, "plan.pdf").json()["data"]["blueprint_format"] == "png"
    for form in ({"media_type": "application/pdf"}, {"declared": "jpg"}):
        refusal = create_as_form(caller, "plan.png", **form)
        assert refusal.status_code == 400
        assert refusal.json()["error"]["code"] == "INVALID_FILE_FORMAT"
        assert refusal.json()["error"]["details"]["found_format"] == "png"


@pytest.mark.usefixtures("aftermath")
def test_nothing_of_a_file_is_in_the_logs(stack: RunningStack) -> None:
    assert '"request finished"' in stack.log
    assert CANARY not in stack.log


def create_as_json(caller: Caller, name: str) -> requests.Response:
    blueprint = {"file": b64encode(PLAIN).decode(), "format": "png", "filename": name}
    headers = {"Content-Type": "application/json"}
    return caller.send("POST", "/api/v1/jobs", data=json.dumps({"blueprint": blueprint}), headers=headers)


def create_as_form(
    caller: Caller, name: str, media_type: str = "application/octet-stream", declared: str = "png"
) -> requests.Response:
    """By hand, for what a name does to a form's own headers is part of the matter."""
    quoted = name.replace("\\", "\\\\").replace('"', '\\"').encode()
    body = (
        b'--limit\r\nContent-Disposition: form-data; name="format"\r\n\r\n%b\r\n'
        b'--limit\r\nContent-Disposition: form-data; name="file"; filename="%b"\r\nContent-Type: %b\r\n'
        b"\r\n%b\r\n--limit--\r\n" % (declared.encode(), quoted, media_type.encode(), PLAIN)
    )
    headers = {"Content-Type": "multipart/form-data; boundary=limit"}
    return caller.send("POST", "/api/v1/jobs", data=body, headers=headers)
