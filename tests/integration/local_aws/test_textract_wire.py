"""The simulator through boto3, which must not notice the difference."""

import threading
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import boto3
import pytest
import requests
from botocore.config import Config
from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfgen.canvas import Canvas

from local_aws.aws import resources
from local_aws.aws.provision import client, provision


@pytest.fixture
def textract(textract_endpoint: str) -> Iterator[Any]:
    yield boto3.client(
        "textract",
        region_name="us-east-1",
        endpoint_url=textract_endpoint,
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(retries={"total_max_attempts": 1}, read_timeout=60),
    )
    set_fault(textract_endpoint, mode="none")


def set_fault(endpoint: str, **fault: Any) -> requests.Response:
    return requests.put(f"{endpoint}/_simulator/faults", json=fault, timeout=10)


def calls(endpoint: str) -> int:
    return int(requests.get(f"{endpoint}/_simulator/calls", timeout=10).json()["AnalyzeDocument"])


def picture(text: str) -> bytes:
    page = Image.new("L", (800, 600), 255)
    ImageDraw.Draw(page).text((200, 250), text, fill=0, font=ImageFont.load_default(40))
    file = BytesIO()
    page.save(file, "PNG")
    return file.getvalue()


def vector_plan(*labels: str) -> bytes:
    file = BytesIO()
    canvas = Canvas(file, pagesize=(400, 400))
    for number, label in enumerate(labels):
        canvas.drawString(50, 50 + 60 * number, label)
    canvas.save()
    return file.getvalue()


def lines(response: dict[str, Any]) -> list[str]:
    return [block["Text"] for block in response["Blocks"] if block["BlockType"] == "LINE"]


def analyze(textract: Any, document: bytes) -> dict[str, Any]:
    return dict(textract.analyze_document(Document={"Bytes": document}, FeatureTypes=["LAYOUT"]))


def test_a_picture_is_read(textract: Any) -> None:
    response = analyze(textract, picture("KITCHEN"))
    assert lines(response) == ["KITCHEN"]
    assert response["DocumentMetadata"] == {"Pages": 1}
    assert response["AnalyzeDocumentModelVersion"]
    assert {block["BlockType"] for block in response["Blocks"]} == {"PAGE", "LINE", "WORD", "LAYOUT_TEXT"}


def test_a_stored_pdf_is_read(textract: Any, aws_endpoint: str) -> None:
    provision(aws_endpoint, {})
    client("s3", aws_endpoint).put_object(
        Bucket=resources.BLUEPRINTS_BUCKET, Key="blueprints/plan.pdf", Body=vector_plan("BATH", "HALL")
    )
    response = textract.analyze_document(
        Document={"S3Object": {"Bucket": resources.BLUEPRINTS_BUCKET, "Name": "blueprints/plan.pdf"}},
        FeatureTypes=["LAYOUT"],
    )
    assert lines(response) == ["HALL", "BATH"], "from the top of the page"


@pytest.mark.parametrize(
    ("document", "features", "error"),
    [
        ({"Bytes": b"GIF89a" + bytes(50)}, ["LAYOUT"], "UnsupportedDocumentException"),
        ({"Bytes": b"%PDF-1.4 broken"}, ["LAYOUT"], "BadDocumentException"),
        ({"Bytes": bytes(10 * 1024 * 1024 + 1)}, ["LAYOUT"], "DocumentTooLargeException"),
        ({"Bytes": bytes(13 * 1024 * 1024)}, ["LAYOUT"], "DocumentTooLargeException"),
        ({"S3Object": {"Bucket": "nowhere", "Name": "a.png"}}, ["LAYOUT"], "InvalidS3ObjectException"),
        ({"Bytes": b"x"}, ["ROOMS"], "InvalidParameterException"),
        ({"Bytes": b"x"}, [], "InvalidParameterException"),
        ({}, ["LAYOUT"], "InvalidParameterException"),
    ],
)
def test_errors_are_those_of_textract(textract: Any, document: Any, features: Any, error: str) -> None:
    with pytest.raises(getattr(textract.exceptions, error)):
        textract.analyze_document(Document=document, FeatureTypes=features)


def test_other_operations_are_unknown(textract: Any) -> None:
    with pytest.raises(textract.exceptions.ClientError, match="UnknownOperationException"):
        textract.detect_document_text(Document={"Bytes": b"x"})


def test_what_is_not_json_is_refused(textract_endpoint: str) -> None:
    headers = {"X-Amz-Target": "Textract.AnalyzeDocument", "Content-Type": "application/x-amz-json-1.1"}
    answer = requests.post(textract_endpoint, data=b"{", headers=headers, timeout=10)
    assert answer.status_code == 400
    assert answer.json()["__type"] == "SerializationException"


def test_every_call_is_counted_whatever_comes_of_it(textract: Any, textract_endpoint: str) -> None:
    before = calls(textract_endpoint)
    analyze(textract, vector_plan("BATH"))
    set_fault(textract_endpoint, mode="throttle")
    for _ in range(2):
        with pytest.raises(textract.exceptions.ProvisionedThroughputExceededException):
            analyze(textract, vector_plan("BATH"))
    assert calls(textract_endpoint) == before + 3


def test_faults_of_the_server(textract: Any, textract_endpoint: str) -> None:
    set_fault(textract_endpoint, mode="error")
    with pytest.raises(textract.exceptions.InternalServerError) as failed:
        analyze(textract, vector_plan("BATH"))
    assert failed.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500


def test_a_hanging_call_is_answered_once_the_fault_is_lifted(textract: Any, textract_endpoint: str) -> None:
    set_fault(textract_endpoint, mode="hang")
    answers: list[dict[str, Any]] = []
    call = threading.Thread(
        target=lambda: answers.append(analyze(textract, vector_plan("BATH"))), daemon=True
    )
    before = calls(textract_endpoint)
    call.start()
    while calls(textract_endpoint) == before:
        pass
    call.join(timeout=0.3)
    assert call.is_alive()

    set_fault(textract_endpoint, mode="none")
    call.join(timeout=20)
    assert [lines(answer) for answer in answers] == [["BATH"]]


def test_a_bad_fault_is_refused_and_changes_nothing(textract_endpoint: str) -> None:
    set_fault(textract_endpoint, mode="slow", seconds=0)
    refused = set_fault(textract_endpoint, mode="sloow")
    assert refused.status_code == 400
    assert "mode must be one of" in refused.json()["message"]
    in_force = requests.get(f"{textract_endpoint}/_simulator/faults", timeout=10).json()
    assert in_force == {"mode": "slow", "rate": 1.0, "seconds": 0.0}
