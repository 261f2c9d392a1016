from typing import Any

import pytest
from botocore.session import get_session
from botocore.validate import ParamValidator

from local_aws.textract.blocks import analyze_document_response
from local_aws.textract.lines import Box, ReadLine, ReadWord, quad_of_box


def line(text: str, left: float, top: float, height: float = 0.02) -> ReadLine:
    step = 0.1
    words = tuple(
        ReadWord(word, quad_of_box(Box(left + i * step, top, left + (i + 0.9) * step, top + height)), 95.5)
        for i, word in enumerate(text.split())
    )
    return ReadLine(words, quad_of_box(Box(left, top, left + len(words) * step, top + height)))


LINES = [
    line("FLOOR PLAN", 0.1, 0.05, height=0.08),
    line("MASTER BEDROOM", 0.2, 0.3),
    line("12 x 10", 0.2, 0.33),
    line("KITCHEN", 0.6, 0.3),
]


def of_type(response: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [block for block in response["Blocks"] if block["BlockType"] == kind]


def texts(response: dict[str, Any], block: dict[str, Any]) -> list[str]:
    by_id = {other["Id"]: other for other in response["Blocks"]}
    return [by_id[child]["Text"] for child in block["Relationships"][0]["Ids"] if "Text" in by_id[child]]


@pytest.mark.parametrize("lines", [LINES, []])
def test_the_answer_is_what_botocore_models(lines: list[ReadLine]) -> None:
    model = get_session().get_service_model("textract").operation_model("AnalyzeDocument")
    response = analyze_document_response(lines, {"LAYOUT"})
    report = ParamValidator().validate(response, model.output_shape)
    assert not report.has_errors(), report.generate_report()
    kinds = set(model.output_shape.members["Blocks"].member.members["BlockType"].enum)
    assert {block["BlockType"] for block in response["Blocks"]} <= kinds


def test_lines_hold_their_words_and_the_page_its_lines() -> None:
    response = analyze_document_response(LINES, {"LAYOUT"})
    (page,) = of_type(response, "PAGE")
    assert texts(response, page) == ["FLOOR PLAN", "MASTER BEDROOM", "12 x 10", "KITCHEN"]
    assert texts(response, of_type(response, "LINE")[1]) == ["MASTER", "BEDROOM"]
    assert {word["TextType"] for word in of_type(response, "WORD")} == {"PRINTED"}


def test_stacked_lines_form_one_layout_block() -> None:
    response = analyze_document_response(LINES, {"LAYOUT"})
    blocks = [texts(response, block) for block in of_type(response, "LAYOUT_TEXT")]
    assert blocks == [["MASTER BEDROOM", "12 x 10"], ["KITCHEN"]]
    assert [texts(response, block) for block in of_type(response, "LAYOUT_TITLE")] == [["FLOOR PLAN"]]


def test_layout_comes_only_when_asked_for() -> None:
    response = analyze_document_response(LINES, {"TABLES"})
    assert {block["BlockType"] for block in response["Blocks"]} == {"PAGE", "LINE", "WORD"}


def test_ids_are_unique_and_places_lie_on_the_page() -> None:
    response = analyze_document_response(LINES, {"LAYOUT"})
    ids = [block["Id"] for block in response["Blocks"]]
    assert len(ids) == len(set(ids))
    for block in response["Blocks"]:
        box = block["Geometry"]["BoundingBox"]
        assert 0 <= box["Left"] <= box["Left"] + box["Width"] <= 1
        assert 0 <= box["Top"] <= box["Top"] + box["Height"] <= 1
        assert len(block["Geometry"]["Polygon"]) == 4
