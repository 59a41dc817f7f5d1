"""The application for a WSGI server: `gunicorn --preload community.core.wsgi:app`."""

from . import worker
from .app import create_app, start_background
from .forking import OncePerProcess, ready_to_fork
from .logs import keep_secrets_out
from .settings import settings_from_environment

app = create_app(settings_from_environment())
app.wsgi_app = OncePerProcess(  # type: ignore[method-assign, assignment]
    app.wsgi_app, lambda: start_background(app)
)
keep_secrets_out()
worker.build(app)  # commits wake the worker, which is a process of its own
ready_to_fork(app)
