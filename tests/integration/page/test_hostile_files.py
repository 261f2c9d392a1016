"""The readers of both services against files made to harm them, cut off, or changed at random."""

from collections import Counter
from collections.abc import Iterator

import pytest

from file_readers import FileReaders
from hostile_files import HOSTILE_FILES, Fate, HostileFile, truncations
from mutations import mutants

PATIENCE_SECONDS = 60.0
MUTANTS = 150
SEED = 20240115

HARMLESS = {name: file for name, file in HOSTILE_FILES.items() if not file.through_all}


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FileReaders]:
    with FileReaders(tmp_path_factory.mktemp("patient"), PATIENCE_SECONDS) as readers:
        yield readers


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FileReaders]:
    with FileReaders(tmp_path_factory.mktemp("hurried")) as readers:
        yield readers


@pytest.mark.parametrize("file", HARMLESS.values(), ids=HARMLESS)
def test_a_page_is_drawn_whatever_else_a_file_holds(patient: FileReaders, file: HostileFile) -> None:
    assert patient.fate_of(file.make()) in file.fates


def test_a_file_cut_off_anywhere_is_drawn_or_refused(readers: FileReaders) -> None:
    fates = Counter(readers.fate_of(content) for content in truncations())
    assert fates.keys() >= {Fate.NO_BLUEPRINT, Fate.UNDRAWABLE, Fate.DRAWN}


def test_a_file_changed_at_random_is_drawn_or_refused(readers: FileReaders) -> None:
    fates = Counter(readers.fate_of(content) for content in mutants(MUTANTS, SEED))
    assert fates.keys() >= {Fate.NO_BLUEPRINT, Fate.UNDRAWABLE, Fate.DRAWN}
