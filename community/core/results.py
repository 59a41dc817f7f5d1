"""Search results of any kind: each package says how its hits are loaded through the actor."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from .policies import Actor


@dataclass(frozen=True)
class Result:
    """One hit as the result page shows it. `body` is plain text to cut the snippet from."""

    kind: str
    id: int
    title: str
    url: str
    state: str
    body: str
    meta: tuple[str, ...] = ()
    language: str = "en"


Loader = Callable[[Actor, Iterable[int]], dict[int, Result]]
loaders: dict[str, Loader] = {}


@dataclass(frozen=True)
class Traits:
    """What hits are counted and sorted by. `space` is a slug, `state` is empty where a state says nothing."""

    space: str
    space_name: str
    kind: str
    state: str
    tags: tuple[str, ...]
    at: datetime
    votes: int
    author_id: int


Describer = Callable[[Actor, Iterable[int]], dict[int, Traits]]
describers: dict[str, Describer] = {}
