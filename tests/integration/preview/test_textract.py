"""Textract's answers, as botocore's own model of it has them."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.stub import Stubber

from preview.adapters.textract import TextractReader
from preview.domain.room import Word
from shared.aws import aws_client
from shared.errors import DependencyFailed, DependencyUnavailable
from shared.metrics import Metrics
from shared.retry import Backoff

BUCKET = "blueprints"
KEY = "blueprints/job_1/plan.png"
METRICS = Metrics("preview", "test")


def block(
    block_id: str, kind: str, text: str | None = None, children: tuple[str, ...] = ()
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "Id": block_id,
        "BlockType": kind,
        "Confidence": 98.76543,
        "Geometry": {"BoundingBox": {"Left": 0.1, "Top": 0.2, "Width": 0.05, "Height": 0.0123456}},
    }
    if text is not None:
        found["Text"] = text
    if children:
        found["Relationships"] = [{"Type": "CHILD", "Ids": list(children)}]
    return found


ANSWER = {
    "DocumentMetadata": {"Pages": 1},
    "AnalyzeDocumentModelVersion": "1.0",
    "Blocks": [
        block("page", "PAGE", children=("line", "layout")),
        block("line", "LINE", "MASTER BEDROOM", ("master", "bedroom")),
        block("master", "WORD", "MASTER"),
        block("bedroom", "WORD", "BEDROOM"),
        block("blank", "WORD", ""),
        block("layout", "LAYOUT_TEXT", children=("line",)),
    ],
}


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    return aws_client("textract", region="us-east-1", backoff=Backoff(retries=0))


@pytest.fixture
def textract(client: Any) -> Iterator[Stubber]:
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def test_blocks_become_words_in_page_coordinates(client: Any, textract: Stubber) -> None:
    asked = {"Document": {"S3Object": {"Bucket": BUCKET, "Name": KEY}}, "FeatureTypes": ["LAYOUT"]}
    textract.add_response("analyze_document", ANSWER, asked)
    reading = TextractReader(client, BUCKET, METRICS).read(KEY, None, ("LAYOUT",))

    box = (100.0, 200.0, 150.0, 212.35)
    assert reading.words == (
        Word("MASTER", box, 0.9877, "textract"),
        Word("BEDROOM", box, 0.9877, "textract"),
    )
    assert [found.kind for found in reading.text_blocks] == ["LINE", "WORD", "WORD", "WORD"]
    [layout] = reading.layout_blocks
    assert (layout.kind, layout.text, layout.children) == ("LAYOUT_TEXT", None, ("line",))
    assert reading.model_version == "1.0"


@pytest.mark.parametrize(
    ("first_side", "vertical"),
    [((0.04, 0.0), False), ((0.0, 0.04), True), ((0.001, -0.04), True), ((-0.04, 0.002), False)],
)
def test_a_word_runs_as_the_first_side_of_its_polygon_does(
    client: Any, textract: Stubber, first_side: tuple[float, float], vertical: bool
) -> None:
    word = block("master", "WORD", "MASTER")
    across, down = first_side
    word["Geometry"]["Polygon"] = [{"X": 0.5, "Y": 0.5}, {"X": 0.5 + across, "Y": 0.5 + down}]
    textract.add_response("analyze_document", {"Blocks": [word]})
    [read] = TextractReader(client, BUCKET, METRICS).read(KEY, None, ("LAYOUT",)).words
    assert read.vertical == vertical


def test_a_rendered_page_is_sent_as_bytes(client: Any, textract: Stubber) -> None:
    asked = {"Document": {"Bytes": b"png"}, "FeatureTypes": ["LAYOUT", "TABLES"]}
    textract.add_response("analyze_document", {"Blocks": []}, asked)
    reading = TextractReader(client, BUCKET, METRICS).read(KEY, b"png", ("LAYOUT", "TABLES"))
    assert (reading.words, reading.model_version) == ((), None)


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        ("ProvisionedThroughputExceededException", 400, DependencyUnavailable),
        ("ThrottlingException", 400, DependencyUnavailable),
        ("InternalServerError", 500, DependencyUnavailable),
        ("UnsupportedDocumentException", 400, DependencyFailed),
        ("InvalidS3ObjectException", 400, DependencyFailed),
        ("AccessDeniedException", 400, DependencyFailed),
    ],
)
def test_what_textract_refuses_is_an_error_of_ours(
    client: Any, textract: Stubber, code: str, status: int, error: type[Exception]
) -> None:
    textract.add_client_error("analyze_document", code, http_status_code=status)
    with pytest.raises(error):
        TextractReader(client, BUCKET, METRICS).read(KEY, None, ("LAYOUT",))


def test_an_answer_of_another_shape_is_a_failed_dependency(client: Any, textract: Stubber) -> None:
    textract.add_response("analyze_document", {"Blocks": [{"BlockType": "WORD"}]})
    with pytest.raises(DependencyFailed):
        TextractReader(client, BUCKET, METRICS).read(KEY, None, ("LAYOUT",))


def test_no_answer_at_all_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_TEXTRACT", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    client = aws_client("textract", region="us-east-1", backoff=Backoff(retries=0))
    with pytest.raises(DependencyUnavailable):
        TextractReader(client, BUCKET, METRICS).read(KEY, None, ("LAYOUT",))
