"""What operators may set, and what is refused with its form."""

import pytest

from shared import validators

NUMBERS = {
    "whole": validators.WholeNumber(-1, 30),
    "decimal": validators.DecimalNumber(0.1, 30),
}


@pytest.mark.parametrize(
    ("kind", "raw", "number"), [("whole", "30", 30), ("whole", "-1", -1), ("decimal", "0.10", 0.1)]
)
def test_a_number_within_its_bounds_is_read(kind: str, raw: str, number: float) -> None:
    assert NUMBERS[kind](raw) == number


@pytest.mark.parametrize("kind", NUMBERS)
@pytest.mark.parametrize(
    "raw",
    [
        "",
        "31",
        "-2",
        "nan",
        "inf",
        "-inf",
        "Infinity",
        "1e1",
        "1_0",
        "+1",
        " 1",
        "1 ",
        "0x1",
        "\u0661",
        "9" * 5000,
        "1,0",
    ],
)
def test_what_is_no_number_within_its_bounds_is_refused(kind: str, raw: str) -> None:
    with pytest.raises(ValueError, match=r"^must be a (whole )?number from .* to 30$"):
        NUMBERS[kind](raw)


GOOD: dict[str, tuple[validators.Validator, list[str]]] = {
    "environment": (validators.environment, ["dev", "prod", "test-2"]),
    "region": (validators.region, ["us-east-1", "us-gov-west-1", "ap-southeast-12", "eusc-de-east-1"]),
    "table": (validators.table, ["location-detection-dev-jobs", "A_b.c"]),
    "bucket": (validators.bucket, ["location-detection-dev-blueprints", "a.b", "x" * 63]),
    "queue": (validators.queue, ["location-detection-dev-preview-pages", "A_b"]),
    "secret": (validators.secret, ["location-detection/dev/api/keys", "keys"]),
    "path": (validators.parameters_path, ["/location-detection/dev", "/a/"]),
    "url": (
        validators.base_url,
        ["http://preview:8000", "https://10.0.0.1", "http://[::1]:80", "http://a_b.c-d.e"],
    ),
    "origin": (
        validators.origin,
        ["https://plans.example", "http://localhost:8080", "http://[::1]:5000", "http://a:443"],
    ),
}


@pytest.mark.parametrize(("form", "raw"), [(form, raw) for form, raws in GOOD.values() for raw in raws])
def test_what_has_the_form_is_taken(form: validators.Validator, raw: str) -> None:
    assert form(raw) == raw


BAD: dict[str, list[str]] = {
    "environment": ["", "Prod", "PROD", "a b", "x" * 21, "prod\n"],
    "region": ["", "us-east", "us_east_1", "US-EAST-1", "us-east-1\n", "http://us-east-1", "us-east-1.x"],
    "table": ["", "ab", "a b c", "x" * 256, "jobs\n", "arn:aws:dynamodb:us-east-1:123456789012:table/jobs"],
    "bucket": ["", "ab", "Blueprints", "a..b", "-ab", "ab-", "x" * 64, "a_b", "a/b", "abc\n"],
    "queue": ["", "a b", "a.b", "x" * 81, "pages\n", "https://sqs.us-east-1.amazonaws.com/1/pages"],
    "secret": ["", "a b", "arn:aws:secretsmanager:us-east-1:123456789012:secret:keys", "x" * 513, "k\u2014s"],
    "path": ["", "dev", "/", "//a", "/a//b", "/a b", "/" + "x" * 101],
    "url": [
        "", "preview:8000", "ftp://preview", "http://", "http:///x", "http://preview:0", "http://preview:65536",
        "http://preview:8o", "http://preview:\u0668", "http://preview/path", "http://preview?x", "http://preview#x",
        "http://user@preview", "http://pre view", "http://preview\n", "http://preview//", "HTTP://preview",
        "http://-preview", "http://[::1", "http://pl\u00e4ne.example",
    ],
    "origin": [
        "", "null", "*", "https://*.x.com", "https://app.x.com?", "https://(app|www).x.com", "https://app.x.com/",
        "https://app.x.com/path", "https://App.x.com", "https://app.x.com:443", "http://x.com:80", "x.com",
        "https://app.x.com$", "https://app\\.x.com", "https://user@app.x.com", "https://app.x.com:99999",
        "https://app.x.com,https://b.x.com",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("name", "raw"), [(name, raw) for name, raws in BAD.items() for raw in raws])
def test_what_has_not_the_form_is_told_it(name: str, raw: str) -> None:
    with pytest.raises(ValueError, match=r"^must "):
        GOOD[name][0](raw)
