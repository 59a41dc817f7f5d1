"""Writing check-lists, ticking and confirming what stands in them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from community.core import events
from community.core.db import db, insert_once, utcnow
from community.forum.rendering import rendered

from .events import ChecklistChanged, ItemAsksAgain, ItemTicked
from .models import Checklist, ChecklistItem, ChecklistTick


@dataclass(frozen=True)
class Written:
    """What is written in an item."""

    title: str
    body: str = ""
    link: str = ""
    required: bool = True
    shown: bool = False


def make(title: str, audience: str, language: str, *, by_id: int | None) -> Checklist:
    """A new list, which nobody sees until it is published."""
    last = db.session.scalar(select(func.max(Checklist.position))) or 0
    made = Checklist(title=title, audience=audience, language=language, position=last + 1, made_by_id=by_id)
    made.made_at = utcnow()
    db.session.add(made)
    db.session.flush()
    _record(made, "made", by_id)
    return made


def change(checklist: Checklist, title: str, audience: str, language: str, *, by_id: int | None) -> None:
    """Call it something else, or have it for others."""
    checklist.title, checklist.audience, checklist.language = title, audience, language
    _record(checklist, "changed", by_id)


def publish(checklist: Checklist, *, by_id: int | None) -> bool:
    """Let those see it whom it is for; False for a list with nothing in it, or that they see already."""
    if checklist.published_at is not None or not checklist.living:
        return False
    checklist.published_at = utcnow()
    _record(checklist, "published", by_id)
    return True


def retire(checklist: Checklist, *, by_id: int | None) -> None:
    """Nobody is to follow it any more; what was ticked is kept."""
    checklist.retired_at = checklist.retired_at or utcnow()
    _record(checklist, "retired", by_id)


def take_up(checklist: Checklist, *, by_id: int | None) -> None:
    """It holds again."""
    checklist.retired_at = None
    _record(checklist, "taken_up", by_id)


def add_item(checklist: Checklist, written: Written, *, by_id: int | None) -> ChecklistItem:
    """One thing more, at the end."""
    last = max((item.position for item in checklist.items), default=0)
    made = ChecklistItem(checklist_id=checklist.id, position=last + 1, version=1, changed_at=utcnow())
    _write(made, written)
    db.session.add(made)
    db.session.flush()
    db.session.expire(checklist, ["items"])
    _record(checklist, "item_made", by_id, made)
    return made


def change_item(item: ChecklistItem, written: Written, *, again: bool, by_id: int | None) -> None:
    """Say it anew; `again` asks everybody who ticked it to look at it again."""
    _write(item, written)
    if again:
        item.version += 1
        item.changed_at = utcnow()
        ticked = select(ChecklistTick.member_id).where(ChecklistTick.item_id == item.id)
        people = tuple(db.session.scalars(ticked.order_by(ChecklistTick.member_id)))
        events.record(ItemAsksAgain(actor_id=by_id, item_id=item.id, member_ids=people))
    _record(item.checklist, "item_changed", by_id, item)


def retire_item(item: ChecklistItem, *, retired: bool, by_id: int | None) -> None:
    """Take it out of the list, or back into it."""
    if (item.retired_at is not None) != retired:
        item.retired_at = utcnow() if retired else None
        _record(item.checklist, "item_retired" if retired else "item_taken_up", by_id, item)


def move(rows: Sequence[Checklist] | Sequence[ChecklistItem], row: Checklist | ChecklistItem, *, up: bool) -> None:
    """Let it change places with its neighbour among these."""
    order: list[Checklist | ChecklistItem] = [*rows]
    here = order.index(row)
    there = here - 1 if up else here + 1
    if 0 <= there < len(order):
        order[here], order[there] = order[there], order[here]
    for place, each in enumerate(order, start=1):
        each.position = place


def tick(item: ChecklistItem, member_id: int, *, version: int) -> bool:
    """Somebody knows it now. False where it was changed since they read it; a second time changes nothing."""
    if version != item.version:
        return False
    if not insert_once(ChecklistTick, item_id=item.id, member_id=member_id, version=version, at=utcnow()):
        held = _tick_of(item, member_id)
        if held is None or held.version == version:
            return True
        held.version, held.at = version, utcnow()
        held.confirmed_at = held.confirmed_by_id = None
    events.record(ItemTicked(actor_id=member_id, item_id=item.id, member_id=member_id, what="ticked"))
    return True


def take_back(item: ChecklistItem, member_id: int) -> None:
    """Not yet after all; a confirmation goes with it."""
    held = _tick_of(item, member_id)
    if held is not None:
        db.session.delete(held)
        events.record(ItemTicked(actor_id=member_id, item_id=item.id, member_id=member_id, what="taken_back"))


def confirm(held: ChecklistTick, *, by_id: int) -> None:
    """Somebody else has seen it. The tick is locked."""
    held.confirmed_by_id, held.confirmed_at = by_id, utcnow()
    events.record(ItemTicked(actor_id=by_id, item_id=held.item_id, member_id=held.member_id, what="confirmed"))


def unconfirm(held: ChecklistTick, *, by_id: int) -> None:
    """It was not seen after all; the tick stays, and waits for somebody again. The tick is locked."""
    held.confirmed_by_id = held.confirmed_at = None
    events.record(ItemTicked(actor_id=by_id, item_id=held.item_id, member_id=held.member_id, what="unconfirmed"))


def _tick_of(item: ChecklistItem, member_id: int) -> ChecklistTick | None:
    wanted = select(ChecklistTick).where(ChecklistTick.item_id == item.id, ChecklistTick.member_id == member_id)
    return db.session.scalar(wanted.with_for_update().execution_options(populate_existing=True))


def _write(item: ChecklistItem, written: Written) -> None:
    for name, value in vars(written).items():
        setattr(item, name, value)
    item.body_html = rendered(written.body).html if written.body else ""


def _record(checklist: Checklist, what: str, by_id: int | None, item: ChecklistItem | None = None) -> None:
    of_item = {"item_id": item.id, "version": item.version} if item else {}
    events.record(ChecklistChanged(actor_id=by_id, checklist_id=checklist.id, what=what, **of_item))
