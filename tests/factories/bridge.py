"""Builders of queries; each goes through the product's own operations."""

from bridge.queries.models import Query
from bridge.queries.promotion import Choice, promote
from community import public
from community.accounts.models import Member
from community.forum.models import Thread
from tests.factories import a_member, a_thread


def a_query(
    thread: Thread | None = None,
    by: Member | None = None,
    *,
    query_class: str = "incident",
    impact: int = 2,
    urgency: int = 2,
    reason: str = "",
) -> Query:
    thread = thread or a_thread()
    snapshot = public.thread_snapshot(thread.id)
    assert snapshot is not None
    choice = Choice(query_class, impact, urgency, reason)
    return promote(snapshot, choice, by_id=(by or a_member()).id)
