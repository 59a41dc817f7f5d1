"""What managers set: how impact and urgency make a priority, and how much time each priority leaves."""

from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Base


class PriorityRule(Base):
    """One cell of the matrix. A cell without a row has its default."""

    __tablename__ = "priority_rule"

    impact: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    urgency: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    priority: Mapped[int]


class TargetTime(Base):
    """Minutes from receipt until the first news and until the resolution. A priority without a row has its default."""

    __tablename__ = "target_time"

    priority: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first_news_minutes: Mapped[int]
    resolution_minutes: Mapped[int]
