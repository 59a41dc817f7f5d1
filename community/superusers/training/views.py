"""One's own check-lists, and what others would like to show."""

from collections.abc import Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core.numbers import whole_number
from community.core.policies import Actor, actor, allow, requires
from community.core.slots import fill
from community.core.web import section

from ..inner.policies import ENTER, inside
from . import operations, queries
from .models import ChecklistItem, ChecklistTick
from .policies import FOLLOW
from .queries import Progress

training = Blueprint("training", __name__)
training.before_request(lambda: section("inner.index"))


def _item(item_id: int) -> ChecklistItem:
    return queries.item_for(actor(), item_id) or abort(404)


def _back(item: ChecklistItem) -> Response:
    return redirect(url_for("training.mine", _anchor=f"item-{item.id}"))


def _seen() -> int:
    """The version of the item that the page showed."""
    return whole_number(request.form.get("version", "")) or 0


@training.get("/my/check-lists")
@requires(FOLLOW)
def mine() -> str:
    """The lists that are for me, and what waits to be shown to me."""
    waiting = queries.waiting_for_mentor(actor()) if inside(actor()) else []
    confirmed = queries.confirmed_by(actor()) if inside(actor()) else []
    lists = queries.own(actor())
    return render_template("superusers/training/mine.html", lists=lists, waiting=waiting, confirmed=confirmed)


@training.post("/my/check-lists/<int:item_id>/tick")
@requires(FOLLOW)
def tick(item_id: int) -> Response:
    """I know it now."""
    item = _item(item_id)
    if not operations.tick(item, actor().id or 0, version=_seen()):
        flash(_("It was changed meanwhile. Read it again before you tick it."), "wait")
    elif item.shown:
        flash(_("Ticked. It counts once somebody else confirms it: show it to another super user."), "good")
    else:
        flash(_("Ticked."), "good")
    return _back(item)


@training.post("/my/check-lists/<int:item_id>/removal")
@requires(FOLLOW)
def take_back(item_id: int) -> Response:
    """Not yet after all."""
    item = _item(item_id)
    operations.take_back(item, actor().id or 0)
    flash(_("Taken back."), "good")
    return _back(item)


@training.post("/inner/check-lists/<int:item_id>/people/<string:handle>/confirmation")
@requires(ENTER)
def confirm(item_id: int, handle: str) -> Response:
    """Somebody has shown it to me."""
    allow(inside(actor()))
    held = queries.tick_to_confirm(actor(), item_id, handle) or abort(404)
    if held.version != _seen():
        flash(_("It was changed meanwhile. Ask them to show it again."), "wait")
    else:
        operations.confirm(held, by_id=actor().id or 0)
        flash(_("Confirmed for %(name)s.", name=held.member.name), "good")
    return redirect(url_for("training.mine", _anchor="waiting"))


@training.post("/inner/check-lists/<int:item_id>/people/<string:handle>/confirmation/removal")
@requires(ENTER)
def unconfirm(item_id: int, handle: str) -> Response:
    """I have not seen it after all."""
    allow(inside(actor()))
    held = queries.tick_to_unconfirm(actor(), item_id, handle) or abort(404)
    operations.unconfirm(held, by_id=actor().id or 0)
    flash(_("Taken back. %(name)s is told, and can show it to somebody again.", name=held.member.name), "good")
    return redirect(url_for("training.mine", _anchor="confirmed"))


@fill("inner.top")
def getting_started(*, actor: Actor) -> str:
    """What one has begun stands first on the page for super users."""
    lists = queries.own(actor)
    return _started(lists) if any(not progress.finished for progress in lists) else ""


@fill("inner.index")
def shown_by_others(*, actor: Actor) -> str:
    """What is done, and what others would like to show, stand below."""
    lists = queries.own(actor)
    return _started(
        [] if any(not progress.finished for progress in lists) else lists, queries.waiting_for_mentor(actor)
    )


def _started(lists: Sequence[Progress], waiting: Sequence[ChecklistTick] = ()) -> str:
    if not lists and not waiting:
        return ""
    return render_template("superusers/training/started.html", lists=lists, waiting=waiting)


@fill("duty.waiting")
def left(*, actor: Actor) -> str:
    """How much of one's lists is left, among what waits."""
    missing = sum(progress.total - progress.done for progress in queries.own(actor))
    return render_template("superusers/training/left.html", missing=missing) if missing else ""


@fill("profile.cards")
def on_own_profile(*, member_id: int, actor: Actor, **_others: object) -> str:
    """How far one is, on one's own profile."""
    lists = queries.own(actor) if actor.id == member_id and actor.can_somewhere(FOLLOW) else []
    return render_template("superusers/training/card.html", lists=lists) if lists else ""
