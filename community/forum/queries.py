"""Named reads of the forum, all through the actor."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    SQLColumnExpression,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import contains_eager, defer, joinedload, load_only
from sqlalchemy.orm.attributes import set_committed_value

from community.accounts.models import Member
from community.core.db import db, glance
from community.core.paging import Page
from community.core.policies import Actor
from community.drafts.models import Draft, DraftKind
from community.spaces.models import OPEN, Space
from community.spaces.queries import readable

from .models import HaveToo, HelpfulVote, Kind, Post, RelatedThread, State, Thread, ThreadTag
from .policies import SEE_HIDDEN, SEE_ORGANISATIONS, SEE_RESTRICTED, can_read_thread
from .reactions import own

THREADS_A_PAGE = 25
POSTS_A_PAGE = 20
SHOWN_OF_A_MEMBER = (Member.handle, Member.name, Member.avatar_key, Member.role, Member.language, Member.email)
# Of a thread, beside its space: what `policies.can_read_thread` asks.
TELLS_WHO_READS = (
    Thread.space_id,
    Thread.author_id,
    Thread.restricted,
    Thread.hidden_at,
    Thread.merged_into_id,
    Thread.organisation_id,
)
SHOWN_OF_A_SPACE = (
    Space.slug,
    Space.name,
    Space.language,
    Space.visibility,
    Space.reply_by,
    Space.language,
    Space.service,
    Space.service_critical,
)
UNSOLVED = (State.OPEN, State.ANSWERED, State.WITH_DESK, State.RESOLVED, State.DECLINED)


def visible(actor: Actor) -> ColumnElement[bool]:
    """The query form of `policies.can_read_thread`, for statements that join Space."""
    return and_(
        readable(actor),
        Thread.merged_into_id.is_(None),
        _unhidden(actor),
        _unrestricted(actor),
        _of_its_organisation(actor),
    )


# What everybody may read, signed in or not; for statements that join Space.
OPEN_TO_ALL = and_(
    Space.visibility == OPEN,
    Thread.merged_into_id.is_(None),
    Thread.hidden_at.is_(None),
    Thread.restricted.is_(False),
    Thread.organisation_id.is_(None),
)


def _unhidden(actor: Actor) -> ColumnElement[bool]:
    if actor.can(SEE_HIDDEN):
        return true()
    shown = Thread.hidden_at.is_(None)
    return or_(shown, Thread.space_id.in_(actor.leads_in)) if actor.leads_in else shown


def _unrestricted(actor: Actor) -> ColumnElement[bool]:
    if actor.can(SEE_RESTRICTED):
        return true()
    shown = Thread.restricted.is_(False)
    return or_(shown, Thread.author_id == actor.id) if actor.is_member else shown


def _of_its_organisation(actor: Actor) -> ColumnElement[bool]:
    if actor.can(SEE_ORGANISATIONS):
        return true()
    anybody = Thread.organisation_id.is_(None)
    own = actor.organisation_id
    return or_(anybody, Thread.organisation_id == own) if own is not None else anybody


def threads_visible_to(actor: Actor) -> Select[Thread]:
    """Threads that the actor may read, joined with their space."""
    return select(Thread).join(Thread.space).where(visible(actor))


# Statements of the thread's page are built once: to build them costs more than the database takes to answer.
_ONE_THREAD = (
    select(Thread)
    .where(Thread.id == bindparam("thread_id"))
    .options(
        joinedload(Thread.space, innerjoin=True).load_only(*SHOWN_OF_A_SPACE),
        joinedload(Thread.author, innerjoin=True).load_only(*SHOWN_OF_A_MEMBER),
    )
)


def thread_for(actor: Actor, thread_id: int) -> Thread | None:
    """A readable thread with its space and author."""
    found = db.session.scalar(_ONE_THREAD, {"thread_id": thread_id})
    return found if found is not None and can_read_thread(actor, found) else None


def post_for(actor: Actor, post_id: int) -> Post | None:
    """A post of a readable thread, with thread, space and author; a hidden one for moderators and its author."""
    post = db.session.scalar(
        select(Post)
        .join(Post.thread)
        .join(Thread.space)
        .where(visible(actor), Post.id == post_id)
        .options(contains_eager(Post.thread).contains_eager(Thread.space), joinedload(Post.author))
    )
    if post is None or post.hidden_at is None or sees_hidden_post(actor, post):
        return post
    return None


def sees_hidden_post(actor: Actor, post: Post) -> bool:
    """Moderators of the space see the text of hidden posts, authors that of their own replies."""
    if actor.is_member and actor.id == post.author_id and not post.opens:
        return True
    return actor.can(SEE_HIDDEN, space_id=post.thread.space_id)


_POSTS = (
    select(Post)
    .where(
        Post.thread_id == bindparam("thread_id"),
        or_(
            Post.number == 1,
            Post.number.between(bindparam("first"), bindparam("last")),
            Post.id == bindparam("solution_id"),
        ),
    )
    .order_by(Post.number)
    .options(defer(Post.body), joinedload(Post.author, innerjoin=True).load_only(*SHOWN_OF_A_MEMBER))
)


def posts_page(thread: Thread, number: int) -> Page[Post]:
    """The replies of one page with their authors; the opening post comes with every page."""
    first = (number - 1) * POSTS_A_PAGE + 2
    wanted = {"first": first, "last": first + POSTS_A_PAGE - 1, "solution_id": thread.solution_id}
    rows = db.session.scalars(_POSTS, {"thread_id": thread.id, **wanted}).all()
    for post in rows:
        set_committed_value(post, "thread", thread)  # which each of them would look for by itself
    return Page(list(rows), number, POSTS_A_PAGE, thread.reply_count)


@dataclass(frozen=True)
class Mine:
    """What the actor did in a thread."""

    helpful: frozenset[int]
    have_too: bool
    drafts: bool = False
    ids: Mapping[str, frozenset[int]] = field(default_factory=dict)


_MINE = (
    select(literal("helpful"), HelpfulVote.post_id)
    .join(Post, Post.id == HelpfulVote.post_id)
    .where(Post.thread_id == bindparam("thread_id"), HelpfulVote.member_id == bindparam("member_id"))
    .where(HelpfulVote.helpful),
    select(literal("too"), HaveToo.thread_id).where(
        HaveToo.thread_id == bindparam("thread_id"), HaveToo.member_id == bindparam("member_id")
    ),
    select(literal("draft"), Draft.id).where(
        Draft.member_id == bindparam("member_id"),
        Draft.kind == DraftKind.REPLY.value,
        Draft.target_id == bindparam("thread_id"),
    ),
)


@cache
def _all_of_mine() -> CompoundSelect[Any]:
    return union_all(*_MINE, *own.parts())


def mine(actor: Actor, thread: Thread) -> Mine:
    """Own votes, "have this too", whether a reply was begun, what features above ask: in one statement."""
    if not actor.is_member:
        return Mine(frozenset(), have_too=False)
    rows = db.session.execute(_all_of_mine(), {"thread_id": thread.id, "member_id": actor.id}).all()
    ids = {kind: frozenset(id_ for named, id_ in rows if named == kind) for kind in {kind for kind, _ in rows}}
    return Mine(ids.get("helpful", frozenset()), "too" in ids, "draft" in ids, ids)


@dataclass(frozen=True)
class Filter:
    """What a list of threads is narrowed to; empty fields narrow nothing."""

    space_id: int | None = None
    kind: str = ""
    tag: str = ""
    state: str = ""
    author_id: int | None = None
    language: str = ""

    @property
    def is_one_space(self) -> bool:
        """Whether it holds everything, or everything of one space."""
        return self == Filter(space_id=self.space_id)

    def conditions(self) -> list[ColumnElement[bool]]:
        """As conditions of a statement over Thread."""
        found: list[ColumnElement[bool]] = []
        if self.space_id is not None:
            found.append(Thread.space_id == self.space_id)
        if self.kind:
            found.append(Thread.kind == self.kind)
        if self.author_id is not None:
            found.append(Thread.author_id == self.author_id)
        if self.language:
            found.append(Thread.language == self.language)
        if self.tag:
            found.append(Thread.id.in_(select(ThreadTag.thread_id).where(ThreadTag.tag == self.tag)))
        if self.state:
            found.append(_in_state(self.state))
        return found


def _in_state(state: str) -> ColumnElement[bool]:
    if state == "unsolved":
        return and_(Thread.kind == Kind.QUESTION, Thread.state.in_(UNSOLVED))
    if state == "unanswered":
        return and_(Thread.kind == Kind.QUESTION, Thread.state == State.OPEN)
    return Thread.state == state


ORDERS = {
    "latest": (Thread.last_activity_at.desc(), Thread.id.desc()),
    "newest": (Thread.created_at.desc(), Thread.id.desc()),
    "oldest": (Thread.created_at, Thread.id),
    "affected": (Thread.have_too_count.desc(), Thread.id.desc()),
}


# What a row of a list shows of its space and author.
_IN_A_ROW = (
    contains_eager(Thread.space).load_only(*SHOWN_OF_A_SPACE),
    joinedload(Thread.author, innerjoin=True).load_only(*SHOWN_OF_A_MEMBER),
)


def thread_page(
    actor: Actor,
    narrowed: Filter,
    number: int,
    *,
    order: str = "latest",
    also: Iterable[ColumnElement[bool]] = (),
) -> Page[Thread]:
    """One page of readable threads that meet all conditions, pinned ones of a space first."""
    conditions = [visible(actor), *narrowed.conditions(), *also]
    total = db.session.scalar(select(func.count(Thread.id)).join(Thread.space).where(*conditions)) or 0
    by = ORDERS.get(order, ORDERS["latest"])
    pinned = (Thread.pinned.desc(),) if narrowed.space_id is not None and order == "latest" else ()
    rows = db.session.scalars(
        select(Thread)
        .join(Thread.space)
        .where(*conditions)
        .order_by(*pinned, *by)
        .limit(THREADS_A_PAGE)
        .offset((number - 1) * THREADS_A_PAGE)
        .options(*_IN_A_ROW)
    )
    return Page(list(rows), number, THREADS_A_PAGE, total)


def threads_by_id(actor: Actor, ids: Iterable[int]) -> dict[int, Thread]:
    """Those of the threads that the actor may read, with space and author."""
    wanted = list(ids)
    if not wanted:
        return {}
    rows = db.session.scalars(threads_visible_to(actor).where(Thread.id.in_(wanted)).options(*_IN_A_ROW))
    return {thread.id: thread for thread in rows}


def some_threads(actor: Actor, *conditions: ColumnElement[bool], limit: int, order: str = "latest") -> list[Thread]:
    """A short list of readable threads for profile and feed."""
    rows = db.session.scalars(
        threads_visible_to(actor).where(*conditions).order_by(*ORDERS[order]).limit(limit).options(*_IN_A_ROW)
    )
    return list(rows)


@dataclass(frozen=True)
class Section:
    """A short list among several: the latest activity first, or the newest threads."""

    conditions: tuple[ColumnElement[bool], ...]
    limit: int
    newest: bool = False

    @property
    def by(self) -> SQLColumnExpression[datetime]:
        """The time that orders it."""
        return Thread.created_at if self.newest else Thread.last_activity_at


def sections(actor: Actor, wanted: Mapping[str, Section]) -> dict[str, list[Thread]]:
    """Several short lists of readable threads, in one statement."""
    seen = visible(actor)
    parts = [
        select(literal(name).label("name"), Thread.id.label("id"), part.by.label("at"))
        .join(Thread.space)
        .where(seen, *part.conditions)
        .order_by(part.by.desc(), Thread.id.desc())
        .limit(part.limit)
        .subquery()
        for name, part in wanted.items()
    ]
    listed = union_all(*(select(part) for part in parts)).subquery()
    rows = db.session.execute(
        select(listed.c.name, Thread)
        .join(listed, Thread.id == listed.c.id)
        .join(Thread.space)
        .order_by(listed.c.at.desc(), Thread.id.desc())
        .options(*_IN_A_ROW)
    )
    found: dict[str, list[Thread]] = {name: [] for name in wanted}
    for name, thread in rows:
        found[name].append(thread)
    return found


RELATED_SHOWN = 5
_RELATED = (
    select(Thread)
    .join(RelatedThread, RelatedThread.other_id == Thread.id)
    .where(RelatedThread.thread_id == bindparam("thread_id"))
    .order_by(RelatedThread.rank)
    .options(
        load_only(
            Thread.title,
            Thread.language,
            *TELLS_WHO_READS,
        ),
        joinedload(Thread.space, innerjoin=True).load_only(*SHOWN_OF_A_SPACE),
    )
)


def related(actor: Actor, thread: Thread) -> list[Thread]:
    """Threads alike that the actor may read, as found when the thread was written."""
    rows = db.session.scalars(_RELATED, {"thread_id": thread.id})
    return [other for other in rows if can_read_thread(actor, other)][:RELATED_SHOWN]


_STAMP = (
    select(Thread.version, Thread.space_id)
    .join(Space, Space.id == Thread.space_id)
    .where(
        Thread.id == bindparam("thread_id"),
        OPEN_TO_ALL,
    )
)


def stamp(thread_id: int) -> tuple[int, int] | None:
    """(version, space id) of a thread that everybody may read: one small statement to find a kept page by."""
    row = glance(_STAMP, {"thread_id": thread_id})
    return (row[0], row[1]) if row else None


def last_post_by(thread: Thread, member_id: int) -> Post | None:
    """The thread's newest post, where this member wrote it."""
    newest = db.session.scalar(select(Post).where(Post.thread_id == thread.id).order_by(Post.number.desc()).limit(1))
    return newest if newest is not None and newest.author_id == member_id and newest.number > 1 else None


def post_id_within(thread: Thread, post_id: int) -> int | None:
    """The id, where it is that of a post of the thread."""
    return db.session.scalar(select(Post.id).where(Post.id == post_id, Post.thread_id == thread.id))
