"""The pool against children that answer, refuse, hang, crash, starve and lie."""

import json
import os
import signal
import struct
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from shared import context
from shared.deadline import Deadline
from shared.errors import DependencyUnavailable
from shared.sandbox import (
    SandboxBusy,
    SandboxCpuExceeded,
    SandboxCrashed,
    SandboxLimits,
    SandboxPool,
    SandboxRefused,
    SandboxTimeout,
)

PATIENCE_SECONDS = 20.0
IMPATIENCE_SECONDS = 0.1
A_LITTLE_CPU_SECONDS = 0.2


@pytest.fixture(scope="module")
def pool() -> Iterator[SandboxPool]:
    limits = SandboxLimits(memory_bytes=300 << 20, cpu_seconds=1)
    with SandboxPool(size=2, preload=("sandbox_tasks",), limits=limits) as pool:
        yield pool


def answer_of(pool: SandboxPool, task: str, **request: object) -> dict[str, object]:
    with pool.start(f"sandbox_tasks:{task}", request, wait_seconds=PATIENCE_SECONDS) as running:
        return running.receive(PATIENCE_SECONDS).data


def wait_until_gone(pid: int) -> bool:
    deadline = Deadline.after(PATIENCE_SECONDS)
    while not deadline.expired:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
    return False


def test_answers_carry_data_and_bytes(pool: SandboxPool) -> None:
    with pool.start("sandbox_tasks:echo", {"name": "café", "blob_pairs": 500_000}) as task:
        answer = task.receive(PATIENCE_SECONDS)
    assert answer.data == {"request": {"name": "café", "blob_pairs": 500_000}}
    assert answer.blob == b"\x00\xff" * 500_000


def test_a_task_may_answer_more_than_once(pool: SandboxPool) -> None:
    with pool.start("sandbox_tasks:twice", {}) as task:
        answers = [task.receive(PATIENCE_SECONDS) for _ in range(2)]
        with pytest.raises(SandboxCrashed, match="died"):
            task.receive(PATIENCE_SECONDS)
    assert [(a.data["part"], a.blob) for a in answers] == [(1, b"one"), (2, b"")]


def test_every_task_gets_a_child_of_its_own(pool: SandboxPool) -> None:
    answers = [answer_of(pool, "remember", number=number) for number in range(4)]
    assert [a["seen"] for a in answers] == [[{"number": n}] for n in range(4)]
    assert len({a["pid"] for a in answers}) == 4
    assert all(a["session"] == a["pid"] for a in answers)


