"""Facts about check-lists. Names are never changed."""

from dataclasses import dataclass

from community.core.events import Event


@dataclass(frozen=True, kw_only=True)
class ChecklistChanged(Event):
    """A list was written: made, changed, published, retired, taken_up; with `item_id`, that item of it."""

    name = "superusers.training.changed"
    subject = "checklist_id"
    checklist_id: int
    what: str
    item_id: int | None = None
    version: int = 0


@dataclass(frozen=True, kw_only=True)
class ItemTicked(Event):
    """Somebody ticked an item, or took it back; somebody else confirmed it, or took that back (`unconfirmed`)."""

    name = "superusers.training.ticked"
    subject = "item_id"
    item_id: int
    member_id: int
    what: str


@dataclass(frozen=True, kw_only=True)
class ListsWait(Event):
    """These lists wait for somebody since now, or for so long that they are reminded, once."""

    name = "superusers.training.lists_wait"
    member_id: int
    checklist_ids: tuple[int, ...]
    again: bool = False


@dataclass(frozen=True, kw_only=True)
class ItemAsksAgain(Event):
    """An item was changed in substance; `member_ids` ticked it before, and are asked to look again."""

    name = "superusers.training.asks_again"
    subject = "item_id"
    item_id: int
    member_ids: tuple[int, ...]
