"""Pages for arranging threads: each verb has a page that says what it does, and asks why."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core.db import undo
from community.core.policies import actor, allow, member_required
from community.spaces.queries import all_visible_to

from .. import policies, queries
from ..models import Thread
from ..operations import retag
from ..views import readable_thread, to_thread
from . import measuring
from . import operations as arranging
from . import posts as arranging_posts
from . import queries as arranging_queries
from .forms import MoveForm, OtherThreadForm, PinForm, RecordedForm, SplitForm
from .operations import ArrangingError

arranged = Blueprint("arranging", __name__)

Page = str | Response | tuple[str, int]


def arrangeable(thread_id: int) -> Thread:
    """The thread, for whoever may arrange it, or 404."""
    thread = readable_thread(thread_id)
    allow(policies.can_arrange(actor(), thread))
    return thread


def _me() -> int:
    return actor().id or 0


def ask_why(
    template: str, thread: Thread, form: RecordedForm, do: Callable[[], Thread], done: str, **more: object
) -> Page:
    """The page of a verb. What is sent is done once it is complete; what stands against it is said beside the form."""
    if form.validate_on_submit():
        try:
            result = do()
        except ArrangingError as refused:
            undo()
            form.form_errors.append(refused.message)
        else:
            flash(done, "good")
            return to_thread(result)
    page = render_template(template, thread=thread, form=form, **more)
    return page, 422 if form.errors else 200


@arranged.route("/threads/<int:thread_id>/pinning", methods=["GET", "POST"])
@member_required
def pin(thread_id: int) -> Page:
    """Show a thread first in its space."""
    thread, form = arrangeable(thread_id), PinForm()

    def do() -> Thread:
        arranging.pin(thread, by_id=_me(), reason=form.reason.data, until=form.end)
        return thread

    return ask_why("forum/arrange/pin.html", thread, form, do, _("It is pinned."))


@arranged.post("/threads/<int:thread_id>/unpinning")
@member_required
def unpin(thread_id: int) -> Response:
    """Let a thread stand among the others again."""
    thread = arrangeable(thread_id)
    arranging.unpin(thread, by_id=_me())
    flash(_("It is no longer pinned."), "good")
    return to_thread(thread)


@arranged.route("/threads/<int:thread_id>/moving", methods=["GET", "POST"])
@member_required
def move(thread_id: int) -> Page:
    """Put a thread into another space."""
    thread = arrangeable(thread_id)
    form = MoveForm(tags=" ".join(thread.tags))
    form.offer([space for space in all_visible_to(actor()) if space.id != thread.space_id], thread, actor())
    kept, came_from = measuring.about(actor(), thread.author_id), thread.space_id
    form.offer_rules(kept, optional=True)

    def do() -> Thread:
        arranging.move(thread, form.spaces[form.space.data], by_id=_me(), reason=form.reason.data)
        retag(thread, form.given)
        if kept is not None and form.named_rule:
            kept.moved(actor(), thread, form.named_rule, form.reason.data, came_from)
        return thread

    return ask_why("forum/arrange/move.html", thread, form, do, _("It is moved."))


@arranged.route("/threads/<int:thread_id>/splitting", methods=["GET", "POST"])
@member_required
def split(thread_id: int) -> Page:
    """Make a thread of some replies."""
    thread, form = arrangeable(thread_id), SplitForm()
    posts = arranging_queries.divisible(thread)
    form.offer(posts)

    def do() -> Thread:
        return arranging_posts.split(
            thread, form.posts.data, title=form.title.data, by_id=_me(), reason=form.reason.data
        )

    return ask_why("forum/arrange/split.html", thread, form, do, _("They are a thread of their own now."), posts=posts)


def _other(form: OtherThreadForm) -> Thread:
    other = queries.thread_for(actor(), form.other_id)
    if other is None or not policies.can_arrange(actor(), other):
        raise ArrangingError(_("There is no such thread, or none that you may arrange."))
    return other


@arranged.route("/threads/<int:thread_id>/merging", methods=["GET", "POST"])
@member_required
def merge(thread_id: int) -> Page:
    """Put all posts of a thread into another one."""
    thread, form = arrangeable(thread_id), OtherThreadForm()

    def do() -> Thread:
        return arranging_posts.merge(thread, _other(form), by_id=_me(), reason=form.reason.data)

    alike = queries.related(actor(), thread)
    return ask_why("forum/arrange/merge.html", thread, form, do, _("The two threads are one now."), alike=alike)


@arranged.route("/threads/<int:thread_id>/duplicate", methods=["GET", "POST"])
@member_required
def duplicate(thread_id: int) -> Page:
    """Close a thread as asking what another one asks."""
    thread, form = arrangeable(thread_id), OtherThreadForm()

    def do() -> Thread:
        other = queries.thread_for(actor(), form.other_id)
        if other is None:
            raise ArrangingError(_("There is no such thread."))
        arranging.mark_duplicate(thread, other, by_id=_me(), reason=form.reason.data)
        return thread

    alike = queries.related(actor(), thread)
    return ask_why("forum/arrange/duplicate.html", thread, form, do, _("It is closed as a duplicate."), alike=alike)


@arranged.post("/threads/<int:thread_id>/duplicate/withdrawal")
@member_required
def no_duplicate(thread_id: int) -> Response:
    """It is no duplicate after all."""
    thread = arrangeable(thread_id)
    try:
        arranging.unmark_duplicate(thread, by_id=_me())
    except ArrangingError:
        abort(404)
    flash(_("It is no duplicate any more."), "good")
    return to_thread(thread)


@arranged.get("/threads/<int:thread_id>/record")
@member_required
def record(thread_id: int) -> str:
    """What was done to a thread, by whom and why."""
    thread = readable_thread(thread_id)
    allow(policies.can_arrange(actor(), thread) or policies.can_close(actor(), thread))
    return render_template("forum/arrange/record.html", thread=thread, rows=arranging_queries.record_of(thread))
