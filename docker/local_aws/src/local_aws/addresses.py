"""Which port each part listens on."""

import socket
from dataclasses import dataclass

from local_aws.settings import LocalSettings, StartError


@dataclass(frozen=True, slots=True)
class Addresses:
    """Base URLs as a client on this machine uses them."""

    router: str
    aws: str
    textract: str
    jobs: str
    preview: str


def choose_addresses(settings: LocalSettings) -> Addresses:
    """Check the ports asked for and find free ones for the rest.

    Raises
    ------
    StartError
        Naming the port that is in use and the variable that moves it.
    """
    taken: set[int] = set()

    def url(port: int, variable: str) -> str:
        free = _free_port(settings.host, port, variable)
        while free in taken:
            if port:
                raise StartError(f"{variable}={port} is asked for twice. Give each part a port of its own.")
            free = _free_port(settings.host, 0, variable)
        taken.add(free)
        return f"http://127.0.0.1:{free}"

    return Addresses(
        router=url(settings.router_port, "PORT"),
        aws=url(settings.aws_port, "LOCAL_AWS_PORT"),
        textract=url(settings.textract_port, "LOCAL_TEXTRACT_PORT"),
        jobs=settings.jobs_url or url(0, "LOCAL_JOBS_URL"),
        preview=settings.preview_url or url(0, "LOCAL_PREVIEW_URL"),
    )


def _free_port(host: str, port: int, variable: str) -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As the servers themselves do: a port whose last connections are only just closing is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise StartError(
                f"Port {port} is in use. Stop what listens there, or choose another with {variable}=…"
            ) from error
        return int(probe.getsockname()[1])
