"""What operators change at run time, in Parameter Store."""

from preview.domain.text_analysis import TEXTRACT_PAGE_USD
from preview.domain.time_limits import DEFAULT_DEADLINE_SECONDS, MAX_DEADLINE_SECONDS
from shared.config import Parameter, ParameterStore

PARAMETERS = (
    Parameter(
        "preview/deadline_seconds",
        "float",
        DEFAULT_DEADLINE_SECONDS,
        minimum=0.5,
        maximum=MAX_DEADLINE_SECONDS,
    ),
    Parameter("preview/textract_features", "list", ("LAYOUT",), allowed=tuple(TEXTRACT_PAGE_USD)),
)


class StoredParameters:
    """Reads from a store of `PARAMETERS`."""

    def __init__(self, store: ParameterStore) -> None:
        self._store = store

    def deadline_seconds(self) -> float:
        return self._store.get("preview/deadline_seconds", float)

    def textract_features(self) -> tuple[str, ...]:
        return self._store.get("preview/textract_features", tuple)
