"""What the client knows of scales is what the API says of them."""

import json
from pathlib import Path
from typing import Any

import pytest

from location_detection.scale import RATIO_PATTERN, InvalidScale, checked

PREVIEW_API = Path(__file__).parents[3] / "docs/openapi/preview.json"
LENGTH: dict[str, Any] = {"from": [100, 200.5], "to": [400, 200.5], "metres": 5.2}


def test_a_ratio_is_written_as_the_api_takes_it() -> None:
    schemas = json.loads(PREVIEW_API.read_text(encoding="utf-8"))["components"]["schemas"]
    kinds = schemas["PreviewRequest"]["properties"]["scale"]["anyOf"]
    assert [kind["pattern"] for kind in kinds if kind["type"] == "string"] == [RATIO_PATTERN]


@pytest.mark.parametrize("scale", ["1:1", "1:62.5", "1:99999", LENGTH, LENGTH | {"metres": 10_000}])
def test_a_scale_that_makes_sense_is_sent_as_it_was_given(scale: Any) -> None:
    assert checked(scale) is scale


@pytest.mark.parametrize(
    "scale",
    [
        "1:100000",
        {},
        LENGTH | {"feet": 17},
        LENGTH | {"from": [100]},
        LENGTH | {"from": [100, "200"]},
        LENGTH | {"from": [True, 200.5]},
        LENGTH | {"from": 100},
        LENGTH | {"to": [400, 1000.1]},
        LENGTH | {"to": [100, 200.501]},
        LENGTH | {"metres": 0},
        LENGTH | {"metres": 10_001},
        LENGTH | {"metres": float("nan")},
    ],
)
def test_a_scale_that_makes_none_is_refused_with_what_to_give(scale: Any) -> None:
    with pytest.raises(InvalidScale, match="1:100"):
        checked(scale)
