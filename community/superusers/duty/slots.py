"""Duty in pages of others: who is around now, the way to one's own page, and the roster where a space is managed."""

from flask import render_template

from community.core.policies import Actor, actor
from community.core.slots import fill

from .pages import around_now
from .policies import HELP


@fill("space.aside")
def beside_space(*, space_id: int, actor: Actor, **_others: object) -> str:
    """Who is on duty for the space now; not on pages that are kept for visitors."""
    return _around(space_id, actor)


@fill("thread.around")
def beside_thread(*, space_id: int, actor: Actor, **_others: object) -> str:
    """The same beside a thread."""
    return _around(space_id, actor)


def _around(space_id: int, reader: Actor) -> str:
    now = around_now(space_id) if reader.is_member else None
    return render_template("superusers/duty/around.html", now=now) if now is not None and now.planned else ""


@fill("menu.own")
def in_menu(**_others: object) -> str:
    """The way to one's turns, for those who help."""
    return render_template("superusers/duty/menu.html") if actor().can_somewhere(HELP) else ""


@fill("space.manage")
def in_management(*, space_id: int, slug: str, **_others: object) -> str:
    """The roster, among the settings of a space."""
    return render_template("superusers/duty/card.html", now=around_now(space_id), slug=slug)
