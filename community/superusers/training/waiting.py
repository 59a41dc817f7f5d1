"""Telling people that lists wait for them: once when one does, and once more when nothing happens."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta

from sqlalchemy import select

from community.core import events
from community.core.db import db, insert_once, utcnow
from community.core.events import Fact, subscribe
from community.core.jobs import every

from ..appointing.events import AppointmentMoved
from .audiences import Held, held
from .events import ListsWait
from .models import Checklist, ChecklistStart
from .queries import lists_that_hold, progresses

REMINDER = timedelta(days=14)
Told = dict[int, list[int]]
_BEGUN = select(ChecklistStart.checklist_id, ChecklistStart.member_id)


@every(hours=1)
def look_at_lists() -> None:
    """Let lists begin to wait for whoever has a new role, and remind who ticked nothing for a fortnight."""
    lists, people = lists_that_hold(), held()
    _say(_begin(lists, people), again=False)
    _say(_remind(lists, people), again=True)


@subscribe(AppointmentMoved)
def begin(event: AppointmentMoved, fact: Fact) -> None:
    """Somebody was just appointed: what is for them waits from now on."""
    if event.what == "begun":
        _say(_begin(lists_that_hold(), held(event.member_id)), again=False)


def _begin(lists: Iterable[Checklist], people: Held) -> Told:
    told: Told = defaultdict(list)
    begun = {(row[0], row[1]) for row in db.session.execute(_BEGUN)}
    for member_id, progress in progresses(lists, people):
        key = (progress.checklist.id, member_id)
        if key in begun or not insert_once(ChecklistStart, checklist_id=key[0], member_id=key[1], since=utcnow()):
            continue
        if not progress.finished:
            told[member_id].append(key[0])
    return told


def _remind(lists: Iterable[Checklist], people: Held) -> Told:
    """Each list once: of what was told a fortnight ago and where nothing was ticked since."""
    due = _unreminded()
    told: Told = defaultdict(list)
    for member_id, progress in progresses(lists, people):
        row = due.get((progress.checklist.id, member_id))
        if row is not None and progress.idle(REMINDER):
            row.reminded_at = utcnow()
            told[member_id].append(progress.checklist.id)
    return told


def _unreminded() -> dict[tuple[int, int], ChecklistStart]:
    old = ChecklistStart.since <= utcnow() - REMINDER
    wanted = select(ChecklistStart).where(ChecklistStart.reminded_at.is_(None), old)
    rows = db.session.scalars(wanted.with_for_update(skip_locked=True))
    return {(row.checklist_id, row.member_id): row for row in rows}


def _say(told: Mapping[int, list[int]], *, again: bool) -> None:
    for member_id, ids in sorted(told.items()):
        events.record(ListsWait(member_id=member_id, checklist_ids=tuple(ids), again=again))
