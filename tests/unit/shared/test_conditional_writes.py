"""Which of the SDK's errors mean that the condition of a write was not met."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from shared.aws import ConditionFailed, conditional


def refused(code: str, **answer: Any) -> ClientError:
    return ClientError({"Error": {"Code": code}, **answer}, "PutItem")  # type: ignore[typeddict-item]  # its fields


def test_an_unmet_condition_brings_the_stored_item() -> None:
    stored = {"holder": {"S": "another"}}
    with pytest.raises(ConditionFailed) as failed, conditional():
        raise refused("ConditionalCheckFailedException", Item=stored)
    assert failed.value.item == stored


def test_an_unmet_condition_without_an_item_brings_none() -> None:
    with pytest.raises(ConditionFailed) as failed, conditional():
        raise refused("ConditionalCheckFailedException")
    assert failed.value.item == {}


def test_a_transaction_in_the_way_counts_only_where_it_is_asked_for() -> None:
    with pytest.raises(ConditionFailed), conditional(or_in_transaction=True):
        raise refused("TransactionConflictException")
    with pytest.raises(ClientError), conditional():
        raise refused("TransactionConflictException")


def test_any_other_error_stays_as_it_is() -> None:
    with pytest.raises(ClientError), conditional(or_in_transaction=True):
        raise refused("ValidationException")


def test_a_write_that_is_done_passes() -> None:
    with conditional():
        pass
