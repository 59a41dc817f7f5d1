"""The page that says who may do what, and what one still needs."""

from flask import Blueprint, render_template
from flask_babel import gettext as _

from community.core.policies import actor, member_required
from community.core.web import section

from . import table as rights

rights_pages = Blueprint("rights", __name__)


@rights_pages.get("/rights")
@member_required
def table() -> str:
    """All rights by level, appointment and role, with the reader's own column and what is missing for the next."""
    section("appointments.people")
    steps = rights.steps_of(actor().id or 0)
    own = rights.own_column(actor(), steps)
    above = steps[own + 1] if own + 1 < len(steps) else None
    return render_template(
        "superusers/rights.html",
        heads=rights.columns(steps),
        groups=rights.table(steps),
        own=own,
        above=above,
        gained=rights.gained(steps, own) if above else [],
        here=_("You"),
    )
