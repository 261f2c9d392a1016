"""One description of the tables, queues, buckets, parameters and secrets that the services expect to find."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from shared.auth import READ_SCOPE, SCOPES

REGION = "us-east-1"
ENVIRONMENT = "dev"
PREFIX = f"location-detection-{ENVIRONMENT}"
PARAMETERS_PATH = f"/location-detection/{ENVIRONMENT}"
API_KEYS_SECRET = f"location-detection/{ENVIRONMENT}/api/keys"
INTERNAL_TOKEN_SECRET = f"location-detection/{ENVIRONMENT}/internal/token"
TTL_ATTRIBUTE = "expires_at"


@dataclass(frozen=True, slots=True)
class Index:
    """A global secondary index whose keys are strings; copies every attribute, or the keys of items only."""

    name: str
    hash_key: str
    range_key: str | None = None
    keys_only: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table on demand whose items expire at ``expires_at`` (epoch seconds).

    Its keys are strings; where ``numbered`` the range key is a number.
    """

    name: str
    hash_key: str
    range_key: str | None = None
    indexes: tuple[Index, ...] = ()
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Expiry:
    """Objects under ``prefix`` are deleted ``days`` days after they were written."""

    prefix: str
    days: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """A private bucket; ``browser_uploads`` lets a page of any origin send a presigned POST."""

    name: str
    expiries: tuple[Expiry, ...]
    browser_uploads: bool = False


@dataclass(frozen=True, slots=True)
class Queue:
    """A standard queue, encrypted by keys of SQS.

    A message that is received is not delivered again for ``visibility_timeout_seconds``. Once it was received
    ``most_receives`` times, it moves to the queue ``dead_letters``.
    """

    name: str
    kept_days: int
    visibility_timeout_seconds: int = 30
    wait_seconds: int = 0
    dead_letters: str | None = None
    most_receives: int = 0


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value in Parameter Store; ``from_environment`` values are written anew at every start."""

    name: str
    value: str
    from_environment: bool = False


@dataclass(frozen=True, slots=True)
class LocalKey:
    """An API key that is known to everybody and therefore exists on this machine only."""

    key: str
    owner: str
    scopes: tuple[str, ...]
    expires_at: str | None = None

    def entry(self) -> dict[str, object]:
        """The key as the keys secret holds it: its SHA-256 in hex, never itself, nor in its id."""
        return {
            "id": self.key.removesuffix("-key"),
            "owner": self.owner,
            "sha256": sha256(self.key.encode()).hexdigest(),
            "scopes": list(self.scopes),
            "expires_at": self.expires_at,
        }


def table_name(role: str) -> str:
    return f"{PREFIX}-{role}"


TABLES = (
    Table(
        table_name("jobs"),
        "job_id",
        indexes=(
            Index("owner-created_at", "owner", "created_at"),
            Index("owes-due_at", "owes", "due_at", keys_only=True),
        ),
    ),
    Table(table_name("feedback"), "job_id", range_key="feedback_id"),
    Table(table_name("idempotency"), "idempotency_key"),
    Table(table_name("uploads"), "upload_id"),
    Table(table_name("rate-limits"), "bucket_key"),
    Table(
        table_name("preview-cache"), "blueprint_hash", indexes=(Index("job_id", "job_id", keys_only=True),)
    ),
    Table(
        table_name("preview-pages"),
        "job_id",
        range_key="page",
        indexes=(Index("unfinished-due_at", "unfinished", "due_at", keys_only=True),),
        numbered=True,
    ),
)

BLUEPRINTS_BUCKET = f"{PREFIX}-blueprints"
CACHE_BUCKET = f"{PREFIX}-cache"
BUCKETS = (
    Bucket(BLUEPRINTS_BUCKET, (Expiry("", 30), Expiry("uploads/", 1)), browser_uploads=True),
    Bucket(CACHE_BUCKET, (Expiry("", 30),)),
)

PAGES_QUEUE = f"{PREFIX}-preview-pages"
QUEUES = (
    Queue(f"{PAGES_QUEUE}-dead", kept_days=14),
    Queue(
        PAGES_QUEUE,
        kept_days=4,
        visibility_timeout_seconds=60,
        wait_seconds=20,
        dead_letters=f"{PAGES_QUEUE}-dead",
        most_receives=10,
    ),
)
"""In the order in which they can be made."""

LOCAL_KEYS = (
    LocalKey("local-dev-key", "local", SCOPES),
    LocalKey("local-other-key", "other", SCOPES),
    LocalKey("local-read-key", "local", (READ_SCOPE,)),
    LocalKey("local-expired-key", "local", SCOPES, expires_at="2020-01-01T00:00:00.000Z"),
)

DEFAULT_RATE_LIMIT_PER_MINUTE = 60_000


def on_or_off(raw: str) -> bool:
    if raw.lower() not in ("on", "off"):
        raise ValueError("must be on or off")
    return raw.lower() == "on"


def parameters(environ: Mapping[str, str]) -> tuple[Parameter, ...]:
    """The parameters of a laptop; ``RATE_LIMIT_PER_MINUTE``, ``URL_INPUT=on`` and
    ``PREVIEW_DEADLINE_SECONDS`` in ``environ`` override.

    The rate limit is far above the product's default, so that a load test on one machine measures the
    services and not the limit.
    """
    rate_limit = environ.get("RATE_LIMIT_PER_MINUTE") or str(DEFAULT_RATE_LIMIT_PER_MINUTE)
    url_input = "true" if on_or_off(environ.get("URL_INPUT") or "off") else "false"
    deadline = environ.get("PREVIEW_DEADLINE_SECONDS")
    return (
        Parameter("api/pages_per_day", "20000"),
        Parameter("api/rate_limit_per_minute", rate_limit, from_environment=True),
        Parameter("api/service_rate_limit_per_minute", "60000"),
        Parameter("jobs/url_input_enabled", url_input, from_environment=True),
        Parameter("preview/deadline_seconds", deadline or "5", from_environment=bool(deadline)),
        Parameter("preview/textract_features", "LAYOUT"),
    )
