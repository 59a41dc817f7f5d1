"""Wires recognition into an application."""

from flask import Flask

from gamification import handlers, slots  # noqa: F401 - they subscribe and fill
from gamification.integrity import cases as vote_cases  # noqa: F401 - registers, and brings the nightly job
from gamification.public import is_regular, level_number, level_steps
from gamification.views import recognition


def init_app(app: Flask) -> None:
    """The page of a standing, and who is a regular here; handlers and slots come with the import."""
    app.extensions["isthmus.standing"] = is_regular
    app.extensions["isthmus.level"] = level_number
    app.extensions["isthmus.level_steps"] = level_steps
    app.register_blueprint(recognition)
