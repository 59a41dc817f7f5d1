"""Spaces."""

from datetime import datetime

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Base, utcnow

OPEN = "open"
MEMBERS = "members"
GROUPS = "groups"


class Space(Base):
    """A community: what it is for, who runs it, who may read it, and what it promises."""

    __tablename__ = "space"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    description: Mapped[str] = mapped_column(String(300), default="")
    charter: Mapped[str] = mapped_column(Text, default="")
    charter_html: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(10), default="en")
    visibility: Mapped[str] = mapped_column(String(10), default=OPEN)
    # Who begins threads, and who replies: everybody who reads it ("members"), or only groups with the right ("groups").
    start_by: Mapped[str] = mapped_column(String(10), default=MEMBERS)
    reply_by: Mapped[str] = mapped_column(String(10), default=MEMBERS)
    run_by: Mapped[str] = mapped_column(String(10), default="provider")
    promise_hours: Mapped[int] = mapped_column(default=0)
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    # Of the first a thread needs one; the second are given by super users and staff only.
    required_tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    reserved_tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    # The service of the catalogue that the space is about, by its name; "" where it is about no single one.
    service: Mapped[str] = mapped_column(String(80), default="")
    # People cannot work without it.
    service_critical: Mapped[bool] = mapped_column(default=False)
    # When the last event ends that was announced in it; before that there may be something to come.
    events_until: Mapped[datetime | None]
    thread_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    @property
    def is_open(self) -> bool:
        """Whether everybody may read it, signed in or not."""
        return self.visibility == OPEN
