"""What both services are built on: their common settings, and the dependencies made from them."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from shared import validators
from shared.auth import ApiKeys, InternalToken, parse_keys, parse_token
from shared.aws import aws_client
from shared.config import Parameter, ParameterStore
from shared.logs import LEVELS
from shared.metrics import Metrics
from shared.rate_limits import PARAMETERS, DynamoBuckets, RateLimiter, RateLimits
from shared.retry import Backoff
from shared.secrets import secret
from shared.settings import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonSettings:
    """The environment variables of the same names; a service's own settings extend these."""

    environment: str
    region: str
    log_level: str
    api_keys_secret: str
    internal_token_secret: str
    parameters_path: str
    rate_limits_table: str
    cors_origins: tuple[str, ...]
    config_cache_seconds: float
    retry_attempts: int
    retry_base_seconds: float


def read_common(read: Reader) -> dict[str, Any]:
    """The fields of `CommonSettings`; problems are left with the reader."""
    common: dict[str, Any] = {
        "environment": read.text("ENVIRONMENT", validators.environment),
        "region": read.text("AWS_REGION", validators.region),
        "log_level": read.choice("LOG_LEVEL", LEVELS, "INFO"),
        "api_keys_secret": read.text("API_KEYS_SECRET", validators.secret),
        "internal_token_secret": read.text("INTERNAL_TOKEN_SECRET", validators.secret),
        "parameters_path": read.text("PARAMETERS_PATH", validators.parameters_path),
        "rate_limits_table": read.text("RATE_LIMITS_TABLE", validators.table),
        "cors_origins": read.items("CORS_ORIGINS", _origin, ("*",)),
        "config_cache_seconds": read.number("CONFIG_CACHE_SECONDS", 300.0, minimum=0.1, maximum=3600.0),
        "retry_attempts": read.integer("RETRY_ATTEMPTS", 3, minimum=3, maximum=5),
        "retry_base_seconds": read.number("RETRY_BASE_SECONDS", 1.0, minimum=0.0, maximum=10.0),
    }
    read.check_urls("AWS_ENDPOINT_URL")
    if "*" in common["cors_origins"]:
        if common["environment"] == "prod":
            read.refuse("CORS_ORIGINS", "must list the origins in prod, not *")
        elif len(common["cors_origins"]) > 1:
            read.refuse("CORS_ORIGINS", "must list origins, or be * alone")
    return common


def _origin(raw: str) -> str:
    return raw if raw == "*" else validators.origin(raw)


_NO_RETRY = Backoff(retries=0)
"""For values that have a fallback and are loaded again soon: a request does not wait for a retry."""

_ONE_RETRY = Backoff(retries=1, base_seconds=0.1)
"""For keys and token: after a quiet time the first attempt may find a connection that is long closed, and
that must not serve a stale value. In an outage a request waits about two seconds for both."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """``backoff`` is for every outgoing call, ``secrets`` a Secrets Manager client with retries, for
    commands.

    ``parameters`` are the values that operators change at run time.
    """

    backoff: Backoff
    secrets: Any
    keys: ApiKeys
    token: InternalToken
    parameters: ParameterStore
    limits: RateLimits
    metrics: Metrics


def build_runtime(service: str, settings: CommonSettings, parameters: tuple[Parameter, ...]) -> Runtime:
    """The runtime of the service so named, with those ``parameters``; it makes no call to AWS yet."""
    backoff = Backoff(settings.retry_attempts, settings.retry_base_seconds)
    secrets = aws_client("secretsmanager", region=settings.region, backoff=backoff)
    quick_client = partial(aws_client, region=settings.region, backoff=_NO_RETRY, read_timeout_seconds=1.0)
    cached_secret = partial(
        secret,
        quick_client("secretsmanager", backoff=_ONE_RETRY),
        fresh_seconds=settings.config_cache_seconds,
    )
    store = ParameterStore(
        quick_client("ssm"),
        settings.parameters_path,
        (*PARAMETERS, *parameters),
        settings.config_cache_seconds,
    )
    buckets = DynamoBuckets(quick_client("dynamodb"), settings.rate_limits_table)
    return Runtime(
        backoff=backoff,
        secrets=secrets,
        keys=ApiKeys(cached_secret(settings.api_keys_secret, parse_keys)),
        token=InternalToken(cached_secret(settings.internal_token_secret, parse_token)),
        parameters=store,
        limits=RateLimits(RateLimiter(buckets), RateLimiter(buckets), store),
        metrics=Metrics(service, settings.environment),
    )
