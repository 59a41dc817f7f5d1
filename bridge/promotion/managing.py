"""What the page of whoever looks after a space shows of working hours and of rules of promotion."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import render_template, url_for

from bridge.permissions import MANAGE_TARGETS
from community.core.db import utcnow
from community.core.policies import Actor
from community.core.slots import fill

from .book import open_book
from .calendars import working_time_between
from .explaining import rule_name
from .ruling import hours_of


def overdue(space_id: int, moments: Sequence[datetime], hours: int) -> int:
    """How many of the moments lie further back than so many working hours of the space."""
    if not moments:
        return 0
    calendar, now, promised = open_book().calendar_in(space_id), utcnow(), timedelta(hours=hours)
    return sum(1 for moment in moments if working_time_between(calendar, moment, now) > promised)


@fill("space.promise")
def hours_line(*, space_id: int, slug: str, actor: Actor) -> str:
    """The working hours in which the promise is counted."""
    own = hours_of(space_id) is not None
    return render_template(
        "bridge/rules/hours_line.html",
        calendar=open_book().calendar_in(space_id),
        own=own,
        url=url_for("promotion_rules.hours", space=slug) if actor.can(MANAGE_TARGETS) else "",
    )


@fill("space.manage")
def rules_card(*, space_id: int, slug: str, actor: Actor) -> str:
    """The rules by which threads of the space go to the service desk."""
    rules = open_book().rules_in(space_id)
    return render_template(
        "bridge/rules/card.html",
        automatic=[rule_name(rule) for rule in rules if rule.automatic],
        suggesting=[rule_name(rule) for rule in rules if not rule.automatic],
        url=url_for("promotion_rules.index", space=slug) if actor.can(MANAGE_TARGETS) else "",
    )
