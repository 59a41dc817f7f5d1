"""What detection reads: who voted on whose post and when, and whose answers were accepted by whom. Plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote that stands. `asked`: the voter began the thread; to thank for an answer is what votes are for."""

    voter: int
    author: int
    post: int
    space: int
    at: datetime
    helpful: bool = True
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """An answer that is accepted. `minutes` is from the question to the answer and on to its acceptance."""

    asker: int
    solver: int
    thread: int
    space: int
    at: datetime
    minutes: float


@dataclass(frozen=True)
class Table:
    """Everything that stands at one moment. `joined` says since when the people concerned are here."""

    votes: Sequence[Vote]
    accepted: Sequence[Accepted] = ()
    joined: Mapping[int, datetime] = field(default_factory=dict)
