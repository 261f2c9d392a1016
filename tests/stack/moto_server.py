"""Runs moto behind the shim: ``python -m stack.moto_server PORT``, from the tests folder."""

import sys

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import run_simple

from local_parts import HOST
from stack.shim import Shim

if __name__ == "__main__":
    moto = DomainDispatcherApplication(create_backend_app)
    run_simple(HOST, int(sys.argv[1]), Shim(moto), threaded=True, request_handler=MotoRequestHandler)
