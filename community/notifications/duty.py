"""What people are told of their turns, of swaps, of their calendars; and owners of the programme whom to check on."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from community.accounts.models import Member
from community.core.db import db
from community.core.events import Fact, subscribe
from community.core.policies import Actor, actor
from community.spaces.models import Space
from community.superusers.appointing.policies import RUN_PROGRAMME
from community.superusers.duty.events import CalendarFailed, ConcernArose, SwapAnswered, SwapAsked, TurnGiven
from community.superusers.duty.models import Concern, DutyConcern, DutySwap, DutyTurn, Reply
from community.superusers.duty.pages import hours_of, said_day, spaces_of_swaps, spaces_of_turns, weekday_words
from community.superusers.duty.policies import can_see
from community.superusers.duty.workload import owners

from .kinds import register
from .operations import notify
from .places import Facts


def _turns_seen(actor: Actor, facts: Facts) -> Collection[int]:
    """Whoever looks after the space still; what became of their own calendar is their own."""
    turns = spaces_of_turns({payload["turn_id"] for payload in facts.values() if "turn_id" in payload})
    swaps = spaces_of_swaps({payload["swap_id"] for payload in facts.values() if "swap_id" in payload})
    named = {payload["space_id"] for payload in facts.values() if "reply" in payload and "space_id" in payload}
    spaces = {space.id: space for space in db.session.scalars(select(Space).where(Space.id.in_(named)))}

    def seen(payload: Mapping[str, Any]) -> bool:
        if "trouble" in payload:
            return True
        space = turns.get(payload.get("turn_id", 0)) or swaps.get(payload.get("swap_id", 0))
        space = space or spaces.get(payload.get("space_id", 0))
        return space is not None and can_see(actor, space)

    return [id_ for id_, payload in facts.items() if seen(payload)]


def _running(actor: Actor, facts: Facts) -> Collection[int]:
    return facts if actor.can(RUN_PROGRAMME) else ()


register(
    "duty",
    _l("Your turns on duty, and swaps of them"),
    sentence=_l("About your turns on duty"),
    why=_l("You get this mail because it is about a turn of yours."),
    icon="calendar",
    reads=_turns_seen,
    group="super_users",
)
register(
    "check-on",
    _l("Somebody to check on (for owners of the programme)"),
    sentence=_l("Check on somebody"),
    why=_l("You get this mail because you run the programme of super users."),
    icon="people",
    offered=lambda: actor().can(RUN_PROGRAMME),
    reads=_running,
    group="super_users",
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
        turn = _said(swap.turn.space, swap.on, hours_of(swap.turn))
        return _("%(name)s asks you to take a turn: %(turn)s", name=swap.asker.name, turn=turn)

    _tell(fact, [swap.asked_id], said, excerpt=swap.words)


@subscribe(SwapAnswered)
def tell_of_answer(event: SwapAnswered, fact: Fact) -> None:
    """Both are told of a yes, the asker of a no, and whoever was still asked that it is settled."""
    space = db.session.get(Space, event.space_id)
    if space is None:
        return
    both = [event.asker_id, event.asked_id]
    names = dict(zip(("other", "name"), (db.session.get_one(Member, id_).name for id_ in both), strict=True))

    def turn() -> str:
        return _said(space, date.fromisoformat(event.on), hours_of(event))

    said: dict[str, Callable[[], str]] = {
        Reply.ACCEPTED: lambda: _("%(name)s takes the turn of %(other)s: %(turn)s", turn=turn(), **names),
        Reply.REFUSED: lambda: _("%(name)s cannot take your turn: %(turn)s", turn=turn(), **names),
        Reply.WITHDRAWN: lambda: _("You are not asked any more: %(turn)s", turn=turn()),
        Reply.GONE: lambda: _("This swap is void, the turn changed: %(turn)s", turn=turn()),
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


def _said(space: Space, on: date, hours: str) -> str:
    return _("%(place)s, %(day)s", place=space.name, day=said_day(on, hours))


def _tell(fact: Fact, member_ids: list[int], said: Callable[[], str], excerpt: str = "") -> None:
    notify(fact.id, "duty", member_ids, "", url_for("my_duty.page"), None, render=said, excerpt=excerpt)
