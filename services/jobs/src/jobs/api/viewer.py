"""The viewer at `/`: a page for people, of static files without a build step (docs/viewer.md).

The files are read and compressed once. Their addresses hold a version that is made from their content, so
that browsers keep them and yet never mix two releases.
"""

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, abort, request

FOLDER = Path(__file__).parents[1] / "viewer"
_MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
}
"""Other files of the folder, such as licences, are not served."""

_INDEX = "index.html"
_VERSION_IN_INDEX = b"{version}"
_KEPT_DAYS_IN_INDEX = b"{kept_days}"
_ONE_YEAR = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class _ViewerFile:
    media_type: str
    content: bytes
    compressed: bytes
    etag: str

    @classmethod
    def of(cls, name: str, content: bytes) -> "_ViewerFile":
        media_type = _MEDIA_TYPES[Path(name).suffix]
        return cls(media_type, content, gzip.compress(content, mtime=0), _digest(content))

    def answer(self, cache_control: str) -> Response:
        """What the browser asks for: compressed where it can read that, 304 where it has it."""
        compressed = request.accept_encodings["gzip"] > 0
        response = Response(self.compressed if compressed else self.content, content_type=self.media_type)
        response.headers["Cache-Control"] = cache_control
        response.vary.add("Accept-Encoding")
        response.set_etag(f"{self.etag}-gzip" if compressed else self.etag)
        if compressed:
            response.content_encoding = "gzip"
        response.make_conditional(request)
        return response


def create_viewer(upload_origin: str, kept_days: int) -> Blueprint:
    """The routes of the viewer.

    Its page may send files to ``upload_origin`` (scheme and host), and says that a plan is kept for
    ``kept_days`` days.
    """
    version, files = _read_files(kept_days)
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
        f"connect-src 'self' {upload_origin}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    viewer = Blueprint("viewer", __name__)

    @viewer.get("/")
    def front() -> Response:
        response = files[_INDEX].answer("no-cache")
        response.headers["Content-Security-Policy"] = policy
        return response

    @viewer.get("/static/viewer/<asked_version>/<path:name>")
    def file(asked_version: str, name: str) -> Response:
        """A page of another release, as one sees while tasks are replaced, gets the files of this one."""
        if name == _INDEX or name not in files:
            abort(404)
        return files[name].answer(_ONE_YEAR if asked_version == version else "no-cache")

    return viewer


def _read_files(kept_days: int) -> tuple[str, dict[str, _ViewerFile]]:
    """The version of all files together, and each by its path inside the folder."""
    paths = sorted(path for path in FOLDER.rglob("*") if path.suffix in _MEDIA_TYPES)
    contents = {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in paths}
    version = _digest(b"".join(_digest(content).encode() for content in contents.values()))
    index = contents[_INDEX].replace(_VERSION_IN_INDEX, version.encode())
    contents[_INDEX] = index.replace(_KEPT_DAYS_IN_INDEX, str(kept_days).encode())
    return version, {name: _ViewerFile.of(name, content) for name, content in contents.items()}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:20]
