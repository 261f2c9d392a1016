"""The ``.env`` through which ``flask run`` finds a running stack, whatever its ports are."""

from pathlib import Path

from local_aws.addresses import Addresses

_MARK = "# Written by `make run`, and removed when it stops."


class DotenvFile:
    """Never touches a file that somebody else wrote."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, addresses: Addresses) -> bool:
        """Write the addresses; False where a file of somebody else's is in the way."""
        if self._path.exists() and not self._is_ours():
            return False
        lines = [
            _MARK,
            f"AWS_ENDPOINT_URL={addresses.aws}",
            f"AWS_ENDPOINT_URL_TEXTRACT={addresses.textract}",
            f"JOBS_URL={addresses.jobs}",
            f"PREVIEW_URL={addresses.preview}",
        ]
        self._path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return True

    def remove(self) -> None:
        if self._is_ours():
            self._path.unlink()

    def _is_ours(self) -> bool:
        try:
            return self._path.read_text(encoding="utf-8").startswith(_MARK)
        except (OSError, UnicodeDecodeError):
            return False
