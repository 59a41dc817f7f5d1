"""What of one's own waits for approval: read, taken back, or taken back and changed."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core.db import undo
from community.core.policies import actor, member_required
from community.forum.composing.listed_drafts import address_of

from . import held
from .held_kinds import label_of

held_pages = Blueprint("held", __name__)


@held_pages.get("/waiting-for-approval")
@member_required
def waiting() -> str:
    """What one wrote that others cannot read yet, and what was refused lately with the reason."""
    rows = held.own(actor().id or 0)
    return render_template(
        "moderation/waiting.html", rows=rows, label_of=label_of, goes_on=held.goes_on, days=held.KEPT.days
    )


def _waits_on() -> Response:
    """Nothing was taken back, for the text would be nowhere."""
    undo()
    flash(_("You keep as many drafts as one can. Remove some first; this goes on waiting."), "wait")
    return redirect(url_for("held.waiting"))


@held_pages.post("/waiting-for-approval/<int:held_id>/taking-back")
@member_required
def take_back(held_id: int) -> Response:
    """Take it back into one's drafts; with `to=edit` go on writing at once."""
    row = held.held(held_id)
    if row is None or row.member_id != actor().id:
        abort(404)
    if not held.take_back(row):
        flash(_("It was decided meanwhile."), "wait")
        return redirect(url_for("held.waiting"))
    form, draft = held.goes_on(row), held.to_drafts(row)
    edits = request.form.get("to") == "edit"
    if form:
        flash(_("It is taken back."), "good")
        return redirect(form if edits else url_for("held.waiting"))
    if draft is None:
        return _waits_on()
    flash(_("It is taken back. You have it among your drafts."), "good")
    return redirect(address_of(draft.place, draft.id) if edits else url_for("drafts.index"))
