"""The way in for super users: one page of what there is for them, and news that they read first."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms.validators import DataRequired

from community.core.forms import MomentField
from community.core.i18n import zone
from community.core.policies import Actor, actor, allow, requires
from community.core.web import NavItem, add_navigation, section
from community.forum.policies import ANNOUNCE
from community.forum.scheduling.operations import ScheduledNews
from community.forum.scheduling.views import NewsForm
from community.forum.views import to_thread
from community.spaces.models import Space
from community.spaces.queries import all_visible_to

from . import place
from .policies import ENTER, RUN, inside

inner = Blueprint("inner", __name__)

Page = str | Response | tuple[str, int]
add_navigation(
    NavItem(
        label=_l("Among super users"),
        endpoint="inner.index",
        icon="people",
        order=70,
        group=_l("Your roles"),
        permission=ENTER,
        shown=inside,
    )
)


@inner.before_request
def only_inside() -> None:
    """Nobody else finds any of these pages."""
    allow(inside(actor()))
    section("inner.index")


class EarlyForm(NewsForm):
    """News for the inner space now, and for everybody from a moment on."""

    at = MomentField(
        _l("Public from"), validators=[DataRequired(_l("Choose a day and an hour."))], format="%Y-%m-%dT%H:%M"
    )


@inner.get("/inner")
@requires(ENTER)
def index() -> str:
    """What there is for super users."""
    space = place.inner_space()
    early = place.early_news(space) if space else []
    may = {"run": actor().can(RUN), "announce": actor().can(ANNOUNCE)}
    return render_template("superusers/inner/index.html", space=space, early=early, may=may)


@inner.post("/inner/space")
@requires(RUN)
def make() -> Response:
    """Make the inner space."""
    if place.make(by_id=actor().id or 0) is not None:
        flash(_("The inner space is there. Super users read and write in it from now on."), "good")
    return redirect(url_for("inner.index"))


@inner.route("/inner/news/new", methods=["GET", "POST"])
@requires(ANNOUNCE)
def tell_early() -> Page:
    """Tell super users now what everybody reads later."""
    space = place.inner_space() or abort(404)
    form = EarlyForm()
    form.offer(_open_spaces(actor(), space), actor())
    if form.validate_on_submit():
        news = ScheduledNews(author_id=actor().id)
        form.fill(news)
        return to_thread(place.tell_early(news, space))
    page = render_template("superusers/inner/early.html", form=form, space=space, zone=zone().key)
    return page, 422 if form.errors else 200


def _open_spaces(who: Actor, inner_one: Space) -> list[Space]:
    return [each for each in all_visible_to(who) if each.is_open and each.id != inner_one.id]
