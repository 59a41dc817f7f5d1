"""What the spam service found, in the inbox: a person has the last word."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from community.core.db import db
from community.core.policies import Actor
from community.moderation import flagging, measures, targets
from community.moderation.kinds import CaseKind, Decision, Shown, Things, own_target, register_case_kind
from community.moderation.models import Case, Measure
from community.moderation.targets import Target

from .checking import KIND
from .models import SpamOpinion


def _standing(case: Case) -> Measure | None:
    return measures.standing_against(case.target_kind, case.target_id, "hide")


def _hide(case: Case, by_id: int, words: str, rule: str) -> dict[str, Any]:
    """What the service hid meanwhile becomes the decision of a person."""
    by_rule, target = _standing(case), targets.look(case.target_kind, case.target_id)
    made = measures.take(
        "hide",
        rule=rule,
        member_id=case.member_id,
        by_id=by_id,
        space_id=case.space_id,
        target_kind=case.target_kind,
        target_id=case.target_id,
        words=words,
        removed=target.words if target else "",
        case_id=case.id,
    )
    if by_rule is not None:
        measures.end(by_rule, by_id=by_id, how="replaced")
    return {"measures": [made.id], "hidden": by_rule is not None}


def _spam(case: Case, by_id: int, words: str) -> dict[str, Any]:
    return _hide(case, by_id, words, "spam")


def _other(case: Case, by_id: int, words: str) -> dict[str, Any]:
    return _hide(case, by_id, words, "charter")


def _fine(case: Case, by_id: int, _words: str) -> dict[str, Any]:
    by_rule = _standing(case)
    if by_rule is not None and by_rule.case_id == case.id and by_rule.by_id is None:
        measures.end(by_rule, by_id=by_id, how="lifted")
        return {"lifted": True}
    return {}


def _undo(case: Case, by_id: int) -> None:
    """What was hidden until somebody decided is hidden again."""
    for measure_id in case.before.get("measures", ()):
        measures.end(db.session.get_one(Measure, measure_id), by_id=by_id, how="undone")
    if case.before.get("lifted") or case.before.get("hidden"):
        target = targets.look(case.target_kind, case.target_id)
        if target is not None:
            flagging.hide_until_decided(case, target)


def _show_all(cases: Sequence[Case], things: Things, _actor: Actor) -> dict[int, Shown]:
    said = select(SpamOpinion).where(SpamOpinion.target_id.in_({case.target_id for case in cases}))
    reasons = {(one.target_kind, one.target_id): one.reason for one in db.session.scalars(said)} if cases else {}
    seen = [(case, things.get(own_target(case))) for case in cases]
    readable = [(case.id, target) for case, target in seen if target is not None and target.readable]
    return {id_: _shown(target, reasons.get((target.kind, target.id), "")) for id_, target in readable}


def _shown(target: Target, reason: str) -> Shown:
    why = [_("The service says: %(word)s.", word=reason)] if reason else []
    parts = [_("Hidden until decided")] if target.hidden else []
    return Shown(target.title, target.address, target.html, target.language, parts=parts, why=why)


register_case_kind(
    CaseKind(
        KIND,
        _l("Perhaps spam"),
        "flag",
        (
            Decision("spam", "a", _l("It is spam"), _spam, _undo, asks=True, tone="primary"),
            Decision("fine", "r", _l("It is no spam"), _fine, _undo),
            Decision("other", "o", _l("Hide for another reason"), _other, _undo, asks=True, rare=True),
        ),
        show_all=_show_all,
    )
)
