"""Browsers that asked to be told."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.accounts.models import SignIn
from community.core.db import Base, utcnow

LONGEST_ENDPOINT = 500


class PushSubscription(Base):
    """One browser's address at its push service. It goes with the sign-in in which it was made.

    `keys` are sealed. `failures` counts tries since the last one that was taken.
    """

    __tablename__ = "push_subscription"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    sign_in_id: Mapped[int] = mapped_column(ForeignKey("sign_in.id", ondelete="CASCADE"), index=True)
    endpoint: Mapped[str] = mapped_column(String(LONGEST_ENDPOINT), unique=True)
    keys: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    last_ok_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)

    sign_in: Mapped[SignIn] = relationship()
