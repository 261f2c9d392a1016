"""What earlier versions of the service stored is read, and what this one stores has the same form."""

import json
from dataclasses import replace
from typing import Any

import pytest

from builders_preview import JOB_ID, NOW, a_preview, a_room, an_analysis
from fakes_preview import Clock, FakeResultStore
from preview.adapters.cache_table import DynamoPreviewCache
from preview.adapters.result_bucket import S3ResultStore
from preview.domain.cache_entry import CacheEntry, CacheResult, CacheSnapshot, NegativeEntry
from preview.domain.preview import Degraded
from preview.domain.room_type import RoomType
from preview.domain.scale import Scale, ScaleSource

TABLE = "location-detection-test-preview-cache"
BUCKET = "location-detection-test-cache"
KEY = "preview:0123:1.0.0"
FRESH_SECONDS = 3600

PREVIEW = replace(
    a_preview(), rooms=(a_room(1), a_room(2, name=None)), degraded=(Degraded.TEXTRACT_UNAVAILABLE,)
)
PREVIEW_KEY = f"cache/preview/{JOB_ID}/1.0.0.p1.json"
TEXT_KEY = f"cache/textract/{JOB_ID}/analysis.json"

SUMMARY = (
    f'{{"job_id":"{JOB_ID}","stage":"preview",'
    '"page":{"number":1,"count":3,"width_px":3300,"height_px":2550,"rotation":0},'
    '"processing_time_seconds":3.2,"timing_metrics":{"load_seconds":0.05,"render_seconds":0.2,'
    '"textract_analysis_seconds":2.4,"room_detection_seconds":0.4,"total_seconds":3.2},'
    '"model_version":"1.0.0","cached":false,"degraded":["textract_unavailable"],'
    '"timestamp":"2024-01-15T10:30:00.000Z"}'
)
ROOMS = (
    '[{"id":"room_001","bounding_box":[50.0,50.0,200.0,300.0],'
    '"polygon":[[50.0,50.0],[200.0,50.0],[200.0,300.0],[50.0,300.0]],"name_hint":"KITCHEN","confidence":0.75},'
    '{"id":"room_002","bounding_box":[50.0,50.0,200.0,300.0],'
    '"polygon":[[50.0,50.0],[200.0,50.0],[200.0,300.0],[50.0,300.0]],"confidence":0.75}]'
)
WITHHELD = (
    '[{"bounding_box":[60.0,60.0,90.0,80.0],'
    '"polygon":[[60.0,60.0],[90.0,60.0],[90.0,80.0],[60.0,80.0]],"reason":"furniture"}]'
)
PREVIEW_OBJECT = f'{SUMMARY[:-1]},"rooms":{ROOMS},"withheld":{WITHHELD}}}'
TEXT_OBJECT = (
    f'{{"job_id":"{JOB_ID}","s3_key":"{TEXT_KEY}","text_blocks":[{{"id":"block-1","kind":"WORD",'
    '"text":"KITCHEN","confidence":0.98,"bounding_box":[100.0,100.0,150.0,110.0],"children":[]}],'
    '"layout_blocks":[{"id":"layout-1","kind":"LAYOUT_TEXT","text":null,"confidence":0.9,'
    '"bounding_box":[0.0,0.0,9.5,9.5],"children":["block-1"]}],"metadata":{"page":1,"page_count":3,'
    '"text_source":"textract","features":["LAYOUT"],"textract_model_version":"1.0","textract_pages":1,'
    '"text_layer_words":0},"timestamp":"2024-01-15T10:30:00.000Z"}'
)
ENTRY_ITEM = {
    "blueprint_hash": {"S": KEY},
    "job_id": {"S": JOB_ID},
    "edition": {"S": "token"},
    "summary": {"S": SUMMARY},
    "timestamp": {"S": "2024-01-15T10:30:00.000Z"},
    "model_version": {"S": "1.0.0"},
    "rooms": {"S": ROOMS},
    "withheld": {"S": WITHHELD},
    "expires_at": {"N": str(int(NOW.timestamp()) + FRESH_SECONDS)},
}
NEGATIVE_ITEM = {
    "blueprint_hash": {"S": KEY},
    "job_id": {"S": JOB_ID},
    "edition": {"S": "token"},
    "refusal": {"S": '{"message": "Too complex.", "reason": "too_complex"}'},
    "expires_at": {"N": str(int(NOW.timestamp()) + 60)},
}
STORED_RESULTS: list[tuple[dict[str, Any], CacheResult]] = [
    (ENTRY_ITEM, CacheEntry(PREVIEW)),
    (NEGATIVE_ITEM, NegativeEntry(JOB_ID, "Too complex.", "too_complex")),
]


