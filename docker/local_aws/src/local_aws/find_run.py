"""``python -m local_aws.find_run`` prints where the `make run` of this repository is reached.

At ``PORT`` if that is set, else where it runs, else where it would.
"""

import os
import sys
from collections.abc import Mapping

from local_aws.settings import LocalSettings
from local_aws.state_lock import address_of_run


def find_run(environ: Mapping[str, str]) -> str:
    settings = LocalSettings.from_env(environ)
    asked_for = environ.get("PORT", "0") not in ("", "0")
    found = None if asked_for else address_of_run(settings.state_dir)
    return found or f"http://127.0.0.1:{settings.router_port or 8080}"


if __name__ == "__main__":
    sys.stdout.write(f"{find_run(os.environ)}\n")
