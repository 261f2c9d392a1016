"""What both services are built on: their common settings, and the dependencies made from them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from shared import validators
from shared.auth import ApiKeys, InternalToken, parse_keys, parse_token
from shared.aws import aws_client
from shared.logs import LEVELS
from shared.metrics import Metrics
from shared.parameter_store import Parameter, ParameterStore
from shared.rate_limits import PARAMETERS, DynamoBuckets, RateLimiter, RateLimits
from shared.retry import Backoff
from shared.secrets import cached_secret
from shared.settings import EnvironmentSettings, problems_of, setting
from shared.validators import DecimalNumber, ListOf, OneOf, WholeNumber


def _origin_or_any(raw: str) -> str:
    return raw if raw == "*" else validators.origin(raw)


CONFIG_CACHE = DecimalNumber(0.1, 3600)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonSettings(EnvironmentSettings):
    """The settings of both services; each extends them with its own."""

    environment: str = setting(validators.environment)
    region: str = setting(validators.region, variable="AWS_REGION")
    log_level: str = setting(OneOf(LEVELS), "INFO")
    api_keys_secret: str = setting(validators.secret)
    internal_token_secret: str = setting(validators.secret)
    parameters_path: str = setting(validators.parameters_path)
    rate_limits_table: str = setting(validators.table)
    blueprints_bucket: str = setting(validators.bucket)
    cors_origins: tuple[str, ...] = setting(ListOf(_origin_or_any), ("*",))
    config_cache_seconds: float = setting(CONFIG_CACHE, 300.0)
    retry_attempts: int = setting(WholeNumber(3, 5), 3)
    retry_base_seconds: float = setting(DecimalNumber(0, 10), 1.0)

    @classmethod
    def contradictions(cls, values: Mapping[str, Any], environ: Mapping[str, str]) -> Iterable[str]:
        origins = values.get("cors_origins", ())
        if "*" in origins and values.get("environment") == "prod":
            yield "CORS_ORIGINS: must list the origins in prod, not *"
        elif "*" in origins and len(origins) > 1:
            yield "CORS_ORIGINS: must list origins, or be * alone"
        # boto3 reads them itself, and would report a bad one at the first call only
        endpoints = sorted(name for name in environ if f"{name}_".startswith("AWS_ENDPOINT_URL_"))
        yield from problems_of(environ, dict.fromkeys(endpoints, validators.base_url))


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
    secret = partial(
        cached_secret,
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
        keys=ApiKeys(secret(settings.api_keys_secret, parse_keys)),
        token=InternalToken(secret(settings.internal_token_secret, parse_token)),
        parameters=store,
        limits=RateLimits(RateLimiter(buckets), RateLimiter(buckets), store),
        metrics=Metrics(service, settings.environment),
    )
