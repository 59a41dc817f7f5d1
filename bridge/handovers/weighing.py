"""The priority at the desk follows the one here: as people affected raise it, and as staff change it."""

from collections.abc import Iterable

from sqlalchemy import Select, func, select

from bridge.events import QueryEvent, ThreadJoined
from bridge.queries import operations as query_operations
from bridge.queries import queries as query_reads
from bridge.queries.models import IN_WORK, Query, QueryStep, StepKind
from bridge.queries.promotion import organisations_among
from bridge.triage.suggesting import Evidence
from bridge.triage.weighing import impact_of
from community import public
from community.core.db import db
from community.core.events import Fact, subscribe
from community.core.jobs import enqueue, every, job
from community.forum.events import HaveTooAdded

from . import queries
from .models import DeskMessage, HandOver
from .operations import tell_priority

BETWEEN = " x "


@subscribe(HaveTooAdded)
def weigh_the_affected(event: HaveTooAdded, _fact: Fact) -> None:
    """One more person has it: the impact may be greater now, and the desk hears of it."""
    for query in query_reads.active_queries_of(event.thread_id, lock=True):
        _weigh(query, event.actor_id)


@subscribe(ThreadJoined)
def weigh_a_joined_thread(event: QueryEvent, _fact: Fact) -> None:
    """The people of one more thread count."""
    query = query_reads.locked(event.query_id)
    if query is not None and query.in_work:
        _weigh(query, event.actor_id)


def _weigh(query: Query, by_id: int | None) -> None:
    """Raise the impact to what so many people stand for, once: what staff lowered afterwards stays lowered."""
    query_operations.count_people(query)
    impact = _impact_of(query)
    caused_by = by_id or next(iter(query.links)).author_id
    if impact > max(_impacts(query)):
        query_operations.weigh(query, impact, query.urgency, by_id=caused_by)
        db.session.flush()
        enqueue(keep_desk_up, query_id=query.id)


def _impact_of(query: Query) -> int:
    """What the people and organisations affected by now stand for; words and service were weighed at the beginning."""
    people = public.affected_members([link.thread_id for link in query.links if not link.topic])
    return impact_of(Evidence("", "", people=query.people_affected, organisations=organisations_among(people)))[0]


def _impacts(query: Query) -> Iterable[int]:
    """Every impact that the query has or ever had."""
    steps = db.session.execute(
        select(QueryStep.from_value, QueryStep.to_value).where(
            QueryStep.query_id == query.id, QueryStep.kind == StepKind.WEIGHED
        )
    )
    return [query.impact, *(int(value.split(BETWEEN)[0]) for step in steps for value in step)]


@job
def keep_desk_up(query_id: int) -> None:
    """Let the desk that has a query know its priority. A job, for hand-overs are locked before their queries."""
    way = queries.active_of(query_id)
    if way is not None:
        keep_up(way)


def keep_up(way: HandOver) -> None:
    """Let the desk know the priority, if it is not the one that it was told last; each change once and in order."""
    queries.locked(way.id)
    last = db.session.scalar(_last_told().where(DeskMessage.hand_over_id == way.id))
    told = db.session.get(DeskMessage, last) if last else None
    if way.query.priority != (told.priority if told else way.outgoing.get("priority", way.query.priority)):
        tell_priority(way, way.query.priority, source=f"priority:{last or 0}:{way.query.priority}")


def _last_told() -> Select[int]:
    return select(func.max(DeskMessage.id)).where(DeskMessage.priority > 0)


@every(minutes=1)
def keep_all_up() -> None:
    """Find the queries in work whose priority is another than the one that their desk was told."""
    last = _last_told().where(DeskMessage.hand_over_id == HandOver.id).correlate(HandOver).scalar_subquery()
    told = select(DeskMessage.priority).where(DeskMessage.id == last).scalar_subquery()
    statement = (
        select(HandOver)
        .join(HandOver.query)
        .where(
            HandOver.active.is_(True),
            Query.status.in_(IN_WORK),
            Query.priority != func.coalesce(told, HandOver.outgoing["priority"].as_integer()),
        )
    )
    for way in db.session.scalars(statement):
        keep_up(way)
