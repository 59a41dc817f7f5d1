"""Named reads of desks and hand-overs; for staff and jobs, never for pages outside of the desk."""

from collections.abc import Callable, Sequence
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from bridge.desks.connecting import connect
from community.core.db import db

from .models import HandOver, ServiceDesk


def active_of(query_id: int) -> HandOver | None:
    """The hand-over under way or done of a query, with its desk; None where the built-in desk has it."""
    return db.session.scalar(
        select(HandOver)
        .where(HandOver.query_id == query_id, HandOver.active.is_(True))
        .options(joinedload(HandOver.desk))
    )


def locked(*hand_over_ids: int) -> None:
    """Let nobody else add to these hand-overs until this transaction ends; before anything of their desk is changed."""
    chosen = select(HandOver.id).where(HandOver.id.in_(hand_over_ids)).order_by(HandOver.id)
    db.session.execute(chosen.with_for_update())


def of_query(query_id: int) -> Sequence[HandOver]:
    """All hand-overs of a query, the first one first."""
    return db.session.scalars(
        select(HandOver).where(HandOver.query_id == query_id).order_by(HandOver.id).options(joinedload(HandOver.desk))
    ).all()


def desks() -> Sequence[ServiceDesk]:
    """All connected desks by name."""
    return db.session.scalars(select(ServiceDesk).order_by(ServiceDesk.name)).all()


def at_desk(desk_id: int) -> Sequence[HandOver]:
    """The hand-overs that a desk has and that are followed still."""
    return db.session.scalars(
        select(HandOver)
        .where(HandOver.desk_id == desk_id, HandOver.active.is_(True), HandOver.remote_id != "")
        .order_by(HandOver.id)
    ).all()


def health_checks() -> dict[str, Callable[[], None]]:
    """For each desk that is switched on a question whether it knows us."""
    return {f"desk {desk.name}": partial(_ask, desk) for desk in desks() if desk.enabled}


def _ask(desk: ServiceDesk) -> None:
    connect(desk).health()


def desk_by_key(key: str) -> ServiceDesk | None:
    """A connected desk."""
    return db.session.scalar(select(ServiceDesk).where(ServiceDesk.key == key))


def by_remote_ids(desk_id: int, remote_ids: Sequence[str]) -> Sequence[HandOver]:
    """Those hand-overs to a desk that have one of these ids there."""
    return db.session.scalars(
        select(HandOver)
        .where(HandOver.desk_id == desk_id, HandOver.remote_id.in_(remote_ids), HandOver.active.is_(True))
        .order_by(HandOver.id)
    ).all()
