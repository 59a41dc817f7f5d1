"""Registrations that wait for a person, in the inbox."""

from datetime import timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from markupsafe import escape
from sqlalchemy import func, select

from community.accounts.entering import joining, rules
from community.accounts.entering.events import AdmissionAsked, AdmissionDecided
from community.accounts.entering.models import Registration
from community.accounts.models import Member
from community.core import email, i18n
from community.core.db import db, utcnow
from community.core.events import Fact, subscribe
from community.core.policies import Actor
from community.core.web import public_url
from community.moderation.cases import open_case
from community.moderation.kinds import CaseKind, Decision, Shown, register_case_kind
from community.moderation.models import Case
from community.moderation.targets import Target
from community.moderation.words import name_rule

from .policies import ADMIT

KIND = "registration"
WITHIN = timedelta(hours=24)
NEARBY = timedelta(days=7)

name_rule("held_approval", _l("Everybody who wants to join waits for a person."))
name_rule("held_domain", _l("People with addresses of this domain wait for a person."))
name_rule("held_network", _l("People from this network wait for a person."))


@subscribe(AdmissionAsked)
def open_registration(event: AdmissionAsked, _fact: Fact) -> None:
    """One case for each person who waits, once their address is confirmed."""
    registration = rules.registration_of(event.member_id)
    if registration is not None and registration.state == "waiting":
        open_case(
            KIND,
            KIND,
            registration.id,
            rule=f"held_{registration.held_by}",
            member_id=event.member_id,
            due_at=utcnow() + WITHIN,
            by_id=event.member_id,
        )


@subscribe(AdmissionDecided)
def tell(event: AdmissionDecided, _fact: Fact) -> None:
    """Write to whoever asked what was decided, in the decider's words."""
    member = db.session.get_one(Member, event.member_id)
    i18n.speak(member.language)
    letter = "admitted" if event.outcome == "admitted" else "not-admitted"
    email.post(letter, member.email, member=member, words=event.words, link=public_url(url_for("accounts.sign_in")))


def _registration(case: Case) -> Registration:
    return db.session.get_one(Registration, case.target_id, with_for_update={"of": Registration})


def _admit(case: Case, by_id: int, words: str) -> dict[str, Any]:
    joining.admit(_registration(case), by_id=by_id, words=words)
    return {}


def _refuse(case: Case, by_id: int, words: str) -> dict[str, Any]:
    joining.refuse(_registration(case), by_id=by_id, words=words)
    return {}


def _wait_again(case: Case, _by_id: int) -> None:
    joining.wait_again(_registration(case))


def _show(case: Case, _target: Target | None, _actor: Actor) -> Shown | None:
    registration = db.session.get(Registration, case.target_id)
    if registration is None:
        return None
    member = registration.member
    html = "".join(f"<p>{escape(line)}</p>" for line in registration.words.splitlines() if line.strip())
    return Shown(title=member.name, address="", html=html, parts=[member.email], why=_why(registration))


def _why(registration: Registration) -> list[str]:
    if not registration.address:
        return []
    since = registration.at - NEARBY
    same = select(func.count(Registration.id)).where(
        Registration.address == registration.address, Registration.at > since, Registration.id != registration.id
    )
    others = db.session.scalar(same) or 0
    if not others:
        return []
    said = ngettext("%(num)s other person", "%(num)s other people", others)
    return [_("%(others)s joined from the same network address within a week.", others=said)]


register_case_kind(
    CaseKind(
        KIND,
        _l("Wants to join"),
        "user",
        (
            Decision("admit", "a", _l("Let them in"), _admit, tone="primary"),
            Decision("refuse", "r", _l("Refuse and explain"), _refuse, _wait_again, asks=True),
        ),
        _show,
        permission=ADMIT,
    )
)
