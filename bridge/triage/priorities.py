"""Priority from impact and urgency, target times from priority: defaults in code, changes in the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from community.core.db import db

from .classes import CRITICAL, HIGH, LOW, MEDIUM, QueryClass
from .models import PriorityRule, TargetTime

DEFAULT_MATRIX: dict[tuple[int, int], int] = {
    (3, 3): CRITICAL,
    (3, 2): HIGH,
    (3, 1): MEDIUM,
    (2, 3): HIGH,
    (2, 2): MEDIUM,
    (2, 1): LOW,
    (1, 3): MEDIUM,
    (1, 2): LOW,
    (1, 1): LOW,
}


@dataclass(frozen=True)
class Targets:
    """Time from receipt until the first news and until the resolution."""

    first_news: timedelta
    resolution: timedelta


DEFAULT_TARGETS: dict[int, Targets] = {
    CRITICAL: Targets(timedelta(minutes=15), timedelta(days=1)),
    HIGH: Targets(timedelta(minutes=30), timedelta(days=5)),
    MEDIUM: Targets(timedelta(hours=2), timedelta(days=10)),
    LOW: Targets(timedelta(hours=8), timedelta(days=20)),
}

# A suggestion that no catalogue covers is weighed in months, however many people would like it.
LEAST: dict[str, timedelta] = {QueryClass.IMPROVEMENT: timedelta(days=180)}


def matrix() -> dict[tuple[int, int], int]:
    """The whole matrix: (impact, urgency) to priority."""
    changed = {(row.impact, row.urgency): row.priority for row in db.session.scalars(select(PriorityRule))}
    return DEFAULT_MATRIX | changed


def priority_of(impact: int, urgency: int) -> int:
    """The priority of a cell. Raises `KeyError` outside of the matrix."""
    row = db.session.get(PriorityRule, (impact, urgency))
    return row.priority if row else DEFAULT_MATRIX[impact, urgency]


def all_targets() -> dict[int, Targets]:
    """Target times of every priority."""
    rows = db.session.scalars(select(TargetTime))
    return DEFAULT_TARGETS | {row.priority: _targets(row) for row in rows}


def targets_of(priority: int, query_class: str) -> Targets:
    """Target times of one priority; improvements take longer. Raises `KeyError` for a priority that does not exist."""
    row = db.session.get(TargetTime, priority)
    times = _targets(row) if row else DEFAULT_TARGETS[priority]
    return Targets(times.first_news, max(times.resolution, LEAST.get(query_class, times.resolution)))


def set_matrix(cells: Mapping[tuple[int, int], int]) -> None:
    """Replace the matrix; queries that exist keep their priority."""
    for (impact, urgency), priority in cells.items():
        db.session.merge(PriorityRule(impact=impact, urgency=urgency, priority=priority))


def set_targets(targets: Mapping[int, Targets]) -> None:
    """Replace the target times; queries that exist keep theirs."""
    for priority, times in targets.items():
        db.session.merge(
            TargetTime(
                priority=priority,
                first_news_minutes=int(times.first_news.total_seconds()) // 60,
                resolution_minutes=int(times.resolution.total_seconds()) // 60,
            )
        )


def _targets(row: TargetTime) -> Targets:
    return Targets(timedelta(minutes=row.first_news_minutes), timedelta(minutes=row.resolution_minutes))
