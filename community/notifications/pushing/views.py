"""Where browsers ask to be told, and the worker that tells them."""

from flask import Blueprint, Response, abort, current_app, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as WsgiResponse
from wtforms import StringField
from wtforms.validators import DataRequired

from community.core.app import limiter
from community.core.assets import Assets
from community.core.forms import PageForm
from community.core.policies import actor, allow, member_required, public

from . import subscribing

pushing = Blueprint("pushing", __name__)

WORKER = "js/push-worker.js"


class SubscriptionForm(PageForm):
    """What a browser says of its subscription."""

    endpoint = StringField(validators=[DataRequired()])
    p256dh = StringField(validators=[DataRequired()])
    auth = StringField(validators=[DataRequired()])


@pushing.get("/push-worker.js")
@public
def worker() -> Response:
    """The script that shows news while no page of ours is open; its address decides which pages it belongs to."""
    allow(subscribing.is_on())
    held: Assets = current_app.extensions["isthmus.assets"]
    response = Response(held.files[WORKER].data, mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


@pushing.post("/notifications/push")
@member_required
@limiter.limit("30 per hour")
def begin() -> tuple[str, int]:
    """Tell the present browser from now on; asked by a script, so the answer is a status."""
    allow(subscribing.is_on())
    form, sign_in = SubscriptionForm(), subscribing.sign_in_id(actor().token)
    if not form.validate_on_submit() or sign_in is None:
        abort(422)
    given = {"endpoint": form.endpoint.data, "p256dh": form.p256dh.data, "auth": form.auth.data}
    try:
        subscribing.subscribe(actor().id or 0, sign_in, **given)
    except subscribing.UnusableError:
        abort(422)
    flash(_("News come to this browser from now on."), "good")
    return "", 204


@pushing.post("/notifications/push/<int:subscription_id>/removal")
@member_required
def end(subscription_id: int) -> WsgiResponse:
    """Tell one of one's browsers no more."""
    allow(subscribing.end(actor().id or 0, subscription_id))
    flash(_("News no longer come to that browser."), "good")
    return redirect(url_for("notifications.preferences", _anchor="push"))
