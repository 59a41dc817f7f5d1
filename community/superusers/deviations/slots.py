"""Where the pages of the forum lead to the record of broken rules."""

from flask import render_template

from community.core.policies import actor
from community.core.slots import fill

from .policies import RECORD, can_record


@fill("thread.more")
def in_menu(*, thread_id: int, space_id: int, **_others: object) -> str:
    """For those who help or moderate there: a way to say that a rule was broken on purpose."""
    if not actor().can(RECORD, space_id=space_id):
        return ""
    return render_template("superusers/deviations/link.html", about=f"thread:{thread_id}")


@fill("case.page")
def on_case(*, target_kind: str, target_id: int, **_others: object) -> str:
    """The same on the page of a case."""
    if not actor().can_somewhere(RECORD):
        return ""
    return render_template("superusers/deviations/link.html", about=f"{target_kind}:{target_id}")


@fill("menu.own")
def in_own_menu(**_others: object) -> str:
    """For those who may record one: the way to their own."""
    return render_template("superusers/deviations/menu.html") if can_record(actor()) else ""
