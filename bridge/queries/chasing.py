"""What the author says nothing to: questions are asked again through another channel, then closed with notice;
proposed answers stand for a while, and are then taken as good.
"""

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select

from community import public
from community.core import i18n
from community.core.db import db, utcnow
from community.core.jobs import every

from . import operations, queries
from .models import Query, QueryStep, Status, StepKind

REMIND_AFTER = (timedelta(days=3), timedelta(days=7))
CLOSE_AFTER = timedelta(days=14)
STANDS_FOR = timedelta(days=14)
MOST_AT_ONCE = 200


@every(hours=1)
def chase() -> None:
    """Look at every question that has waited for days; each reminder is given once, however often this runs."""
    now = utcnow()
    waiting = db.session.scalars(
        select(Query.id)
        .where(Query.status == Status.WAITING_USER, Query.waiting_since <= now - REMIND_AFTER[0])
        .order_by(Query.waiting_since)
        .limit(MOST_AT_ONCE)
    ).all()
    for query_id in waiting:
        query = queries.locked(query_id)
        if query is not None and query.status == Status.WAITING_USER and query.waiting_since is not None:
            _chase(query, now - query.waiting_since)


@every(hours=1)
def close_what_stood() -> None:
    """Close queries whose proposed answer nobody contradicted; the threads keep it, and the author may still reopen."""
    before = utcnow() - STANDS_FOR
    stood = db.session.scalars(
        select(Query.id)
        .where(Query.status == Status.RESOLVED, Query.resolved_at <= before)
        .order_by(Query.resolved_at)
        .limit(MOST_AT_ONCE)
    ).all()
    for query_id in stood:
        query = queries.locked(query_id)
        if query is not None and query.status == Status.RESOLVED and query.resolved_at and query.resolved_at <= before:
            operations.close(query, by_id=None)


def _chase(query: Query, waited: timedelta) -> None:
    if waited >= CLOSE_AFTER:
        _close(query, waited)
    elif _reminded(query) < sum(waited >= after for after in REMIND_AFTER):
        operations.remind(query)


def _reminded(query: Query) -> int:
    given = select(func.count(QueryStep.id)).where(
        QueryStep.query_id == query.id, QueryStep.kind == StepKind.REMINDED, QueryStep.at >= query.waiting_since
    )
    return db.session.scalar(given) or 0


def _close(query: Query, waited: timedelta) -> None:
    thread = public.thread_snapshot(query.active_thread_ids[0]) if query.active_thread_ids else None
    i18n.speak(thread.language if thread else "en")
    text = _(
        "We asked %(days)s days ago and heard nothing, so we close this query for now. "
        "Answer here whenever you like and take it to the service desk again: we go on where we stopped.",
        days=waited.days,
    )
    operations.stop_waiting(query, text, by_id=_asked_by(query))


def _asked_by(query: Query) -> int:
    """Whoever asked last speaks."""
    asked = db.session.scalar(
        select(QueryStep.actor_id)
        .where(QueryStep.query_id == query.id, QueryStep.kind == StepKind.ASKED, QueryStep.actor_id.is_not(None))
        .order_by(QueryStep.id.desc())
        .limit(1)
    )
    return asked or query.assignee_id or query.promoted_by_id or public.staff()[0].id
