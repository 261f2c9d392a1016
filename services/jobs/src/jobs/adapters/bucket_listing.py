"""What lies in the blueprints bucket, by listing it: the files themselves need not be readable."""

from collections.abc import Collection, Iterator
from typing import Any

from jobs.domain.blueprint_file import BLUEPRINTS
from jobs.domain.reconciliation import StoredFile
from shared.aws import dependency

_PAGE_KEYS = 1000  # the most that ListObjectsV2 gives


class S3BucketListing:
    def __init__(self, client: Any, bucket: str, page_keys: int = _PAGE_KEYS) -> None:
        self._client = client
        self._bucket = bucket
        self._page_keys = page_keys

    def pages(self, prefix: str) -> Iterator[list[StoredFile]]:
        after, truncated = "", True
        while truncated:
            page, truncated = self._page(prefix, after)
            if page:
                yield page
                after = page[-1].key

    def missing(self, keys: Collection[str]) -> set[str]:
        """Goes through keys and listing side by side; one page answers for all keys that lie in it."""
        absent: set[str] = set()
        listed, last, truncated = set[str](), "", True
        for key in sorted(keys):
            while truncated and key > last:
                page, truncated = self._page(BLUEPRINTS, max(last, key[:-1]))
                listed, last = {file.key for file in page}, page[-1].key if page else ""
            if key not in listed:
                absent.add(key)
        return absent

    @dependency("S3")
    def _page(self, prefix: str, after: str) -> tuple[list[StoredFile], bool]:
        """Up to a thousand objects behind the key ``after``, and whether there are more."""
        answer = self._client.list_objects_v2(
            Bucket=self._bucket, Prefix=prefix, StartAfter=after, MaxKeys=self._page_keys
        )
        found = [StoredFile(each["Key"], each["LastModified"]) for each in answer.get("Contents", ())]
        return found, answer["IsTruncated"]
