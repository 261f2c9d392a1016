"""Runs the load balancer: ``python -m local_aws.router HOST PORT JOBS_URL PREVIEW_URL``."""

import logging
import sys
from urllib.parse import urlsplit

from aiohttp import web

from local_aws.router.proxy import Address, create_proxy

SHUTDOWN_SECONDS = 3
"""The services have stopped before; nobody is waited for long."""


def main(arguments: list[str]) -> None:
    host, port, jobs_url, preview_url = arguments
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s router %(levelname)s %(message)s")
    proxy = create_proxy({"jobs": _address(jobs_url), "preview": _address(preview_url)}, int(port))
    web.run_app(
        proxy, host=host, port=int(port), print=None, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS
    )


def _address(url: str) -> Address:
    parts = urlsplit(url)
    return parts.hostname or "127.0.0.1", parts.port or 80


if __name__ == "__main__":
    main(sys.argv[1:])