def test_a_child_sees_nothing_of_its_surroundings(pool: SandboxPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not for children")
    with SandboxPool(size=1, preload=("sandbox_tasks",)) as fresh:
        found = answer_of(fresh, "surroundings")
    assert found["environment"].keys() <= {
        "PATH",
        "LC_ALL",
        "PYTHONPATH",
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
    }
    assert found["descriptors"] == [0, 1, 2, 3, 4]  # 4 is the listing itself
    assert found["interrupt_ignored"]
    assert found["core"] == [0, 0]
    assert found["open_files"] == [32, 32]


def test_a_child_cannot_write_files(pool: SandboxPool, tmp_path: Path) -> None:
    assert answer_of(pool, "write", path=str(tmp_path / "x"))["refused"] == "OSError"


def test_a_refusal_arrives_as_it_was_raised(pool: SandboxPool) -> None:
    with pool.start("sandbox_tasks:refuse", {}) as task:
        assert task.receive(PATIENCE_SECONDS).data == {"before": True}
        with pytest.raises(SandboxRefused) as refusal:
            task.receive(PATIENCE_SECONDS)
    assert (refusal.value.reason, refusal.value.message) == ("encrypted", "Remove the password.")
    assert refusal.value.details == {"tries": 1}


def test_an_unforeseen_exception_names_its_place_but_not_its_text(pool: SandboxPool) -> None:
    with pool.start("sandbox_tasks:fail", {}) as task, pytest.raises(SandboxCrashed) as crash:
        task.receive(PATIENCE_SECONDS)
    assert crash.value.cause == "exception"
    assert crash.value.detail.startswith("ZeroDivisionError at sandbox_tasks.py:")
    assert "secret" not in str(crash.value)


@pytest.mark.parametrize(
    ("task", "cause"), [("segfault", "died"), ("leave", "died"), ("spin", "died"), ("eat", "memory")]
)
def test_a_crash_is_noticed_and_the_next_task_runs(pool: SandboxPool, task: str, cause: str) -> None:
    with pool.start(f"sandbox_tasks:{task}", {}) as running, pytest.raises(SandboxCrashed) as crash:
        running.receive(PATIENCE_SECONDS)
    assert crash.value.cause == cause
    assert answer_of(pool, "echo", well=True) == {"request": {"well": True}}


def test_a_silent_child_is_killed_at_the_time_limit(pool: SandboxPool) -> None:
    with pool.start("sandbox_tasks:hang", {}) as task:
        pid = task.receive(PATIENCE_SECONDS).data["pid"]
        with pytest.raises(SandboxTimeout):
            task.receive(IMPATIENCE_SECONDS)
        assert wait_until_gone(pid)
        with pytest.raises(SandboxCrashed):
            task.receive(PATIENCE_SECONDS)
    assert answer_of(pool, "echo") == {"request": {}}


def test_a_child_that_waits_uses_no_processor_time(pool: SandboxPool) -> None:
    with pool.start("sandbox_tasks:hang", {}) as task:
        task.receive(PATIENCE_SECONDS)
        with pytest.raises(SandboxTimeout):
            task.receive(timeout_seconds=4 * A_LITTLE_CPU_SECONDS, cpu_seconds=A_LITTLE_CPU_SECONDS)


def test_a_child_that_uses_up_its_processor_time_is_killed(pool: SandboxPool) -> None:
    with pool.start("sandbox_tasks:spin", {}) as task:
        with pytest.raises(SandboxCpuExceeded):
            task.receive(PATIENCE_SECONDS, A_LITTLE_CPU_SECONDS)
        with pytest.raises(SandboxCrashed):
            task.receive(PATIENCE_SECONDS)
    assert answer_of(pool, "echo") == {"request": {}}


def test_leaving_the_block_kills_what_still_runs(pool: SandboxPool) -> None:
    with pool.start("sandbox_tasks:hang", {}) as task:
        pid = task.receive(PATIENCE_SECONDS).data["pid"]
    assert wait_until_gone(pid)


MESSAGES_THAT_ARE_NONE = {
    "huge": struct.pack("!II", 0xFFFFFFFF, 0),
    "huge bytes": struct.pack("!II", 2, 0xFFFFFFFF),
    "not JSON": struct.pack("!II", 3, 0) + b"\x80\x04.",
    "deep": struct.pack("!II", 200_000, 0) + b"[" * 200_000,
    "not a message": struct.pack("!II", 4, 0) + b"null",
    "no kind of ours": struct.pack("!II", 11, 0) + json.dumps(["odd", {}]).encode(),
    "refusal of wrong types": struct.pack("!II", 26, 0) + b'["refused", {"reason": 1}]',
    "cut off": struct.pack("!II", 100, 0) + b"[",
}


@pytest.mark.parametrize("message", MESSAGES_THAT_ARE_NONE.values(), ids=MESSAGES_THAT_ARE_NONE.keys())
def test_a_lying_child_is_a_crash(pool: SandboxPool, message: bytes) -> None:
    with (
        pool.start("sandbox_tasks:babble", {"hex": message.hex()}) as task,
        pytest.raises(SandboxCrashed) as crash,
    ):
        task.receive(PATIENCE_SECONDS)
    assert crash.value.cause in ("garbled", "died")


def test_eight_threads_share_the_pool(pool: SandboxPool) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda n: answer_of(pool, "remember", n=n), range(40)))
    assert [a["seen"] for a in answers] == [[{"n": n}] for n in range(40)]


