"""Which desk a query goes to: the most particular route wins, and without one the built-in desk has it."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from bridge.queries.models import Query
from community import public
from community.core.db import db

from .models import DeskRoute, ServiceDesk


def desk_for(query: Query) -> ServiceDesk | None:
    """The desk for a query, by its class and the spaces of its threads. A restricted one only goes where its class
    was sent by name.
    """
    threads = public.thread_snapshots([link.thread_id for link in query.links])
    spaces = {thread.space.id for thread in threads.values()}
    return choose(routes_in_use(), query.query_class, spaces, restricted=query.restricted)


def routes_in_use() -> Sequence[DeskRoute]:
    """The routes to desks that are switched on, each with its desk."""
    return db.session.scalars(
        select(DeskRoute)
        .join(DeskRoute.desk)
        .where(ServiceDesk.enabled.is_(True))
        .order_by(DeskRoute.position, DeskRoute.id)
        .options(joinedload(DeskRoute.desk))
    ).all()


def choose(
    routes: Iterable[DeskRoute], query_class: str, space_ids: Collection[int], *, restricted: bool
) -> ServiceDesk | None:
    """The desk that the routes give for a class and the spaces of the threads."""
    fitting = [route for route in routes if _fits(route, query_class, space_ids)]
    if restricted:
        fitting = [route for route in fitting if route.query_class]
    return max(fitting, key=_particular).desk if fitting else None


def _fits(route: DeskRoute, query_class: str, space_ids: Collection[int]) -> bool:
    return route.query_class in ("", query_class) and (route.space_id is None or route.space_id in space_ids)


def _particular(route: DeskRoute) -> tuple[int, int]:
    """How much a route asks for; of two alike the earlier."""
    return (2 if route.space_id is not None else 0) + (1 if route.query_class else 0), -route.position
