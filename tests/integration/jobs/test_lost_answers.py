"""Writes whose first answer is lost on the way: the retry must not mistake our own write for another's."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError
from moto.core.models import botocore_stubber

from builders_jobs import RULES, job, key_record, settings, staged
from fakes_jobs import Clock
from jobs.adapters.blueprint_bucket import S3BlueprintBucket
from jobs.adapters.idempotency_table import DynamoIdempotencyTable
from jobs.adapters.job_table import DynamoJobTable
from shared.errors import DependencyUnavailable


@pytest.fixture
def losing(client_of: Callable[[str], Any]) -> Callable[[str, str], Any]:
    """A client that loses the first answer to one operation, after AWS has carried it out."""

    def client(service: str, operation: str) -> Any:
        client = client_of(service)
        lost = iter([ConnectionClosedError(endpoint_url="http://lost")])

        def lose(event_name: str, request: Any, **_: Any) -> None:
            for error in lost:
                botocore_stubber(event_name, request)
                raise error

        client.meta.events.register_first(f"before-send.{service}.{operation}", lose)
        return client

    return client


def test_an_insert_whose_answer_is_lost_is_no_conflict(
    losing: Callable[[str, str], Any], clock: Clock
) -> None:
    table = DynamoJobTable(
        losing("dynamodb", "PutItem"), settings().jobs_table, "", "", RULES.processing_timeout, clock
    )
    created = job(job_id="job_lost_insert")
    table.insert(created)
    assert table.get(created.job_id) == created


def test_a_save_whose_answer_is_lost_is_no_conflict(
    losing: Callable[[str, str], Any], dynamodb: Any, clock: Clock
) -> None:
    created = job(job_id="job_lost_save")
    DynamoJobTable(dynamodb, settings().jobs_table, "", "", RULES.processing_timeout, clock).insert(created)
    table = DynamoJobTable(
        losing("dynamodb", "PutItem"), settings().jobs_table, "", "", RULES.processing_timeout, clock
    )
    cancelled = created.cancelled(clock.now)
    table.save(cancelled)
    assert table.get(created.job_id) == cancelled


def test_a_claim_whose_answer_is_lost_is_no_conflict(losing: Callable[[str, str], Any], clock: Clock) -> None:
    keys = DynamoIdempotencyTable(losing("dynamodb", "PutItem"), settings().idempotency_table, clock)
    record = key_record(key_hash="lost")
    keys.claim(record, replacing=None)
    assert keys.get("lost") == record


def test_a_job_under_a_key_whose_answer_is_lost_is_not_refused(
    losing: Callable[[str, str], Any], dynamodb: Any, clock: Clock
) -> None:
    names, record, created = settings(), key_record(key_hash="lost-too"), job(job_id="job_lost_key")
    DynamoIdempotencyTable(dynamodb, names.idempotency_table, clock).claim(record, replacing=None)
    client = losing("dynamodb", "TransactWriteItems")
    table = DynamoJobTable(
        client, names.jobs_table, "", names.idempotency_table, RULES.processing_timeout, clock
    )
    with pytest.raises(DependencyUnavailable):  # DynamoDB knows the retry by its token, and moto does not
        table.insert(created, idempotency_record=record.completed(created))
    assert table.get(created.job_id) == created


def test_a_put_whose_answer_is_lost_is_no_conflict(losing: Callable[[str, str], Any], tmp_path: Path) -> None:
    client = losing("s3", "PutObject")
    bucket = S3BlueprintBucket(client, client, settings().blueprints_bucket)
    bucket.put("blueprints/lost/plan.png", staged(tmp_path / "plan", b"pixels"), "image/png")
    stored = bucket.open("blueprints/lost/plan.png")
    assert stored is not None
    assert b"".join(stored.chunks) == b"pixels"
