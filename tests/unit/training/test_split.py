import json
from pathlib import Path

from room_training.split import annotated_plans, flats, part_of, source_of

SOURCES, VIEWS = 40, 3


def annotate(folder: Path) -> None:
    for source in range(SOURCES):
        for view in range(VIEWS):
            facts = {"source": f"plan {source}", "image": "x.png", "rooms": []}
            (folder / f"view{view}_of_{source}.json").write_text(json.dumps(facts))


def test_views_of_a_source_stay_together(tmp_path: Path) -> None:
    annotate(tmp_path)
    network, scorer = annotated_plans([tmp_path])
    assert not {source_of(path) for path in network} & {source_of(path) for path in scorer}


def test_every_plan_is_in_one_part_and_no_part_is_empty(tmp_path: Path) -> None:
    annotate(tmp_path)
    network, scorer = annotated_plans([tmp_path])
    assert network
    assert scorer
    assert len(network) > len(scorer)
    assert sorted([*network, *scorer]) == sorted(tmp_path.glob("*.json"))


def test_flats_are_split_by_file(tmp_path: Path) -> None:
    for number in range(60):
        (tmp_path / f"flat{number}.txt").touch()
    (tmp_path / "notes.md").touch()
    network, scorer = flats(tmp_path)
    assert len(network) > len(scorer) > 0
    assert sorted([*network, *scorer]) == sorted(tmp_path.glob("*.txt"))


def test_a_flat_stays_in_its_part_when_others_come_or_it_moves(tmp_path: Path) -> None:
    few, many = tmp_path / "few", tmp_path / "many"
    for folder, count in ((few, 20), (many, 60)):
        folder.mkdir()
        for number in range(count):
            (folder / f"flat{number}.txt").touch()
    before, after = ([{path.name for path in part} for part in flats(folder)] for folder in (few, many))
    assert before[0] < after[0]
    assert before[1] < after[1]


def test_the_scorers_pages_are_parted_by_source(tmp_path: Path) -> None:
    annotate(tmp_path)
    scorer = annotated_plans([tmp_path])[1]
    parts = {(source_of(path), part_of(source_of(path), 3)) for path in scorer}
    assert len(parts) == len({source for source, _ in parts})
    assert {part for _, part in parts} == {0, 1, 2}


def test_an_empty_folder_gives_empty_parts(tmp_path: Path) -> None:
    assert flats(tmp_path) == annotated_plans([tmp_path]) == ([], [])
