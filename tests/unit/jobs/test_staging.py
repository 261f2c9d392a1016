"""Files on their way in."""

import hashlib

import pytest

from jobs.domain.errors import FileTooLarge
from jobs.staging import StagingFile


def test_a_staged_file_is_counted_hashed_and_removed() -> None:
    with StagingFile() as file:
        file.write(b"first ")
        file.write(b"second")
        staged = file.staged()
        assert staged.path.read_bytes() == b"first second"
        assert staged.size_bytes == 12
        assert staged.sha256 == hashlib.sha256(b"first second").hexdigest()
    assert not staged.path.exists()


def test_a_file_is_cut_off_at_the_limit() -> None:
    with StagingFile(limit_bytes=4) as file:
        file.write(b"1234")
        with pytest.raises(FileTooLarge):
            file.write(b"5")
        path = file.staged().path
        assert path.stat().st_size == 4
    assert not path.exists()
