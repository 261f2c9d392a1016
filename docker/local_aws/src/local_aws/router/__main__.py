"""Runs the load balancer: ``python -m local_aws.router HOST PORT JOBS_URL PREVIEW_URL [RULES_FILE]``."""

import logging
import sys
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.http import HttpProcessingError

from local_aws.router.proxy import Address, create_proxy
from local_aws.router.routing import RULES, Target, rules_from

SHUTDOWN_SECONDS = 3
"""The services have stopped before, so open requests are not waited for."""


def main(arguments: list[str]) -> None:
    host, port, jobs_url, preview_url, *rules_file = arguments
    rules = rules_from(Path(rules_file[0])) if rules_file else RULES
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s router %(levelname)s %(message)s")
    logging.getLogger("aiohttp.server").addFilter(_is_ours)
    targets: dict[Target, Address] = {"jobs": _address(jobs_url), "preview": _address(preview_url)}
    proxy = create_proxy(targets, int(port), rules)
    web.run_app(
        proxy, host=host, port=int(port), print=None, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS
    )


def _is_ours(record: logging.LogRecord) -> bool:
    """A request that is no HTTP is no fault of ours, and aiohttp would quote it: a key, perhaps."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


def _address(url: str) -> Address:
    parts = urlsplit(url)
    return parts.hostname or "127.0.0.1", parts.port or 80


if __name__ == "__main__":
    main(sys.argv[1:])
