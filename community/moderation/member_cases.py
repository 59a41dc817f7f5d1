"""People who were brought before the managers, by a super user who may not act against a colleague."""

from collections.abc import Callable
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from community.core.db import db
from community.core.policies import Actor

from . import measures, policies
from .kinds import CaseKind, Decision, Shown, register_case_kind
from .models import Case, Measure
from .targets import Target


def _taking(kind: str) -> Callable[[Case, int, str], dict[str, Any]]:
    def take(case: Case, by_id: int, words: str) -> dict[str, Any]:
        made = measures.take(kind, rule=case.rule, member_id=case.member_id, by_id=by_id, words=words, case_id=case.id)
        return {"measures": [made.id]}

    return take


def _undo(case: Case, by_id: int) -> None:
    for measure_id in case.before.get("measures", ()):
        measures.end(db.session.get_one(Measure, measure_id), by_id=by_id, how="undone")


def _fine(_case: Case, _by_id: int, _words: str) -> dict[str, Any]:
    return {}


def _can_punish(actor: Actor, case: Case) -> bool:
    return case.member is not None and policies.can_punish(actor, case.member)


def can_suspend(actor: Actor, case: Case) -> bool:
    """Managers, and nobody that belongs to staff."""
    return _can_punish(actor, case) and actor.can(policies.SUSPEND)


def _show(case: Case, target: Target | None, _actor: Actor) -> Shown | None:
    if target is None:
        return None
    why = [line["text"] for line in case.why]
    handle = case.member.handle if case.member else ""
    address = url_for("about_people.known", handle=handle) if handle else target.address
    return Shown(target.title, address, target.html, target.language, parts=[_("Profile")], why=why)


register_case_kind(
    CaseKind(
        "member",
        _l("Reported member"),
        "user",
        (
            Decision("warn", "w", _l("Warn them"), _taking("warn"), _undo, asks=True, tone="primary", may=_can_punish),
            Decision("silence", "s", _l("Silence them"), _taking("silence"), _undo, asks=True, may=_can_punish),
            Decision(
                "suspend", "u", _l("Suspend them"), _taking("suspend"), _undo, asks=True, may=can_suspend, rare=True
            ),
            Decision("fine", "r", _l("It is fine"), _fine, _undo),
        ),
        _show,
    )
)
