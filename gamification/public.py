"""What other packages may ask about recognition: ids in, frozen values out."""

from dataclasses import dataclass

from flask_babel import ngettext

from community.core.db import db
from community.public import LevelStep

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


def level_number(member_id: int) -> int:
    """How far a member is trusted: 0 for a newcomer, up to 3."""
    return LEVELS.index(BY_KEY[standing_of(member_id).level])


def level_steps(member_id: int) -> list[LevelStep]:
    """The levels with what this member still lacks for each."""
    points = standing_of(member_id).points
    return [
        LevelStep(str(level.name), _lacking(level.points - points), level.points >= BY_KEY["regular"].points)
        for level in LEVELS
    ]


def _lacking(points: int) -> str:
    return ngettext("%(num)s point more", "%(num)s points more", points) if points > 0 else ""
