"""Pages for administrators: what else people are asked about before they publish it."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from community.accounts.policies import OPERATE
from community.core.app import limiter
from community.core.db import db
from community.core.forms import PageForm, tidy
from community.core.policies import actor, requires
from community.core.sensitive.trying import LONGEST_PATTERN, Unusable
from community.core.web import section

from . import guarding
from .guarding import GuardPattern

guard_pages = Blueprint("guarding", __name__, url_prefix="/admin/asked-before")
guard_pages.before_request(lambda: section("operating.overview"))

WHY_NOT = {
    "wrong": _l("This is no regular expression that Python understands."),
    "empty": _l("This finds nothing at all, or every place in a text."),
    "long": _l("At most 200 characters."),
    "slow": _l("This takes too long for some texts. Limit repetitions, such as {1,20}, and put none inside another."),
}


class PatternForm(PageForm):
    """Something else to ask about."""

    name = StringField(
        _l("Name"),
        filters=[tidy],
        validators=[DataRequired(_l("Give it a name.")), Length(max=40)],
        render_kw={"maxlength": 40, "autocomplete": "off"},
    )
    pattern = StringField(
        _l("Pattern"),
        validators=[DataRequired(_l("Give a pattern.")), Length(max=LONGEST_PATTERN)],
        render_kw={"maxlength": LONGEST_PATTERN, "autocomplete": "off", "spellcheck": "false"},
    )


@guard_pages.route("", methods=["GET", "POST"])
@requires(OPERATE)
@limiter.limit("60 per hour", methods=["POST"])
def index() -> str | Response | tuple[str, int]:
    """What is looked for, and a form for more."""
    form = PatternForm()
    if form.validate_on_submit() and _added(form):
        flash(_("People are asked about %(name)s from now on.", name=form.name.data), "good")
        return redirect(url_for("guarding.index"))
    page = render_template(
        "admin/asked_before.html", form=form, rows=guarding.own_patterns(), words=guarding.WORDS, looks=guarding.LOOKS
    )
    return page, 422 if form.errors else 200


def _added(form: PatternForm) -> bool:
    if db.session.scalar(select(GuardPattern.id).where(GuardPattern.name == form.name.data)):
        form.name.errors = (_("There is one with this name already."),)
        return False
    try:
        guarding.add_pattern(form.name.data, form.pattern.data, by_id=actor().id or 0)
    except Unusable as refused:
        form.pattern.errors = (str(WHY_NOT[refused.reason]),)
        return False
    return True


@guard_pages.post("/<int:pattern_id>/removal")
@requires(OPERATE)
def remove(pattern_id: int) -> Response:
    """Ask about something no longer."""
    row = db.session.get(GuardPattern, pattern_id) or abort(404)
    db.session.delete(row)
    flash(_("People are no longer asked about %(name)s.", name=row.name), "good")
    return redirect(url_for("guarding.index"))
