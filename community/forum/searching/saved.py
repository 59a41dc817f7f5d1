"""Searches that members keep, and the job that looks again for them: as each of them reads, never more."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import CursorResult, Date, ForeignKey, Index, String, UniqueConstraint, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from community.accounts.loading import actor_for
from community.accounts.models import Member
from community.core import events
from community.core.db import Base, db, insert_once, utcnow
from community.core.jobs import every
from community.core.search.query import MAX_LENGTH, parse_query, written
from community.spaces.queries import all_visible_to

from ..events import SavedSearchFound
from ..models import BigId
from .queries import look

MOST = 20  # searches that one member keeps
ALERTS_A_DAY = 10  # for one member
LOOKED_AT_ONCE = 200


class Alert(StrEnum):
    """When a member hears of new hits."""

    NONE = "none"
    IMMEDIATELY = "immediately"
    DAILY = "daily"


PAUSE = {Alert.IMMEDIATELY: timedelta(hours=1), Alert.DAILY: timedelta(days=1)}
AGAIN = {Alert.IMMEDIATELY: timedelta(minutes=5), Alert.DAILY: timedelta(days=1)}


class SavedSearch(Base):
    """A member's query. What is older than `seen_at` is known; it is looked for again at `due_at`, never without one.

    On the day `told_on` its member heard of it `told` times.
    """

    __tablename__ = "saved_search"
    __table_args__ = (UniqueConstraint("member_id", "query"), Index("ix_saved_search_due", "due_at"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    query: Mapped[str] = mapped_column(String(MAX_LENGTH))
    alert: Mapped[str] = mapped_column(String(12), default=Alert.NONE.value)
    seen_at: Mapped[datetime] = mapped_column(default=utcnow)
    due_at: Mapped[datetime | None]
    told_on: Mapped[date | None] = mapped_column(Date)
    told: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


def save(text: str, alert: Alert, *, member_id: int) -> bool:
    """Keep a query, or change when its member hears of it. False for no query, or where there are 20 already."""
    query = written(parse_query(text))[:MAX_LENGTH].strip()
    if parse_query(query).is_empty:
        return False
    # Whoever saves two at once waits here, so that the limit holds.
    db.session.execute(select(Member.id).where(Member.id == member_id).with_for_update())
    mine = select(SavedSearch).where(SavedSearch.member_id == member_id)
    known = db.session.scalar(mine.where(SavedSearch.query == query))
    if known is None:
        if (db.session.scalar(select(func.count()).select_from(mine.subquery())) or 0) >= MOST:
            return False
        insert_once(SavedSearch, member_id=member_id, query=query, alert=alert.value, due_at=_first_due(alert))
    elif known.alert != alert:
        known.alert, known.due_at, known.seen_at = alert.value, _first_due(alert), utcnow()
    return True


def _first_due(alert: Alert) -> datetime | None:
    return utcnow() + AGAIN[alert] if alert in AGAIN else None


def remove(search_id: int, *, member_id: int) -> bool:
    """Forget a search of the member's; whether there was one."""
    gone = delete(SavedSearch).where(SavedSearch.id == search_id, SavedSearch.member_id == member_id)
    return bool(cast(CursorResult[Any], db.session.execute(gone)).rowcount)


def of_member(member_id: int | None) -> list[SavedSearch]:
    """The member's searches by their words."""
    if member_id is None:
        return []
    return list(
        db.session.scalars(select(SavedSearch).where(SavedSearch.member_id == member_id).order_by(SavedSearch.query))
    )


@every(minutes=5)
def look_again() -> None:
    """Searches that are due are done again, each as its member; what is new becomes a fact."""
    due = (
        select(SavedSearch)
        .where(SavedSearch.due_at <= utcnow())
        .order_by(SavedSearch.due_at)
        .limit(LOOKED_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    for saved in db.session.scalars(due).all():
        _look(saved)


def _look(saved: SavedSearch) -> None:
    alert, today = Alert(saved.alert), utcnow().date()
    saved.due_at = utcnow() + AGAIN[alert]
    if _told_today(saved.member_id, today) >= ALERTS_A_DAY:
        return
    fresh = _new_for(saved)
    if not fresh:
        return
    saved.seen_at, saved.due_at = max(fresh), utcnow() + PAUSE[alert]
    saved.told = saved.told + 1 if saved.told_on == today else 1
    saved.told_on = today
    events.record(SavedSearchFound(search_id=saved.id, member_id=saved.member_id, count=len(fresh)))


def _told_today(member_id: int, today: date) -> int:
    told = select(func.sum(SavedSearch.told)).where(SavedSearch.member_id == member_id, SavedSearch.told_on == today)
    return db.session.scalar(told) or 0


def _new_for(saved: SavedSearch) -> list[datetime]:
    """The moments of hits that came since, that the member may read and did not write; one for each thread."""
    who, query = actor_for(saved.member_id), parse_query(saved.query)
    since = saved.seen_at.date()
    query = replace(query, after=max(query.after or since, since))
    looked = look(who, query, all_visible_to(who), order="date")
    return [
        max(moments)
        for group in looked.groups
        if (
            moments := [
                traits.at
                for traits in (looked.traits[hit.key] for hit in group)
                if traits.at > saved.seen_at and traits.author_id != saved.member_id
            ]
        )
    ]
