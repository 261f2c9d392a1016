"""Runs MiniStack: ``ministack/bin/python -m local_aws.aws.emulator HOST PORT STATE_DIR REGION``.

It stops on SIGTERM, after which everything it holds is on disk. MiniStack pins libraries that we have in
other versions. Its virtual environment is its own, inside ours; this module and what it imports run there.
"""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any, cast

from hypercorn.asyncio import serve
from hypercorn.config import Config

from local_aws.aws.journal import AsgiApp, JournaledApp

SERVICES = ("s3", "dynamodb", "sqs", "ssm", "secretsmanager", "sts", "iam")


def ministack_environment(host: str, port: int, state_dir: Path, region: str) -> dict[str, str]:
    """The variables MiniStack reads while it is imported."""
    return {
        "GATEWAY_PORT": str(port),
        "BIND_HOST": host,
        "SERVICES": ",".join(SERVICES),
        "PERSIST_STATE": "1",
        "STATE_DIR": str(state_dir / "state"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(state_dir / "s3"),
        "MINISTACK_REGION": region,
        # Listeners that nothing here talks to; they cost start-up time and open ports.
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        # MiniStack looks for its own containers at every start; there are none.
        "DOCKER_HOST": "unix:///nonexistent",
        "LOG_LEVEL": os.environ.get("LOCAL_AWS_LOG_LEVEL", "WARNING"),
    }


def main(arguments: list[str]) -> None:
    host, port, state_dir, region = arguments[0], int(arguments[1]), Path(arguments[2]), arguments[3]
    state_dir.mkdir(parents=True, exist_ok=True)
    os.environ.update(ministack_environment(host, port, state_dir, region))
    from ministack.app import app  # noqa: PLC0415 (reads the environment when imported)

    config = Config()
    config.bind = [f"{host}:{port}"]
    # Longer than boto3 keeps an idle connection, so that it never writes into a closing one.
    config.keep_alive_timeout = 75
    config.loglevel = "WARNING"
    journaled = JournaledApp(cast("AsgiApp", app), state_dir / "journal.jsonl")
    asyncio.run(serve(cast("Any", journaled), config))


if __name__ == "__main__":
    main(sys.argv[1:])
