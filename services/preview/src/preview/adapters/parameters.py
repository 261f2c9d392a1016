"""The parameters that operators change at run time, from Parameter Store."""

from preview.settings import DEADLINE_SECONDS, TEXTRACT_FEATURES
from shared.parameter_store import ParameterStore


class StoredParameters:
    """``store`` reads `preview.settings.PARAMETERS`."""

    def __init__(self, store: ParameterStore) -> None:
        self._store = store

    def deadline_seconds(self) -> float:
        return self._store.get(DEADLINE_SECONDS.name, float)

    def textract_features(self) -> tuple[str, ...]:
        return self._store.get(TEXTRACT_FEATURES.name, tuple)
