from pathlib import Path

import pytest
from dotenv import dotenv_values

from local_aws.addresses import Addresses
from local_aws.dotenv_file import DotenvFile

ADDRESSES = Addresses("http://r:1", "http://a:2", "http://t:3", "http://j:4", "http://p:5")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".env"


def test_names_the_running_stack(path: Path) -> None:
    assert DotenvFile(path).write(ADDRESSES)
    assert dotenv_values(path) == {
        "AWS_ENDPOINT_URL": "http://a:2",
        "AWS_ENDPOINT_URL_TEXTRACT": "http://t:3",
        "JOBS_URL": "http://j:4",
        "PREVIEW_URL": "http://p:5",
    }


def test_is_removed_at_stop(path: Path) -> None:
    file = DotenvFile(path)
    file.write(ADDRESSES)
    file.remove()
    file.remove()
    assert not path.exists()


def test_one_left_by_a_killed_run_is_replaced(path: Path) -> None:
    DotenvFile(path).write(Addresses("x", "x", "x", "x", "x"))
    assert DotenvFile(path).write(ADDRESSES)
    assert dotenv_values(path)["JOBS_URL"] == "http://j:4"


def test_a_persons_own_file_is_left_alone(path: Path) -> None:
    path.write_text("MINE=1\n")
    file = DotenvFile(path)
    assert not file.write(ADDRESSES)
    file.remove()
    assert path.read_text() == "MINE=1\n"
