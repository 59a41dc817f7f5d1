"""What appointments put into pages of other features."""

from flask import render_template

from community.core.policies import actor
from community.core.slots import fill

from .policies import can_run


@fill("menu.own")
def in_menu(**_others: object) -> str:
    """The ways to the table of rights and to the super users."""
    return render_template("superusers/menu.html") if actor().is_member else ""


@fill("space.super_users")
def beside_super_users(*, slug: str, handle: str = "", **_others: object) -> str:
    """Beside the super users of a space, or on a member's page: appointing, and how one becomes one."""
    if not actor().is_member:
        return ""
    return render_template("superusers/ways.html", slug=slug, handle=handle, runs=can_run(actor()))
