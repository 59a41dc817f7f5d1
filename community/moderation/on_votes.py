"""The measure on votes: those that some people gave each other are set aside, and come back exactly as they were.

One act concerns several people, and each has a measure of their own, so that each is told and each may appeal. The
first one acts for all. Who is found right gets back every vote that they gave or got.
"""

from collections.abc import Collection
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from community.core.db import db
from community.forum.reactions import voiding

from . import measures
from .measures import MeasureKind, register_measure
from .models import Measure
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
    others = select(Measure).where(
        (Measure.act_id == act_id) | (Measure.id == act_id), Measure.kind == KIND, Measure.ended_at.is_(None)
    )
    for other in db.session.scalars(others.order_by(Measure.id)).all():
        if other.member_id not in still:
            measures.end(other, by_id=by_id, how="lifted")


name_rule(RULE, _l("A vote says that a text helped. It is no gift between people."))
register_measure(
    MeasureKind(KIND, _l("Votes set aside"), _l("Votes between you and others were set aside"), _act, _back)
)
