"""Open an upload: a place in storage to which the caller sends one large file."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from jobs.domain.blueprint_file import MAX_BLUEPRINT_BYTES, check_known_format
from jobs.domain.job_rules import JobRules
from jobs.domain.ports import BlueprintBucket, UploadTable
from jobs.domain.upload import Upload, UploadTicket
from shared.ids import new_id


@dataclass(frozen=True, slots=True)
class OpenUpload:
    uploads: UploadTable
    blueprints: BlueprintBucket
    now: Callable[[], datetime]
    rules: JobRules

    def __call__(self, owner: str, filename: str | None, declared_format: str | None) -> UploadTicket:
        """Raises InvalidFileFormat for a format that is not accepted."""
        if declared_format is not None:
            check_known_format(declared_format)
        upload = self._new_upload(owner, filename, declared_format)
        valid_seconds = int(self.rules.upload_lifetime.total_seconds())
        post = self.blueprints.presign(upload.s3_key, MAX_BLUEPRINT_BYTES, valid_seconds)
        self.uploads.insert(upload)
        return UploadTicket(upload, post)

    def _new_upload(self, owner: str, filename: str | None, declared_format: str | None) -> Upload:
        now = self.now()
        return Upload(
            upload_id=new_id("up", now),
            owner=owner,
            created_at=now,
            usable_until=now + self.rules.upload_lifetime,
            expires_at=now + self.rules.upload_retention,
            filename=filename,
            format=declared_format,
        )
