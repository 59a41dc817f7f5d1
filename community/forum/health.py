"""How a space fares, as far as it can be asked in a few statements: what waits, and who looks after it.

A package above that knows working hours says so: `app.extensions["isthmus.overdue"]`, a function of a space's id, the
moments at which questions were asked and the promised working hours; it tells how many waited longer than that.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app, render_template
from sqlalchemy import ColumnElement, func, or_, select

from community.accounts.models import SUPER_USER, Grant
from community.core.db import db, utcnow
from community.core.policies import Actor
from community.core.slots import fill
from community.spaces.models import Space

from . import queries
from .models import Kind, Post, State, Thread

ACTIVE_DAYS = 30
MOST_ASKED = 500  # moments that are compared with the promise; a space where more questions wait has other troubles

Overdue = Callable[[int, Sequence[datetime], int], int]


@dataclass(frozen=True)
class Health:
    """What waits in a space now. `overdue` is None where nothing is promised, or where nobody knows working hours."""

    unanswered: int
    oldest: datetime | None
    overdue: int | None
    unsolved: int
    super_users: int
    active: int


def health_of(actor: Actor, space: Space) -> Health:
    """Counted among what the actor may read; hidden and closed threads wait for nothing."""
    open_ones = _questions(actor, space.id, Thread.state == State.OPEN)
    asked = select(Thread.created_at).join(Thread.space).where(*open_ones).order_by(Thread.created_at)
    moments = list(db.session.scalars(asked))
    unsolved = _questions(actor, space.id, Thread.state.in_(queries.UNSOLVED))
    return Health(
        unanswered=len(moments),
        oldest=moments[0] if moments else None,
        overdue=_overdue(space, moments[:MOST_ASKED]),
        unsolved=db.session.scalar(select(func.count(Thread.id)).join(Thread.space).where(*unsolved)) or 0,
        **_super_users(space.id),
    )


def _questions(actor: Actor, space_id: int, condition: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    here = (Thread.space_id == space_id, Thread.kind == Kind.QUESTION, Thread.hidden_at.is_(None))
    return [queries.visible(actor), *here, condition]


def _overdue(space: Space, moments: Sequence[datetime]) -> int | None:
    known: Overdue | None = current_app.extensions.get("isthmus.overdue")
    return known(space.id, moments, space.promise_hours) if known is not None and space.promise_hours else None


def _super_users(space_id: int) -> dict[str, int]:
    """How many there are, and how many of them wrote in the space lately."""
    now = utcnow()
    wrote = (
        select(Post.id)
        .join(Post.thread)
        .where(
            Post.author_id == Grant.member_id,
            Post.created_at >= now - timedelta(days=ACTIVE_DAYS),
            Thread.space_id == space_id,
        )
        .exists()
    )
    lasts = or_(Grant.until.is_(None), Grant.until > now)
    rows = db.session.scalars(select(wrote).where(Grant.space_id == space_id, Grant.kind == SUPER_USER, lasts)).all()
    return {"super_users": len(rows), "active": sum(1 for active in rows if active)}


@fill("space.health")
def health_card(*, space_id: int, slug: str, actor: Actor) -> str:
    """For whoever looks after a space: what waits there."""
    space = db.session.get_one(Space, space_id)
    return render_template("spaces/health.html", health=health_of(actor, space), slug=slug, days=ACTIVE_DAYS)
