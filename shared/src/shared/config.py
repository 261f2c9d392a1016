"""What operators change at run time: typed values in Parameter Store, each with a default."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from shared.aws import dependency
from shared.cached_value import CachedValue
from shared.validators import decimal_number, whole_number

log = logging.getLogger(__name__)

Value = bool | int | float | tuple[str, ...]
V = TypeVar("V", bool, int, float, tuple[str, ...])


@dataclass(frozen=True, slots=True)
class Parameter:
    """``name`` is ``{group}/{name}`` below the path.

    ``minimum`` and ``maximum`` bound a number and must be given for one, ``allowed`` the items of a list.
    """

    name: str
    kind: Literal["bool", "int", "float", "list"]
    default: Value
    minimum: float = 0.0
    maximum: float = 0.0
    allowed: tuple[str, ...] = ()

    def parse(self, raw: str) -> Value:
        """Raises ValueError for anything that is not of the kind and inside the bounds."""
        if self.kind == "bool":
            if raw not in ("true", "false"):
                raise ValueError("must be true or false")
            return raw == "true"
        if self.kind == "list":
            return self._items(raw)
        if self.kind == "int":
            return whole_number(raw, int(self.minimum), int(self.maximum))
        return decimal_number(raw, self.minimum, self.maximum)

    def _items(self, raw: str) -> tuple[str, ...]:
        items = tuple(item.strip() for item in raw.split(",") if item.strip())
        if not items or len(set(items)) < len(items) or not set(items) <= set(self.allowed):
            raise ValueError(f"must list some of {', '.join(self.allowed)} once each, separated by commas")
        return items


class ParameterStore:
    """Reads all ``parameters`` below ``path`` in one call, and again once they are ``fresh_seconds`` old.

    A missing or invalid value is logged at ERROR with the parameter's name; the last good value serves,
    or else the default, also while AWS is away.
    """

    def __init__(
        self, client: Any, path: str, parameters: tuple[Parameter, ...], fresh_seconds: float
    ) -> None:
        self._client = client
        self._path = path.rstrip("/")
        self._parameters = {parameter.name: parameter for parameter in parameters}
        self._good: dict[str, Value] = {
            name: parameter.default for name, parameter in self._parameters.items()
        }
        self._values: CachedValue[Mapping[str, Value]] = CachedValue(
            self._path, self._load, fresh_seconds, fallback=dict(self._good)
        )

    def get(self, name: str, kind: type[V]) -> V:
        """The value of ``name``, which must be one of the parameters and of ``kind``."""
        value = self._values.get()[name]
        if not isinstance(value, kind):
            raise TypeError(f"{name} is not {kind}")
        return value

    def _load(self) -> Mapping[str, Value]:
        raw = self._read()
        for name, parameter in self._parameters.items():
            try:
                self._good[name] = parameter.parse(raw[name])
            except (KeyError, ValueError) as exc:
                problem = "is missing" if isinstance(exc, KeyError) else "is invalid"
                log.error(  # noqa: TRY400 - nothing broke here, an operator has to look
                    "parameter %s; its last good value or default serves",
                    problem,
                    extra={"context": {"parameter": f"{self._path}/{name}"}},
                )
        return dict(self._good)

    @dependency("Parameter Store")
    def _read(self) -> dict[str, str]:
        names = [f"{self._path}/{name}" for name in self._parameters]
        found = self._client.get_parameters(Names=names)["Parameters"]
        return {parameter["Name"].removeprefix(f"{self._path}/"): parameter["Value"] for parameter in found}
