"""What of one's own waits for approval: read, taken back, or taken back and changed."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core.policies import actor, member_required
from community.drafts import queries as drafts
from community.forum.composing.listed_drafts import address_of

from . import held
from .held_cases import WAYS

held_pages = Blueprint("held", __name__)


@held_pages.get("/waiting-for-approval")
@member_required
def waiting() -> str:
    """What one wrote that others cannot read yet, and what was refused lately with the reason."""
    return render_template("moderation/waiting.html", rows=held.own(actor().id or 0), ways=WAYS, days=held.KEPT.days)


@held_pages.post("/waiting-for-approval/<int:held_id>/taking-back")
@member_required
def take_back(held_id: int) -> Response:
    """Take it back into one's drafts; with `to=edit` go on writing at once."""
    row = held.held(held_id)
    if row is None or row.member_id != actor().id:
        abort(404)
    draft_id = held.take_back(row)
    if draft_id is None:
        flash(_("It was decided meanwhile."), "wait")
        return redirect(url_for("held.waiting"))
    flash(_("It is taken back. You have it among your drafts."), "good")
    draft = next((one for one in drafts.of_member(row.member_id) if one.id == draft_id), None)
    if request.form.get("to") == "edit" and draft is not None:
        return redirect(address_of(draft.place, draft.id))
    return redirect(url_for("drafts.index"))
