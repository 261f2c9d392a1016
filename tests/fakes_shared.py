"""What stands in for the outside of shared plumbing."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from typing import Any

import boto3

from shared.errors import DependencyUnavailable
from shared.rate_limits import Limit, QuotaExceeded
from shared.rate_limits.bucket import Batch, full_at_after


def lift_rate_limit(parameters_path: str) -> None:
    """To 10,000 a second, in the AWS of this process: tests send all they have under one key."""
    boto3.client("ssm", region_name="us-east-1").put_parameter(
        Name=f"{parameters_path}/api/rate_limit_per_minute", Value="600000", Type="String"
    )


class ConcurrentWriter:
    """A client of Secrets Manager; once a value was read, ``other`` is done before the answer arrives."""

    def __init__(self, client: Any, other: Callable[[], None]) -> None:
        self._client = client
        self._other: Callable[[], None] | None = other

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def get_secret_value(self, **arguments: str) -> Any:
        try:
            return self._client.get_secret_value(**arguments)
        finally:
            other, self._other = self._other, None
            if other is not None:
                other()


class LosesAnswers:
    """A client of Secrets Manager; the answer to the first move of a label is lost, and asked for again."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._lost = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def update_secret_version_stage(self, **arguments: str) -> Any:
        answer = self._client.update_secret_version_stage(**arguments)
        if not self._lost:
            self._lost = True
            return self._client.update_secret_version_stage(**arguments)
        return answer


class FakeSsm:
    """Parameter Store with these values, by their whole names."""

    def __init__(self, values: dict[str, str]) -> None:
        self.values = values

    def get_parameters(self, Names: list[str]) -> dict[str, list[dict[str, str]]]:  # noqa: N803 - as boto3 has it
        found = [{"Name": name, "Value": self.values[name]} for name in Names if name in self.values]
        return {"Parameters": found}


class Immediately(Executor):
    """The background, done at once in the foreground."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        fn(*args, **kwargs)
        return Future()


class FakeBuckets:
    """The table of rate limits in memory; ``asked`` counts the calls."""

    def __init__(self) -> None:
        self.full_at: dict[str, float] = {}
        self.asked = 0
        self.away = False

    def add(self, bucket_key: str, batch: Batch, limit: Limit) -> float:
        self.asked += 1
        if self.away:
            raise DependencyUnavailable("DynamoDB")
        self.full_at[bucket_key] = full_at_after(self.full_at.get(bucket_key, 0.0), batch, limit)
        return self.full_at[bucket_key]


@dataclass
class FakePageQuota:
    """``taken`` by owner, never more than ``per_day``."""

    per_day: int = 20_000
    taken: dict[str, int] = field(default_factory=dict)

    def take(self, owner: str, pages: int) -> None:
        taken = self.taken.get(owner, 0) + pages
        if taken > self.per_day:
            raise QuotaExceeded(self.per_day, 60)
        self.taken[owner] = taken
