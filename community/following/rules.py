"""What a person's levels come to for one thread.

| the person's level for ...                              | comes to                          |
|---------------------------------------------------------|-----------------------------------|
| 1. the thread itself is set, whatever it is             | that level                        |
| 2. they began or joined it, and what they prefer to     | the highest of these              |
|    happen then is above normal                          |                                   |
| 3. one of its tags, or its space, is muted              | muted, also where another tag or  |
|                                                         | the space is watched              |
| 4. tags and space, none of them muted                   | the highest of them               |
| 5. nothing of all that                                  | normal                            |

A line holds only where none above it does. To join is to reply, or to say that one has the problem too.

| comes to       | told of a new thread | of each reply, and of its answer | of mentions and what is one's own |
|----------------|----------------------|----------------------------------|-----------------------------------|
| watching       | yes                  | yes                              | yes                               |
| watching first | yes                  | no                               | yes                               |
| tracking       | no                   | no                               | yes                               |
| normal         | no                   | no                               | yes                               |
| muted          | no                   | no                               | no                                |

Nothing is told of what a muted person does, whatever the level.
"""

from collections.abc import Collection
from dataclasses import dataclass

from .models import Level


@dataclass(frozen=True)
class Levels:
    """One person's levels that concern a thread. None, and no entry, where nothing was said."""

    thread: Level | None = None
    by_itself: Collection[Level] = ()
    tags: Collection[Level] = ()
    space: Level | None = None


def effective(levels: Levels) -> Level:
    """What they come to, by the first table."""
    if levels.thread is not None:
        return levels.thread
    by_itself = max(levels.by_itself, default=Level.NORMAL)
    if by_itself > Level.NORMAL:
        return by_itself
    around = [*levels.tags, *([] if levels.space is None else [levels.space])]
    if Level.MUTED in around:
        return Level.MUTED
    return max(around, default=Level.NORMAL)


def tells(level: Level, *, first_post: bool) -> bool:
    """Whether a new thread, or else what comes after its first post, is told at this level."""
    return level >= (Level.WATCHING_FIRST if first_post else Level.WATCHING)
