"""What ``flask run`` and gunicorn serve."""

import os

from preview.app import create_app
from preview.settings import Settings
from shared import logs

settings = Settings.from_env(os.environ)
logs.configure("preview", settings.log_level)
app = create_app(settings)
