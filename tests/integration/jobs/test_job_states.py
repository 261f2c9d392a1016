"""The states of a job under any order of requests, over DynamoDB as the embedded AWS has it.

``make chaos`` tries many more orders, and thousands of races.
"""

import io
import os
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    multiple,
    rule,
    run_state_machine_as_test,
)

from builders_jobs import KEY_LEASE, RULES, job
from fakes_jobs import Clock
from jobs.adapters.job_table import DynamoJobTable
from jobs.app import build_use_cases
from jobs.domain.errors import ConcurrentUpdate, JobCancelled, JobFinished, JobNotFound
from jobs.domain.job import Job, JobStatus, Transition
from jobs.domain.job_rules import JobRules
from jobs.use_cases import UseCases
from local_aws.aws import resources
from local_aws.aws.provision import client, provision
from local_parts import HOST, free_port, running_emulator
from shared.ids import new_id
from shared.metrics import Metrics
from world_jobs import RECONCILE_RULES, fake_adapters

THOROUGH = bool(os.environ.get("CHAOS"))
ORDERS = 2000 if THOROUGH else 20
RACES = 5000 if THOROUGH else 50

MINUTE = timedelta(seconds=60)
RETENTION = timedelta(days=7)

LEADS_TO = {
    "pending": {"processing", "cancelled"},
    "processing": {"completed", "failed", "cancelled"},
    "failed": {"processing"},
    "completed": set(),
    "cancelled": set(),
}
"""As the specification has it, written down once more: this is what the code is measured by."""

Connect = Callable[[], Any]

REFUSALS = (ConcurrentUpdate, JobCancelled, JobFinished)


@pytest.fixture(scope="module")
def connect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connect]:
    """Makes clients, one for each worker."""
    port = free_port()
    url = f"http://{HOST}:{port}"
    with running_emulator(tmp_path_factory.mktemp("aws"), port):
        provision(url, {})
        yield lambda: client("dynamodb", url)


def table_over(dynamodb: Any, clock: Clock) -> DynamoJobTable:
    names = [resources.table_name(each) for each in ("jobs", "uploads", "idempotency")]
    return DynamoJobTable(dynamodb, *names, RULES.processing_timeout, clock)


def use_cases_over(table: DynamoJobTable, clock: Clock) -> UseCases:
    metrics = Metrics("jobs", "test", io.StringIO())
    rules = JobRules(retention=RETENTION, processing_timeout=MINUTE, key_lease=KEY_LEASE)
    return build_use_cases(fake_adapters(table, clock), metrics, clock, rules, RECONCILE_RULES)


def just_now() -> datetime:
    """The embedded AWS deletes what has expired, as DynamoDB does, so that the clock begins at the truth."""
    return datetime.now(UTC).replace(microsecond=0)


def new_job(now: datetime, **changes: Any) -> Job:
    expires_at = now.replace(microsecond=0) + RETENTION
    return job(job_id=new_id("job", now), created_at=now, updated_at=now, expires_at=expires_at, **changes)


@dataclass(slots=True)
class Expected:
    """What has to be found of a job."""

    status: str
    version: int
    since: datetime
    expires_at: datetime

    def become(self, status: str, at: datetime) -> None:
        self.status, self.version, self.since = status, self.version + 1, at


