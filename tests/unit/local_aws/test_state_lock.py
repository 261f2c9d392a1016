"""The lock on the state folder, and where the run that holds it is."""

from pathlib import Path

import pytest

from local_aws.settings import StartError
from local_aws.state_lock import address_of_run, state_lock

HERE, THERE = "http://127.0.0.1:8080", "http://127.0.0.1:39201"


def test_the_run_that_holds_the_folder_is_found(tmp_path: Path) -> None:
    with state_lock(tmp_path / "state", THERE):
        assert address_of_run(tmp_path / "state") == THERE


def test_a_run_that_is_over_is_not_found(tmp_path: Path) -> None:
    """Nor one that was killed: the address it wrote stays, and the lock does not."""
    with state_lock(tmp_path, THERE):
        pass
    assert address_of_run(tmp_path) is None
    assert address_of_run(tmp_path / "never used") is None


def test_a_second_run_is_refused_and_the_first_still_found(tmp_path: Path) -> None:
    with state_lock(tmp_path, THERE):
        with pytest.raises(StartError, match="LOCAL_STATE_DIR"), state_lock(tmp_path, HERE):
            pass
        assert address_of_run(tmp_path) == THERE


def test_the_next_run_is_found_where_it_is(tmp_path: Path) -> None:
    for address in (THERE, HERE):
        with state_lock(tmp_path, address):
            assert address_of_run(tmp_path) == address
