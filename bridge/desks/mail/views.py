"""For the people of the desk: mail that waits for somebody's click."""

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as WsgiResponse

from bridge.desks.views import desk
from bridge.fields import words_field
from bridge.handovers.models import DeskMessage, MessageState
from bridge.permissions import WORK_QUERIES
from community.core.db import db, undo
from community.core.forms import PageForm
from community.core.policies import actor, requires
from community.core.web import section

from . import operations, pages

LONGEST = 25_000


class ReleaseForm(PageForm):
    """The words of a mail, as they will be read."""

    words = words_field(_l("What it says"), missing=_l("Write a few words first."), longest=LONGEST)


class AsideForm(PageForm):
    """Why a mail is of no use."""

    reason = words_field(_l("Why it is put aside"), missing=_l("Write a few words first."), longest=500)


@desk.get("/mail")
@requires(WORK_QUERIES)
def held_mail() -> str:
    """All mail that waits, the oldest first."""
    section("desk.queue")
    return render_template("bridge/mail/list.html", messages=pages.held_in_all(), remark_of=pages.remark_of)


@desk.get("/mail/<int:message_id>")
@requires(WORK_QUERIES)
def held_message(message_id: int) -> str:
    """One mail that waits, and what can be done with it."""
    message = _held(message_id)
    return _page(message, ReleaseForm(words=message.text), AsideForm())


@desk.post("/mail/<int:message_id>/release")
@requires(WORK_QUERIES)
def release_mail(message_id: int) -> WsgiResponse | tuple[str, int]:
    """Let everybody read it."""
    return _released(message_id, public=True)


@desk.post("/mail/<int:message_id>/note")
@requires(WORK_QUERIES)
def note_mail(message_id: int) -> WsgiResponse | tuple[str, int]:
    """Keep it at the desk."""
    return _released(message_id, public=False)


@desk.post("/mail/<int:message_id>/aside")
@requires(WORK_QUERIES)
def put_mail_aside(message_id: int) -> WsgiResponse | tuple[str, int]:
    """It is of no use; the reason is on the record."""
    message, form = _held(message_id), AsideForm()
    if not form.validate_on_submit():
        return _page(message, ReleaseForm(formdata=None, words=message.text), form), 422
    try:
        operations.discard(message, form.reason.data, actor())
    except operations.NotHeldError as reason:
        return _too_late(message, reason)
    return _done(message, _("Put aside. The reason is on the record."))


def _released(message_id: int, *, public: bool) -> WsgiResponse | tuple[str, int]:
    message, form = _held(message_id), ReleaseForm()
    if not form.validate_on_submit():
        return _page(message, form, AsideForm(formdata=None)), 422
    try:
        operations.release(message, actor(), public=public, text=form.words.data)
    except operations.NotHeldError as reason:
        return _too_late(message, reason)
    return _done(message, _("Everybody affected can read it now.") if public else _("Noted. Only the desk sees it."))


def _held(message_id: int) -> DeskMessage:
    """A mail that waits or waited, or 404."""
    message = db.session.get(DeskMessage, message_id)
    if message is None or not (message.remote_id or "").startswith(pages.BY_MAIL):
        abort(404)
    return message


def _page(message: DeskMessage, release: ReleaseForm, aside: AsideForm) -> str:
    section("desk.queue")
    return render_template(
        "bridge/mail/message.html",
        message=message,
        release=release,
        aside=aside,
        waits=message.state == MessageState.HELD,
        remark=pages.remark_of(message),
    )


def _done(message: DeskMessage, said: str) -> WsgiResponse:
    flash(said, "good")
    return redirect(url_for("desk.query", query_id=message.hand_over.query_id))


def _too_late(message: DeskMessage, reason: operations.NotHeldError) -> WsgiResponse:
    message_id = message.id
    undo()
    flash(str(reason), "wait")
    return redirect(url_for("desk.held_message", message_id=message_id))
