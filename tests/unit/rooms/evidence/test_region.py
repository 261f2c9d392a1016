import json
from dataclasses import fields

import pytest

from builders_regions import region
from builders_rooms import House
from preview.rooms import Region, find_regions
from preview.rooms.evidence.pooled_evidence import POOLED_FEATURES

ALWAYS_THERE = (
    "polygon", "box", "area", "mean_width", "agreement", "ink_support", "wall_support", "compactness",
    "aspect_ratio",
)  # fmt: skip
LATER = [field.name for field in fields(Region) if field.name not in (*ALWAYS_THERE, "pooled")]


def test_a_region_survives_json(house: House) -> None:
    regions = find_regions(house.gray)
    assert regions
    assert [Region.from_json(json.loads(json.dumps(found.to_json()))) for found in regions] == regions


def test_shares_are_shares(house: House) -> None:
    for found in find_regions(house.gray):
        facts = {
            name: value for name, value in found.to_json().items() if name not in ("polygon", "box", "pooled")
        }
        assert all(0 <= share <= 1 for share in facts.values()), facts


def test_every_field_survives_json() -> None:
    pooled = tuple(number / 8 for number in range(len(POOLED_FEATURES)))
    full = region(pooled=pooled, **{name: (number + 1) / 50 for number, name in enumerate(LATER)})
    assert Region.from_json(json.loads(json.dumps(full.to_json()))) == full


def test_an_older_description_is_read_as_of_a_region_that_nothing_more_is_known_of() -> None:
    full = region(**dict.fromkeys(LATER, 0.5))
    older = {name: value for name, value in full.to_json().items() if name in ALWAYS_THERE}
    read = Region.from_json(json.loads(json.dumps(older)))
    assert read == region()
    assert len(LATER) == 11
    assert {getattr(read, name) for name in LATER} == {0.0}


def test_a_description_with_an_unknown_field_is_refused() -> None:
    with pytest.raises(TypeError):
        Region.from_json({**region().to_json(), "colour": 0.5})


def test_a_description_of_something_else_is_refused() -> None:
    with pytest.raises(KeyError):
        Region.from_json({"box": [0, 0, 1, 1]})
