"""Named reads of queries. What leaves the desk is read through the actor."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Integer, Row, Select, bindparam, column, func, select, table
from sqlalchemy.orm import aliased, defer, selectinload

from bridge.promotion.models import ThreadWatch
from community import public
from community.core.db import db
from community.core.paging import Page
from community.core.policies import Actor
from community.public import ThreadSnapshot

from .models import IN_WORK, Query, QueryStep, QueryThread, Status, id_of
from .policies import can_work

QUERIES_A_PAGE = 25
MOST_COMPARED = 200

# The member table by name: the one thing of the community that the bridge joins.
_assignee = table("member", column("id"), column("name")).alias("assignee")
_speaker = table("member", column("id"), column("name")).alias("speaker")


def by_id(query_id: int) -> Query | None:
    """A query with its links, for the desk."""
    return db.session.scalar(select(Query).where(Query.id == query_id).options(selectinload(Query.links)))


def known(query_id: int) -> Query:
    """A query that a fact speaks of. Raises `NoResultFound` where there is none."""
    return db.session.get_one(Query, query_id)


def locked(query_id: int) -> Query | None:
    """A query that nobody else changes until this transaction ends."""
    return db.session.scalar(
        select(Query)
        .where(Query.id == query_id)
        .options(selectinload(Query.links))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def steps_of(query_id: int, *, public_only: bool) -> list[QueryStep]:
    """The record of a query, oldest first; outside of the desk only what is public."""
    conditions = [QueryStep.query_id == query_id]
    if public_only:
        conditions.append(QueryStep.public.is_(True))
    return list(db.session.scalars(select(QueryStep).where(*conditions).order_by(QueryStep.at, QueryStep.id)))


def last_words(query_id: int) -> QueryStep | None:
    """The last step of a query that has words."""
    statement = select(QueryStep).where(QueryStep.query_id == query_id, QueryStep.text != "")
    return db.session.scalar(statement.order_by(QueryStep.id.desc()).limit(1))


@dataclass(frozen=True)
class Shown:
    """A query with those of its threads that the actor may read."""

    query: Query
    threads: tuple[ThreadSnapshot, ...]


def query_for(actor: Actor, reference: str) -> Shown | None:
    """A query that the actor may see: others than the desk through a thread they read, or as its author."""
    query_id = id_of(reference)
    query = by_id(query_id) if query_id is not None else None
    if query is None:
        return None
    readable = public.threads_visible_to(actor, [link.thread_id for link in query.links])
    threads = tuple(readable[link.thread_id] for link in query.links if link.thread_id in readable)
    if can_work(actor):
        return Shown(query, threads)
    if query.restricted:
        threads = tuple(thread for thread in threads if thread.author.id == actor.id)
    return Shown(query, threads) if threads else None


def active_query_of(thread_id: int) -> Query | None:
    """The open query that the thread travels with; that of the whole thread before those about something in it."""
    return next(iter(active_queries_of(thread_id)), None)


def active_queries_of(thread_id: int, *, lock: bool = False) -> Sequence[Query]:
    """All open queries of a thread, that of the whole thread first; where locked, in the order of their making."""
    statement = (
        select(Query)
        .join(QueryThread, QueryThread.query_id == Query.id)
        .where(QueryThread.thread_id == thread_id, QueryThread.active.is_(True))
    )
    if lock:
        return db.session.scalars(statement.order_by(Query.id).with_for_update(of=Query)).all()
    return db.session.scalars(statement.order_by(QueryThread.topic != "", Query.id)).all()


def query_about(thread_id: int, topic: str) -> Query | None:
    """The query that a form made of something in a thread, open or not."""
    return db.session.scalar(
        select(Query)
        .join(QueryThread, QueryThread.query_id == Query.id)
        .where(QueryThread.thread_id == thread_id, QueryThread.topic == topic)
    )


def answered_in(thread_id: int, post_id: int) -> Query | None:
    """The query whose answer this post of the thread is, else the one that the thread travelled with last; locked."""
    said = (
        select(QueryThread.query_id)
        .where(QueryThread.thread_id == thread_id, QueryThread.answer_post_id == post_id)
        .limit(1)
        .scalar_subquery()
    )
    return db.session.scalar(select(Query).where(Query.id == said).with_for_update()) or latest_query_of(thread_id)


def latest_query_of(thread_id: int) -> Query | None:
    """The query that the thread travels with, or travelled with last; locked."""
    latest = (
        select(QueryThread.query_id)
        .where(QueryThread.thread_id == thread_id, QueryThread.topic == "")
        .order_by(QueryThread.active.desc(), QueryThread.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return db.session.scalar(select(Query).where(Query.id == latest).with_for_update())


def taken_by(actor: Actor, thread_id: int) -> bool:
    """Whether the actor took the thread to the desk, where it travels still."""
    return bool(
        db.session.scalar(
            select(QueryThread.id).where(
                QueryThread.thread_id == thread_id,
                QueryThread.active.is_(True),
                QueryThread.linked_by_id == actor.id,
            )
        )
    )


@dataclass(frozen=True)
class Card:
    """What a thread's page says of its query."""

    query: Query
    link: QueryThread
    word: QueryStep | None
    assignee: str
    speaker: str


