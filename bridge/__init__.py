"""The bridge: from a thread that nobody could answer to a query at the service desk, and back."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from bridge import handlers, notices, slots, words
from bridge.desks.views import desk
from bridge.permissions import WORK_QUERIES
from bridge.queries.views import bridge
from bridge.triage.views import priorities
from community.core.web import NavItem, add_navigation

__all__ = ["init_app"]

_LOADED = (handlers, notices, slots)  # subscribing and filling happen when they are imported


def init_app(app: Flask) -> None:
    """Add the bridge to an application."""
    for blueprint in (bridge, desk, priorities):
        app.register_blueprint(blueprint)
    app.jinja_env.globals["query_words"] = words
    add_navigation(
        NavItem(
            label=_l("Desk"),
            endpoint="desk.queue",
            icon="desk",
            order=80,
            group=_l("Your roles"),
            permission=WORK_QUERIES,
        )
    )
