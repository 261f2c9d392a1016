"""Where gunicorn and ``flask run`` find the jobs service."""

import os

from jobs.app import create_app
from jobs.settings import Settings
from shared import logs

settings = Settings.from_env(os.environ)
logs.configure("jobs", settings.log_level)
app = create_app(settings)
