"""Keys of results in the cache table and in the results bucket."""

import hashlib
import hmac


def cache_key(blueprint_sha256: str, owner: str, model_version: str, page: int) -> str:
    """``preview:{hash}:{model_version}``, for pages after the first with ``:p{n}``.

    The hash is salted with the owner: the same file of another owner has another key, so that a hit tells
    nobody what somebody else uploaded.
    """
    salted = hmac.new(owner.encode(), blueprint_sha256.encode(), hashlib.sha256).hexdigest()
    key = f"preview:{salted}:{model_version}"
    return key if page == 1 else f"{key}:p{page}"


def preview_key(job_id: str, model_version: str, page: int) -> str:
    return f"{preview_prefix(job_id)}{model_version}.p{page}.json"


def preview_prefix(job_id: str) -> str:
    return f"cache/preview/{job_id}/"


def page_of_preview_key(key: str) -> int:
    """The inverse of `preview_key`, as to the page."""
    return int(key.removesuffix(".json").rpartition(".p")[2])


def analysis_key(job_id: str, page: int) -> str:
    name = "analysis.json" if page == 1 else f"analysis.p{page}.json"
    return f"{analysis_prefix(job_id)}{name}"


def analysis_prefix(job_id: str) -> str:
    return f"cache/textract/{job_id}/"
