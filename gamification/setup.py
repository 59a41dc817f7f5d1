"""Wires recognition into an application."""

from flask import Flask

from gamification import handlers, slots  # noqa: F401 - they subscribe and fill
from gamification.views import recognition


def init_app(app: Flask) -> None:
    """The page of a standing; handlers and slots come with the import."""
    app.register_blueprint(recognition)
