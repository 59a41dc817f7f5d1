"""The inbox, and what one is told and how."""

from flask import Blueprint, Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as WsgiResponse

from community.core.numbers import whole_number
from community.core.paging import page_number
from community.core.policies import actor, allow, member_required, public
from community.core.web import csrf, safe_next
from community.spaces.queries import all_visible_to

from . import (
    addressing,
    arriving,  # noqa: F401 - receives mail
    bouncing,
    handlers,  # noqa: F401 - subscribes
    kinds,
    operations,
    queries,
)
from . import preferences as choices
from .forms import MailForm
from .planning import MailBox, mail_of, plan_anew, row_of
from .pushing import subscribing
from .reading import readable

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
    gone = not readable(actor(), [found]).ids
    return redirect(url_for("notifications.inbox") if gone else safe_next(found.url))


@notifications.post("/notifications/<int:notification_id>/reading")
@member_required
def reading(notification_id: int) -> WsgiResponse:
    """Mark one as read and stay."""
    operations.mark_read(queries.own(actor(), notification_id) or abort(404))
    return _back_to_inbox()


@notifications.post("/notifications/<int:notification_id>/unreading")
@member_required
def unreading(notification_id: int) -> WsgiResponse:
    """Keep one for later."""
    operations.mark_unread(queries.own(actor(), notification_id) or abort(404))
    return _back_to_inbox()


def _back_to_inbox() -> WsgiResponse:
    page = whole_number(request.form.get("page", ""))
    return redirect(url_for("notifications.inbox", page=page))


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
    """What one is told, and how: a switch per kind and channel."""
    member_id = actor().id or 0
    if request.method == "POST":
        for kind in kinds.all_kinds():
            here, mail = f"{kind.key}-here" in request.form, f"{kind.key}-mail" in request.form
            push = f"{kind.key}-push" in request.form if subscribing.is_on() else None
            choices.choose(member_id, kind.key, in_app=here, mail=mail, push=push)
        flash(_("Your choices are saved."), "good")
        return redirect(url_for("notifications.preferences"))
    form, mail_box = MailForm(formdata=None), mail_of(member_id)
    form.show(mail_box.row, mail_box.plan)
    return _preferences_page(form, mail_box)


def _preferences_page(form: MailForm, mail_box: MailBox) -> str:
    """Both parts of the page, each with a form of its own."""
    return render_template(
        "notifications/preferences.html",
        choices=choices.choices_of(mail_box.member.id),
        headings=kinds.GROUPS,
        form=form,
        mail_box=mail_box,
        by_mail=addressing.receives_mail(),
        push=_push_part(mail_box.member.id) if subscribing.is_on() else None,
    )


def _push_part(member_id: int) -> dict[str, object]:
    """The person's browsers, and whether this is one of them."""
    own, here = subscribing.own(member_id), subscribing.sign_in_id(actor().token)
    key = subscribing.settings().push_public_key
    return {"own": own, "here": here, "told": any(row.sign_in_id == here for row in own), "key": key}


@notifications.post("/notifications/mail")
@member_required
def mail() -> str | WsgiResponse | tuple[str, int]:
    """When mail comes, and how much of it."""
    form, mail_box = MailForm(), mail_of(actor().id or 0)
    if not form.validate_on_submit():
        return _preferences_page(form, mail_box), 422
    row = row_of(mail_box.member.id, locked=True)
    form.take(row, mail_box.plan)
    plan_anew(mail_box.member, row)
    flash(_("Your choices are saved."), "good")
    return redirect(url_for("notifications.preferences"))


@notifications.post("/notifications/mail/resumption")
@member_required
def resume() -> WsgiResponse:
    """Try again to send mail to an address that it came back from."""
    bouncing.resume(actor().id or 0)
    flash(_("Mail is sent to your address again."), "good")
    return redirect(url_for("notifications.preferences"))


@notifications.get("/notifications/by-mail")
@member_required
def by_mail() -> str:
    """One's own addresses, at which mail starts threads."""
    allow(addressing.receives_mail())
    mail_box = mail_of(actor().id or 0)
    own = [
        (space, addressing.space_address(mail_box.member.id, space.id, mail_box.row.turn))
        for space in all_visible_to(actor())
    ]
    return render_template("notifications/by_mail.html", own=own, mail_box=mail_box)


@notifications.post("/notifications/by-mail/renewal")
@member_required
def renew() -> WsgiResponse:
    """New addresses; at the old ones nothing starts any more."""
    allow(addressing.receives_mail())
    row_of(actor().id or 0, locked=True).turn += 1
    flash(_("You have new addresses. The old ones do nothing any more."), "good")
    return redirect(url_for("notifications.by_mail"))


@notifications.route("/unsubscribe/<string:token>", methods=["GET", "POST"])
@public
def unsubscribe(token: str) -> str:
    """End mail of one kind, of one thread, or digests: a page with a button, or one click as in RFC 8058."""
    found = choices.read_token(token)
    if found is None:
        abort(404)
    if request.method == "POST":
        if request.form.get("List-Unsubscribe") != "One-Click":
            csrf.protect()
        found.leave()
    done = request.method == "POST"
    return render_template("notifications/unsubscribe.html", leaving=found, done=done)


csrf.exempt(unsubscribe)
