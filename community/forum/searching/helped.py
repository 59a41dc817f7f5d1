"""Questions that were not asked because what was found answered them: one mark for each member and target."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Base, db, insert_once, utcnow

SHOWN = 20


class Deflection(Base):
    """A member was about to ask and said that a thread or an article answers it."""

    __tablename__ = "deflection"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    target_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(default=utcnow, index=True)


def answered(kind: str, target_id: int, *, member_id: int) -> bool:
    """Count it once for each member; whether it was new."""
    return insert_once(Deflection, kind=kind, target_id=target_id, member_id=member_id)


def most(since: datetime, until: datetime) -> list[tuple[str, int, int]]:
    """Kind and id of what answered most questions, and how many."""
    times = func.count()
    rows = db.session.execute(
        select(Deflection.kind, Deflection.target_id, times)
        .where(Deflection.at >= since, Deflection.at < until)
        .group_by(Deflection.kind, Deflection.target_id)
        .order_by(times.desc(), Deflection.kind, Deflection.target_id)
        .limit(SHOWN)
    )
    return [(kind, target_id, count) for kind, target_id, count in rows]


def total(since: datetime, until: datetime) -> int:
    """How many questions were answered before they were asked."""
    counted = select(func.count()).select_from(Deflection).where(Deflection.at >= since, Deflection.at < until)
    return db.session.scalar(counted) or 0
