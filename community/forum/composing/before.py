"""What somebody should know before they begin to type: packages above say it, the forum shows it at the composer.

Without such a package nothing is said, and what cannot be published is refused when it is sent.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import Flask

from community.core.policies import Actor, actor
from community.spaces.models import Space

from ..models import Thread

Own = Mapping[str, frozenset[int]]


@dataclass(frozen=True)
class Notice:
    """One thing to know. With `stops` nothing can be published for now, and what is typed can be kept as a draft.

    `link` is a label and an address.
    """

    title: str
    lines: tuple[str, ...] = ()
    link: tuple[str, str] | None = None
    stops: bool = False


@dataclass(frozen=True)
class Telling:
    """Who says it. `own` is what the one statement about a reader of a thread found, so that most readers cost nothing
    more; `asking` is told of the spaces that can be chosen, `writing` of the space that a text belongs to, if any.
    """

    in_thread: Callable[[Actor, Thread, Own], list[Notice]]
    asking: Callable[[Actor, Sequence[Space]], list[Notice]]
    writing: Callable[[Actor, int | None], list[Notice]]


_known: list[Telling] = []


def init_app(app: Flask) -> None:
    """Let templates of forms ask what is to be said above them."""
    app.jinja_env.globals.update(before_writing=writing)


def register(telling: Telling) -> None:
    """Have this said."""
    _known[:] = [telling]


def in_thread(who: Actor, thread: Thread, own: Own) -> list[Notice]:
    """What whoever reads a thread should know before they reply."""
    return _known[0].in_thread(who, thread, own) if _known and who.is_member else []


def asking(who: Actor, spaces: Sequence[Space]) -> list[Notice]:
    """What somebody should know before they begin a thread."""
    return _known[0].asking(who, spaces) if _known and who.is_member else []


def writing(space_id: int | None = None) -> list[Notice]:
    """What whoever has the page before them should know before they write anything else."""
    who = actor()
    return _known[0].writing(who, space_id) if _known and who.is_member else []
