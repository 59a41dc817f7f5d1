"""Where managers set the priority matrix and the target times, and read how good classification is."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as WsgiResponse

from bridge import words
from bridge.permissions import MANAGE_TARGETS
from community.core.policies import requires

from .classes import IMPACTS, PRIORITIES, URGENCIES
from .forms import PrioritiesBase, PrioritiesForm, present_values
from .pages import quality_page
from .priorities import all_targets, matrix, set_matrix, set_targets

priorities = Blueprint("priorities", __name__, url_prefix="/admin/priorities")
triage = Blueprint("triage", __name__, url_prefix="/desk/triage")


@triage.get("")
@requires(MANAGE_TARGETS)
def quality() -> str:
    """How often suggestions are right, what was learned, and where wrong classes come from."""
    return render_template("bridge/triage/quality.html", page=quality_page())


@priorities.get("")
@requires(MANAGE_TARGETS)
def show() -> str:
    """The matrix and the times as they are."""
    return _page(PrioritiesForm(data=present_values(matrix(), all_targets())))


@priorities.post("")
@requires(MANAGE_TARGETS)
def save() -> WsgiResponse | tuple[str, int]:
    """Change them, for queries that come from now on."""
    form = PrioritiesForm()
    if not form.validate_on_submit():
        return _page(form), 422
    set_matrix(form.matrix)
    set_targets(form.targets)
    flash(_("Saved. Queries that exist keep their targets."), "good")
    return redirect(url_for("priorities.show"))


def _page(form: PrioritiesBase) -> str:
    return render_template(
        "bridge/priorities.html",
        form=form,
        words=words,
        impacts=sorted(IMPACTS, reverse=True),
        urgencies=URGENCIES,
        priorities=PRIORITIES,
    )
