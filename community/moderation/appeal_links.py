"""Letters to people who cannot sign in, with a link to the measure and to the second look."""

from datetime import timedelta
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer
from markupsafe import Markup

from community.accounts import suspending
from community.accounts.models import Member
from community.core import email, i18n
from community.core.db import db, utcnow
from community.core.events import Fact, subscribe
from community.core.web import public_url

from . import measures
from .appeals import can_appeal
from .events import AppealDecided, MeasureChanged, MeasureTaken
from .models import Measure
from .on_people import is_endless
from .rules import APPEAL_WITHIN
from .words import rule_said

PURPOSE = "isthmus.measure-appeal"


def token_for(measure: Measure) -> str:
    """What proves that somebody got the letter about this measure. It opens nothing else and signs nobody in."""
    return _signer().dumps([measure.id, measure.member_id])


def measure_of(token: str) -> Measure | None:
    """The measure of a link, until its time for appeals has passed."""
    longest = APPEAL_WITHIN + timedelta(days=1)
    try:
        measure_id, member_id = _signer().loads(token, max_age=int(longest.total_seconds()))
    except (BadSignature, ValueError, TypeError):
        return None
    measure = db.session.get(Measure, measure_id)
    if measure is None or measure.member_id != member_id or utcnow() > measure.at + APPEAL_WITHIN:
        return None
    return measure


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=PURPOSE)


def _address(measure: Measure) -> str:
    return public_url(url_for("moderation.appeal_by_link", token=token_for(measure)))


def _suspension_of(member_id: int) -> Measure | None:
    standing = measures.standing_against_person("suspend", member_id)
    return max(standing, key=lambda one: (one.until or one.at, one.id), default=None)


@suspending.explains
def why_suspended(member: Member) -> Markup | str | None:
    """What a suspended person is told who tries to sign in; None where a measure ran out and they are free now."""
    over = measures.ran_out(member.id)
    for one in over:
        measures.end(one, by_id=None, how="over")
    if over and member.suspended_at is None:
        return None
    measure = _suspension_of(member.id)
    if measure is None:
        return _("This account is suspended. Write to the people who run this community.")
    return Markup("{} {}").format(_said(measure), _way(member, measure))


def _said(measure: Measure) -> str:
    rule = rule_said(measure.rule)
    if is_endless(measure):
        return _("This account is suspended. Rule: %(rule)s %(words)s", rule=rule, words=measure.words)
    day = i18n.format_when(measure.until)[1] if measure.until else ""
    return _(
        "This account is suspended until %(day)s. Rule: %(rule)s %(words)s", day=day, rule=rule, words=measure.words
    )


def _way(member: Member, measure: Measure) -> Markup:
    if measure.appeal is not None and not measure.appeal.outcome:
        return Markup("{}").format(_("Somebody looks at your appeal."))
    if not can_appeal(member.id, measure):
        return Markup("")
    return Markup('<a href="{}">{}</a>').format(_address(measure), _("Ask for a second look"))


@subscribe(MeasureTaken)
def write_of_suspension(event: MeasureTaken, _fact: Fact) -> None:
    """Who is suspended reads no notices here, and gets a letter."""
    _write_of(event.measure_id)


@subscribe(MeasureChanged)
def write_of_end(event: MeasureChanged, _fact: Fact) -> None:
    """And another one when the end changed."""
    _write_of(event.measure_id)


def _write_of(measure_id: int) -> None:
    measure = db.session.get_one(Measure, measure_id)
    if measure.kind == "suspend" and measure.stands(utcnow()):
        _write("suspended", measure)


@subscribe(AppealDecided)
def write_of_appeal(event: AppealDecided, _fact: Fact) -> None:
    """The answer to an appeal, for whoever stays suspended."""
    measure = db.session.get_one(Measure, event.measure_id)
    if measure.kind == "suspend" and event.outcome == "upheld":
        _write("appeal-decided", measure)


def _write(name: str, measure: Measure) -> None:
    member = measure.member
    if member is None or member.email_confirmed_at is None:
        return
    i18n.speak(member.language)
    said: dict[str, Any] = {
        "rule": rule_said(measure.rule),
        "endless": is_endless(measure),
        "last": measure.at + APPEAL_WITHIN,
    }
    email.post(name, member.email, member=member, measure=measure, link=_address(measure), **said)
