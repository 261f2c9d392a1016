"""The codes in the source, in the OpenAPI document and in the guide are the same."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from preview.api.errors import ERROR_TABLE

ROOT = Path(__file__).parents[2]
SOURCES = [ROOT / "shared/src", ROOT / "services/jobs/src", ROOT / "services/preview/src"]
GUIDE = (ROOT / "docs/api.md").read_text()
PUBLIC = json.loads((ROOT / "services/jobs/src/jobs/api/static/openapi.json").read_text())


def arguments_of(name: str) -> Iterator[tuple[Any, ...]]:
    """The literals that each call of ``name`` in the code begins with."""
    for source in SOURCES:
        for path in source.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                    yield tuple(arg.value for arg in node.args if isinstance(arg, ast.Constant))


ANSWERED: set[tuple[str, int]] = {(code, status) for code, status, *_ in arguments_of("ErrorAnswer")}
FAILED_WITH: set[str] = {code for code, *_ in filter(None, arguments_of("JobError"))} | {
    row.job_error for row in ERROR_TABLE.values() if row.job_error
}


def test_the_document_lists_every_code() -> None:
    assert PUBLIC["components"]["schemas"]["ErrorCode"]["enum"] == sorted({code for code, _ in ANSWERED})


def test_the_guide_explains_every_code() -> None:
    rows = re.findall(r"^\| (\d{3}) \| ((?:`[A-Z_]+`(?:, )?)+) \|", GUIDE, flags=re.MULTILINE)
    explained = {(code, int(status)) for status, codes in rows for code in re.findall("[A-Z_]+", codes)}
    assert explained == ANSWERED


def test_every_answer_lists_codes_of_its_status() -> None:
    listed = {
        (code, int(status))
        for item in PUBLIC["paths"].values()
        for method, operation in item.items()
        if method != "parameters"
        for status, response in operation["responses"].items()
        for code in re.findall("`([A-Z_]{8,})`", response["description"])
    }
    assert listed <= ANSWERED
    elsewhere = {("METHOD_NOT_ALLOWED", 405), ("UNSUPPORTED_API_VERSION", 404)}
    assert ANSWERED - listed == elsewhere
    description = PUBLIC["components"]["schemas"]["ErrorCode"]["description"]
    assert all(f"`{code}` ({status})" in description for code, status in elsewhere)


def test_what_a_job_fails_with_is_documented() -> None:
    assert PUBLIC["components"]["schemas"]["JobError"]["properties"]["code"]["enum"] == sorted(FAILED_WITH)
    [sentence] = re.findall(r"A job that `failed` says why(.*?)\n\n", GUIDE, flags=re.DOTALL)
    assert set(re.findall("`([A-Z_]{8,})`", sentence)) == FAILED_WITH
