"""Pages about the spam service: its settings for administrators, and for everybody what is sent to it."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import BooleanField, Field, IntegerField, PasswordField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from community.accounts.policies import OPERATE
from community.core.app import limiter
from community.core.db import db, transaction
from community.core.forms import PageForm, tidy
from community.core.jobs import enqueue, outside_job
from community.core.policies import public, requires
from community.core.web import section

from .contract import SpamServiceError
from .models import SpamConnection
from .service import connect, note, seal_key, settings

spam_service = Blueprint("spam_service", __name__)
SAID = {
    "": _l("It was not asked yet."),
    "fine": _l("It answers."),
    "silent": _l("It does not answer. It is asked again, later each time; nobody's words wait for it."),
    "key": _l("It does not accept the key."),
    "nonsense": _l("It answers something that is no answer. It is asked again, later each time."),
    "address": _l("Its address cannot be used: it must be https, or stand in your own network."),
}


class SpamForm(PageForm):
    """Which service is asked, with which key, and from which score on something happens."""

    on = BooleanField(_l("Ask the service about what members without standing write"))
    base = StringField(
        _l("Address of the service"),
        filters=[tidy],
        validators=[DataRequired(_l("Enter the address of the service.")), Length(max=200)],
        render_kw={"autocomplete": "off", "inputmode": "url"},
    )
    key = PasswordField(_l("Key"), validators=[Length(max=200)], render_kw={"autocomplete": "off"})
    private = BooleanField(_l("It stands in our own network"))
    sends_email = BooleanField(_l("Send the author's e-mail address, too"))
    case_at = IntegerField(
        _l("A person looks from this score on (percent)"),
        validators=[InputRequired(_l("Enter a number from 1 to 100.")), NumberRange(1, 100)],
    )
    hide_at = IntegerField(
        _l("Hidden until decided from this score on (percent)"),
        validators=[InputRequired(_l("Enter a number from 1 to 101.")), NumberRange(1, 101)],
    )

    def validate_base(self, field: Field) -> None:
        """A web address; plain HTTP only within one's own network."""
        parts = urlsplit(field.data or "")
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise ValidationError(_("This is no web address. Example: https://rest.akismet.com"))
        if parts.scheme == "http" and not self.private.data:
            raise ValidationError(_("Outside of your own network it must begin with https://"))

    def validate_key(self, field: Field) -> None:
        """Needed where none is kept yet, and for another address: a key is never sent where it does not belong."""
        row = settings()
        if field.data:
            return
        if row is None or not row.sealed_key:
            raise ValidationError(_("Enter the key that the service gave you."))
        if row.base != self.base.data:
            raise ValidationError(_("Another address: enter the key once more."))


@spam_service.route("/admin/joining/spam-service", methods=["GET", "POST"])
@requires(OPERATE)
@limiter.limit("30 per hour", methods=["POST"])
def index() -> str | Response | tuple[str, int]:
    """Which service is asked."""
    section("operating.overview")
    row = settings()
    form = SpamForm(data=_values(row))
    if form.validate_on_submit():
        _save(form)
        flash(_("Kept. We are trying whether the service accepts the key."), "good")
        return redirect(url_for("spam_service.index"))
    page = render_template("admin/spam_service.html", form=form, row=row, said=SAID)
    return page, 422 if form.errors else 200


def _values(row: SpamConnection | None) -> dict[str, Any]:
    if row is None:
        return {"case_at": 50, "hide_at": 90, "base": "https://rest.akismet.com"}
    return {
        "on": row.on,
        "base": row.base,
        "private": row.private,
        "sends_email": row.sends_email,
        "case_at": round(row.case_at * 100),
        "hide_at": round(row.hide_at * 100),
    }


def _save(form: SpamForm) -> None:
    row = settings()
    if row is None:
        row = SpamConnection(id=1)
        db.session.add(row)
    row.on, row.base, row.private = form.on.data, form.base.data, form.private.data
    row.sends_email = form.sends_email.data
    row.case_at, row.hide_at = form.case_at.data / 100, form.hide_at.data / 100
    if form.key.data:
        row.sealed_key = seal_key(form.key.data)
    row.last, row.last_at = "", None
    enqueue(try_service)


@outside_job
def try_service() -> None:
    """Ask whether the key is accepted, and keep the answer for the page."""
    with transaction(read_only=True):
        row = settings()
        if row is None:
            return
        db.session.expunge(row)
    try:
        connect(row).verify()
    except SpamServiceError as error:
        note(error.why)
        return
    note("fine")


@spam_service.get("/what-is-sent-for-spam")
@public
def sent() -> str:
    """For everybody: whether a service outside is asked, and what it is told."""
    return render_template("moderation/spam_sent.html", row=settings())
