"""Candidates in the inbox of everything that a person decides: offered, or not now, with words."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from community.core import i18n
from community.core.db import db
from community.core.policies import Actor
from community.moderation.kinds import CaseKind, Decision, Shown, register_case_kind
from community.moderation.models import Case
from community.moderation.targets import Target

from . import operations
from .evidence import evidence_of
from .models import Appointment
from .policies import RUN_PROGRAMME, can_see

LONGEST_SHOWN = 300


def _of(case: Case) -> Appointment:
    return db.session.get_one(Appointment, case.target_id)


def _offer(case: Case, by_id: int, _words: str) -> dict[str, Any]:
    found = _of(case)
    operations.offer(found, by_id=by_id)
    moments = {"begins_at": found.begins_at, "ends_at": found.ends_at}
    return {name: moment.isoformat() if moment else None for name, moment in moments.items()}


def _not_now(case: Case, by_id: int, words: str) -> dict[str, Any]:
    operations.refuse(_of(case), by_id=by_id, words=words)
    return {}


def _undo(case: Case, by_id: int) -> bool:
    return operations.undo_decision(_of(case), case.before, by_id=by_id)


def _can_undo(case: Case) -> bool:
    return operations.can_be_undone(_of(case))


def reasons_of(appointment: Appointment) -> list[str]:
    """What was said for somebody, by whom."""
    said = [f"“{one.reason[:LONGEST_SHOWN]}” ({one.by.name})" for one in appointment.nominations]
    return ([f"“{appointment.reason[:LONGEST_SHOWN]}”"] if appointment.reason else []) + said


def _show(case: Case, _target: Target | None, actor: Actor) -> Shown | None:
    appointment = _of(case)
    if not can_see(actor, appointment):
        return None
    evidence = evidence_of(appointment.member_id, [space.id for space in appointment.spaces])
    figures = [f"{text} ({asked})." for _met, text, asked in evidence.lines()]
    return Shown(
        title=_("Super user: %(name)s", name=appointment.member.name),
        address=url_for("appointments.one", appointment_id=appointment.id),
        language=i18n.language(),
        parts=[space.name for space in appointment.spaces] if len(appointment.spaces) > 1 or not case.space else [],
        why=[*reasons_of(appointment), *figures],
    )


register_case_kind(
    CaseKind(
        operations.CANDIDATE,
        _l("Candidate"),
        "star",
        (
            Decision("offer", "a", _l("Offer it"), _offer, _undo, tone="primary", can_undo=_can_undo),
            Decision("not_now", "r", _l("Not now"), _not_now, _undo, asks=True, can_undo=_can_undo),
        ),
        _show,
        permission=RUN_PROGRAMME,
    )
)
