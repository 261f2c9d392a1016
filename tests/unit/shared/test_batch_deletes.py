"""Deleting many items of DynamoDB, of which a busy table leaves some undone."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from shared import context
from shared.dynamodb import delete_items
from shared.errors import DependencyUnavailable

TABLE = "pages"
KEYS = [{"page": {"N": str(number)}} for number in range(60)]


@pytest.fixture
def dynamodb() -> Iterator[Any]:
    client = boto3.client(
        "dynamodb", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="a"
    )
    yield client
    client.close()


def requests(keys: list[dict[str, Any]]) -> dict[str, Any]:
    return {TABLE: [{"DeleteRequest": {"Key": key}} for key in keys]} if keys else {}


def expect(stub: Stubber, keys: list[dict[str, Any]], left: list[dict[str, Any]]) -> None:
    stub.add_response(
        "batch_write_item", {"UnprocessedItems": requests(left)}, {"RequestItems": requests(keys)}
    )


def test_what_is_left_undone_is_asked_for_again_and_nothing_else(dynamodb: Any) -> None:
    with Stubber(dynamodb) as stub:
        expect(stub, KEYS[:25], left=KEYS[20:25])
        expect(stub, KEYS[20:25], left=KEYS[24:25])
        expect(stub, KEYS[24:25], left=[])
        expect(stub, KEYS[25:50], left=[])
        expect(stub, KEYS[50:], left=[])
        delete_items(dynamodb, TABLE, KEYS)
        stub.assert_no_pending_responses()


def test_a_table_that_stays_busy_is_unavailable_at_the_deadline(dynamodb: Any) -> None:
    with Stubber(dynamodb) as stub, context.call_deadline(0.01):
        expect(stub, KEYS[:3], left=KEYS[:3])
        with pytest.raises(DependencyUnavailable):
            delete_items(dynamodb, TABLE, KEYS[:3])


def test_no_items_are_no_request(dynamodb: Any) -> None:
    with Stubber(dynamodb):
        delete_items(dynamodb, TABLE, [])
