"""What runs: the command and environment of each part of the stack."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from local_aws.addresses import Addresses
from local_aws.aws import resources
from local_aws.aws.provision import CREDENTIALS
from local_aws.child import Program
from local_aws.settings import LocalSettings

EMULATOR_PYTHON = Path(sys.prefix) / "ministack/bin/python"
"""MiniStack's own environment, inside ours (local_aws/aws/emulator.py)."""

SERVICE_STOP_SECONDS = 12.0
"""A request has 10 s; whoever was being answered gets the answer."""

WORKER_STOP_SECONDS = 10.0
"""A poll takes 1 s, a page goes on for 3 s. What is killed then comes back by itself."""

SHORT_STOP_SECONDS = 4.0
EMULATOR_STOP_SECONDS = 20.0
"""Writing its state takes well under a second, but it is the one that must not be cut short."""


def emulator(settings: LocalSettings, addresses: Addresses, environ: Mapping[str, str]) -> Program:
    command = [str(EMULATOR_PYTHON), "-m", "local_aws.aws.emulator", settings.host, _port(addresses.aws)]
    command += [str(settings.state_dir / "aws"), resources.REGION]
    return Program("aws", command, _base(environ), settings.root, EMULATOR_STOP_SECONDS)


def provisioner(settings: LocalSettings, addresses: Addresses, environ: Mapping[str, str]) -> Program:
    command = _module("local_aws.aws.provision", addresses.aws)
    return Program("provisioner", command, _base(environ), settings.root, SHORT_STOP_SECONDS)


def textract(settings: LocalSettings, addresses: Addresses, environ: Mapping[str, str]) -> Program:
    command = _module("local_aws.textract.server", settings.host, _port(addresses.textract), addresses.aws)
    return Program("textract", command, _base(environ), settings.root, SHORT_STOP_SECONDS)


def router(settings: LocalSettings, addresses: Addresses, environ: Mapping[str, str]) -> Program:
    command = _module("local_aws.router", settings.host, _port(addresses.router))
    command += [addresses.jobs, addresses.preview]
    return Program("router", command, _base(environ), settings.root, SHORT_STOP_SECONDS)


def jobs(settings: LocalSettings, addresses: Addresses, environ: Mapping[str, str]) -> Program:
    environment = {
        **_service_environment(settings, addresses, environ),
        "BIND": f"127.0.0.1:{_port(addresses.jobs)}",
        "JOBS_TABLE": resources.table_name("jobs"),
        "UPLOADS_TABLE": resources.table_name("uploads"),
        "IDEMPOTENCY_TABLE": resources.table_name("idempotency"),
        "FEEDBACK_TABLE": resources.table_name("feedback"),
        "PREVIEW_URL": addresses.preview,
    }
    return _service("jobs", settings, environment)


def preview(settings: LocalSettings, addresses: Addresses, environ: Mapping[str, str]) -> Program:
    environment = {
        **_preview_environment(settings, addresses, environ),
        "BIND": f"127.0.0.1:{_port(addresses.preview)}",
    }
    return _service("preview", settings, environment)


def worker(settings: LocalSettings, addresses: Addresses, environ: Mapping[str, str]) -> Program:
    """At the lowest priority: whoever waits for an answer comes first."""
    environment = {
        **_preview_environment(settings, addresses, environ),
        "WORKER_POLL_SECONDS": "1",
        "WORKER_DRAIN_SECONDS": "3",
        "FLASK_SKIP_DOTENV": "1",
    }
    command = ["nice", "-n", "19", *_module("flask", "--app", "wsgi", "work")]
    folder = settings.root / "services" / "preview"
    return Program("preview worker", command, environment, folder, WORKER_STOP_SECONDS)


def _preview_environment(
    settings: LocalSettings, addresses: Addresses, environ: Mapping[str, str]
) -> dict[str, str]:
    return {
        **_service_environment(settings, addresses, environ),
        "PREVIEW_CACHE_TABLE": resources.table_name("preview-cache"),
        "PREVIEW_PAGES_TABLE": resources.table_name("preview-pages"),
        "PREVIEW_PAGES_QUEUE": resources.PAGES_QUEUE,
        "CACHE_BUCKET": resources.CACHE_BUCKET,
        "JOBS_URL": addresses.jobs,
        "AWS_ENDPOINT_URL_TEXTRACT": addresses.textract,
    }


def _service(name: str, settings: LocalSettings, environment: Mapping[str, str]) -> Program:
    configuration = str(settings.root / "docker" / "gunicorn.conf.py")
    command = _module("gunicorn", "-c", configuration, "wsgi:app")
    return Program(name, command, environment, settings.root / "services" / name, SERVICE_STOP_SECONDS)


def _service_environment(
    settings: LocalSettings, addresses: Addresses, environ: Mapping[str, str]
) -> dict[str, str]:
    """What a person set passes on, and wins over the first three, not over what was started here."""
    return {
        "CORS_ORIGINS": addresses.router,
        "WEB_CONCURRENCY": "2",
        "DRAIN_SECONDS": "0",
        **_base(environ),
        "ENVIRONMENT": resources.ENVIRONMENT,
        "AWS_ENDPOINT_URL": settings.services_aws_endpoint_url or addresses.aws,
        "API_KEYS_SECRET": resources.API_KEYS_SECRET,
        "INTERNAL_TOKEN_SECRET": resources.INTERNAL_TOKEN_SECRET,
        "PARAMETERS_PATH": resources.PARAMETERS_PATH,
        "RATE_LIMITS_TABLE": resources.table_name("rate-limits"),
        "BLUEPRINTS_BUCKET": resources.BLUEPRINTS_BUCKET,
    }


def _base(environ: Mapping[str, str]) -> dict[str, str]:
    """The person's environment without their AWS account, and never through a proxy to this machine."""
    environment = {name: value for name, value in environ.items() if not name.startswith("AWS_")}
    no_proxy = ",".join(filter(None, (environ.get("NO_PROXY"), "127.0.0.1,localhost")))
    return {
        **environment,
        **CREDENTIALS,
        "AWS_REGION": resources.REGION,
        "AWS_DEFAULT_REGION": resources.REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "NO_PROXY": no_proxy,
        "no_proxy": no_proxy,
        "PYTHONUNBUFFERED": "1",
    }


def _module(name: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", name, *arguments]


def _port(url: str) -> str:
    return url.rpartition(":")[2]
