"""Each parameter and variable is declared once, in code; what repeats it says the same."""

import re
import typing
from dataclasses import MISSING
from pathlib import Path
from typing import Any

import pytest

import jobs.domain.ports
import jobs.settings
import preview.domain.ports
import preview.settings
from declared import PARAMETERS, stored, variables
from local_aws.aws import resources
from preview.domain.budget import (
    DEFAULT_DEADLINE_SECONDS,
    FILE_SECONDS,
    MAX_REQUEST_SECONDS,
    PICTURE_RENDER_SECONDS,
    RENDER_SECONDS,
)
from shared.parameter_store import Parameter
from shared.validators import DecimalNumber, SomeOf, WholeNumber, boolean

ROOT = Path(__file__).parents[3]
OF_THE_PRODUCT, _ = (ROOT / "docs/configuration.md").read_text().split("\n## On a laptop\n")
OF_SERVICES = variables(jobs.settings.Settings) | variables(preview.settings.Settings)
ON_A_LAPTOP = {"api/rate_limit_per_minute": "60000"}
"""What is not the product's default: a load test on one machine measures the services and not the limit."""


def text(path: str) -> str:
    return (ROOT / path).read_text()


def rows(*columns: str) -> dict[str, list[str]]:
    """The rows of the tables of configuration.md that have these columns, by each name in the first."""
    found: dict[str, list[str]] = {}
    header = re.escape(f"| {' | '.join(columns)} |\n") + r"\|[-|]+\|\n((?:\|.*\n)+)"
    for table in re.findall(header, OF_THE_PRODUCT):
        for line in table.splitlines():
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            found |= dict.fromkeys(re.findall(r"`([^`]+)`", cells[0]), cells[1:])
    return found


def form(validator: Any) -> str:
    """The type column of a parameter's row."""
    match validator:
        case WholeNumber(minimum, maximum):
            return f"whole number, {minimum:,} to {maximum:,}"
        case DecimalNumber(minimum, maximum):
            return f"number, {minimum:g} to {maximum:g}"
        case SomeOf(allowed):
            return f"list of {', '.join(f'`{word}`' for word in allowed)}, each once"
    assert validator is boolean
    return "`true` or `false`"


def documented_default(parameter: Parameter) -> str:
    is_number = isinstance(parameter.validator, WholeNumber | DecimalNumber)
    return stored(parameter.default) if is_number else f"`{stored(parameter.default)}`"


def test_a_default_is_valid() -> None:
    for parameter in PARAMETERS.values():
        assert parameter.validator(stored(parameter.default)) == parameter.default, parameter.name


@pytest.mark.parametrize(
    ("port", "declared"),
    [
        (jobs.domain.ports.Parameters, jobs.settings.PARAMETERS),
        (preview.domain.ports.Parameters, preview.settings.PARAMETERS),
    ],
    ids=["jobs", "preview"],
)
def test_the_port_has_a_method_for_each_parameter(port: type, declared: tuple[Parameter, ...]) -> None:
    methods = {
        name: typing.get_type_hints(method)["return"]
        for name, method in vars(port).items()
        if not name.startswith("_")
    }
    assert {name: typing.get_origin(kind) or kind for name, kind in methods.items()} == {
        parameter.method_name: type(parameter.default) for parameter in declared
    }


def test_terraform_creates_each_parameter_with_its_default() -> None:
    defaults = re.search(
        r"defaults = \{\n(.*?)\n  \}", text("terraform/modules/parameters/main.tf"), re.DOTALL
    )
    assert defaults
    created = dict(re.findall(r'"(\S+)"\s*= "(.*)"', defaults[1]))
    assert created == {name: stored(parameter.default) for name, parameter in PARAMETERS.items()}


def test_a_laptop_has_each_parameter() -> None:
    on_a_laptop = {parameter.name: parameter.value for parameter in resources.parameters({})}
    assert on_a_laptop == {name: stored(each.default) for name, each in PARAMETERS.items()} | ON_A_LAPTOP


def test_each_parameter_is_documented() -> None:
    documented = rows("parameter", "type", "default", "meaning")
    assert documented == {
        name: [form(parameter.validator), documented_default(parameter), parameter.meaning]
        for name, parameter in PARAMETERS.items()
    }


@pytest.mark.parametrize("name", OF_SERVICES)
def test_each_variable_is_documented_with_its_default_and_bounds(name: str) -> None:
    validator, default = OF_SERVICES[name]
    cell = rows("variable", "default", "meaning")[name][0]
    if default is MISSING:
        assert cell == "required"
    elif isinstance(validator, WholeNumber | DecimalNumber):
        assert cell.startswith(f"{default:g} ({validator.minimum:.10g} to {validator.maximum:.10g}")
    else:
        assert cell == f"`{','.join(default) if isinstance(default, tuple) else default}`"


WORDS = {4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 14: "fourteen", 30: "thirty"}
RETENTION_DAYS = variables(jobs.settings.Settings)["RETENTION_DAYS"][1]
REPEATED = [
    ("README.md", f"within {WORDS[round(DEFAULT_DEADLINE_SECONDS)]} seconds a preview"),
    ("docs/operating.md", f"asked to wait) or {DEFAULT_DEADLINE_SECONDS:g} s (preview)"),
    ("docs/reliability.md", f"| a preview | {DEFAULT_DEADLINE_SECONDS:g} s (`preview/deadline_seconds`)"),
    ("docs/configuration.md", f"| `PREVIEW_DEADLINE_SECONDS` | {DEFAULT_DEADLINE_SECONDS:g} |"),
    (
        "terraform/modules/observability/alarms.tf",
        f"seconds = {DEFAULT_DEADLINE_SECONDS:g} # the deadline of a preview",
    ),
    ("docs/reliability.md", f"| drawing a page | {RENDER_SECONDS:g} s of processor time"),
    ("docs/api.md", f"| drawing a page | {RENDER_SECONDS:g} s of processor time"),
    ("docs/api.md", f"each in at most {FILE_SECONDS:g} seconds"),
    ("docs/api.md", f"| a file of all pages, a picture | {FILE_SECONDS:g} s |"),
    (
        "docs/reliability.md",
        f"| a file of all pages, a picture | {FILE_SECONDS:g} s, of which drawing and encoding a picture "
        f"take {PICTURE_RENDER_SECONDS:g} s of processor time at most |",
    ),
    ("docker/gunicorn.conf.py", f"longest deadline of a request ({MAX_REQUEST_SECONDS:g})"),
    ("docs/api.md", f"| life of a job | {RETENTION_DAYS} days"),
    ("docs/operating.md", f"A job lives for {WORDS[RETENTION_DAYS]} days (`RETENTION_DAYS`)"),
]
"""Where documents and comments repeat what the code declares or derives."""


@pytest.mark.parametrize(("path", "sentence"), REPEATED)
def test_who_repeats_a_number_says_the_same(path: str, sentence: str) -> None:
    assert sentence in " ".join(text(path).split())
