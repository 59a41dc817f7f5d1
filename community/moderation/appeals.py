"""Appeals: once for each measure, within 14 days, decided by somebody else, and what was done is put back exactly."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from community.core import events
from community.core.db import db, utcnow
from community.core.policies import Actor

from . import cleaning, measures, targets
from .cases import open_case
from .events import AppealDecided, Appealed
from .kinds import CaseKind, Decision, Shown, case_kind, register_case_kind
from .models import Appeal, Case, Measure
from .rules import APPEAL_WITHIN
from .targets import Target
from .words import rule_said

EXCERPT = 600


def can_appeal(member_id: int | None, measure: Measure) -> bool:
    """The person concerned, once, within 14 days, while it can still be put right."""
    kind = measures.measure_kind(measure.kind)
    concerned = member_id is not None and measure.member_id == member_id
    open_still = measure.appeal is None and measure.ended_how not in ("undone", "lifted", "appeal", "replaced")
    return concerned and kind.appealable and open_still and utcnow() <= measure.at + APPEAL_WITHIN


def appeal(measure: Measure, *, member_id: int, words: str) -> Appeal:
    """Ask for a second look; the caller has asked `can_appeal`."""
    target = targets.look(measure.target_kind, measure.target_id) if measure.target_kind else None
    case = open_case(
        "appeal",
        "measure",
        measure.id,
        rule=measure.rule,
        space_id=measure.space_id,
        member_id=member_id,
        staff_only=target.staff_only if target else False,
        by_id=member_id,
    )
    made = Appeal(measure_id=measure.id, member_id=member_id, words=words, case_id=case.id, at=utcnow())
    db.session.add(made)
    db.session.flush()
    events.record(Appealed(actor_id=member_id, measure_id=measure.id, appeal_id=made.id))
    return made


def _of(case: Case) -> Measure:
    if case.measure is None:
        raise LookupError(f"case {case.id} is about no measure")
    return case.measure


def _subject(case: Case) -> tuple[str, int]:
    """An appeal is about what the measure was taken against."""
    measure = _of(case)
    return measure.target_kind, measure.target_id


def _answer(case: Case, outcome: str, by_id: int, words: str) -> Appeal:
    measure = _of(case)
    made = measure.appeal
    if made is None:
        raise LookupError(f"measure {measure.id} has no appeal")
    made.outcome, made.answer, made.decided_by_id, made.decided_at = outcome, words, by_id, utcnow()
    events.record(
        AppealDecided(
            actor_id=by_id, measure_id=measure.id, appeal_id=made.id, outcome=outcome, member_id=made.member_id
        )
    )
    return made


def _reverse(case: Case, by_id: int, words: str) -> dict[str, Any]:
    _answer(case, "reversed", by_id, words)
    measure = _of(case)
    if cleaning.is_act(measure):
        cleaning.put_back(measure, by_id=by_id, how="appeal")
    else:
        measures.end(measure, by_id=by_id, how="appeal")
    return {}


def _uphold(case: Case, by_id: int, words: str) -> dict[str, Any]:
    _answer(case, "upheld", by_id, words)
    return {}


def somebody_else(actor: Actor, case: Case) -> bool:
    """Nobody decides on an appeal against what they did themselves."""
    return actor.id != _of(case).by_id


def _show(case: Case, target: Target | None, _actor: Actor) -> Shown | None:
    measure = _of(case)
    made = measure.appeal
    if target is not None and target.kind != "message" and not target.readable:
        return None
    kind = measures.measure_kind(measure.kind)
    who = measure.by.name if measure.by else _("a rule")
    return Shown(
        title=_("Appeal: %(measure)s", measure=kind.label),
        address=url_for("moderation.measure", measure_id=measure.id),
        parts=[_("by %(who)s", who=who), rule_said(measure.rule)],
        html=str(Markup("<p>{}</p>").format(made.words)) if made else "",
        why=_before(measure),
    )


def _before(measure: Measure) -> list[str]:
    """What was said so far: to the person, and by those who gave an opinion."""
    lines = [_("What the person was told: “%(words)s”", words=measure.words)] if measure.words else []
    if measure.removed:
        lines.append(_("What it is about: “%(words)s”", words=measure.removed[:EXCERPT]))
    case = measure.case
    for one in case.opinions if case else ():
        kind = case_kind(case.kind) if case else None
        decision = kind.by_key[one.decision].label if kind and one.decision in kind.by_key else one.decision
        lines.append(
            _("%(name)s thought: %(decision)s “%(words)s”", name=one.member.name, decision=decision, words=one.words)
        )
    return lines


register_case_kind(
    CaseKind(
        "appeal",
        _l("Appeal"),
        "history",
        (
            Decision("reverse", "a", _l("Put it right"), _reverse, asks=True, tone="primary"),
            Decision("uphold", "r", _l("The measure stays"), _uphold, asks=True),
        ),
        _show,
        may=somebody_else,
        subject=_subject,
    )
)
