"""What other packages may ask of the bridge: ids in, frozen values out."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bridge.queries.models import Query, QueryThread
from community.core.db import db


@dataclass(frozen=True)
class QuerySnapshot:
    """A query without anything that only the desk may know."""

    id: int
    reference: str
    query_class: str
    status: str
    priority: int
    received_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    reclassified: bool
    reopened: int
    active: bool


def queries_of_thread(thread_id: int) -> tuple[QuerySnapshot, ...]:
    """Every query that the thread travels or travelled with, the latest first; the caller checked the thread."""
    rows = db.session.execute(
        select(Query, QueryThread.active)
        .join(QueryThread, QueryThread.query_id == Query.id)
        .where(QueryThread.thread_id == thread_id)
        .order_by(QueryThread.id.desc())
    )
    return tuple(
        QuerySnapshot(
            id=query.id,
            reference=query.reference,
            query_class=query.query_class,
            status=query.status,
            priority=query.priority,
            received_at=query.received_at,
            resolved_at=query.resolved_at,
            closed_at=query.closed_at,
            reclassified=query.reclassified_count > 0,
            reopened=query.reopen_count,
            active=active,
        )
        for query, active in rows
    )
