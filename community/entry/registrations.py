"""Registrations that wait for a person, in the inbox."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from markupsafe import escape
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from community.accounts.entering import joining, rules
from community.accounts.entering.events import AdmissionAsked, AdmissionDecided
from community.accounts.entering.models import Registration, State
from community.accounts.models import Member
from community.core import email, i18n
from community.core.db import db, utcnow
from community.core.events import Fact, subscribe
from community.core.jobs import every
from community.core.policies import Actor
from community.core.web import public_url
from community.moderation.cases import open_case
from community.moderation.kinds import CaseKind, Decision, Shown, Things, register_case_kind
from community.moderation.models import Case, CaseState, Opinion
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
    """Write to whoever asked what was decided, in the decider's words, unless it was taken back meanwhile."""
    registration = rules.registration_of(event.member_id)
    if registration is None or registration.state != event.outcome:
        return
    member = db.session.get_one(Member, event.member_id)
    i18n.speak(member.language)
    letter = "admitted" if event.outcome == "admitted" else "not-admitted"
    link = public_url(url_for("accounts.sign_in"))
    email.post(letter, member.email, member=member, words=_words(registration), link=link)


def _words(registration: Registration) -> str:
    """What whoever decided said to them; it is kept with the case alone."""
    said = select(Case.words).where(Case.kind == KIND, Case.target_id == registration.id)
    return db.session.scalar(said.order_by(Case.id.desc()).limit(1)) or ""


@every(hours=24)
def forget_words() -> None:
    """Erase what was said of people who were refused, with the rest of them."""
    refused = select(Registration.id).where(
        Registration.state == State.REFUSED, Registration.decided_at < utcnow() - joining.REFUSED_KEPT
    )
    cases = select(Case.id).where(Case.kind == KIND, Case.target_id.in_(refused), Case.state == CaseState.DECIDED)
    for table, column in ((Case, Case.id), (Opinion, Opinion.case_id)):
        said = update(table).where(column.in_(cases), table.words != "")
        db.session.execute(said.values(words=""), execution_options={"synchronize_session": False})
    notes = update(Case).where(Case.id.in_(cases), Case.note != "").values(note="")
    db.session.execute(notes, execution_options={"synchronize_session": False})


def _registration(case: Case) -> Registration:
    return db.session.get_one(Registration, case.target_id, with_for_update={"of": Registration})


def _admit(case: Case, by_id: int, _words: str) -> dict[str, Any]:
    joining.admit(_registration(case), by_id=by_id)
    return {}


def _refuse(case: Case, by_id: int, _words: str) -> dict[str, Any]:
    joining.refuse(_registration(case), by_id=by_id)
    return {}


def _wait_again(case: Case, _by_id: int) -> bool:
    return joining.wait_again(_registration(case))


def _show_all(waiting: Sequence[Case], _things: Things, _actor: Actor) -> dict[int, Shown]:
    if not waiting:
        return {}
    case_of = {case.target_id: case.id for case in waiting}
    wanted = select(Registration).where(Registration.id.in_(case_of)).options(joinedload(Registration.member))
    rows = db.session.scalars(wanted).all()
    others = _others(rows)
    return {case_of[row.id]: _shown(row, others[row.id]) for row in rows}


def _others(rows: Sequence[Registration]) -> dict[int, int]:
    """How many others came from the same network address within a week before or since, for each of them."""
    since = min((row.at for row in rows), default=utcnow()) - NEARBY
    addresses = {row.address for row in rows if row.address}
    joined = select(Registration.address, Registration.at).where(
        Registration.address.in_(addresses), Registration.at > since
    )
    at: dict[str, list[datetime]] = {}
    for address, moment in db.session.execute(joined):
        at.setdefault(address, []).append(moment)
    near = {row.id: [moment for moment in at.get(row.address, ()) if moment > row.at - NEARBY] for row in rows}
    return {id_: max(0, len(moments) - 1) for id_, moments in near.items()}


def _shown(registration: Registration, others: int) -> Shown:
    member = registration.member
    html = "".join(f"<p>{escape(line)}</p>" for line in registration.words.splitlines() if line.strip())
    return Shown(title=member.name, address="", html=html, parts=[member.email], why=_why(others))


def _why(others: int) -> list[str]:
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
        show_all=_show_all,
        permission=ADMIT,
    )
)
