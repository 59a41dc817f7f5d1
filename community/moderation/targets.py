"""What can be flagged and put out of view: packages say how, for each kind of thing they own."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from flask_babel.speaklater import LazyString

from community.core.policies import Actor


@dataclass(frozen=True)
class Target:
    """One thing as moderation shows it. `html` was rendered by whoever owns it; `words` is the plain beginning.

    `readable` says whether whoever asked may read it.
    """

    kind: str
    id: int
    author_id: int | None
    space_id: int | None
    title: str
    html: str
    words: str
    address: str
    language: str = ""
    staff_only: bool = False
    hidden: bool = False
    thread_id: int | None = None
    readable: bool = False


Hide = Callable[[int, str, int | None], dict[str, Any]]
Show = Callable[[int, dict[str, Any], int | None], None]


@dataclass(frozen=True)
class TargetKind:
    """How one kind of thing is found and put out of view.

    `look(ids)` finds several at once, whoever asks; `readable(actor, ids)` says which of them the actor may read.
    `hide(id, reason, by)` takes one from view and returns what `show(id, before, by)` needs to put it back exactly.
    `reported(actor, id)` is called when somebody flags one.
    """

    key: str
    label: LazyString
    look: Callable[[Collection[int]], dict[int, Target]]
    readable: Callable[[Actor, Collection[int]], set[int]]
    hide: Hide | None = None
    show: Show | None = None
    reported: Callable[[Actor, int], object] | None = None


_kinds: dict[str, TargetKind] = {}


def register_target(kind: TargetKind) -> None:
    """Let moderation know of one more kind of thing."""
    _kinds[kind.key] = kind


def target_kind(key: str) -> TargetKind | None:
    """A registered kind, or None where its package is not loaded."""
    return _kinds.get(key)


def find(actor: Actor, key: str, target_id: int) -> Target | None:
    """The thing, if the actor may read it."""
    target = seen_by(actor, [(key, target_id)]).get((key, target_id))
    return target if target is not None and target.readable else None


def look(key: str, target_id: int) -> Target | None:
    """The thing, whoever asks."""
    kind = _kinds.get(key)
    return kind.look([target_id]).get(target_id) if kind else None


def seen_by(actor: Actor, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Target]:
    """Several things of any kinds, each saying whether the actor may read it: two questions a kind, however many."""
    by_kind: dict[str, set[int]] = {}
    for key, target_id in wanted:
        by_kind.setdefault(key, set()).add(target_id)
    found: dict[tuple[str, int], Target] = {}
    for key, ids in by_kind.items():
        kind = _kinds.get(key)
        if kind is not None:
            readable = kind.readable(actor, ids)
            found.update({(key, id_): replace(one, readable=id_ in readable) for id_, one in kind.look(ids).items()})
    return found
