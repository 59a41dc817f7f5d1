"""Pages for whoever keeps the installation running: what waits, what was given up, and trying it again."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from community.accounts.models import Member
from community.accounts.policies import MANAGE_MEMBERS, OPERATE
from community.core import indexing, jobs
from community.core.db import db
from community.core.policies import actor, requires
from community.core.web import NavItem, add_navigation, section
from community.forum.models import Post, Thread
from community.spaces.models import Space

operating = Blueprint("operating", __name__, url_prefix="/admin")
operating.before_request(lambda: section("operating.overview"))
add_navigation(
    NavItem(
        label=_l("Administration"),
        endpoint="operating.overview",
        icon="settings",
        order=90,
        group=_l("Your roles"),
        permission=MANAGE_MEMBERS,
    )
)


def counts() -> dict[str, int]:
    """How many there are of the things that grow."""
    tables = {"members": Member.id, "spaces": Space.id, "threads": Thread.id, "posts": Post.id}
    return {name: db.session.scalar(select(func.count(column))) or 0 for name, column in tables.items()}


@operating.get("")
@requires(MANAGE_MEMBERS)
def overview() -> str:
    """What there is, and whether the work behind the pages keeps up."""
    return render_template(
        "admin/overview.html",
        counts=counts(),
        backlog=jobs.backlog(),
        waiting=indexing.waiting(),
        operates=actor().can(OPERATE),
    )


@operating.get("/deliveries")
@requires(OPERATE)
def deliveries() -> str:
    """What was given up, with the reason."""
    return render_template("admin/deliveries.html", rows=jobs.dead())


@operating.post("/deliveries/<int:delivery_id>/retry")
@requires(OPERATE)
def retry(delivery_id: int) -> Response:
    """Try one again from the start."""
    delivery = db.session.get(jobs.Delivery, delivery_id)
    if delivery is None or delivery.state != "dead":
        abort(404)
    jobs.retry(delivery)
    flash(_("It is being tried again."), "good")
    return redirect(url_for("operating.deliveries"))


@operating.post("/deliveries/retry")
@requires(OPERATE)
def retry_all() -> Response:
    """Try all that is listed again."""
    rows = jobs.dead()
    for delivery in rows:
        jobs.retry(delivery)
    flash(
        ngettext("%(num)s task is being tried again.", "%(num)s tasks are being tried again.", len(rows)),
        "good",
    )
    return redirect(url_for("operating.deliveries"))
