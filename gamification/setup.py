"""Wires recognition into an application."""

from flask import Flask

from gamification import handlers, slots  # noqa: F401 - they subscribe and fill
from gamification.public import is_regular
from gamification.views import recognition


def init_app(app: Flask) -> None:
    """The page of a standing, and who is a regular here; handlers and slots come with the import."""
    app.extensions["isthmus.standing"] = is_regular
    app.register_blueprint(recognition)
