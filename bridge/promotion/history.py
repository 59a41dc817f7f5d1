"""What happened to threads, read from the database for a dry run. Reads only, whoever asks: for the desk.

The community's tables are named here with the columns that are read, for its public functions give the present only.
Whose an author is, with which service level, and what service a space is about, is known for the present only: a dry
run takes it as it is now, whenever the thread was written.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, Row, Select, case, column, func, select, table

from bridge.queries.models import QueryThread
from community.core.db import UtcDateTime, db
from community.core.events import EventRecord
from community.forum.events import AnswerAccepted, AnswerUnaccepted

from .evidence import QUESTION
from .replaying import Acceptance, Facts, Promotion

_thread = table(
    "thread",
    *(column(name) for name in ("id", "space_id", "author_id", "kind", "state", "title", "language", "solution_id")),
    *(column(name, UtcDateTime()) for name in ("created_at", "solved_at", "closed_at", "hidden_at")),
    column("tags", JSON()),
)
_post = table(
    "post",
    *(column(name) for name in ("id", "thread_id", "author_id", "number", "body", "origin")),
    *(column(name, UtcDateTime()) for name in ("created_at", "hidden_at")),
)
_have_too = table("have_too", column("thread_id"), column("at", UtcDateTime()))
_space = table("space", column("id"), column("slug"), column("service"))
_author = table("member", column("id"), column("organisation_id"))
_organisation = table("organisation", *(column(name) for name in ("id", "name", "service_level")))
_solution = _post.alias("solution")

Moments = dict[int, list[datetime]]


def facts_of(since: datetime, until: datetime, space_ids: Collection[int] | None = None) -> Iterator[Facts]:
    """What happened to the threads begun from `since` until before `until`, in the order of their beginning.

    Hidden threads and announcements are left out. At most six statements, however many threads; all words of the
    authors are read, so give no more than a year at once. Tags are those of today, hidden posts never happened.
    """
    wanted = [_thread.c.created_at >= since, _thread.c.created_at < until, _thread.c.hidden_at.is_(None)]
    wanted.append(_thread.c.kind != "announcement")
    if space_ids is not None:
        wanted.append(_thread.c.space_id.in_(space_ids))
    rows = db.session.execute(_threads(wanted)).all()
    return _joined(rows, wanted, since) if rows else iter(())


@dataclass(frozen=True)
class Now:
    """What happened to a thread so far, the state it is in, and the language it is written in."""

    facts: Facts
    state: str
    language: str


def facts_now(thread_ids: Collection[int]) -> Iterator[Now]:
    """What happened to these threads so far, in four statements; hidden ones and announcements are left out.

    Whether they are at the desk is not told.
    """
    wanted = [_thread.c.id.in_(thread_ids), _thread.c.hidden_at.is_(None), _thread.c.kind != "announcement"]
    rows = db.session.execute(_threads(wanted)).all() if thread_ids else []
    if not rows:
        return
    facts_of_row = _reader(wanted, {row.author_id for row in rows})
    for row in rows:
        accepted = (Acceptance(row.solved_at or row.created_at),) if row.solution_id is not None else ()
        yield Now(replace(facts_of_row(row), acceptances=accepted), row.state, row.language)


def _joined(rows: Collection[Row[Any]], wanted: list[ColumnElement[bool]], since: datetime) -> Iterator[Facts]:
    facts_of_row = _reader(wanted)
    promotions, acceptances = _promotions(wanted), _acceptances(since)
    for row in rows:
        yield replace(
            facts_of_row(row),
            acceptances=tuple(acceptances[row.id] or _acceptance_now(row)),
            promotions=tuple(promotions[row.id]),
            closed_at=row.closed_at,
        )


def _reader(
    wanted: list[ColumnElement[bool]], author_ids: Collection[int] | None = None
) -> Callable[[Row[Any]], Facts]:
    """What makes facts of a row, but for what was accepted and promoted; what it needs is read now, for all rows."""
    own, replies = _words(wanted)
    have_too, first_questions = _shared(wanted), _first_questions(author_ids)

    def facts_of_row(row: Row[Any]) -> Facts:
        return Facts(
            thread_id=row.id,
            space_id=row.space_id,
            created_at=row.created_at,
            title=row.title,
            own_words=tuple(own[row.id]),
            space=row.slug,
            kind=row.kind,
            tags=tuple(row.tags or ()),
            service=row.service,
            author_id=row.author_id,
            organisation=row.organisation or "",
            service_level=row.service_level or "",
            first_question=first_questions.get(row.author_id) == row.id,
            replies=tuple(replies[row.id]),
            have_too_at=tuple(have_too[row.id]),
        )

    return facts_of_row


def _threads(wanted: list[ColumnElement[bool]]) -> Select[Any]:
    return (
        select(
            _thread,
            _space.c.slug,
            _space.c.service,
            _solution.c.origin,
            _organisation.c.name.label("organisation"),
            _organisation.c.service_level,
        )
        .join(_space, _space.c.id == _thread.c.space_id)
        .join(_author, _author.c.id == _thread.c.author_id)
        .outerjoin(_organisation, _organisation.c.id == _author.c.organisation_id)
        .outerjoin(_solution, _solution.c.id == _thread.c.solution_id)
        .where(*wanted)
        .order_by(_thread.c.created_at, _thread.c.id)
    )


def _words(wanted: list[ColumnElement[bool]]) -> tuple[dict[int, list[tuple[datetime, str]]], Moments]:
    """By thread: what its author wrote, and when others replied."""
    own: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    replies: Moments = defaultdict(list)
    by_author = _post.c.author_id == _thread.c.author_id
    rows = db.session.execute(
        select(_post.c.thread_id, _post.c.created_at, case((by_author, _post.c.body), else_=None).label("words"))
        .join(_thread, _thread.c.id == _post.c.thread_id)
        .where(*wanted, _post.c.hidden_at.is_(None))
        .order_by(_post.c.created_at, _post.c.number)
    )
    for thread_id, at, words in rows:
        if words is None:
            replies[thread_id].append(at)
        else:
            own[thread_id].append((at, words))
    return own, replies


def _shared(wanted: list[ColumnElement[bool]]) -> Moments:
    found: Moments = defaultdict(list)
    rows = db.session.execute(
        select(_have_too.c.thread_id, _have_too.c.at)
        .join(_thread, _thread.c.id == _have_too.c.thread_id)
        .where(*wanted)
        .order_by(_have_too.c.at)
    )
    for thread_id, at in rows:
        found[thread_id].append(at)
    return found


def _promotions(wanted: list[ColumnElement[bool]]) -> dict[int, list[Promotion]]:
    found: dict[int, list[Promotion]] = defaultdict(list)
    rows = db.session.execute(
        select(QueryThread.thread_id, QueryThread.linked_at, QueryThread.linked_by_id)
        .join(_thread, _thread.c.id == QueryThread.thread_id)
        .where(*wanted)
        .order_by(QueryThread.linked_at)
    )
    for thread_id, at, by_id in rows:
        found[thread_id].append(Promotion(at, by_person=by_id is not None))
    return found


def _acceptances(since: datetime) -> dict[int, list[Acceptance]]:
    found: dict[int, list[Acceptance]] = defaultdict(list)
    rows = db.session.execute(
        select(EventRecord.name, EventRecord.at, EventRecord.payload)
        .where(EventRecord.name.in_((AnswerAccepted.name, AnswerUnaccepted.name)), EventRecord.at >= since)
        .order_by(EventRecord.at, EventRecord.id)
    )
    for name, at, payload in rows:
        fact = Acceptance(at, name == AnswerAccepted.name, payload.get("origin", "peer") == "peer")
        found[payload["thread_id"]].append(fact)
    return found


def _acceptance_now(row: Row[Any]) -> Iterator[Acceptance]:
    """Threads that were imported carry an accepted answer, but no record of how it came to be accepted."""
    if row.solved_at is not None:
        yield Acceptance(row.solved_at, by_peer=row.origin != "desk")


def _first_questions(author_ids: Collection[int] | None = None) -> dict[int, int]:
    """By author, all or these: the id of the first question."""
    statement = select(_thread.c.author_id, func.min(_thread.c.id)).where(_thread.c.kind == QUESTION)
    if author_ids is not None:
        statement = statement.where(_thread.c.author_id.in_(author_ids))
    rows = db.session.execute(statement.group_by(_thread.c.author_id))
    return {row[0]: row[1] for row in rows}
