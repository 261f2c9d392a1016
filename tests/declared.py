"""The run-time parameters and environment variables as the code declares them, for all that repeats them."""

from dataclasses import fields
from typing import Any

import jobs.settings
import preview.settings
from shared.parameter_store import Parameter, Value
from shared.rate_limits import PARAMETERS as RATE_LIMIT_PARAMETERS
from shared.settings import EnvironmentSettings

PARAMETERS: dict[str, Parameter] = {
    parameter.name: parameter
    for parameter in (*RATE_LIMIT_PARAMETERS, *jobs.settings.PARAMETERS, *preview.settings.PARAMETERS)
}


def stored(value: Value) -> str:
    """A parameter's value as Parameter Store holds it."""
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(value) if isinstance(value, tuple) else f"{value:g}"


def variables(settings: type[EnvironmentSettings]) -> dict[str, tuple[Any, Any]]:
    """Validator and default of each variable; the default of a required one is `dataclasses.MISSING`."""
    return {
        each.metadata["variable"] or each.name.upper(): (each.metadata["validator"], each.default)
        for each in fields(settings)
    }