class Orders(RuleBasedStateMachine):
    """Requests of one or several callers and workers, each knowing a job as it was at some time."""

    seen = Bundle("seen")

    def __init__(self, dynamodb: Any) -> None:
        super().__init__()
        self.clock = Clock(just_now())
        self.table = table_over(dynamodb, self.clock)
        self.use_cases = use_cases_over(self.table, self.clock)
        self.expected: dict[str, Expected] = {}

    @rule(target=seen)
    def create(self) -> Job:
        now = self.clock.now
        new = new_job(now)
        self.table.insert(new)
        self.expected[new.job_id] = Expected("pending", 1, now, new.expires_at)
        return new

    @rule(target=seen, known=seen)
    def look(self, known: Job) -> Any:
        expected = self._settled(known)
        if expected is None:
            with pytest.raises(JobNotFound):
                self.use_cases.read_jobs.get(known.job_id, "ada")
            return multiple()
        found = self.use_cases.read_jobs.get(known.job_id, "ada")
        assert (found.status, found.version) == (expected.status, expected.version)
        return found

    @rule(known=seen, to=st.sampled_from(["processing", "completed", "failed"]))
    def move(self, known: Job, to: str) -> None:
        """What preview asks for: to begin, also again after a failure, to complete, or to fail."""
        expected = self._settled(known)
        refusal = self._refusal(expected, known.version, to)
        transition = Transition(JobStatus(to), progress=10)
        self._try(lambda: self.use_cases.transition_job(known.job_id, transition, known.version), refusal)
        if expected and not refusal:
            expected.become(to, self.clock.now)

    @rule(known=seen)
    def cancel(self, known: Job) -> None:
        expected = self._settled(known)
        refusal = None
        if expected is None:
            refusal = JobNotFound
        elif "cancelled" not in LEADS_TO[expected.status]:
            refusal = JobFinished
        self._try(lambda: self.use_cases.cancel_job(known.job_id, "ada"), refusal)
        if expected and not refusal:
            expected.become("cancelled", self.clock.now)

    @rule(known=seen, to=st.sampled_from(["processing", "completed", "failed", "cancelled", "same"]))
    def write_late(self, known: Job, to: str) -> None:
        """The second half of a request that has read the job long ago and decided on what it saw then."""
        try:
            changed = self._decided(known, to)
        except REFUSALS:
            return
        expected = self._expected(known)
        if expected is None:
            return
        refusal = None if expected.version == known.version else ConcurrentUpdate
        self._try(lambda: self.table.save(changed), refusal)
        if not refusal:
            since = expected.since if to == "same" else self.clock.now
            expected.become(expected.status if to == "same" else to, since)

    @rule(seconds=st.sampled_from([0.001, 1, 59.999, 60, 3600, 3 * 86400]))
    def wait(self, seconds: float) -> None:
        self.clock.now += timedelta(seconds=seconds)

    def teardown(self) -> None:
        """Every job is as expected."""
        for job_id, expected in self.expected.items():
            found = self.table.get(job_id)
            if self.clock.now >= expected.expires_at:
                assert found is None
            else:
                assert found is not None
                assert (found.status, found.version) == (expected.status, expected.version)

    def _decided(self, known: Job, to: str) -> Job:
        if to == "same":
            return known.hand_over_postponed(self.clock.now)
        if to == "cancelled":
            return known.cancelled(self.clock.now)
        return known.moved(Transition(JobStatus(to)), self.clock.now)

    def _expected(self, known: Job) -> Expected | None:
        expected = self.expected[known.job_id]
        return expected if self.clock.now < expected.expires_at else None

    def _settled(self, known: Job) -> Expected | None:
        """What is expected once somebody looks."""
        expected = self._expected(known)
        if expected and expected.status == "processing" and self.clock.now - expected.since >= MINUTE:
            expected.become("failed", self.clock.now)
        return expected

    @staticmethod
    def _refusal(expected: Expected | None, version: int, to: str) -> type[Exception] | None:
        if expected is None:
            return JobNotFound
        if to not in LEADS_TO[expected.status]:
            final = {"cancelled": JobCancelled, "completed": JobFinished}
            return final.get(expected.status, ConcurrentUpdate)
        return None if expected.version == version else ConcurrentUpdate

    @staticmethod
    def _try(act: Callable[[], object], refusal: type[Exception] | None) -> None:
        if refusal is None:
            act()
        else:
            with pytest.raises(refusal):
                act()


@pytest.mark.timeout(3600)
def test_no_order_of_requests_leaves_the_way_of_a_job(connect: Connect) -> None:
    dynamodb = connect()
    run_state_machine_as_test(  # type: ignore[no-untyped-call]  # hypothesis
        lambda: Orders(dynamodb),
        settings=settings(
            max_examples=ORDERS,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(f"{ORDERS} orders of up to 25 requests: every job as the model has it")


def cancel(use_cases: UseCases, known: Job) -> None:
    use_cases.cancel_job(known.job_id, known.owner)


def complete(use_cases: UseCases, known: Job) -> None:
    use_cases.transition_job(known.job_id, Transition(JobStatus.COMPLETED), known.version)


def fail(use_cases: UseCases, known: Job) -> None:
    use_cases.transition_job(known.job_id, Transition(JobStatus.FAILED), known.version)


@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    "contenders", [(cancel, complete), (cancel, complete, fail, cancel, complete)], ids=["two", "five"]
)
def test_of_those_who_end_a_job_at_the_same_moment_one_wins_and_it_never_resumes(
    connect: Connect, contenders: tuple[Callable[[UseCases, Job], None], ...]
) -> None:
    clock = Clock(just_now())
    services = [use_cases_over(table_over(connect(), clock), clock) for _ in contenders]
    table, start = table_over(connect(), clock), Barrier(len(contenders))
    won: Counter[str] = Counter()

    def contend(number: int, known: Job) -> bool:
        start.wait()
        try:
            contenders[number](services[number], known)
        except REFUSALS:
            return False
        return True

    with ThreadPoolExecutor(len(contenders)) as pool:
        for _ in range(RACES):
            known = new_job(clock.now, status=JobStatus.PROCESSING)
            table.insert(known)
            results = list(pool.map(contend, range(len(contenders)), [known] * len(contenders)))
            ended = table.get(known.job_id)
            assert ended is not None
            assert (results.count(True), ended.version) == (1, known.version + 1)
            won[ended.status] += 1
            if ended.status is not JobStatus.FAILED:
                assert_it_never_resumes(services[0], table, ended)
    print(f"{RACES} races of {len(contenders)}, one winner each: {dict(won)}")


def assert_it_never_resumes(use_cases: UseCases, table: DynamoJobTable, ended: Job) -> None:
    for to in {JobStatus.PROCESSING, JobStatus.COMPLETED, JobStatus.FAILED} - {ended.status}:
        with pytest.raises(REFUSALS):
            use_cases.transition_job(ended.job_id, Transition(to), ended.version)
    assert table.get(ended.job_id) == ended
