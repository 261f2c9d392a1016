"""The table of feedback and its fake, by the same tests."""

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from builders_jobs import FOUND, NOW, entry, page_rooms, settings
from fakes_jobs import Clock, FakeFeedbackTable
from jobs.adapters.feedback_table import DynamoFeedbackTable
from jobs.domain.errors import FeedbackNotFound, InvalidFeedback
from jobs.domain.feedback import (
    MAX_CORNERS_OF_A_JOB,
    MAX_ENTRIES_OF_A_JOB,
    Computation,
    Correction,
    Entry,
    Verdict,
)
from jobs.domain.ports import FeedbackTable

numbers = count()
POLYGON = ((0.0, 0.0), (100.25, 0.0), (100.0, 99.99))


@dataclass(frozen=True, slots=True)
class Kept:
    """A table, and a job nobody has spoken of yet."""

    table: FeedbackTable
    job_id: str

    def entry(self, number: int = 0, **changes: Any) -> Entry:
        return replace(entry(number), job_id=self.job_id, **changes)


@pytest.fixture(params=["moto", "fake"])
def kept(request: pytest.FixtureRequest, clock: Clock) -> Kept:
    job_id = f"job_spoken_of_{next(numbers):06}"
    if request.param == "fake":
        return Kept(FakeFeedbackTable(clock), job_id)
    dynamodb = request.getfixturevalue("dynamodb")
    return Kept(DynamoFeedbackTable(dynamodb, settings().feedback_table, clock), job_id)


@pytest.mark.parametrize(
    "correction",
    [
        None,
        Correction(polygon=POLYGON),
        Correction(bounding_box=(0.5, 1.0, 2.25, 3.0), name="Gäste-WC", sets_name=True),
        Correction(sets_name=True, room_type="hall"),
        Correction(removed=True),
    ],
)
def test_an_entry_is_read_as_it_was_written(kept: Kept, correction: Correction | None) -> None:
    said = kept.entry(verdict=Verdict.WRONG, correction=correction, comment="Two\nlines.")
    kept.table.add([said], [])
    assert kept.table.get(kept.job_id, said.feedback_id) == said
    assert kept.table.get("job_other", said.feedback_id) is None


def test_entries_come_oldest_first_and_page_by_page(kept: Kept) -> None:
    said = [kept.entry(number, page=1 + number % 2) for number in range(7)]
    kept.table.add(said[:4], [page_rooms()])
    kept.table.add(said[4:], [])
    assert kept.table.page(kept.job_id, None, 7, None) == (said, None)
    first, last = kept.table.page(kept.job_id, None, 4, None)
    assert (first, last) == (said[:4], said[3].feedback_id)
    assert kept.table.page(kept.job_id, None, 4, last) == (said[4:], None)
    assert kept.table.page(kept.job_id, 2, 2, None) == (said[1:5:2], said[3].feedback_id)
    assert kept.table.page(kept.job_id, 2, 2, said[3].feedback_id) == ([said[5]], None)
    assert kept.table.page("job_other", None, 4, None) == ([], None)


def test_pages_are_kept_once_for_each_computation_and_not_listed(kept: Kept) -> None:
    later = Computation("1.0.0", NOW + timedelta(hours=1))
    first, second = page_rooms(), page_rooms(computation=later, rooms=[])
    kept.table.add([kept.entry(0)], [first])
    kept.table.add([kept.entry(1)], [replace(first, rooms=[]), second])
    assert kept.table.rooms(kept.job_id, 1, FOUND) == first
    assert kept.table.rooms(kept.job_id, 1, later) == second
    assert kept.table.rooms(kept.job_id, 2, FOUND) is None
    assert len(kept.table.page(kept.job_id, None, 9, None)[0]) == 2


def test_a_page_of_a_thousand_rooms_fits(kept: Kept) -> None:
    rooms = [
        {**page_rooms().rooms[0], "id": f"room_{n:03}", "polygon": [[n, n * 0.37]] * 60} for n in range(1000)
    ]
    kept.table.add([kept.entry()], [page_rooms(rooms=rooms)])
    found = kept.table.rooms(kept.job_id, 1, FOUND)
    assert found is not None
    assert found.rooms == rooms


def test_what_is_taken_back_is_gone(kept: Kept) -> None:
    said = kept.entry()
    kept.table.add([said], [])
    kept.table.delete(said)
    assert kept.table.get(kept.job_id, said.feedback_id) is None
    with pytest.raises(FeedbackNotFound):
        kept.table.delete(said)