def test_no_more_than_its_size_work_at_once() -> None:
    with SandboxPool(size=2, preload=("sandbox_tasks",)) as pool:
        both_run = Barrier(3)
        may_end = Barrier(3)

        def occupy() -> None:
            with pool.start("sandbox_tasks:hang", {}, wait_seconds=PATIENCE_SECONDS):
                both_run.wait(PATIENCE_SECONDS)
                may_end.wait(PATIENCE_SECONDS)

        with ThreadPoolExecutor(2) as threads:
            ends = [threads.submit(occupy) for _ in range(2)]
            both_run.wait(PATIENCE_SECONDS)
            with (
                pytest.raises(SandboxBusy) as busy,
                pool.start("sandbox_tasks:echo", {}, wait_seconds=IMPATIENCE_SECONDS),
            ):
                pass
            may_end.wait(PATIENCE_SECONDS)
            for end in ends:
                end.result(PATIENCE_SECONDS)
        assert isinstance(busy.value, DependencyUnavailable)
        assert answer_of(pool, "echo") == {"request": {}}


def test_warm_children_that_die_unseen_are_replaced() -> None:
    with SandboxPool(size=2, preload=("sandbox_tasks",)) as pool:
        server = answer_of(pool, "remember")["parent"]
        for pid in children_of(server):
            os.kill(pid, signal.SIGKILL)
        assert answer_of(pool, "echo") == {"request": {}}


def test_the_fork_server_may_die() -> None:
    with SandboxPool(size=2, preload=("sandbox_tasks",)) as pool:
        for _ in range(2):
            server = answer_of(pool, "remember")["parent"]
            os.kill(server, signal.SIGKILL)
            os.waitid(os.P_PID, server, os.WEXITED | os.WNOWAIT)  # on a busy machine it dies a little later
            assert answer_of(pool, "echo") == {"request": {}}


def test_a_task_in_work_outlives_its_fork_server() -> None:
    with SandboxPool(size=1, preload=("sandbox_tasks",)) as pool:
        server = answer_of(pool, "remember")["parent"]
        with pool.start("sandbox_tasks:twice", {}, wait_seconds=PATIENCE_SECONDS) as task:
            os.kill(server, signal.SIGKILL)
            assert [task.receive(PATIENCE_SECONDS).data["part"] for _ in range(2)] == [1, 2]


def test_a_pool_whose_server_cannot_start_is_busy_not_stuck(capfd: pytest.CaptureFixture[str]) -> None:
    with (
        SandboxPool(size=1, preload=("no_such_module_anywhere",)) as pool,
        pytest.raises(SandboxBusy),
        pool.start("sandbox_tasks:echo", {}, wait_seconds=PATIENCE_SECONDS),
    ):
        pass
    assert "no_such_module_anywhere" in capfd.readouterr().err


def test_closing_ends_every_child_and_refuses_more() -> None:
    pool = SandboxPool(size=2, preload=("sandbox_tasks",))
    pool.warm_up()
    with pool.start("sandbox_tasks:hang", {}, wait_seconds=PATIENCE_SECONDS) as task:
        pid = task.receive(PATIENCE_SECONDS).data["pid"]
        pool.close()
        with pytest.raises(SandboxCrashed):
            task.receive(PATIENCE_SECONDS)
    assert wait_until_gone(pid)
    with pytest.raises(SandboxBusy), pool.start("sandbox_tasks:echo", {}):
        pass
    pool.close()


def test_nobody_waits_for_a_turn_beyond_the_request(pool: SandboxPool) -> None:
    with (
        context.using(context.RequestContext(deadline=Deadline.after(0.0))),
        pytest.raises(SandboxBusy),
        pool.start("sandbox_tasks:echo", {}),
    ):
        pass


def children_of(pid: object) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