@pytest.fixture
def cache(dynamodb: Any) -> DynamoPreviewCache:
    return DynamoPreviewCache(dynamodb, TABLE, FakeResultStore(), FRESH_SECONDS, Clock())


def put_object(s3: Any, key: str, text: str) -> None:
    s3.put_object(Bucket=BUCKET, Key=key, Body=text.encode(), ContentType="application/json")


def get_object(s3: Any, key: str) -> Any:
    return json.load(s3.get_object(Bucket=BUCKET, Key=key)["Body"])


def parsed(item: dict[str, Any]) -> dict[str, Any]:
    """The item with its JSON parsed: the order of fields means nothing."""
    texts = {name: value["S"] for name, value in item.items() if value.get("S", "")[:1] in ("{", "[")}
    return item | {name: json.loads(text) for name, text in texts.items()}


def test_stored_objects_are_read(s3: Any) -> None:
    put_object(s3, PREVIEW_KEY, PREVIEW_OBJECT)
    put_object(s3, TEXT_KEY, TEXT_OBJECT)
    results = S3ResultStore(s3, BUCKET)
    assert results.read_preview(JOB_ID, 1, "1.0.0") == PREVIEW
    assert results.read_latest_preview(JOB_ID, 1) == PREVIEW
    assert results.read_analysis(JOB_ID, 1) == an_analysis()


def test_objects_are_stored_in_the_same_form(s3: Any) -> None:
    results = S3ResultStore(s3, BUCKET)
    results.write_preview(PREVIEW)
    results.write_analysis(an_analysis())
    assert get_object(s3, PREVIEW_KEY) == json.loads(PREVIEW_OBJECT)
    assert get_object(s3, TEXT_KEY) == json.loads(TEXT_OBJECT)


def test_what_was_read_of_measures_is_kept(s3: Any) -> None:
    room = replace(
        a_room(),
        room_number="101A",
        room_type=RoomType.KITCHEN,
        printed_area_m2=12.5,
        printed_size_m=(3.5, 3.57),
    )
    page = replace(PREVIEW.page, width_mm=420.0, height_mm=297.0)
    scale = Scale((0.01, 0.02), ScaleSource.AREAS, "12,5", 0.9, (ScaleSource.NOTE,))
    preview = replace(PREVIEW, rooms=(room,), page=page, scale=scale)
    results = S3ResultStore(s3, BUCKET)
    results.write_preview(preview)
    assert results.read_preview(JOB_ID, 1, "1.0.0") == preview


@pytest.mark.parametrize(("item", "result"), STORED_RESULTS)
def test_stored_items_are_read(
    cache: DynamoPreviewCache, dynamodb: Any, item: dict[str, Any], result: CacheResult
) -> None:
    dynamodb.put_item(TableName=TABLE, Item=item)
    assert cache.get(KEY) == CacheSnapshot(result, "token")


@pytest.mark.parametrize(("item", "result"), STORED_RESULTS)
def test_items_are_stored_in_the_same_form(
    cache: DynamoPreviewCache, dynamodb: Any, item: dict[str, Any], result: CacheResult
) -> None:
    assert cache.take_lease(KEY, "token", CacheSnapshot(), NOW, JOB_ID)
    assert cache.put(KEY, "token", result)
    stored = dynamodb.get_item(TableName=TABLE, Key={"blueprint_hash": {"S": KEY}})["Item"]
    assert parsed(stored) == parsed(item)


def test_a_lease_of_another_worker_is_seen(cache: DynamoPreviewCache, dynamodb: Any) -> None:
    lease = {"lease_token": {"S": "theirs"}, "lease_expires_at": {"N": str(NOW.timestamp() + 7.25)}}
    dynamodb.put_item(TableName=TABLE, Item=ENTRY_ITEM | lease)
    assert cache.get(KEY) == CacheSnapshot(CacheEntry(PREVIEW), "token", leased=True)
