"""An application that is loaded once and then forked: what the processes share, and what each of them starts."""

import gc
import os
from collections.abc import Callable, Iterable
from threading import Lock
from typing import TYPE_CHECKING

from flask import Flask
from jinja2 import TemplateError
from sqlalchemy.orm import configure_mappers

from .db import db
from .search.analyzer import load_dictionaries

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class OncePerProcess:
    """Runs `start` before the first request of each process: threads and connections do not survive a fork."""

    def __init__(self, application: "WSGIApplication", start: Callable[[], object]) -> None:
        self._application = application
        self._start = start
        self._process = 0
        self._lock = Lock()

    def __call__(self, environ: "WSGIEnvironment", answer: "StartResponse") -> Iterable[bytes]:
        """Answer as the application does."""
        if self._process != os.getpid():
            self._begin()
        return self._application(environ, answer)

    def _begin(self) -> None:
        with self._lock:
            if self._process != os.getpid():
                self._start()
                self._process = os.getpid()


def ready_to_fork(app: Flask) -> None:
    """Load now what every process will need, close connections, and keep the collector from touching what is shared.

    Takes about two seconds and pays where processes are forked afterwards, as with gunicorn's `--preload`.
    """
    configure_mappers()
    load_dictionaries()
    for name in app.jinja_env.list_templates(extensions=["html", "txt"]):
        _compile(app, name)
    with app.app_context():
        db.engine.dispose()
    gc.collect()
    gc.freeze()


def _compile(app: Flask, name: str) -> None:
    try:
        app.jinja_env.get_template(name)
    except TemplateError:
        app.logger.exception("the template %s cannot be read", name)
