"""Wires the bridge into an application."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from bridge import handlers, merging, notices, slots, words  # noqa: F401 - all but the last subscribe and fill
from bridge.desks import connecting
from bridge.desks.mail import arriving as _arriving  # noqa: F401 - takes what comes by mail
from bridge.desks.mail import views as _mail_views  # noqa: F401 - adds to the desk's pages
from bridge.desks.views import desk
from bridge.handovers import handlers as _passing_on  # noqa: F401 - subscribes
from bridge.handovers import polling, sending  # noqa: F401 - jobs
from bridge.handovers.admin import desks
from bridge.handovers.pushes import pushes
from bridge.handovers.queries import health_checks
from bridge.handovers.views import handovers
from bridge.permissions import MANAGE_DESKS, MANAGE_TARGETS, WORK_QUERIES
from bridge.promotion import duty as _duty  # noqa: F401 - jobs, fills
from bridge.promotion import handlers as _looking  # noqa: F401 - subscribes
from bridge.promotion import looking, managing, promoting  # noqa: F401 - jobs, fills
from bridge.promotion import notices as _telling  # noqa: F401 - subscribes
from bridge.promotion import tags as _renaming  # noqa: F401 - subscribes
from bridge.promotion.rule_views import rules
from bridge.promotion.staff import deciding
from bridge.promotion.views import stepping
from bridge.queries import broken_rules as _broken_rules  # noqa: F401 - registers
from bridge.queries import chasing  # noqa: F401 - a job
from bridge.queries.views import bridge
from bridge.triage import training  # noqa: F401 - a job
from bridge.triage.views import priorities, triage
from community.core.web import NavItem, add_navigation, far_checks

GROUP = _l("Your roles")
MENU = (
    NavItem(label=_l("Desk"), endpoint="desk.queue", icon="desk", order=80, group=GROUP, permission=WORK_QUERIES),
    NavItem(
        label=_l("Service desks"), endpoint="desks.index", icon="link", order=85, group=GROUP, permission=MANAGE_DESKS
    ),
    NavItem(
        label=_l("Promotion rules"),
        endpoint="promotion_rules.index",
        icon="sliders",
        order=86,
        group=GROUP,
        permission=MANAGE_TARGETS,
    ),
    NavItem(
        label=_l("Classification"),
        endpoint="triage.quality",
        icon="tag",
        order=87,
        group=GROUP,
        permission=MANAGE_TARGETS,
    ),
)


def init_app(app: Flask) -> None:
    """Add the bridge to an application."""
    connecting.describe_all(app.extensions["isthmus.settings"].home / "desks")
    if health_checks not in far_checks:
        far_checks.append(health_checks)
    for blueprint in (bridge, desk, priorities, triage, pushes, handovers, desks, stepping, deciding, rules):
        app.register_blueprint(blueprint)
    app.extensions["isthmus.overdue"] = managing.overdue
    app.jinja_env.globals["query_words"] = words
    for entry in MENU:
        add_navigation(entry)
