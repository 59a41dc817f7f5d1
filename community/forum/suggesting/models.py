"""Changes that members propose to posts of others."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.accounts.models import Member
from community.core.db import Base, utcnow

from ..models import Post


class Outcome(StrEnum):
    """What became of a suggestion."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class SuggestedEdit(Base):
    """A text that a member would put in place of another one; `base_*` is what they had before them."""

    __tablename__ = "suggested_edit"
    __table_args__ = (
        Index("ix_suggested_edit_post", "post_id", "state"),
        Index("ix_suggested_edit_member", "member_id", "created_at"),
        Index("ix_suggested_edit_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    base_title: Mapped[str] = mapped_column(String(160), default="")
    base_body: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(String(160), default="")
    body: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10), default=Outcome.OPEN.value)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    word: Mapped[str] = mapped_column(String(300), default="")

    post: Mapped[Post] = relationship()
    member: Mapped[Member] = relationship(foreign_keys=[member_id])

    @property
    def is_open(self) -> bool:
        """Whether it still waits."""
        return self.state == Outcome.OPEN

    @property
    def outdated(self) -> bool:
        """Whether the post reads otherwise than when this was written."""
        return self.base_body != self.post.body or self.base_title != title_of(self.post)


def title_of(post: Post) -> str:
    """The title that changes with a post: that of the thread which it opens."""
    return post.thread.title if post.opens else ""
