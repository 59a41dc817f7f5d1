"""What other packages may ask about recognition: ids in, frozen values out."""

from dataclasses import dataclass

from community.core.db import db

from .levels import BY_KEY, LEVELS
from .models import Standing


@dataclass(frozen=True)
class StandingSnapshot:
    """A member's points and the key of their level."""

    points: int
    level: str


def standing_of(member_id: int) -> StandingSnapshot:
    """How a member stands now; no points and the first level where nothing is known."""
    row = db.session.get(Standing, member_id)
    return StandingSnapshot(row.points, row.level) if row else StandingSnapshot(0, LEVELS[0].key)


def is_regular(member_id: int) -> bool:
    """Whether a member has the points of a regular: the community asks before it lets them weigh replies."""
    return standing_of(member_id).points >= BY_KEY["regular"].points
