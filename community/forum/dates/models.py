"""When and where something that is announced happens."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.core.db import Base, utcnow

from ..models import Thread

LONGEST_PLACE = 300


class ThreadEvent(Base):
    """The event of an announcement. `zone` is the time zone in which it was typed and is shown.

    `uid` stays the same for ever and `sequence` grows with each change, so that calendars take it for the same event.
    """

    __tablename__ = "thread_event"

    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"), primary_key=True)
    uid: Mapped[str] = mapped_column(String(40), unique=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    zone: Mapped[str] = mapped_column(String(40))
    place: Mapped[str] = mapped_column(String(LONGEST_PLACE), default="")
    sequence: Mapped[int] = mapped_column(default=0)
    cancelled_at: Mapped[datetime | None]
    changed_at: Mapped[datetime] = mapped_column(default=utcnow)

    thread: Mapped[Thread] = relationship()
