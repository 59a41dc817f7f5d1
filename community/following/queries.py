"""Who is told of a thread, found in a fixed number of statements however many follow it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, literal, or_, select, union_all
from sqlalchemy.orm import joinedload

from community.accounts.models import SPACE_MEMBER, SUPER_USER, Grant, Member
from community.core.db import UtcDateTime, db, utcnow
from community.core.policies import Actor, Role
from community.forum.models import HaveToo, Post, Thread, ThreadTag
from community.forum.policies import can_read_thread
from community.forum.reactions import own
from community.groups.models import Right
from community.groups.rights import holds

from .models import Following, FollowingPreference, Level
from .rules import Levels, effective, tells

ASKING = func.coalesce(FollowingPreference.when_asking, Level.WATCHING.value)
JOINING = func.coalesce(FollowingPreference.when_joining, Level.WATCHING.value)
NOWHERE: frozenset[int] = frozenset()
THIS: BindParameter[int] = bindparam("thread_id")


def _of_it(column: Any) -> Any:
    """The thread, and those whose posts were moved into it."""
    merged = select(Thread.id).where(Thread.merged_into_id == THIS)
    return or_(column == THIS, column.in_(merged))


def _part(why: str, member: Any, level: Any) -> own.Part:
    return select(member.label("member_id"), literal(why).label("why"), level.label("level"))


def _preferring(part: own.Part, member: Any) -> own.Part:
    return part.outerjoin(FollowingPreference, FollowingPreference.member_id == member)


# Everything that anybody said about a thread, its tags, its space and whoever acts.
_SAID = union_all(
    _part("thread", Following.member_id, Following.level).where(_of_it(Following.thread_id)),
    _part("tag", Following.member_id, Following.level)
    .join(ThreadTag, ThreadTag.tag == Following.tag)
    .where(ThreadTag.thread_id == THIS),
    _part("space", Following.member_id, Following.level)
    .join(Thread, Thread.space_id == Following.space_id)
    .where(Thread.id == THIS),
    _part("by", Following.member_id, Following.level).where(Following.person_id == bindparam("by_id")),
    _part("of", Following.member_id, Following.level).where(Following.person_id == bindparam("of_id")),
    _preferring(_part("self", Thread.author_id, ASKING), Thread.author_id).where(_of_it(Thread.id)),
    _preferring(_part("self", Post.author_id, JOINING), Post.author_id)
    .where(Post.thread_id == THIS, Post.number > 1, Post.hidden_at.is_(None))
    .distinct(),
    _preferring(_part("self", HaveToo.member_id, JOINING), HaveToo.member_id).where(HaveToo.thread_id == THIS),
).subquery()


def _stands(kind: str) -> Any:
    now = bindparam("now", type_=UtcDateTime())
    return (
        select(Grant.id)
        .join(Thread, Thread.space_id == Grant.space_id)
        .where(
            Thread.id == THIS,
            Grant.member_id == _SAID.c.member_id,
            Grant.kind == kind,
            or_(Grant.until.is_(None), Grant.until > now),
        )
        .exists()
    )


_THERE = select(Thread.space_id).where(Thread.id == THIS).scalar_subquery()
_AUDIENCE = (
    select(
        _SAID.c.member_id,
        _SAID.c.why,
        _SAID.c.level,
        Member.role,
        Member.organisation_id,
        or_(_stands(SUPER_USER), holds(_SAID.c.member_id, _THERE, Right.MODERATE)),
        or_(_stands(SPACE_MEMBER), holds(_SAID.c.member_id, _THERE)),
    )
    .join(Member, Member.id == _SAID.c.member_id)
    .where(Member.suspended_at.is_(None))
)


@dataclass
class _Person:
    """What one person said, and what they may see."""

    actor: Actor
    said: dict[str, list[Level]] = field(default_factory=lambda: defaultdict(list))

    @property
    def level(self) -> Level:
        return effective(
            Levels(
                thread=max(self.said["thread"], default=None),
                by_itself=self.said["self"],
                tags=self.said["tag"],
                space=max(self.said["space"], default=None),
            )
        )

    @property
    def deaf(self) -> bool:
        return self.level is Level.MUTED or Level.MUTED in self.said["by"]


@dataclass(frozen=True)
class Audience:
    """Who may read a thread and is told of it; who takes part in it already is not told that it began.

    `deaf` are told nothing of it at all, also not of a mention.
    """

    new_thread: frozenset[int]
    new_post: frozenset[int]
    followers: frozenset[int]
    deaf: frozenset[int]


def audience(thread_id: int, *, by_id: int | None = None, of_id: int | None = None) -> Audience:
    """Who is told of what `by_id` did in a thread, in two statements. `followers` are those of `of_id`."""
    thread = db.session.get_one(Thread, thread_id, options=[joinedload(Thread.space)])
    people = _people(thread, by_id, of_id)
    hearing = {id_: person for id_, person in people.items() if not person.deaf}
    readers = {id_: person for id_, person in hearing.items() if id_ != by_id and can_read_thread(person.actor, thread)}
    return Audience(
        new_thread=frozenset(
            id_ for id_, person in readers.items() if tells(person.level, first_post=True) and not person.said["self"]
        ),
        new_post=frozenset(id_ for id_, person in readers.items() if tells(person.level, first_post=False)),
        followers=frozenset(id_ for id_, person in readers.items() if Level.WATCHING_FIRST in person.said["of"]),
        deaf=frozenset(people.keys() - hearing.keys()),
    )


def _people(thread: Thread, by_id: int | None, of_id: int | None) -> dict[int, _Person]:
    found: dict[int, _Person] = {}
    here = frozenset({thread.space_id})
    values = {"thread_id": thread.id, "by_id": by_id, "of_id": of_id, "now": utcnow()}
    for member_id, why, level, role, organisation_id, leads, belongs in db.session.execute(_AUDIENCE, values):
        if member_id not in found:
            actor = Actor(
                id=member_id,
                role=Role(role),
                moderates_in=here if leads else NOWHERE,
                member_of=here if leads or belongs else NOWHERE,
                organisation_id=organisation_id,
            )
            found[member_id] = _Person(actor)
        found[member_id].said[why].append(Level(level))
    return found


def recipients(thread_id: int, *, first_post: bool) -> set[int]:
    """Who may read the thread and wants to be told: of its beginning, or of each post that follows."""
    found = audience(thread_id)
    return set(found.new_thread if first_post else found.new_post)


def muted_by(member_id: int) -> set[int]:
    """The people whom a member muted."""
    return set(
        db.session.scalars(
            select(Following.person_id).where(
                Following.member_id == member_id,
                Following.person_id.is_not(None),
                Following.level == Level.MUTED.value,
            )
        )
    )


def level_of(member_id: int, condition: Any) -> Level:
    """What a member chose for one tag, space or person."""
    level = db.session.scalar(select(Following.level).where(Following.member_id == member_id, condition))
    return Level.NORMAL if level is None else Level(level)


def marks() -> Iterable[own.Part]:
    """What concerns the reader on a thread's page, as parts of the statement that finds what they did there."""
    mine: BindParameter[int] = bindparam("member_id")
    own = Following.member_id == mine
    at_it = Following.level
    yield select(literal("level of thread"), at_it).where(own, Following.thread_id == THIS)
    yield (
        select(literal("level of tag"), at_it)
        .join(ThreadTag, ThreadTag.tag == Following.tag)
        .where(own, ThreadTag.thread_id == THIS)
    )
    yield (
        select(literal("level of space"), at_it)
        .join(Thread, Thread.space_id == Following.space_id)
        .where(own, Thread.id == THIS)
    )
    yield select(literal("muted person"), Following.person_id).where(
        own, Following.person_id.is_not(None), at_it == Level.MUTED.value
    )
    yield (
        _preferring(select(literal("level by itself"), ASKING), Thread.author_id)
        .select_from(Thread)
        .where(Thread.id == THIS, Thread.author_id == mine)
    )
    yield (
        _preferring(select(literal("level by itself"), JOINING), Post.author_id)
        .select_from(Post)
        .where(Post.thread_id == THIS, Post.number > 1, Post.author_id == mine, Post.hidden_at.is_(None))
        .distinct()
    )
    yield (
        _preferring(select(literal("level by itself"), JOINING), HaveToo.member_id)
        .select_from(HaveToo)
        .where(HaveToo.thread_id == THIS, HaveToo.member_id == mine)
    )


own.find_too(*marks())
