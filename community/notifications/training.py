"""What people are told of check-lists: that one waits, also a fortnight later, and what changed or counts no more."""

from collections.abc import Collection

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select

from community.core.db import db
from community.core.events import Fact, subscribe
from community.core.policies import Actor
from community.superusers.training.audiences import audiences_of, held
from community.superusers.training.events import ItemAsksAgain, ItemTicked, ListsWait
from community.superusers.training.models import Checklist, ChecklistItem

from .kinds import register
from .operations import notify
from .places import Facts


def _in_a_role(actor: Actor, facts: Facts) -> Collection[int]:
    return facts if audiences_of(actor.id) else ()


register(
    "training",
    _l("Check-lists of the programme"),
    sentence=_l("About a check-list"),
    why=_l("You get this mail because you have a role in the programme of super users."),
    icon="check",
    reads=_in_a_role,
    group="super_users",
)


@subscribe(ListsWait)
def tell_of_lists(event: ListsWait, fact: Fact) -> None:
    """Who was just appointed hears of the lists, and once more when nothing happened."""
    wanted = select(Checklist).where(Checklist.id.in_(event.checklist_ids)).order_by(Checklist.position)
    mine = audiences_of(event.member_id)
    lists = [each for each in db.session.scalars(wanted) if each.holds and each.audience in mine]
    if lists:
        url = url_for("training.mine")
        titles = [each.title for each in lists]
        again = event.again
        notify(fact.id, "training", [event.member_id], "", url, None, render=lambda: _said(titles, again=again))


def _said(titles: list[str], *, again: bool) -> str:
    if len(titles) > 1:
        return ngettext("%(num)s check-list waits for you", "%(num)s check-lists wait for you", len(titles))
    if again:
        return _("A check-list still waits for you: %(title)s", title=titles[0])
    return _("A check-list waits for you: %(title)s", title=titles[0])


@subscribe(ItemAsksAgain)
def tell_of_change(event: ItemAsksAgain, fact: Fact) -> None:
    """Who ticked something that changed in substance is asked to look at it again."""
    item, people = db.session.get(ChecklistItem, event.item_id), held()
    if item is None or not item.checklist.holds or item.retired_at is not None:
        return
    audience, title = item.checklist.audience, item.title
    told = [id_ for id_ in event.member_ids if audience in people.get(id_, frozenset())]
    url = url_for("training.mine", _anchor=f"item-{item.id}")
    notify(fact.id, "training", told, "", url, event.actor_id, render=lambda: _changed(title))


@subscribe(ItemTicked)
def tell_of_confirmation_taken_back(event: ItemTicked, fact: Fact) -> None:
    """Whose tick counts no longer, because its mentor took the confirmation back."""
    item = db.session.get(ChecklistItem, event.item_id)
    if event.what != "unconfirmed" or item is None:
        return
    title = item.title
    url = url_for("training.mine", _anchor=f"item-{item.id}")

    def said() -> str:
        return _("A confirmation was taken back; show it to somebody again: %(title)s", title=title)

    notify(fact.id, "training", [event.member_id], "", url, event.actor_id, render=said)


def _changed(title: str) -> str:
    return _("Changed in a check-list of yours: %(title)s", title=title)
