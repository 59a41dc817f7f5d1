"""Levels: how far a member is trusted, by points."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString


@dataclass(frozen=True)
class Level:
    """A step of trust, from how many points on, and what it allows in words."""

    key: str
    points: int
    name: LazyString
    allows: LazyString


LEVELS = (
    Level("newcomer", 0, _l("newcomer"), _l("Ask, reply, vote and write articles")),
    Level("member", 20, _l("member"), _l("Be named on your profile as somebody who helps")),
    Level("regular", 150, _l("regular"), _l("Be proposed as a super user, and say that a reply did not help")),
    Level("trusted", 600, _l("trusted"), _l("Be asked first when rules or articles are reviewed")),
)
BY_KEY = {level.key: level for level in LEVELS}


def level_at(points: int) -> Level:
    """The highest level that these points reach."""
    return [level for level in LEVELS if points >= level.points or level is LEVELS[0]][-1]


def next_level(level: Level) -> Level | None:
    """The level above, or None at the top."""
    above = LEVELS.index(level) + 1
    return LEVELS[above] if above < len(LEVELS) else None
