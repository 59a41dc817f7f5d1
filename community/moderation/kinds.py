"""Kinds of cases and what can be decided about each. Packages register their own; the inbox shows them all alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel.speaklater import LazyString

from community.core.policies import Actor, Permission

from .models import Case
from .targets import Target

Apply = Callable[[Case, int, str], dict[str, Any]]
Undo = Callable[[Case, int], None]


def _anybody(_actor: Actor, _case: Case) -> bool:
    return True


@dataclass(frozen=True)
class Decision:
    """One thing that can be decided. `letter` is its key on the keyboard.

    `apply(case, by_id, words)` does it and returns what undoing needs; `undo(case, by_id)` takes it back. `asks` means
    that the person concerned reads words, so that there must be some; a `rare` one stands in the menu. `may` narrows
    who may decide so.
    """

    key: str
    letter: str
    label: LazyString
    apply: Apply
    undo: Undo | None = None
    asks: bool = False
    tone: str = ""
    rare: bool = False
    may: Callable[[Actor, Case], bool] = _anybody


@dataclass(frozen=True)
class Shown:
    """A case as one reader sees it: what it is about, and more lines of why it is here."""

    title: str
    address: str
    html: str = ""
    language: str = ""
    parts: Sequence[str] = ()
    why: Sequence[str] = ()


def as_it_stands(case: Case, target: Target | None, _actor: Actor) -> Shown | None:
    """The thing itself, for whoever may read it, with the lines that the case keeps."""
    if target is None or not target.readable:
        return None
    why = [line["text"] for line in case.why]
    return Shown(target.title, target.address, target.html, target.language, why=why)


@dataclass(frozen=True)
class CaseKind:
    """One kind of case.

    `show(case, target, actor)` says how it looks; None where the actor may not read what it is about. `may` narrows who
    may decide beyond the rights in the space (an appeal is decided by somebody else). `elsewhere` is the address of the
    page where it is decided instead of the inbox, for kinds that have one of their own. `permission` is the right
    that it takes, where that is not the one of moderators.
    """

    key: str
    label: LazyString
    icon: str
    decisions: Sequence[Decision]
    show: Callable[[Case, Target | None, Actor], Shown | None] = as_it_stands
    may: Callable[[Actor, Case], bool] = _anybody
    elsewhere: Callable[[Case], str] | None = None
    permission: Permission | None = None
    by_key: dict[str, Decision] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.by_key.update({decision.key: decision for decision in self.decisions})


_known: dict[str, CaseKind] = {}


def register_case_kind(kind: CaseKind) -> None:
    """Let the inbox show one more kind of case."""
    _known[kind.key] = kind


def case_kind(key: str) -> CaseKind | None:
    """A registered kind, or None where its package is not loaded."""
    return _known.get(key)


def all_case_kinds() -> list[CaseKind]:
    """Every kind, in the order in which they were registered."""
    return list(_known.values())
