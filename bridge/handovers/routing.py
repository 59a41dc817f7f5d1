"""Which desk a query goes to: the most particular route wins, and without one the built-in desk has it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from bridge.queries.models import Query
from community import public
from community.core.db import db
from community.core.events import Fact, subscribe
from community.organisations.events import OrganisationDeleted

from .models import DeskRoute, ServiceDesk


@dataclass(frozen=True)
class Case:
    """What routes look at: the class, the spaces of the threads, the organisations of their authors."""

    query_class: str
    space_ids: frozenset[int] = frozenset()
    organisation_ids: frozenset[int] = frozenset()


def desk_for(query: Query) -> ServiceDesk | None:
    """The desk for a query. A restricted one only goes where its class was sent by name."""
    threads = public.thread_snapshots([link.thread_id for link in query.links])
    authors = public.organisations_of(link.author_id for link in query.links)
    case = Case(
        query.query_class,
        frozenset(thread.space.id for thread in threads.values()),
        frozenset(organisation.id for organisation in authors.values()),
    )
    return choose(routes_in_use(), case, restricted=query.restricted)


def routes_in_use() -> Sequence[DeskRoute]:
    """The routes to desks that are switched on, each with its desk."""
    return db.session.scalars(
        select(DeskRoute)
        .join(DeskRoute.desk)
        .where(ServiceDesk.enabled.is_(True))
        .order_by(DeskRoute.position, DeskRoute.id)
        .options(joinedload(DeskRoute.desk))
    ).all()


def choose(routes: Iterable[DeskRoute], case: Case, *, restricted: bool) -> ServiceDesk | None:
    """The desk that the routes give."""
    fitting = [route for route in routes if _fits(route, case)]
    if restricted:
        fitting = [route for route in fitting if route.query_class]
    return max(fitting, key=_particular).desk if fitting else None


def _fits(route: DeskRoute, case: Case) -> bool:
    return (
        route.query_class in ("", case.query_class)
        and (route.space_id is None or route.space_id in case.space_ids)
        and (route.organisation_id is None or route.organisation_id in case.organisation_ids)
    )


def _particular(route: DeskRoute) -> tuple[bool, bool, bool, int]:
    """How much a route asks for; of two alike the earlier."""
    asks = route.organisation_id is not None, route.space_id is not None, bool(route.query_class)
    return *asks, -route.position


@subscribe(OrganisationDeleted)
def forget_routes(event: OrganisationDeleted, _fact: Fact) -> None:
    """Nobody belongs to it any more."""
    db.session.execute(delete(DeskRoute).where(DeskRoute.organisation_id == event.organisation_id))
