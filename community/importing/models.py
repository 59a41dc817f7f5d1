"""What an import remembers: which old thing became which new one, and facts that have no other place."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Base

BigId = BigInteger().with_variant(Integer, "sqlite")


class ImportMap(Base):
    """The new id of each imported thing. `source` names where it came from, `old_url` its address there.

    What `new_id` points at follows from `kind`: a member, a thread, a post, or the row of a table below.
    """

    __tablename__ = "import_map"
    __table_args__ = (
        UniqueConstraint("source", "kind", "old_id"),
        Index("ix_import_map_old_url", "old_url"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    source: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20))
    old_id: Mapped[str] = mapped_column(String(80))
    new_id: Mapped[int] = mapped_column(BigInteger)
    old_url: Mapped[str | None] = mapped_column(String(120))


class ImportPending(Base):
    """A thread whose replies are not yet in their order. A `fresh` one is hidden until they are."""

    __tablename__ = "import_pending"

    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"), primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(String(80), index=True)
    fresh: Mapped[bool] = mapped_column(default=False)
    accepted: Mapped[str] = mapped_column(String(20), default="")


class ImportedHistory(Base):
    """One entry of a post's history as it came. Texts become revisions; closings and locks stay here."""

    __tablename__ = "imported_history"
    __table_args__ = (Index("ix_imported_history_old_post", "source", "old_post_id"),)

    source: Mapped[str] = mapped_column(String(80), primary_key=True)
    old_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    old_post_id: Mapped[int] = mapped_column(BigInteger)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), index=True)
    tag_id: Mapped[int | None] = mapped_column(ForeignKey("imported_tag.id"))
    type_id: Mapped[int]
    revision: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[datetime]
    old_user_id: Mapped[int | None] = mapped_column(BigInteger)
    user_name: Mapped[str] = mapped_column(String(80), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    comment: Mapped[str] = mapped_column(Text, default="")


class ImportedProfile(Base):
    """What the old home knew of a member and a profile here has no field for. `last_seen_at` is theirs."""

    __tablename__ = "imported_profile"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True, autoincrement=False)
    reputation: Mapped[int] = mapped_column(default=0)
    views: Mapped[int] = mapped_column(default=0)
    up_votes: Mapped[int] = mapped_column(default=0)
    down_votes: Mapped[int] = mapped_column(default=0)
    account_id: Mapped[int | None] = mapped_column(BigInteger)
    location: Mapped[str] = mapped_column(String(200), default="")
    website: Mapped[str] = mapped_column(String(300), default="")
    picture: Mapped[str] = mapped_column(String(500), default="")
    last_seen_at: Mapped[datetime | None]


class ImportedPost(Base):
    """What came with a post beside its text: its licence, its score, who could edit it."""

    __tablename__ = "imported_post"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True, autoincrement=False)
    licence: Mapped[str] = mapped_column(String(40), default="")
    score: Mapped[int] = mapped_column(default=0)
    favourites: Mapped[int] = mapped_column(default=0)
    community_owned_at: Mapped[datetime | None]


class ImportedVotes(Base):
    """How many votes of a type a post had; `announced` of them are published as facts. No voters."""

    __tablename__ = "imported_votes"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True, autoincrement=False)
    type_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(default=0)
    announced: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime]


class ImportedBadge(Base):
    """A badge that a member brought along; `grade` is 1 for gold, 2 for silver, 3 for bronze."""

    __tablename__ = "imported_badge"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    grade: Mapped[int]
    for_tag: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]


class ImportedLink(Base):
    """One post points at another; `kind` is "linked" or "duplicate"."""

    __tablename__ = "imported_link"
    __table_args__ = (UniqueConstraint("post_id", "other_id", "kind"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime | None]


class ImportedTag(Base):
    """A tag of a space as it was described there, in Markdown. `number` is how often it was used."""

    __tablename__ = "imported_tag"
    __table_args__ = (UniqueConstraint("space_id", "name"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    space_id: Mapped[int] = mapped_column(ForeignKey("space.id"))
    name: Mapped[str] = mapped_column(String(80))
    number: Mapped[int] = mapped_column(default=0)
    excerpt: Mapped[str] = mapped_column(Text, default="")
    description: Mapped[str] = mapped_column(Text, default="")
