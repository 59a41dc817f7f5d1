"""Check-lists, what stands in them, who ticked what, and since when a list waits for somebody."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.accounts.models import Member
from community.core.db import Base, utcnow


class Checklist(Base):
    """What people of one role should learn.

    `audience` says whom it is for: a key of `audiences`, such as "super_user" or "expert:3". Nobody sees it before it
    is published, and nobody but the owners after it is retired; what was ticked is kept.
    """

    __tablename__ = "checklist"

    id: Mapped[int] = mapped_column(primary_key=True)
    audience: Mapped[str] = mapped_column(String(30))
    title: Mapped[str] = mapped_column(String(160))
    language: Mapped[str] = mapped_column(String(10), default="en")
    position: Mapped[int] = mapped_column(default=0)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    made_at: Mapped[datetime] = mapped_column(default=utcnow)
    published_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]

    items: Mapped[list["ChecklistItem"]] = relationship(
        back_populates="checklist", order_by="ChecklistItem.position, ChecklistItem.id"
    )

    @property
    def holds(self) -> bool:
        """Whether people see it."""
        return self.published_at is not None and self.retired_at is None

    @property
    def living(self) -> list["ChecklistItem"]:
        """What stands in it now."""
        return [item for item in self.items if item.retired_at is None]


class ChecklistItem(Base):
    """One thing to learn. A tick counts for one `version`: changed in substance, it is asked for again.

    What is `shown` counts once somebody else has confirmed it. `link` is a path here, or an address elsewhere.
    """

    __tablename__ = "checklist_item"
    __table_args__ = (Index("ix_checklist_item_list", "checklist_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    checklist_id: Mapped[int] = mapped_column(ForeignKey("checklist.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(String(160))
    body: Mapped[str] = mapped_column(Text, default="")
    body_html: Mapped[str] = mapped_column(Text, default="")
    link: Mapped[str] = mapped_column(String(500), default="")
    required: Mapped[bool] = mapped_column(default=True)
    shown: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(default=utcnow)
    retired_at: Mapped[datetime | None]

    checklist: Mapped[Checklist] = relationship(back_populates="items")


class ChecklistTick(Base):
    """Somebody knows this version of an item; and who it was shown to, where it must be."""

    __tablename__ = "checklist_tick"

    item_id: Mapped[int] = mapped_column(ForeignKey("checklist_item.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)
    version: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=utcnow)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    confirmed_at: Mapped[datetime | None]

    item: Mapped[ChecklistItem] = relationship()
    member: Mapped[Member] = relationship(foreign_keys=[member_id])
    confirmed_by: Mapped[Member | None] = relationship(foreign_keys=[confirmed_by_id])

    def counts(self, item: ChecklistItem) -> bool:
        """Whether it is for the present version, and confirmed where that is asked."""
        return self.version == item.version and (not item.shown or self.confirmed_at is not None)


class ChecklistStart(Base):
    """Since when a list waits for somebody, who was told so; and the one reminder."""

    __tablename__ = "checklist_start"

    checklist_id: Mapped[int] = mapped_column(ForeignKey("checklist.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)
    since: Mapped[datetime] = mapped_column(default=utcnow)
    reminded_at: Mapped[datetime | None]
