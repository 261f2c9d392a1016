import json

import pytest

from builders_rooms import House
from preview.rooms import Region, find_regions


def test_a_region_survives_json(house: House) -> None:
    regions = find_regions(house.gray)
    assert regions
    assert [Region.from_json(json.loads(json.dumps(region.to_json()))) for region in regions] == regions


def test_shares_are_shares(house: House) -> None:
    for region in find_regions(house.gray):
        shares = (region.area, region.breadth, region.agreement, region.ink_support, region.wall_support)
        assert all(0 <= share <= 1 for share in (*shares, region.compactness, region.squareness))


def test_a_description_of_something_else_is_refused() -> None:
    with pytest.raises(KeyError):
        Region.from_json({"box": [0, 0, 1, 1]})
