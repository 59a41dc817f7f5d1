"""What a person can decide about a finding, and how the case looks."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from community import public
from community.core.db import db, utcnow
from community.core.i18n import language
from community.core.policies import Actor
from community.public import Case, CaseKind, Decision, MemberSnapshot, Shown, register_case_kind

from .models import Outcome, VoteFinding
from .watching import CASE
from .words import lines_of, title_of


def _decided(case: Case, outcome: Outcome) -> VoteFinding:
    found = db.session.get_one(VoteFinding, case.target_id, with_for_update=True, populate_existing=True)
    found.outcome, found.decided_at = outcome.value, utcnow() if outcome != Outcome.WAITING else None
    return found


def _void(case: Case, by_id: int, words: str) -> dict[str, Any]:
    """Set aside what these people gave each other; each of them is told, and may ask for a second look."""
    found = _decided(case, Outcome.VOID)
    taken = public.void_votes(found.members, by_id=by_id, words=words, case_id=case.id)
    return {"measures": [measure.id for measure in taken]}


def _take_back(case: Case, by_id: int) -> None:
    """Everything counts again as it did, and the finding waits."""
    _decided(case, Outcome.WAITING)
    public.give_back_votes(case.before.get("measures", ()), by_id=by_id)


def _honest(case: Case, _by_id: int, _words: str) -> dict[str, Any]:
    _decided(case, Outcome.HONEST)
    return {}


def _not_about_oneself(actor: Actor, case: Case) -> bool:
    """Nobody decides about votes that they gave or got."""
    return all(actor.id not in evidence["members"] for evidence in case.why)


def _show_all(cases: Sequence[Case], _things: object, actor: Actor) -> dict[int, Shown]:
    seen = [case for case in cases if case.why and _not_about_oneself(actor, case)]
    people = public.members({id_ for case in seen for id_ in case.why[0]["members"]})
    return {case.id: _shown(case, people) for case in seen}


def _shown(case: Case, people: Mapping[int, MemberSnapshot]) -> Shown:
    evidence = case.why[0]
    names = {id_: one.name for id_, one in people.items()}
    main = people.get(evidence["getter_id"] or evidence["members"][0])
    return Shown(
        title=title_of(evidence),
        address=url_for("gamification.standing", handle=main.handle) if main else "",
        language=language(),
        parts=[_("Nothing happened yet")] if not case.is_decided else [],
        why=lines_of(evidence, names),
    )


register_case_kind(
    CaseKind(
        CASE,
        _l("Votes"),
        "up",
        (
            Decision("void", "v", _l("Set these votes aside"), _void, _take_back, asks=True),
            Decision("honest", "o", _l("These are honest"), _honest, _take_back, tone="primary"),
        ),
        show_all=_show_all,
        may=_not_about_oneself,
    )
)
