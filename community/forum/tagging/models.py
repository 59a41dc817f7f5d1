"""What is known of a tag beside the threads that carry it."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.accounts.models import Member
from community.core.db import Base, utcnow
from community.forum.models import BigId


class Tag(Base):
    """A tag that something was said of. One without a row is a tag all the same, if a thread carries it.

    `main` is set where the name is only another word for a main tag; such a tag is on no thread. `html` was rendered
    when `body` was written.
    """

    __tablename__ = "tag"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    main: Mapped[str | None] = mapped_column(ForeignKey("tag.name"), index=True)
    group: Mapped[str] = mapped_column("group_name", String(40), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")
    revision_count: Mapped[int] = mapped_column(default=0)


class TagRevision(Base):
    """The wiki text of a tag as it was before an edit, and who changed it."""

    __tablename__ = "tag_revision"
    __table_args__ = (UniqueConstraint("tag", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    tag: Mapped[str] = mapped_column(ForeignKey("tag.name"))
    number: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    editor_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    reason: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime] = mapped_column(default=utcnow)

    editor: Mapped[Member] = relationship()
