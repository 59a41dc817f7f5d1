"""Posts that mention groups, and what their groups made of it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.accounts.models import Member
from community.core.db import Base, utcnow
from community.forum.models import Post
from community.groups.models import Group


class Handling(StrEnum):
    """What became of it."""

    OPEN = "open"
    TAKEN = "taken"
    DONE = "done"


class GroupMention(Base):
    """A post that mentions a group. `by_id`: who took it, or is done with it."""

    __tablename__ = "group_mention"
    __table_args__ = (
        UniqueConstraint("group_id", "post_id"),
        Index("ix_group_mention_inbox", "group_id", "state", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("member_group.id", ondelete="CASCADE"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(default=utcnow)
    state: Mapped[str] = mapped_column(String(6), default=Handling.OPEN.value)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))

    group: Mapped[Group] = relationship()
    post: Mapped[Post] = relationship()
    by: Mapped[Member | None] = relationship()
