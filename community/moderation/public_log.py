"""The log of measures that everybody who reads a space may read."""

from flask import Blueprint, abort, render_template
from flask_babel import gettext as _

from community.core.i18n import zone
from community.core.paging import page_number
from community.core.policies import actor, public
from community.spaces.queries import by_slug

from . import public_figures
from .public_figures import FEWEST

public_log = Blueprint("public_log", __name__)


def figure(number: int) -> str:
    """A number as everybody sees it: small ones might let somebody be recognised."""
    return _("fewer than %(fewest)s", fewest=FEWEST) if 0 < number < FEWEST else str(number)


@public_log.get("/spaces/<string:slug>/measures")
@public
def of_space(slug: str) -> str:
    """What was done in a space, by which rule, without names; and how moderation does, month by month."""
    space = by_slug(actor(), slug) or abort(404)
    found = public_figures.log(space.id, actor(), page_number())
    if page_number() > found.pages:
        abort(404)
    months = public_figures.months(space.id, actor(), zone())
    kinds = public_figures.kinds_in(months)
    return render_template(
        "moderation/log.html", space=space, page=found, months=months, kinds=kinds, figure=figure, fewest=FEWEST
    )
