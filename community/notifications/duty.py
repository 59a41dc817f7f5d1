"""What people are told of their turns, of swaps, of their calendars; and owners of the programme whom to check on."""

from collections.abc import Callable

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from community.core import i18n
from community.core.db import db
from community.core.events import Fact, subscribe
from community.core.policies import actor
from community.superusers.appointing_policies import RUN_PROGRAMME
from community.superusers.duty.events import CalendarFailed, ConcernArose, SwapAnswered, SwapAsked, TurnGiven
from community.superusers.duty.models import Concern, DutyConcern, DutySwap, DutyTurn, Reply
from community.superusers.duty.pages import hours_of, weekday_words
from community.superusers.duty.workload import owners

from .kinds import register
from .operations import notify

register(
    "duty",
    _l("Your turns on duty, and swaps of them"),
    sentence=_l("About your turns on duty"),
    why=_l("You get this mail because it is about a turn of yours."),
    icon="calendar",
)
register(
    "check-on",
    _l("Somebody to check on (for owners of the programme)"),
    sentence=_l("Check on somebody"),
    why=_l("You get this mail because you run the programme of super users."),
    icon="people",
    offered=lambda: actor().can(RUN_PROGRAMME),
)


@subscribe(TurnGiven)
def tell_of_turn(event: TurnGiven, fact: Fact) -> None:
    """Whoever has a turn now, or steps in for somebody, is told; not of what they planned themselves."""
    turn = db.session.get(DutyTurn, event.turn_id)
    if turn is None:
        return

    def said() -> str:
        values = {"space": turn.space.name, "day": weekday_words(turn.weekday), "hours": hours_of(turn)}
        if event.as_backup:
            return _("You are the backup in %(space)s: every %(day)s, %(hours)s", **values)
        return _("You have a turn in %(space)s: every %(day)s, %(hours)s", **values)

    address = url_for("rosters.week", slug=turn.space.slug)
    notify(fact.id, "duty", [event.member_id], "", address, event.actor_id, render=said)


@subscribe(SwapAsked)
def tell_of_question(event: SwapAsked, fact: Fact) -> None:
    """Whoever is asked to take a turn."""
    swap = db.session.get(DutySwap, event.swap_id)
    if swap is None or swap.reply != Reply.WAITS:
        return

    def said() -> str:
        return _("%(name)s asks you to take a turn: %(turn)s", name=swap.asker.name, turn=_turn_said(swap))

    _tell(fact, [swap.asked_id], said, excerpt=swap.words)


@subscribe(SwapAnswered)
def tell_of_answer(event: SwapAnswered, fact: Fact) -> None:
    """Both are told of a yes, the asker of a no, and whoever was still asked that it is settled."""
    swap = db.session.get(DutySwap, event.swap_id)
    if swap is None:
        return
    both, turn = [swap.asker_id, swap.asked_id], _turn_said
    values = {"name": swap.asked.name, "other": swap.asker.name}
    said: dict[str, Callable[[], str]] = {
        Reply.ACCEPTED: lambda: _("%(name)s takes the turn of %(other)s: %(turn)s", turn=turn(swap), **values),
        Reply.REFUSED: lambda: _("%(name)s cannot take your turn: %(turn)s", turn=turn(swap), name=values["name"]),
        Reply.WITHDRAWN: lambda: _("You are not asked any more: %(turn)s", turn=turn(swap)),
        Reply.GONE: lambda: _("This swap is void, the turn changed: %(turn)s", turn=turn(swap)),
    }
    told = {Reply.ACCEPTED: both, Reply.REFUSED: both[:1], Reply.WITHDRAWN: both[1:], Reply.GONE: both}
    if event.reply in said:
        _tell(fact, told[Reply(event.reply)], said[event.reply])


@subscribe(CalendarFailed)
def tell_of_calendar(event: CalendarFailed, fact: Fact) -> None:
    """The owner of a calendar, and nobody else, once."""

    def said() -> str:
        return _("Your calendar cannot be read any more; what it said last still holds")

    notify(fact.id, "duty", [event.member_id], "", url_for("away_pages.index"), None, render=said)


@subscribe(ConcernArose)
def tell_owners(event: ConcernArose, fact: Fact) -> None:
    """Those who run the programme, and never the person, nor other super users."""
    concern = db.session.get(DutyConcern, event.concern_id)
    if concern is None:
        return

    def said() -> str:
        name, space = concern.member.name, concern.space.name
        if concern.reason == Concern.CARRIES:
            return _("Check on %(name)s: carries much of what is answered in %(space)s", name=name, space=space)
        return _("Check on %(name)s: gives less than usual in %(space)s", name=name, space=space)

    notify(fact.id, "check-on", owners() - {concern.member_id}, "", url_for("my_duty.concerns"), None, render=said)


def _turn_said(swap: DutySwap) -> str:
    turn = swap.turn
    day = f"{weekday_words(turn.weekday)}, {i18n.format_day(swap.on)}"
    return f"{turn.space.name}, {day}, {hours_of(turn)}"


def _tell(fact: Fact, member_ids: list[int], said: Callable[[], str], excerpt: str = "") -> None:
    notify(fact.id, "duty", member_ids, "", url_for("my_duty.page"), None, render=said, excerpt=excerpt)
