"""How the connected desks fare: what waits, what crossed, what failed; in as many statements, however much there is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload, selectinload

from community.core.db import db
from community.core.paging import Page

from .models import DeskMessage, HandOver, HandOverState, MessageState, ServiceDesk
from .sending import ON_THE_WAY, WAITING

A_PAGE = 30
DAY = timedelta(hours=24)


@dataclass(frozen=True)
class Load:
    """What a desk has to do for us: on the way, given up, and how far the hand-overs are."""

    waiting: int
    failing: int
    states: dict[str, int]


def loads(desk_ids: Collection[int]) -> dict[int, Load]:
    """The load of each desk, of hand-overs that are active and of their words."""
    states = _counts(select(HandOver.desk_id, HandOver.state, func.count()), desk_ids, HandOver.state)
    words = _counts(
        select(HandOver.desk_id, DeskMessage.state, func.count()).join(DeskMessage.hand_over),
        desk_ids,
        DeskMessage.state,
    )
    return {
        id_: Load(
            waiting=_sum(states[id_], *WAITING) + _sum(words[id_], *ON_THE_WAY),
            failing=_sum(states[id_], HandOverState.FAILED, HandOverState.DEAD) + _sum(words[id_], MessageState.DEAD),
            states=states[id_],
        )
        for id_ in desk_ids
    }


def _counts(statement: object, desk_ids: Collection[int], state: object) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {id_: {} for id_ in desk_ids}
    counted = statement.where(  # type: ignore[attr-defined] # a Select of three columns
        HandOver.desk_id.in_(desk_ids), HandOver.active.is_(True)
    ).group_by(HandOver.desk_id, state)
    for desk_id, name, count in db.session.execute(counted):
        found[desk_id][name] = count
    return found


def _sum(counts: dict[str, int], *names: str) -> int:
    return sum(counts.get(name, 0) for name in names)


@dataclass(frozen=True)
class Traffic:
    """What crossed since a moment, and since when the oldest thing waits."""

    queries_sent: int
    words_sent: int
    words_received: int
    oldest: datetime | None


def traffic(desk_id: int, since: datetime) -> Traffic:
    """What crossed to and from a desk."""
    words = select(func.count(DeskMessage.id)).join(DeskMessage.hand_over).where(HandOver.desk_id == desk_id)
    queries = select(func.count(HandOver.id)).where(HandOver.desk_id == desk_id, HandOver.sent_at >= since)
    received = words.where(DeskMessage.state == MessageState.RECEIVED, DeskMessage.at >= since)
    return Traffic(
        queries_sent=db.session.scalar(queries) or 0,
        words_sent=db.session.scalar(words.where(DeskMessage.sent_at >= since)) or 0,
        words_received=db.session.scalar(received) or 0,
        oldest=_oldest(desk_id),
    )


def _oldest(desk_id: int) -> datetime | None:
    ours = HandOver.desk_id == desk_id, HandOver.active.is_(True)
    query = db.session.scalar(select(func.min(HandOver.queued_at)).where(*ours, HandOver.state.in_(WAITING)))
    word = db.session.scalar(
        select(func.min(DeskMessage.at)).join(DeskMessage.hand_over).where(*ours, DeskMessage.state.in_(ON_THE_WAY))
    )
    return min((moment for moment in (query, word) if moment), default=None)


def failures(*, desk_id: int | None = None, number: int = 1) -> Page[HandOver]:
    """One page of active hand-overs that were given up, wait after a failure, or have words that were given up."""
    stuck = select(DeskMessage.hand_over_id).where(DeskMessage.state == MessageState.DEAD)
    bad = HandOver.state.in_((HandOverState.DEAD, HandOverState.FAILED))
    conditions = [HandOver.active.is_(True), bad | (HandOver.error != "") | HandOver.id.in_(stuck)]
    return _page([*conditions, *_at(desk_id)], number)


def register(*, desk_id: int | None = None, number: int = 1) -> Page[HandOver]:
    """One page of all hand-overs, the latest first."""
    return _page(_at(desk_id), number)


def _at(desk_id: int | None) -> list[ColumnElement[bool]]:
    return [HandOver.desk_id == desk_id] if desk_id is not None else []


def _page(conditions: Sequence[ColumnElement[bool]], number: int) -> Page[HandOver]:
    total = db.session.scalar(select(func.count(HandOver.id)).where(*conditions)) or 0
    rows = db.session.scalars(
        select(HandOver)
        .where(*conditions)
        .order_by(HandOver.id.desc())
        .limit(A_PAGE)
        .offset((number - 1) * A_PAGE)
        .options(joinedload(HandOver.desk), joinedload(HandOver.query))
    )
    return Page(list(rows), number, A_PAGE, total)


def refusals(hand_over_ids: Collection[int]) -> dict[int, list[str]]:
    """Why words of these hand-overs were given up."""
    found: dict[int, list[str]] = {}
    rows = db.session.execute(
        select(DeskMessage.hand_over_id, DeskMessage.error)
        .where(DeskMessage.hand_over_id.in_(hand_over_ids), DeskMessage.state == MessageState.DEAD)
        .order_by(DeskMessage.id)
    )
    for hand_over_id, error in rows:
        found.setdefault(hand_over_id, []).append(error)
    return found


def words_crossed(hand_over_ids: Collection[int]) -> dict[int, int]:
    """How many words of each hand-over were sent or received."""
    rows = db.session.execute(
        select(DeskMessage.hand_over_id, func.count())
        .where(
            DeskMessage.hand_over_id.in_(hand_over_ids),
            DeskMessage.state.in_((MessageState.SENT, MessageState.RECEIVED)),
        )
        .group_by(DeskMessage.hand_over_id)
    )
    return dict(rows.all())


def waiting_words(hand_over_id: int) -> tuple[int, int]:
    """How many words wait to follow a query, and how many that came by mail wait for somebody's click."""
    states = (*ON_THE_WAY, MessageState.HELD)
    rows = db.session.execute(
        select(DeskMessage.state, func.count(DeskMessage.id).label("number"))
        .where(DeskMessage.hand_over_id == hand_over_id, DeskMessage.state.in_(states))
        .group_by(DeskMessage.state)
    )
    counts: dict[str, int] = {row.state: row.number for row in rows}
    held = counts.pop(MessageState.HELD, 0)
    return sum(counts.values()), held


def whole_of_query(query_id: int) -> Sequence[HandOver]:
    """All hand-overs of a query with every word that crossed, the first one first."""
    return db.session.scalars(
        select(HandOver)
        .where(HandOver.query_id == query_id)
        .order_by(HandOver.id)
        .options(joinedload(HandOver.desk), selectinload(HandOver.messages))
    ).all()


def words_seen(desk_id: int) -> dict[str, str]:
    """The desk's own words for a status that came home so far, and how each was understood last."""
    rows = db.session.execute(
        select(HandOver.raw_status, HandOver.desk_status)
        .where(HandOver.desk_id == desk_id, HandOver.raw_status != "")
        .group_by(HandOver.raw_status, HandOver.desk_status)
        .order_by(HandOver.raw_status)
        .limit(100)
    )
    return dict(rows.all())


def desks_with_routes() -> Sequence[ServiceDesk]:
    """All connected desks by name, with what is sent to them."""
    return db.session.scalars(
        select(ServiceDesk).order_by(ServiceDesk.name, ServiceDesk.id).options(selectinload(ServiceDesk.routes))
    ).all()
