"""The application for a WSGI server: `gunicorn community.core.wsgi:app`."""

from . import worker
from .app import create_app, start_background
from .settings import settings_from_environment

app = create_app(settings_from_environment())
start_background(app)
worker.build(app)  # commits wake the worker, which is a process of its own
