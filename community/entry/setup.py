"""Wires who may join into the application."""

from flask import Flask

from community.accounts.entering.views import joining_pages

from . import registrations  # noqa: F401 - registers
from .inviting_views import invitations
from .reading_only import stop_writing
from .views import entry_pages


def init_app(app: Flask) -> None:
    """Blueprints, and networks that read only."""
    for blueprint in (joining_pages, invitations, entry_pages):
        app.register_blueprint(blueprint)
    app.before_request(stop_writing)
