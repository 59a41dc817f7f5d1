"""Kinds of cases and what can be decided about each. Packages register their own; the inbox shows them all alike."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel.speaklater import LazyString

from community.core.policies import Actor, Permission

from .models import Case
from .targets import Target

Apply = Callable[[Case, int, str], dict[str, Any]]
Undo = Callable[[Case, int], bool | None]


def _anybody(_actor: Actor, _case: Case) -> bool:
    return True


def _always(_case: Case) -> bool:
    return True


@dataclass(frozen=True)
class Decision:
    """One thing that can be decided. `letter` is its key on the keyboard.

    `apply(case, by_id, words)` does it and returns what undoing needs; `undo(case, by_id)` takes it back, or is False
    and does nothing where something else came of it meanwhile. `asks` means that the person concerned reads words, so
    that there must be some; a `rare` one stands in the menu. `may` narrows who may decide so, and
    `can_undo` says whether taking it back is worth offering.
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
    can_undo: Callable[[Case], bool] = _always


@dataclass(frozen=True)
class Shown:
    """A case as one reader sees it: what it is about, and more lines of why it is here."""

    title: str
    address: str
    html: str = ""
    language: str = ""
    parts: Sequence[str] = ()
    why: Sequence[str] = ()


Things = Mapping[tuple[str, int], Target]
ShowAll = Callable[[Sequence[Case], Things, Actor], Mapping[int, Shown]]


def own_target(case: Case) -> tuple[str, int]:
    """What a case is about is what it names."""
    return case.target_kind, case.target_id


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
    may decide beyond the rights in the space (an appeal is decided by somebody else). `subject` names the thing that
    `show` is given, where that is not what the case names. A kind that asks the database to be shown brings `show_all`
    in its place, for all of a page at once; what is left out of its answer is not shown. `elsewhere` is the address of
    the page where it is decided instead of the inbox, for kinds that have one of their own. `permission` is the right
    that it takes, where that is not the one of moderators.
    """

    key: str
    label: LazyString
    icon: str
    decisions: Sequence[Decision]
    show: Callable[[Case, Target | None, Actor], Shown | None] = as_it_stands
    may: Callable[[Actor, Case], bool] = _anybody
    elsewhere: Callable[[Case], str] | None = None
    subject: Callable[[Case], tuple[str, int]] = own_target
    show_all: ShowAll | None = None
    permission: Permission | None = None
    by_key: dict[str, Decision] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.by_key.update({decision.key: decision for decision in self.decisions})

    def shown(self, cases: Sequence[Case], things: Things, actor: Actor) -> Mapping[int, Shown]:
        """How several cases of this kind look, by id, without those that the actor may not read."""
        if self.show_all is not None:
            return self.show_all(cases, things, actor)
        found = {case.id: self.show(case, things.get(self.subject(case)), actor) for case in cases}
        return {id_: one for id_, one in found.items() if one is not None}


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
