"""The look at a broken rule: a case of the one inbox, for managers, never for whoever did or recorded it."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from community.core import i18n
from community.core.db import db
from community.core.policies import Actor
from community.moderation.kinds import Apply, CaseKind, Decision, Shown, register_case_kind
from community.moderation.models import Case
from community.moderation.targets import Target

from . import kinds, operations, policies
from .models import KIND, Deviation


def _of(case: Case) -> Deviation:
    return db.session.get_one(Deviation, case.target_id)


def _somebody_else(actor: Actor, case: Case) -> bool:
    return policies.can_review(actor, _of(case))


def _deciding(outcome: str) -> Apply:
    def apply(case: Case, by_id: int, words: str) -> dict[str, Any]:
        operations.review(_of(case), outcome, by_id=by_id, words=words)
        return {}

    return apply


def _undo(case: Case, by_id: int) -> bool:
    return operations.undo_review(_of(case), by_id=by_id)


def _can_undo(case: Case) -> bool:
    return operations.can_be_undone(_of(case))


def _decision(key: str, letter: str, tone: str = "") -> Decision:
    label, apply = kinds.OUTCOMES[key], _deciding(key)
    return Decision(key, letter, label, apply, _undo, asks=True, tone=tone, can_undo=_can_undo)


def _show(case: Case, _target: Target | None, actor: Actor) -> Shown | None:
    found = _of(case)
    if not policies.can_read(actor, found):
        return None
    return Shown(
        title=_("Broken on purpose: %(rule)s", rule=found.which or kinds.said(found.rule)),
        address=url_for("deviations.page", deviation_id=found.id),
        language=i18n.language(),
        parts=[kinds.said(found.rule)],
        why=[
            _("Why: %(words)s", words=found.why),
            _("Done: %(words)s", words=found.done),
            *([_("Hoped for: %(words)s", words=found.hoped)] if found.hoped else []),
        ],
    )


register_case_kind(
    CaseKind(
        KIND,
        _l("Rule broken on purpose"),
        "sliders",
        (_decision("fine", "a", "primary"), _decision("coach", "r"), _decision("change", "x")),
        _show,
        may=_somebody_else,
        permission=policies.REVIEW_DEVIATIONS,
    )
)
