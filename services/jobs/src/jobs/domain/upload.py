"""A large file sent straight to storage, before there is a job for it."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from jobs.domain.blueprint_file import Declaration
from jobs.domain.errors import UploadNotFound

UPLOADS = "uploads/"
"""Key prefix of uploads in the bucket."""

_UPLOAD_ID = re.compile(r"up_\d{14}_[0-9a-z]{13,32}")


@dataclass(frozen=True, slots=True)
class Upload:
    """Room for one file of one owner, who has until ``usable_until`` to make a job of it.

    ``used`` once that is done; ``filename`` and ``format`` are what the caller said about the file.
    """

    upload_id: str
    owner: str
    created_at: datetime
    usable_until: datetime
    expires_at: datetime
    filename: str | None = None
    format: str | None = None
    used: bool = False

    @property
    def s3_key(self) -> str:
        return upload_key(self.upload_id)

    def declaration(self, more: Declaration) -> Declaration:
        """What was declared when the upload was opened, together with what is declared now."""
        formats = more.formats + ((self.format,) if self.format else ())
        return replace(more, formats=formats, filename=more.filename or self.filename)

    def check_usable(self, owner: str, at: datetime) -> None:
        """Raises UploadNotFound unless ``owner`` can make a job of it at that time."""
        if self.used or self.owner != owner or at >= self.usable_until:
            raise UploadNotFound


@dataclass(frozen=True, slots=True)
class PresignedPost:
    """Where and with which form fields to POST the file, the file's own field coming last."""

    url: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class UploadTicket:
    upload: Upload
    post: PresignedPost


def upload_key(upload_id: str) -> str:
    """Where an upload's object lies in the bucket."""
    return f"{UPLOADS}{upload_id}"


def check_upload_id(text: str) -> None:
    """Raises UploadNotFound for what cannot be an upload id."""
    if not _UPLOAD_ID.fullmatch(text):
        raise UploadNotFound