_said = aliased(QueryStep)
_LATEST_LINK = (
    select(QueryThread.id)
    .where(QueryThread.thread_id == bindparam("thread_id"))
    .order_by(QueryThread.active.desc(), QueryThread.topic, QueryThread.id.desc())
    .limit(1)
    .scalar_subquery()
)
_LINKS = select(func.count(QueryThread.id)).where(QueryThread.thread_id == bindparam("thread_id")).scalar_subquery()
_LAST_WORD = (
    select(func.max(_said.id))
    .where(_said.query_id == Query.id, _said.public.is_(True), _said.text != "")
    .correlate(Query)
    .scalar_subquery()
)
_ASKED = select(bindparam("thread_id", type_=Integer).label("id")).subquery("asked")
# Built once, for every page of a thread asks it; the long text that went over stays where it is.
_GLANCE = (
    select(Query, QueryThread, QueryStep, _assignee.c.name, _speaker.c.name, ThreadWatch, _LINKS)
    .select_from(_ASKED)
    .outerjoin(ThreadWatch, ThreadWatch.thread_id == _ASKED.c.id)
    .outerjoin(QueryThread, QueryThread.id == _LATEST_LINK)
    .outerjoin(Query, Query.id == QueryThread.query_id)
    .outerjoin(QueryStep, QueryStep.id == _LAST_WORD)
    .outerjoin(_assignee, _assignee.c.id == Query.assignee_id)
    .outerjoin(_speaker, _speaker.c.id == QueryStep.actor_id)
    .options(defer(QueryThread.handover))
)


@dataclass(frozen=True)
class Glance:
    """What a thread's page says of the desk: its query, others, and what rules and super users are about to do."""

    card: Card | None
    watch: ThreadWatch | None
    others: tuple[tuple[Query, str], ...] = ()


def glance_at(thread_id: int) -> Glance:
    """The query of a thread with its last public words, the people on it, and the thread's watch.

    One statement, and one more where the thread has had further queries.
    """
    row = db.session.execute(_GLANCE, {"thread_id": thread_id}).one()
    query, link, word, assignee, speaker, watch, links = row
    card = Card(query, link, word, assignee or "", speaker or "") if query else None
    return Glance(card, watch, _others(thread_id, query.id) if links > 1 else ())


def _others(thread_id: int, besides: int) -> tuple[tuple[Query, str], ...]:
    """Each under the title that it has in this thread: its own may be that of a thread which readers do not know."""
    statement = (
        select(Query, QueryThread.title)
        .join(QueryThread, QueryThread.query_id == Query.id)
        .where(QueryThread.thread_id == thread_id, Query.id != besides)
        .where(QueryThread.active.is_(True) | (QueryThread.topic != ""))
        .order_by(Query.id)
    )
    return tuple((query, title) for query, title in db.session.execute(statement))


def major_links() -> Sequence[Row[Query, int]]:
    """Major incidents in work, each with its threads, the one with the most people first."""
    return db.session.execute(
        select(Query, QueryThread.thread_id)
        .join(QueryThread, QueryThread.query_id == Query.id)
        .where(Query.major.is_(True), Query.status.in_(IN_WORK), QueryThread.active.is_(True))
        .order_by(Query.people_affected.desc(), Query.id, QueryThread.id)
        .limit(50)
    ).all()


def waiting_for(member_id: int) -> Sequence[Row[Query, QueryThread]]:
    """Queries that wait for a word of the author: an answer to a question, or a decision on the proposed answer."""
    return db.session.execute(
        select(Query, QueryThread)
        .join(QueryThread, QueryThread.query_id == Query.id)
        .where(
            QueryThread.author_id == member_id,
            QueryThread.active.is_(True),
            Query.status.in_((Status.WAITING_USER, Status.RESOLVED)),
        )
        .order_by(Query.updated_at.desc())
        .limit(5)
    ).all()


@dataclass(frozen=True)
class QueueFilter:
    """What the queue is narrowed to; empty fields narrow nothing, an empty status means what is in work."""

    query_class: str = ""
    status: str = ""
    priority: int = 0
    assignee_id: int = 0
    unassigned: bool = False

    def conditions(self) -> list[ColumnElement[bool]]:
        """As conditions of a statement over Query."""
        found: list[ColumnElement[bool]] = [Query.status == self.status if self.status else Query.status.in_(IN_WORK)]
        if self.query_class:
            found.append(Query.query_class == self.query_class)
        if self.priority:
            found.append(Query.priority == self.priority)
        if self.assignee_id:
            found.append(Query.assignee_id == self.assignee_id)
        if self.unassigned:
            found.append(Query.assignee_id.is_(None))
        return found


def queue_page(narrowed: QueueFilter, number: int, *, size: int = QUERIES_A_PAGE) -> Page[tuple[Query, str]]:
    """One page of the queue with the assignees' names, the next target first, standing clocks last."""
    conditions = narrowed.conditions()
    total = db.session.scalar(select(func.count(Query.id)).where(*conditions)) or 0
    rows = db.session.execute(
        _with_assignee()
        .where(*conditions)
        .order_by(Query.next_due_at.is_(None), Query.next_due_at, Query.id.desc())
        .limit(size)
        .offset((number - 1) * size)
    )
    return Page([(query, name or "") for query, name in rows], number, size, total)


def _with_assignee() -> Select[Query, str]:
    return select(Query, _assignee.c.name).outerjoin(_assignee, _assignee.c.id == Query.assignee_id)


def open_titles(*, besides: int = 0) -> list[tuple[Query, QueryThread]]:
    """Open queries with the titles of their threads, newest first, to compare with."""
    rows = db.session.execute(
        select(Query, QueryThread)
        .join(QueryThread, QueryThread.query_id == Query.id)
        .where(QueryThread.active.is_(True), Query.status.in_(IN_WORK), Query.id != besides)
        .order_by(Query.id.desc())
        .limit(MOST_COMPARED)
    )
    return [(query, link) for query, link in rows]