def test_a_job_takes_so_many_entries_and_no_more(kept: Kept) -> None:
    said = [kept.entry(number) for number in range(MAX_ENTRIES_OF_A_JOB)]
    if isinstance(kept.table, FakeFeedbackTable):
        kept.table.stored[kept.job_id] = said
    else:
        count_entries(kept.table, kept.job_id, MAX_ENTRIES_OF_A_JOB - 1)
        kept.table.add(said[-1:], [])
    with pytest.raises(InvalidFeedback) as refused:
        kept.table.add([kept.entry(9000)], [])
    assert refused.value.details == {"rule": "entries"}
    assert kept.table.get(kept.job_id, kept.entry(9000).feedback_id) is None
    kept.table.delete(said[-1])
    kept.table.add([kept.entry(9000)], [])


def test_a_job_takes_so_many_corners_and_no_more(kept: Kept) -> None:
    outline = Correction(polygon=POLYGON * 4_000)
    said = [kept.entry(number, correction=outline) for number in range(MAX_CORNERS_OF_A_JOB // 12_000)]
    for each in said:
        kept.table.add([each], [])
    more = kept.entry(9000, correction=outline)
    with pytest.raises(InvalidFeedback) as refused:
        kept.table.add([more], [])
    assert refused.value.details == {"rule": "entries"}
    kept.table.add([kept.entry(9001)], [])
    kept.table.delete(said[0])
    kept.table.add([more], [])
    assert kept.table.get(kept.job_id, more.feedback_id) == more


def count_entries(table: Any, job_id: str, entries: int) -> None:
    """As if so many had been stored."""
    table._client.put_item(
        TableName=settings().feedback_table,
        Item={
            "job_id": {"S": job_id},
            "feedback_id": {"S": "count"},
            "entries": {"N": str(entries)},
            "corners": {"N": "0"},
            "expires_at": {"N": "9999999999"},
        },
    )


def test_all_of_one_job_is_erased_and_its_entries_counted(kept: Kept) -> None:
    others = replace(kept.entry(), job_id=f"{kept.job_id}_other")
    for number in range(60):
        kept.table.add([kept.entry(number)], [page_rooms()])
    kept.table.add([others], [])
    assert [kept.table.delete_all(kept.job_id), kept.table.delete_all(kept.job_id)] == [60, 0]
    assert kept.table.rooms(kept.job_id, 1, FOUND) is None
    assert kept.table.page(others.job_id, None, 9, None) == ([others], None)


def test_that_feedback_was_erased_is_told_of_its_job_alone(kept: Kept) -> None:
    kept.table.add([kept.entry()], [page_rooms()])
    assert kept.job_id in kept.table.job_ids()
    assert not kept.table.is_erased(kept.job_id)
    assert kept.table.delete_all(kept.job_id, NOW) == 1
    assert kept.table.is_erased(kept.job_id)
    assert kept.job_id not in kept.table.job_ids()
    assert kept.table.delete_all(kept.job_id, NOW) == 0
    assert kept.table.is_erased(kept.job_id)
    assert kept.table.delete_all(f"{kept.job_id}_silent", NOW) == 0
    assert not kept.table.is_erased(f"{kept.job_id}_silent")


def test_what_is_expired_is_absent(kept: Kept, clock: Clock) -> None:
    said = kept.entry()
    kept.table.add([said], [page_rooms()])
    clock.now = said.expires_at
    assert kept.table.get(kept.job_id, said.feedback_id) is None
    assert kept.table.page(kept.job_id, None, 9, None) == ([], None)


def test_of_an_erased_job_no_item_tells_the_id(dynamodb: Any, clock: Clock) -> None:
    job_id = f"job_spoken_of_{next(numbers):06}"
    table = DynamoFeedbackTable(dynamodb, settings().feedback_table, clock)
    table.add([replace(entry(), job_id=job_id)], [page_rooms()])
    table.delete_all(job_id, NOW)
    items = dynamodb.scan(TableName=settings().feedback_table)["Items"]
    assert job_id not in str(items)
    marks = [set(item) for item in items if item["job_id"]["S"] == "erased"]
    assert {"job_id", "feedback_id", "erased_at"} in marks


def test_every_item_expires_with_its_job_and_tells_no_more(dynamodb: Any, clock: Clock) -> None:
    job_id = f"job_spoken_of_{next(numbers):06}"
    table = DynamoFeedbackTable(dynamodb, settings().feedback_table, clock)
    said = replace(entry(), job_id=job_id)
    table.add([said], [page_rooms()])
    items = dynamodb.query(
        TableName=settings().feedback_table,
        KeyConditionExpression="job_id = :job",
        ExpressionAttributeValues={":job": {"S": job_id}},
    )["Items"]
    assert [item["feedback_id"]["S"].split("_")[0] for item in items] == ["count", "fb", "page"]
    assert {item["expires_at"]["N"] for item in items} == {str(int(said.expires_at.timestamp()))}
