"""The secret in the addresses of a member's own feeds. It opens feeds and nothing else."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from community.accounts.loading import actor_for
from community.accounts.models import Member, hash_token, new_token
from community.core.db import Base, db, utcnow
from community.core.policies import Actor


class FeedToken(Base):
    """A member's one secret, kept as a hash: the addresses themselves are shown once and known to nobody else."""

    __tablename__ = "feed_token"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


def made_at(member_id: int) -> datetime | None:
    """Since when the member has addresses; None where there are none."""
    return db.session.scalar(select(FeedToken.created_at).where(FeedToken.member_id == member_id))


def renew(member_id: int) -> str:
    """A new secret in the place of the old one, which opens nothing from now on."""
    token = new_token()
    db.session.merge(FeedToken(member_id=member_id, token_hash=hash_token(token), created_at=utcnow()))
    return token


def end(member_id: int) -> None:
    """No address of the member opens anything any more."""
    db.session.execute(delete(FeedToken).where(FeedToken.member_id == member_id))


def holder(token: str) -> Actor | None:
    """Whose it is, with what they may read at this moment; None for one of nobody, or of a suspended account."""
    found = (
        select(Member.id)
        .join(FeedToken, FeedToken.member_id == Member.id)
        .where(FeedToken.token_hash == hash_token(token), Member.suspended_at.is_(None))
    )
    member_id = db.session.scalar(found)
    return actor_for(member_id) if member_id is not None else None
