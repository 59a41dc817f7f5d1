"""Check-lists as somebody follows them, and as the owners of the programme see how far people are."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from community.accounts.models import Member
from community.core.db import db, utcnow
from community.core.policies import Actor

from .audiences import Held, audiences_of, held
from .models import Checklist, ChecklistItem, ChecklistStart, ChecklistTick
from .policies import can_confirm, can_tick, can_unconfirm

STUCK = timedelta(days=30)
CONFIRMED = 20  # so many of one's own confirmations are listed
Key = tuple[int, int]


@dataclass(frozen=True)
class Step:
    """An item as somebody stands to it."""

    item: ChecklistItem
    tick: ChecklistTick | None

    @property
    def state(self) -> str:
        """open; changed since it was ticked; waits for somebody to confirm it; done."""
        if self.tick is None:
            return "open"
        if self.tick.version != self.item.version:
            return "changed"
        return "done" if self.tick.counts(self.item) else "waits"


@dataclass(frozen=True)
class Progress:
    """How far somebody is with a list; what is optional is counted only where nothing else is in it."""

    checklist: Checklist
    steps: Sequence[Step]
    since: datetime

    @property
    def counted(self) -> list[Step]:
        """What must be done."""
        return [step for step in self.steps if step.item.required] or list(self.steps)

    @property
    def done(self) -> int:
        """How much of it is."""
        return sum(1 for step in self.counted if step.state == "done")

    @property
    def total(self) -> int:
        """How much there is."""
        return len(self.counted)

    @property
    def finished(self) -> bool:
        """Whether nothing is left that must be done."""
        return self.done == self.total

    @property
    def next(self) -> Step | None:
        """What comes next, if anything is left that one does oneself."""
        return next((step for step in self.steps if step.state in ("open", "changed")), None)

    @property
    def last(self) -> datetime | None:
        """When the last tick was given."""
        return max((step.tick.at for step in self.steps if step.tick), default=None)

    @property
    def stuck(self) -> bool:
        """Whether something is left, and nothing was ticked for 30 days."""
        return self.idle(STUCK)

    def idle(self, span: timedelta) -> bool:
        """Whether something waits for the person themselves, and for so long neither it nor a tick was new."""
        left = [step.item.changed_at for step in self.counted if step.state in ("open", "changed")]
        return bool(left) and max(self.last or self.since, self.since, min(left)) <= utcnow() - span


@dataclass(frozen=True)
class ListProgress:
    """A list with everybody whom it is for."""

    checklist: Checklist
    people: Sequence[tuple[Member, Progress]]

    @property
    def finished(self) -> int:
        """How many are through."""
        return sum(1 for _member, progress in self.people if progress.finished)

    @property
    def on_the_way(self) -> list[tuple[Member, Progress]]:
        """Who is neither through nor stuck."""
        return [(member, how) for member, how in self.people if not how.finished and not how.stuck]

    @property
    def stuck(self) -> list[Member]:
        """Who is stuck."""
        return [member for member, progress in self.people if progress.stuck]


def all_lists() -> list[Checklist]:
    """Every list, in order, for the owners; those retired last."""
    ordered = select(Checklist).order_by(Checklist.retired_at.is_not(None), Checklist.position, Checklist.id)
    return list(db.session.scalars(ordered.options(selectinload(Checklist.items))))


def lists_that_hold() -> list[Checklist]:
    """Those that people see."""
    return [each for each in all_lists() if each.holds and each.living]


def own(actor: Actor) -> list[Progress]:
    """The lists that are for the actor now, and how far they are."""
    audiences = audiences_of(actor.id)
    found = [each for each in lists_that_hold() if each.audience in audiences] if audiences else []
    return [progress for _id, progress in progresses(found, {actor.id or 0: audiences})]


def item_for(actor: Actor, item_id: int) -> ChecklistItem | None:
    """An item that the actor may tick."""
    item = db.session.get(ChecklistItem, item_id)
    return item if item is not None and can_tick(item, audiences_of(actor.id)) else None


def progresses(lists: Iterable[Checklist], people: Held) -> list[tuple[int, Progress]]:
    """For each list those of the people whom it is for, and how far they are; two statements, however many."""
    known = list(lists)
    ticks, starts = _ticks(known, people), _starts(known, people)
    return [
        (member_id, _progress(each, member_id, ticks, starts))
        for each in known
        for member_id, audiences in people.items()
        if each.audience in audiences
    ]


def _progress(
    checklist: Checklist, member_id: int, ticks: dict[Key, ChecklistTick], starts: dict[Key, datetime]
) -> Progress:
    steps = [Step(item, ticks.get((item.id, member_id))) for item in checklist.living]
    since = starts.get((checklist.id, member_id)) or checklist.published_at or checklist.made_at
    return Progress(checklist, steps, since)


def _ticks(lists: Collection[Checklist], people: Held) -> dict[Key, ChecklistTick]:
    wanted = select(ChecklistTick).join(ChecklistItem, ChecklistItem.id == ChecklistTick.item_id)
    wanted = wanted.where(ChecklistItem.checklist_id.in_([each.id for each in lists]))
    if len(people) == 1:
        wanted = wanted.where(ChecklistTick.member_id.in_(people))
    rows = db.session.scalars(wanted.options(joinedload(ChecklistTick.confirmed_by))) if lists and people else ()
    return {(row.item_id, row.member_id): row for row in rows}


def _starts(lists: Collection[Checklist], people: Held) -> dict[Key, datetime]:
    wanted = select(ChecklistStart).where(ChecklistStart.checklist_id.in_([each.id for each in lists]))
    rows = db.session.scalars(wanted) if lists and people else ()
    return {(row.checklist_id, row.member_id): row.since for row in rows}


def of_everybody(lists: Iterable[Checklist]) -> list[ListProgress]:
    """How far everybody is with each of the lists: who is stuck first, then by name."""
    known, people = list(lists), held()
    rows = progresses(known, people)
    members = _members({member_id for member_id, _progress in rows})
    found: dict[int, list[tuple[Member, Progress]]] = {each.id: [] for each in known}
    for member_id, progress in rows:
        if member_id in members:
            found[progress.checklist.id].append((members[member_id], progress))
    return [ListProgress(each, sorted(found[each.id], key=_order)) for each in known]


def _order(row: tuple[Member, Progress]) -> tuple[bool, bool, str]:
    member, progress = row
    return not progress.stuck, progress.finished, member.name


def _members(ids: set[int]) -> dict[int, Member]:
    rows = db.session.scalars(select(Member).where(Member.id.in_(ids))) if ids else ()
    return {member.id: member for member in rows}


def waiting_for_mentor(actor: Actor) -> list[ChecklistTick]:
    """What others ticked and would like to show to somebody, the oldest first; only what the actor may confirm."""
    wanted = (
        select(ChecklistTick)
        .join(ChecklistTick.item)
        .join(ChecklistItem.checklist)
        .join(ChecklistTick.member)
        .where(
            ChecklistTick.confirmed_at.is_(None),
            ChecklistTick.member_id != (actor.id or 0),
            ChecklistItem.shown,
            ChecklistTick.version == ChecklistItem.version,
            Member.suspended_at.is_(None),
        )
        .order_by(ChecklistTick.at)
        .options(joinedload(ChecklistTick.item).joinedload(ChecklistItem.checklist), joinedload(ChecklistTick.member))
    )
    rows, people = list(db.session.scalars(wanted)), held()
    none: frozenset[str] = frozenset()
    return [
        row
        for row in rows
        if can_confirm(actor, row, row.item) and row.item.checklist.audience in people.get(row.member_id, none)
    ]


def tick_to_confirm(actor: Actor, item_id: int, handle: str) -> ChecklistTick | None:
    """One of these, which nobody else confirms or takes back until this transaction ends."""
    found = _locked(item_id, handle)
    if found is None or not can_confirm(actor, found, found.item):
        return None
    return found if can_tick(found.item, audiences_of(found.member_id)) else None


def confirmed_by(actor: Actor) -> list[ChecklistTick]:
    """What the actor confirmed and may take back, the newest first."""
    wanted = (
        select(ChecklistTick)
        .where(ChecklistTick.confirmed_by_id == actor.id)
        .order_by(ChecklistTick.confirmed_at.desc(), ChecklistTick.item_id)
        .limit(CONFIRMED)
        .options(joinedload(ChecklistTick.item).joinedload(ChecklistItem.checklist), joinedload(ChecklistTick.member))
    )
    return [row for row in db.session.scalars(wanted) if can_unconfirm(actor, row, row.item)]


def tick_to_unconfirm(actor: Actor, item_id: int, handle: str) -> ChecklistTick | None:
    """One of these, locked in the same way."""
    found = _locked(item_id, handle)
    return found if found is not None and can_unconfirm(actor, found, found.item) else None


def _locked(item_id: int, handle: str) -> ChecklistTick | None:
    wanted = select(ChecklistTick).join(ChecklistTick.member).where(ChecklistTick.item_id == item_id)
    wanted = wanted.where(Member.handle == handle).with_for_update(of=ChecklistTick)
    return db.session.scalar(wanted.execution_options(populate_existing=True))
