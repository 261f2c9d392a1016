"""The parameters that operators change at run time, from Parameter Store."""

from jobs.settings import URL_INPUT_ENABLED
from shared.parameter_store import ParameterStore


class StoredParameters:
    """``store`` reads `jobs.settings.PARAMETERS`."""

    def __init__(self, store: ParameterStore) -> None:
        self._store = store

    def url_input_enabled(self) -> bool:
        return self._store.get(URL_INPUT_ENABLED.name, bool)
