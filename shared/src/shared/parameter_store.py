"""Run-time parameters: typed values in Parameter Store that operators change, each with a default."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace
from typing import Any, TypeVar

from shared.aws import dependency
from shared.cached_value import CachedValue

log = logging.getLogger(__name__)

Value = bool | int | float | tuple[str, ...]
V = TypeVar("V", bool, int, float, tuple[str, ...])


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that operators change at run time, stored as ``{path}/{name}``.

    This is its one declaration: `tests/unit/delivery/test_parameters.py` holds Terraform, the laptop and
    ``docs/configuration.md`` to it. ``meaning`` is what the documentation says.
    """

    name: str
    validator: Callable[[str], Value]
    default: Value
    meaning: str

    @property
    def method_name(self) -> str:
        """The name of the method that reads it: ``deadline_seconds`` of ``preview/deadline_seconds``."""
        return self.name.rpartition("/")[2]


class ParameterStore:
    """Reads all ``parameters`` below ``path`` in one call, and again once they are ``fresh_seconds`` old.

    A missing or invalid value is logged at ERROR with the parameter's name, and the last valid value or else
    the default is used, as it is while AWS is away.
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
        value = self._value(name)
        if not isinstance(value, kind):
            raise TypeError(f"{name} is not {kind}")
        return value

    def as_methods(self) -> Any:
        """An object with a method for each parameter, as a service's port ``Parameters`` has them."""
        return SimpleNamespace(
            **{each.method_name: partial(self._value, name) for name, each in self._parameters.items()}
        )

    def _value(self, name: str) -> Value:
        return self._values.get()[name]

    def _load(self) -> Mapping[str, Value]:
        raw = self._read()
        for name, parameter in self._parameters.items():
            try:
                self._good[name] = parameter.validator(raw[name])
            except (KeyError, ValueError) as exc:
                problem = "is missing" if isinstance(exc, KeyError) else "is invalid"
                log.error(  # noqa: TRY400 - an operator has to act, a traceback says nothing
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
