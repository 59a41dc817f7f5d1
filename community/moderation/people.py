"""What moderators know of a person, and what they do about the person and not only about some words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.orm import joinedload

from community.accounts.models import Member
from community.core import events
from community.core.db import db, utcnow
from community.core.policies import Actor
from community.forum.models import Post, Thread
from community.spaces.models import Space

from . import flagging, measures, policies
from .cases import open_case
from .events import MeasureChanged
from .models import Case, CaseState, Flag, FlagState, Measure
from .rules import next_step

MOST = 100
ON_PEOPLE = ("warn", "silence", "suspend")


@dataclass(frozen=True)
class Known:
    """What one moderator knows of a person."""

    measures: list[Measure]
    open_flags: dict[str, int]
    upheld: int
    decided: int
    posts: int
    waiting: int

    @property
    def accuracy(self) -> int | None:
        """Of a hundred reports of theirs that were decided, how many were right."""
        return round(100 * self.upheld / self.decided) if self.decided else None


def member_for(actor: Actor, handle: str) -> Member | None:
    """Somebody about whom the actor may know this: managers about all, super users about who writes in their spaces."""
    member = db.session.scalar(select(Member).where(Member.handle == handle.lower()))
    if member is None or member.id == actor.id or not actor.can_somewhere(policies.PUNISH):
        return None
    return member if actor.can(policies.PUNISH) or spaces_of(actor, member) else None


def spaces_of(actor: Actor, member: Member) -> list[Space]:
    """The spaces that the actor looks after and in which the person wrote, those with most first; none for managers."""
    if actor.can(policies.PUNISH):
        return []
    wrote = (
        select(Thread.space_id, func.count(Post.id).label("posts"))
        .join(Post, Post.thread_id == Thread.id)
        .where(Post.author_id == member.id, Thread.space_id.in_(sorted(actor.leads_in)))
        .group_by(Thread.space_id)
        .subquery()
    )
    rows = select(Space).join(wrote, wrote.c.space_id == Space.id).order_by(wrote.c.posts.desc(), Space.id)
    return list(db.session.scalars(rows))


def known_of(actor: Actor, member: Member) -> Known:
    """Measures, open reports, and how often the person's own reports were right; in the actor's spaces."""
    upheld, decided = flagging.record_of(member.id)
    flags = db.session.execute(
        select(Flag.reason, func.count(Flag.id))
        .join(Flag.case)
        .where(Flag.author_id == member.id, Flag.state == FlagState.OPEN, _here(actor, Case.space_id))
        .group_by(Flag.reason)
    )
    waits = select(func.count(Case.id)).where(
        Case.member_id == member.id, Case.state != CaseState.DECIDED, _here(actor, Case.space_id)
    )
    posts = select(func.count(Post.id)).join(Post.thread).where(Post.author_id == member.id)
    return Known(
        measures=list(db.session.scalars(_measures(actor, member))),
        open_flags={reason: int(number) for reason, number in flags},
        upheld=upheld,
        decided=decided,
        posts=db.session.scalar(posts.where(_here(actor, Thread.space_id))) or 0,
        waiting=db.session.scalar(waits) or 0,
    )


def _here(actor: Actor, space_id: ColumnElement[int | None] | object) -> ColumnElement[bool]:
    column: ColumnElement[int | None] = space_id  # type: ignore[assignment]
    return true() if actor.can(policies.PUNISH) else column.in_(sorted(actor.leads_in))


def _measures(actor: Actor, member: Member) -> Select[Measure]:
    return (
        select(Measure)
        .where(Measure.member_id == member.id, or_(_here(actor, Measure.space_id), Measure.by_id == actor.id))
        .options(joinedload(Measure.by), joinedload(Measure.appeal), joinedload(Measure.space))
        .order_by(Measure.id.desc())
        .limit(MOST)
    )


def offered(actor: Actor, member: Member) -> list[str]:
    """The kinds of measures that the actor may take against the person."""
    if not policies.can_punish(actor, member):
        return []
    return [kind for kind in ON_PEOPLE if kind != "suspend" or actor.can(policies.SUSPEND)]


def proposed(member: Member) -> dict[str, timedelta]:
    """How long the next silence or suspension lasts by the ladder."""
    return {kind: next_step(measures.earlier(kind, member.id)) for kind in ("silence", "suspend")}


def may_change(actor: Actor, measure: Measure) -> bool:
    """Who lifts a measure against a person or changes its end: whoever may take it there, never the person."""
    if measure.kind not in ("silence", "suspend") or measure.member is None or not measure.stands(utcnow()):
        return False
    if not policies.can_punish(actor, measure.member):
        return False
    right = policies.SUSPEND if measure.kind == "suspend" else policies.PUNISH
    return actor.can(right, space_id=measure.space_id)


def change_end(measure: Measure, until: datetime, *, by_id: int) -> None:
    """Let it end at another moment; the person concerned is told."""
    measure.until = until
    db.session.flush()
    measures.measure_kind(measure.kind).act(measure)
    events.record(MeasureChanged(actor_id=by_id, measure_id=measure.id, member_id=measure.member_id))


def ask_a_manager(actor: Actor, member: Member, words: str) -> Case:
    """Bring a person before those who may act against them."""
    case = open_case("member", "member", member.id, rule="charter", member_id=member.id, by_id=actor.id)
    case.why = [*case.why, {"text": f"{actor.name}: {words}"}]
    return case
