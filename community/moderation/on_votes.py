"""The measure on votes: those that some people gave each other are set aside, and come back exactly as they were.

One act concerns several people, and each has a measure of their own, so that each is told and each may appeal. The
first one acts for all. Who is found right gets back every vote that they gave or got.
"""

from collections.abc import Collection, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from community.accounts.models import Member
from community.core.db import db
from community.core.policies import Actor
from community.forum.reactions import voiding

from . import measures
from .measures import MeasureKind, register_measure
from .models import Measure
from .policies import VOID_VOTES
from .words import name_rule

KIND, RULE = "void_votes", "votes"


def void_votes(
    member_ids: Collection[int], *, by_id: int | None, words: str = "", case_id: int | None = None
) -> list[Measure]:
    """Set aside every vote that these people gave each other; one measure for each of them, in the order of their ids.

    Ending one gives back what that person gave and got; those whom nothing is kept from any more are free with them.
    """
    people = sorted(set(member_ids))
    taken: list[Measure] = []
    for member_id in people:
        one = measures.take(
            KIND,
            rule=RULE,
            member_id=member_id,
            by_id=by_id,
            words=words,
            case_id=case_id,
            act_id=taken[0].id if taken else None,
            about={"members": people},
        )
        taken.append(one)
    return taken


def void_pair(first_id: int, second_id: int, *, by_id: int, words: str) -> list[Measure]:
    """The same of two people, by hand; nothing, and nobody is told, where no vote between them counts."""
    pair = (first_id, second_id)
    return void_votes(pair, by_id=by_id, words=words) if voiding.any_between(pair) else []


def number_aside(measure: Measure) -> int:
    """How many votes the act set aside."""
    head = _head(measure)
    return int(head.before.get("votes", 0)) if head else 0


def people_in(measure: Measure) -> list[int]:
    """Whom an act is about, by their ids; nobody for measures of other kinds."""
    return list(measure.before.get("members", ())) if measure.kind == KIND else []


def others_in(measure: Measure) -> list[Member]:
    """Whom it is about beside the person that the measure names."""
    ids = [id_ for id_ in people_in(measure) if id_ != measure.member_id]
    return list(db.session.scalars(select(Member).where(Member.id.in_(ids)).order_by(Member.name))) if ids else []


def can_give_back(actor: Actor, measure: Measure) -> bool:
    """Whoever may set votes aside, while some of the act stands; nobody about votes that they gave or got."""
    if measure.kind != KIND or not actor.can(VOID_VOTES) or actor.id in people_in(measure):
        return False
    return bool(_standing(measure))


def give_back(measure: Measure, *, by_id: int) -> bool:
    """End every measure of the act, so that all of its votes count as they did; False where all had ended."""
    return sum(measures.end(one, by_id=by_id, how="undone") for one in _standing(measure)) > 0


def _head(measure: Measure) -> Measure | None:
    return db.session.get(Measure, measure.act_id or measure.id) if measure.kind == KIND else None


def _standing(measure: Measure) -> Sequence[Measure]:
    act_id = measure.act_id or measure.id
    of_act = (Measure.act_id == act_id) | (Measure.id == act_id)
    wanted = select(Measure).where(of_act, Measure.kind == KIND, Measure.ended_at.is_(None))
    return db.session.scalars(wanted.order_by(Measure.id)).all()


def _act(measure: Measure) -> dict[str, Any]:
    """The first measure of an act does it; one that names a member as its target is an act about the two."""
    people = list(measure.before.get("members", ()))
    if not people and measure.target_kind == "member" and measure.member_id is not None:
        people = sorted({measure.member_id, measure.target_id})
    if measure.act_id is not None:
        return {"members": people}
    return {"members": people, "votes": voiding.set_aside(people, act_id=measure.id, by_id=measure.by_id)}


def _back(measure: Measure, by_id: int | None) -> None:
    act_id = measure.act_id or measure.id
    voiding.give_back(act_id, member_id=measure.member_id, by_id=by_id)
    still = voiding.concerned_by(act_id)
    for other in _standing(measure):
        if other.member_id not in still:
            measures.end(other, by_id=by_id, how="lifted")


name_rule(RULE, _l("A vote says that a text helped. It is no gift between people."))
register_measure(
    MeasureKind(KIND, _l("Votes set aside"), _l("Votes between you and others were set aside"), _act, _back)
)
