"""What can be decided about something that was flagged, and how such a case looks."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select

from community.core.db import db
from community.core.policies import Actor

from . import flagging, measures, policies, targets
from .kinds import CaseKind, Decision, Shown, register_case_kind
from .models import Case, FlagState, Measure
from .rules import HIDE_AT, REASONS
from .targets import Target

MOST_NOTES = 3
# What cannot be taken from view: there measures are against the person.
PEOPLE = ("member", "message")


def _target(case: Case) -> Target | None:
    return targets.look(case.target_kind, case.target_id)


def _standing(case: Case) -> Measure | None:
    return measures.standing_against(case.target_kind, case.target_id, "hide")


def _take(case: Case, kind: str, by_id: int, words: str, **more: Any) -> Measure:
    target = _target(case)
    return measures.take(
        kind,
        rule=case.rule,
        member_id=case.member_id,
        by_id=by_id,
        space_id=case.space_id,
        words=words,
        removed=target.words if target else "",
        case_id=case.id,
        **more,
    )


def _hide(case: Case, by_id: int, words: str) -> dict[str, Any]:
    """Keep it from view: what a rule hid meanwhile becomes the decision of a person."""
    flagging.settle_flags(case, FlagState.UPHELD)
    by_rule = _standing(case)
    made = _take(case, "hide", by_id, words, target_kind=case.target_kind, target_id=case.target_id)
    if by_rule is not None:
        measures.end(by_rule, by_id=by_id, how="replaced")
    return {"measures": [made.id]}


def _hide_and_warn(case: Case, by_id: int, words: str) -> dict[str, Any]:
    done = _hide(case, by_id, words)
    return {"measures": [*done["measures"], _take(case, "warn", by_id, words).id]}


def _hide_and_silence(case: Case, by_id: int, words: str) -> dict[str, Any]:
    done = _hide(case, by_id, words)
    return {"measures": [*done["measures"], _take(case, "silence", by_id, words).id]}


def _silence(case: Case, by_id: int, words: str) -> dict[str, Any]:
    flagging.settle_flags(case, FlagState.UPHELD)
    return {"measures": [_take(case, "silence", by_id, words).id]}


def _suspend(case: Case, by_id: int, words: str) -> dict[str, Any]:
    flagging.settle_flags(case, FlagState.UPHELD)
    return {"measures": [_take(case, "suspend", by_id, words).id]}


def _warn(case: Case, by_id: int, words: str) -> dict[str, Any]:
    flagging.settle_flags(case, FlagState.UPHELD)
    return {"measures": [_take(case, "warn", by_id, words).id]}


def _fine(case: Case, by_id: int, words: str) -> dict[str, Any]:
    """Nothing is wrong with it: whatever rules did because of these flags is taken back."""
    return _let_be(case, by_id, FlagState.REJECTED)


def _moot(case: Case, by_id: int, words: str) -> dict[str, Any]:
    return _let_be(case, by_id, FlagState.MOOT)


def _let_be(case: Case, by_id: int, state: FlagState) -> dict[str, Any]:
    flagging.settle_flags(case, state)
    by_rule = select(Measure).where(Measure.case_id == case.id, Measure.by_id.is_(None), Measure.ended_at.is_(None))
    for measure in db.session.scalars(by_rule.order_by(Measure.id.desc())).all():
        measures.end(measure, by_id=by_id, how="lifted")
    return {}


def _undo(case: Case, by_id: int) -> None:
    """The measures end, the flags wait again, and what a rule had done is done again."""
    for measure_id in case.before.get("measures", ()):
        measures.end(db.session.get_one(Measure, measure_id), by_id=by_id, how="undone")
    flagging.settle_flags(case, FlagState.OPEN)
    flagging.weigh(case)
    target = _target(case)
    if target is not None and case.score >= HIDE_AT:
        flagging.hide_until_decided(case, target)


def _can_hide(_actor: Actor, case: Case) -> bool:
    kind = targets.target_kind(case.target_kind)
    return kind is not None and kind.hide is not None


def _can_warn(actor: Actor, case: Case) -> bool:
    if case.member is None or not policies.can_punish(actor, case.member):
        return False
    return actor.can(policies.PUNISH, space_id=None if case.staff_only else case.space_id)


def _no_colleague(actor: Actor, case: Case) -> bool:
    """About what other super users of a space wrote, managers decide."""
    return case.member is None or policies.can_measure(actor, case.member)


def _can_silence_person(actor: Actor, case: Case) -> bool:
    return case.target_kind in PEOPLE and _can_warn(actor, case)


def _can_suspend_person(actor: Actor, case: Case) -> bool:
    return _can_silence_person(actor, case) and actor.can(policies.SUSPEND)


def _can_both(actor: Actor, case: Case) -> bool:
    return _can_hide(actor, case) and _can_warn(actor, case)


def flags_said(case: Case) -> list[str]:
    """Who flagged for what, as reviewers read it: the number of people for each reason, and the notes."""
    flags = [flag for flag in case.flags if flag.state != FlagState.WITHDRAWN]
    said = [_("Found: “%(word)s”", word=line["found"]) for line in case.why if "found" in line]
    for key, reason in REASONS.items():
        ones = [flag for flag in flags if flag.reason == key]
        if ones:
            people = ngettext("%(num)s person", "%(num)s people", len(ones))
            weight = sum(flag.weight for flag in ones)
            said.append(
                _("%(reason)s: %(people)s, weight %(weight).1f", reason=reason.label, people=people, weight=weight)
            )
    return [*said, *(f"“{flag.note}”" for flag in flags if flag.note)][: len(said) + MOST_NOTES]


def _show(case: Case, target: Target | None, actor: Actor) -> Shown | None:
    kind = targets.target_kind(case.target_kind)
    if target is None or kind is None:
        return Shown(title=_("This is gone"), address="", why=flags_said(case))
    # A reported message is shown because it was reported, to nobody else and nothing around it.
    if not target.readable and target.kind != "message":
        return None
    hidden = [_("Hidden until decided")] if target.hidden else []
    return Shown(
        title=target.title,
        address=target.address if target.readable else "",
        html=target.html,
        language=target.language,
        parts=[str(kind.label), *hidden],
        why=flags_said(case),
    )


register_case_kind(
    CaseKind(
        "flag",
        _l("Reported"),
        "flag",
        (
            Decision("hide", "a", _l("Hide and explain"), _hide, _undo, asks=True, tone="primary", may=_can_hide),
            Decision("warn", "w", _l("Warn the author"), _warn, _undo, asks=True, may=_can_warn, rare=True),
            Decision("hide_warn", "b", _l("Hide and warn"), _hide_and_warn, _undo, asks=True, may=_can_both, rare=True),
            Decision(
                "silence", "s", _l("Hide and silence"), _hide_and_silence, _undo, asks=True, may=_can_both, rare=True
            ),
            Decision("mute", "s", _l("Silence them"), _silence, _undo, asks=True, may=_can_silence_person),
            Decision("suspend", "u", _l("Suspend them"), _suspend, _undo, asks=True, may=_can_suspend_person),
            Decision("fine", "r", _l("It is fine"), _fine, _undo),
            Decision("moot", "m", _l("No matter any more"), _moot, _undo, rare=True),
        ),
        _show,
        may=_no_colleague,
    )
)
