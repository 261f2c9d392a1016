"""The stack under measurement and how to talk to it."""

import os
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import boto3
import requests
from botocore.config import Config

from running_stack import Addresses

PLANS = Path(__file__).resolve().parent.parent / "data" / "plans"
KEY = "local-dev-key"
MEBIBYTE = 1024 * 1024
LARGEST_FILE = 50 * MEBIBYTE
ENVIRONMENT = "location-detection-dev"

HEADERS = {"Authorization": f"Bearer {KEY}"}


class UnexpectedAnswer(Exception):
    """A request that a benchmark needs was not answered as it must be; the run is worth nothing."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A multipart body made once, so that making it costs the client nothing while the clock runs."""

    body: bytes
    content_type: str

    def send(self, session: requests.Session, base_url: str) -> dict[str, Any]:
        """Create a job and return it."""
        headers = {**HEADERS, "Content-Type": self.content_type}
        answer = session.post(f"{base_url}/api/v1/jobs", data=self.body, headers=headers, timeout=60)
        return expect(answer, 201)


@dataclass(frozen=True, slots=True)
class Target:
    """A running stack; ``pid`` is None when it was started elsewhere."""

    addresses: Addresses
    pid: int | None

    def aws(self, service: Any) -> Any:
        """Return a bare boto3 client for the embedded AWS."""
        return boto3.client(
            service,
            region_name="us-east-1",
            endpoint_url=self.addresses.aws,
            aws_access_key_id="local",
            aws_secret_access_key="local",
            config=Config(retries={"total_max_attempts": 1}),
        )

    def textract_calls(self) -> int:
        """Return how many pages the Textract simulator was asked to analyse since it started."""
        answer = requests.get(f"{self.addresses.textract}/_simulator/calls", timeout=10)
        return int(answer.json()["AnalyzeDocument"])


def expect(answer: requests.Response, status: int) -> dict[str, Any]:
    """Return the data of an answer that has this status."""
    if answer.status_code != status:
        raise UnexpectedAnswer(
            f"{answer.request.method} {answer.url}: {answer.status_code} {answer.text[:300]}"
        )
    data: dict[str, Any] = answer.json()["data"]
    return data


def session() -> requests.Session:
    """Return a session with a key, keeping its connections."""
    made = requests.Session()
    made.headers.update(HEADERS)
    return made


def file_of(plan: str, size_bytes: int | None = None) -> bytes:
    """Return a plan as a file that nobody has sent before, as long as wanted.

    The bytes after its end make the difference; readers ignore them.
    """
    content = (PLANS / plan).read_bytes()
    padding = (size_bytes or len(content) + 32) - len(content)
    return content + os.urandom(padding)


def upload_of(content: bytes, filename: str) -> Upload:
    """Return the multipart body for a file."""
    request = requests.Request("POST", "http://any", files={"file": (filename, BytesIO(content))}).prepare()
    assert isinstance(request.body, bytes)
    return Upload(request.body, request.headers["Content-Type"])


def create_job(base_url: str, plan: str) -> str:
    """Upload a fresh copy of a plan and return the job's id."""
    with session() as caller:
        return str(upload_of(file_of(plan), plan).send(caller, base_url)["job_id"])
