"""Where gunicorn and ``flask run`` find the jobs service."""

import os

from jobs.app import create_app
from jobs.settings import from_env
from shared import logs

settings = from_env(os.environ)
logs.configure("jobs", settings.log_level)
app = create_app(settings)
