"""What operators change at run time, in Parameter Store."""

from shared.config import Parameter, ParameterStore

PARAMETERS = (Parameter("jobs/url_input_enabled", "bool", False),)


class StoredParameters:
    """Reads from a store of `PARAMETERS`."""

    def __init__(self, store: ParameterStore) -> None:
        self._store = store

    def url_input_enabled(self) -> bool:
        return self._store.get("jobs/url_input_enabled", bool)
