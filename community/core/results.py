"""Search results of any kind: each package says how its hits are loaded through the actor."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

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
