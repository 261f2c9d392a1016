from dataclasses import fields, is_dataclass, replace

import pytest

from builders_rooms import House
from preview.rooms import DetectorOptions, detect
from preview.rooms.network.floor_network import NetworkOptions
from preview.rooms.options import DEFAULTS, WITHOUT_NETWORK
from preview.rooms.scoring.region_scorer import ScoringOptions


def test_the_learned_scorer_is_refused_without_the_network() -> None:
    with pytest.raises(ValueError, match="WITHOUT_NETWORK"):
        DetectorOptions(network=NetworkOptions(enabled=False))


def test_rules_alone_find_the_rooms_of_a_plain_house(house: House) -> None:
    rooms = detect(house.gray, house.words, WITHOUT_NETWORK)
    assert {room.name_hint for room in rooms} == {room.name_hint for room in detect(house.gray, house.words)}


def test_the_heuristic_score_alone_may_use_the_network() -> None:
    assert not DetectorOptions(scoring=ScoringOptions(learned=False)).scoring.learned


def test_every_group_of_thresholds_is_frozen_and_comparable() -> None:
    for group in (getattr(DEFAULTS, each.name) for each in fields(DEFAULTS)):
        assert is_dataclass(group)
        assert hash(group) == hash(replace(group))
