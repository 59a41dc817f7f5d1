"""Wires the bridge into an application."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from bridge import handlers, notices, slots, words  # noqa: F401 - the first three subscribe and fill
from bridge.desks.views import desk
from bridge.handovers import handlers as _passing_on  # noqa: F401 - subscribes
from bridge.handovers import polling, sending  # noqa: F401 - jobs
from bridge.handovers.pushes import pushes
from bridge.permissions import WORK_QUERIES
from bridge.queries.views import bridge
from bridge.triage.views import priorities
from community.core.web import NavItem, add_navigation


def init_app(app: Flask) -> None:
    """Add the bridge to an application."""
    for blueprint in (bridge, desk, priorities, pushes):
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
