"""Validators of settings and parameters: numbers, AWS names, URLs. They raise ValueError.

Sources of the names: CreateTable, CreateQueue, CreateSecret and PutParameter in AWS's API references, and
"General purpose bucket naming rules" in the S3 user guide.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

Validator = Callable[[str], str]

_WHOLE = re.compile(r"-?[0-9]{1,18}")
_DECIMAL = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?")
_HOST = r"(?:[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9_])?|\[[0-9A-Fa-f:.]{2,45}\])"
_ADDRESS = re.compile(rf"(?P<scheme>https?)://{_HOST}(?::(?P<port>[0-9]{{1,5}}))?")
_DEFAULT_PORTS = {"http": "80", "https": "443"}


@dataclass(frozen=True, slots=True)
class WholeNumber:
    """A number in ASCII digits, with or without a ``-``."""

    minimum: int
    maximum: int

    def __call__(self, raw: str) -> int:
        if not _WHOLE.fullmatch(raw) or not self.minimum <= int(raw) <= self.maximum:
            raise ValueError(f"must be a whole number from {self.minimum} to {self.maximum}")
        return int(raw)


@dataclass(frozen=True, slots=True)
class DecimalNumber:
    """A finite number in ASCII digits, without an exponent."""

    minimum: float
    maximum: float

    def __call__(self, raw: str) -> float:
        if not _DECIMAL.fullmatch(raw) or not self.minimum <= float(raw) <= self.maximum:
            raise ValueError(f"must be a number from {self.minimum:.10g} to {self.maximum:.10g}")
        return float(raw)


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few words; the case counts."""

    allowed: tuple[str, ...]

    def __call__(self, raw: str) -> str:
        if raw not in self.allowed:
            raise ValueError(f"must be one of {', '.join(self.allowed)}")
        return raw


@dataclass(frozen=True, slots=True)
class SomeOf:
    """At least one of a few words, once each, separated by commas."""

    allowed: tuple[str, ...]

    def __call__(self, raw: str) -> tuple[str, ...]:
        words = _split(raw)
        if not words or len(set(words)) < len(words) or not set(words) <= set(self.allowed):
            raise ValueError(f"must list some of {', '.join(self.allowed)} once each, separated by commas")
        return words


@dataclass(frozen=True, slots=True)
class ListOf:
    """At least one item, separated by commas, each as ``item`` validates it."""

    item: Validator

    def __call__(self, raw: str) -> tuple[str, ...]:
        items = _split(raw)
        if not items:
            raise ValueError("must name at least one")
        return tuple(self.item(each) for each in items)


def _split(raw: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in raw.split(",") if item.strip())


def boolean(raw: str) -> bool:
    if raw not in ("true", "false"):
        raise ValueError("must be true or false")
    return raw == "true"


def _named(pattern: str, described: str) -> Validator:
    def parse(raw: str) -> str:
        if not re.fullmatch(pattern, raw):
            raise ValueError(f"must be {described}")
        return raw

    return parse


environment = _named(r"[a-z][a-z0-9-]{0,19}", "1 to 20 lower-case letters, digits and hyphens, such as dev")
region = _named(r"[a-z]{2,5}(-[a-z]+){1,3}-[0-9]{1,2}", "an AWS region, such as us-east-1")
table = _named(r"[A-Za-z0-9_.-]{3,255}", "the name of a DynamoDB table: 3 to 255 of A-Z a-z 0-9 _ . -")
bucket = _named(
    r"(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
    "the name of an S3 bucket: 3 to 63 of a-z 0-9 . - between letters or digits",
)
queue = _named(r"[A-Za-z0-9_-]{1,80}", "the name of an SQS queue, not its URL: 1 to 80 of A-Z a-z 0-9 _ -")
secret = _named(
    r"[A-Za-z0-9/_+=.@-]{1,512}", "the name of a secret, not its ARN: 1 to 512 of A-Z a-z 0-9 / _ + = . @ -"
)
parameters_path = _named(
    r"(/[A-Za-z0-9_.-]{1,100}){1,10}/?", "a path in Parameter Store, such as /location-detection/dev"
)


def base_url(raw: str) -> str:
    """Without the slash at its end."""
    url = raw.removesuffix("/")
    if _address(url) is None:
        raise ValueError("must be a URL of scheme, host and port alone, such as http://preview:8000")
    return url


def origin(raw: str) -> str:
    """As browsers send it: in lower case, without a default port."""
    address = _address(raw)
    if address is None or raw != raw.lower() or address["port"] == _DEFAULT_PORTS[address["scheme"]]:
        raise ValueError(
            "must list origins as browsers send them: scheme, host in lower case and any port but the default"
            " one, such as https://plans.example"
        )
    return raw


def _address(url: str) -> re.Match[str] | None:
    address = _ADDRESS.fullmatch(url)
    return address if address and 1 <= int(address["port"] or 1) <= 65535 else None
