"""The inbox, what one is told and how, and following threads."""

from flask import Blueprint, Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as WsgiResponse

from community.core.paging import page_number
from community.core.policies import actor, member_required, public
from community.core.web import csrf, safe_next
from community.forum import operations as forum_operations
from community.forum.queries import thread_for

from . import (
    handlers,  # noqa: F401 - subscribes
    kinds,
    operations,
    queries,
)
from . import preferences as choices

notifications = Blueprint("notifications", __name__)


@notifications.get("/notifications")
@member_required
def inbox() -> str:
    """One's own news, unread first."""
    page = queries.inbox(actor(), page_number(), somebody=_("the community"))
    return render_template("notifications/inbox.html", page=page)


@notifications.post("/notifications/read")
@member_required
def read_all() -> WsgiResponse:
    """Everything is read."""
    operations.mark_all_read(actor().id or 0)
    flash(_("Everything is marked as read."), "good")
    return redirect(url_for("notifications.inbox"))


@notifications.post("/notifications/<int:notification_id>/opening")
@member_required
def opening(notification_id: int) -> WsgiResponse:
    """Mark one as read and go where it leads."""
    found = queries.own(actor(), notification_id)
    if found is None:
        abort(404)
    operations.mark_read(found)
    gone = found.thread_id is not None and thread_for(actor(), found.thread_id) is None
    return redirect(url_for("notifications.inbox") if gone else safe_next(found.url))


@notifications.get("/notifications/unread")
@member_required
def unread() -> Response:
    """How many are unread; cheap to ask again."""
    answer = jsonify(unread=actor().unread)
    answer.set_etag(f"unread-{actor().unread}")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.make_conditional(request)
    return answer


@notifications.route("/notifications/preferences", methods=["GET", "POST"])
@member_required
def preferences() -> str | WsgiResponse:
    """What one is told, and how: two switches per kind."""
    member_id = actor().id or 0
    if request.method == "POST":
        for kind in kinds.all_kinds():
            here, mail = f"{kind.key}-here" in request.form, f"{kind.key}-mail" in request.form
            choices.choose(member_id, kind.key, in_app=here, mail=mail)
        flash(_("Your choices are saved."), "good")
        return redirect(url_for("notifications.preferences"))
    return render_template("notifications/preferences.html", choices=choices.choices_of(member_id))


@notifications.route("/unsubscribe/<string:token>", methods=["GET", "POST"])
@public
def unsubscribe(token: str) -> str:
    """End mail of one kind: a page with a button, or one click in a mail program, as in RFC 8058."""
    found = choices.read_token(token)
    if found is None:
        abort(404)
    member, kind = found
    if request.method == "POST":
        if request.form.get("List-Unsubscribe") != "One-Click":
            csrf.protect()
        choices.end_mail(member.id, kind.key)
    done = request.method == "POST"
    return render_template("notifications/unsubscribe.html", kind=kind, address=member.email, done=done)


csrf.exempt(unsubscribe)


@notifications.post("/threads/<int:thread_id>/subscription")
@member_required
def follow(thread_id: int) -> WsgiResponse:
    """Hear of news in a thread."""
    return _set_following(thread_id, wanted=True)


@notifications.post("/threads/<int:thread_id>/subscription/end")
@member_required
def unfollow(thread_id: int) -> WsgiResponse:
    """Hear no more of a thread, also after replying in it."""
    return _set_following(thread_id, wanted=False)


def _set_following(thread_id: int, *, wanted: bool) -> WsgiResponse:
    thread = thread_for(actor(), thread_id)
    if thread is None:
        abort(404)
    member_id = actor().id or 0
    if wanted:
        forum_operations.subscribe(thread.id, member_id, again=True)
        flash(_("You will hear of news in this thread."), "good")
    else:
        forum_operations.unsubscribe(thread.id, member_id)
        flash(_("You will hear no more of this thread."), "good")
    return redirect(url_for("forum.thread", thread_id=thread.id))
