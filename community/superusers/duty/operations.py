"""Planning turns, swapping them, and writing down hours."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import joinedload

from community.core import events
from community.core.cache import cache
from community.core.db import after_commit, db, utcnow

from .around import helpers_of
from .events import SwapAnswered, SwapAsked, TurnGiven
from .models import DutyHours, DutyRoster, DutyStandIn, DutySwap, DutyTurn, Reply
from .turns import DAY, Occurrence, occurrence

AHEAD = timedelta(weeks=26)
MOST_HOURS_A_DAY = 24 * 60


class TakenError(Exception):
    """The turn is somebody else's by now, or over, or the question was answered already."""


@dataclass(frozen=True)
class Plan:
    """A turn as it was typed: minutes after midnight, Monday is 0."""

    weekday: int
    begins: int
    ends: int
    member_id: int
    backup_id: int | None = None


@dataclass(frozen=True)
class Day:
    """A turn on a day."""

    turn: DutyTurn
    on: date


def set_zone(space_id: int, zone: str) -> None:
    """Where the hours of a roster are; the turns keep their hours."""
    db.session.merge(DutyRoster(space_id=space_id, zone=zone))
    changed(space_id)


def plan(space_id: int, wanted: Plan, *, zone: str, by_id: int | None) -> DutyTurn:
    """Put a turn into the roster, which begins with it, in `zone`."""
    if db.session.get(DutyRoster, space_id) is None:
        db.session.add(DutyRoster(space_id=space_id, zone=zone))
        db.session.flush()
    turn = DutyTurn(space_id=space_id, changed_at=utcnow(), **vars(wanted))
    db.session.add(turn)
    db.session.flush()
    _tell_given(turn, None, None, by_id)
    changed(space_id)
    return turn


def change(turn: DutyTurn, wanted: Plan, *, by_id: int | None) -> None:
    """Another day, hour or person. Swaps of days to come fall, for what was agreed is not what it was."""
    if vars(wanted) == {name: getattr(turn, name) for name in vars(wanted)}:
        return
    before = turn.member_id, turn.backup_id
    moved = (turn.weekday, turn.begins, turn.ends, turn.member_id) != (
        wanted.weekday,
        wanted.begins,
        wanted.ends,
        wanted.member_id,
    )
    if moved:
        _forget_swaps(turn)
    for name, value in vars(wanted).items():
        setattr(turn, name, value)
    turn.changed_at = utcnow()
    _tell_given(turn, *before, by_id)
    changed(turn.space_id)


def remove(turn: DutyTurn) -> None:
    """Take a turn out of the roster, with everything that was agreed about it."""
    _forget_swaps(turn, all_days=True)
    db.session.flush()
    space_id = turn.space_id
    db.session.delete(turn)
    changed(space_id)


def _forget_swaps(turn: DutyTurn, *, all_days: bool = False) -> None:
    """What was asked or agreed about days of the turn to come is void, and both are told."""
    today = _today(db.session.get_one(DutyRoster, turn.space_id))
    first = date.min if all_days else today + DAY
    days = DutyStandIn.turn_id == turn.id, DutyStandIn.on >= first
    db.session.execute(delete(DutyStandIn).where(*days))
    here = (DutySwap.turn_id == turn.id) & (DutySwap.on >= max(first, today))
    there = (DutySwap.for_turn_id == turn.id) & (DutySwap.for_on >= max(first, today))
    void = or_(DutySwap.reply == Reply.WAITS, (DutySwap.reply == Reply.ACCEPTED) & or_(here, there))
    for swap in db.session.scalars(select(DutySwap).where(_about(turn), void)):
        _give_back(swap, today)
        _answer(swap, Reply.GONE)
    if all_days:
        db.session.flush()
        db.session.execute(delete(DutySwap).where(_about(turn)))


def _give_back(swap: DutySwap, today: date) -> None:
    """Where the one half of an exchange is gone, the other is whose it was, unless it is over or went on since."""
    for turn_id, on, taker_id in (
        (swap.turn_id, swap.on, swap.asked_id),
        (swap.for_turn_id, swap.for_on, swap.asker_id),
    ):
        if swap.reply == Reply.ACCEPTED and turn_id is not None and on is not None and on >= today:
            taken = DutyStandIn.turn_id == turn_id, DutyStandIn.on == on, DutyStandIn.member_id == taker_id
            db.session.execute(delete(DutyStandIn).where(*taken))


def _today(roster: DutyRoster) -> date:
    """The day by the clocks of the roster."""
    return utcnow().astimezone(ZoneInfo(roster.zone)).date()


def _about(turn: DutyTurn) -> ColumnElement[bool]:
    return or_(DutySwap.turn_id == turn.id, DutySwap.for_turn_id == turn.id)


def _tell_given(turn: DutyTurn, member_id: int | None, backup_id: int | None, by_id: int | None) -> None:
    if turn.member_id != member_id:
        events.record(TurnGiven(actor_id=by_id, turn_id=turn.id, member_id=turn.member_id, as_backup=False))
    if turn.backup_id is not None and turn.backup_id != backup_id:
        events.record(TurnGiven(actor_id=by_id, turn_id=turn.id, member_id=turn.backup_id, as_backup=True))


def turns_of(space_id: int, member_id: int) -> list[DutyTurn]:
    """Somebody's turns of every week in a space, in the order of the week."""
    own = select(DutyTurn).where(DutyTurn.space_id == space_id, DutyTurn.member_id == member_id)
    return list(db.session.scalars(own.order_by(DutyTurn.weekday, DutyTurn.begins, DutyTurn.id)))


def day_of(turn: DutyTurn, on: date) -> Occurrence | None:
    """The turn on a day to come; None where it has none then, or where that is over or too far ahead."""
    roster = db.session.get(DutyRoster, turn.space_id)
    if roster is None or on.weekday() != turn.weekday or on > _today(roster) + AHEAD:
        return None
    found = occurrence(turn, on, ZoneInfo(roster.zone))
    return found if found.ends_at > utcnow() and found.starts_at < found.ends_at else None


def holder_of(turn: DutyTurn, on: date) -> int:
    """Whose the turn is on a day, after all swaps."""
    taken = db.session.scalar(
        select(DutyStandIn.member_id)
        .where(DutyStandIn.turn_id == turn.id, DutyStandIn.on == on)
        .execution_options(populate_existing=True)
    )
    return taken or turn.member_id


def helps(space_id: int, member_id: int, moment: datetime) -> bool:
    """Whether somebody may take turns in a space at a moment."""
    ends = helpers_of([space_id], [member_id])[space_id].get(member_id, ())
    return any(end is None or end > moment for end in ends)


def ask(day: Day, asked_id: int, *, by_id: int, words: str = "", back: Day | None = None) -> DutySwap:
    """Ask somebody to take one's own turn on a day, perhaps for one of theirs. Raises `TakenError`.

    The same person is asked once about the same day; nothing changes until they accept.
    """
    found = day_of(day.turn, day.on)
    mine = found is not None and holder_of(day.turn, day.on) == by_id and asked_id != by_id
    if found is None or not mine or not helps(day.turn.space_id, asked_id, found.starts_at):
        raise TakenError
    if back is not None and (day_of(back.turn, back.on) is None or holder_of(back.turn, back.on) != asked_id):
        raise TakenError
    swap = _asked_before(day, by_id, asked_id)
    if swap is None:
        swap = DutySwap(turn_id=day.turn.id, on=day.on, asker_id=by_id, asked_id=asked_id, asked_at=utcnow())
        swap.words = words
        swap.for_turn_id, swap.for_on = (back.turn.id, back.on) if back else (None, None)
        db.session.add(swap)
        db.session.flush()
        events.record(SwapAsked(actor_id=by_id, swap_id=swap.id))
    return swap


def _asked_before(day: Day, asker_id: int, asked_id: int) -> DutySwap | None:
    return db.session.scalar(
        select(DutySwap).where(
            DutySwap.turn_id == day.turn.id,
            DutySwap.on == day.on,
            DutySwap.asker_id == asker_id,
            DutySwap.asked_id == asked_id,
            DutySwap.reply == Reply.WAITS,
        )
    )


def accept(swap: DutySwap) -> None:
    """Take the turn over, for good. Raises `TakenError` where it is not the asker's any more, and nothing changes."""
    held = _locked(swap)
    for day, giver_id, taker_id in held:
        found = day_of(day.turn, day.on)
        may = found is not None and helps(day.turn.space_id, taker_id, found.starts_at)
        if not may or holder_of(day.turn, day.on) != giver_id:
            raise TakenError
    for day, _giver_id, taker_id in held:
        db.session.merge(DutyStandIn(turn_id=day.turn.id, on=day.on, member_id=taker_id, at=utcnow()))
        db.session.flush()
        changed(day.turn.space_id)
    _answer(swap, Reply.ACCEPTED, by_id=swap.asked_id)
    for day, _giver_id, _taker_id in held:
        _let_go(day)


def _locked(swap: DutySwap) -> list[tuple[Day, int, int]]:
    """The days that change hands: turn, from whom, to whom; for one change at a time. Raises `TakenError`."""
    ids = sorted(id_ for id_ in {swap.turn_id, swap.for_turn_id} if id_ is not None)
    rows = db.session.scalars(select(DutyTurn).where(DutyTurn.id.in_(ids)).order_by(DutyTurn.id).with_for_update())
    turns = {turn.id: turn for turn in rows}
    db.session.refresh(swap)
    if swap.reply != Reply.WAITS or len(turns) != len(ids):
        raise TakenError
    held = [(Day(turns[swap.turn_id], swap.on), swap.asker_id, swap.asked_id)]
    if swap.for_turn_id is not None and swap.for_on is not None:
        held.append((Day(turns[swap.for_turn_id], swap.for_on), swap.asked_id, swap.asker_id))
    return held


def _let_go(day: Day) -> None:
    """Other questions about a day that has changed hands are void."""
    here = (DutySwap.turn_id == day.turn.id) & (DutySwap.on == day.on)
    there = (DutySwap.for_turn_id == day.turn.id) & (DutySwap.for_on == day.on)
    for other in db.session.scalars(select(DutySwap).where(or_(here, there), DutySwap.reply == Reply.WAITS)):
        _answer(other, Reply.GONE)


def refuse(swap: DutySwap) -> None:
    """Say no. Raises `TakenError` where it was answered already."""
    _locked(swap)
    _answer(swap, Reply.REFUSED, by_id=swap.asked_id)


def withdraw(swap: DutySwap) -> None:
    """Ask no more. Raises `TakenError` where it was answered already."""
    _locked(swap)
    _answer(swap, Reply.WITHDRAWN, by_id=swap.asker_id)


def _answer(swap: DutySwap, reply: Reply, *, by_id: int | None = None) -> None:
    swap.reply, swap.replied_at, turn = reply.value, utcnow(), swap.turn
    events.record(
        SwapAnswered(
            actor_id=by_id,
            swap_id=swap.id,
            reply=reply.value,
            space_id=turn.space_id,
            on=swap.on.isoformat(),
            begins=turn.begins,
            ends=turn.ends,
            asker_id=swap.asker_id,
            asked_id=swap.asked_id,
        )
    )


def write_down(member_id: int, minutes: int) -> DutyHours | None:
    """Time that one gave today; nothing more than a day has. One entry a tap."""
    made = DutyHours(member_id=member_id, minutes=minutes, at=utcnow())
    since = utcnow() - DAY
    given = db.session.scalars(
        select(DutyHours.minutes).where(DutyHours.member_id == member_id, DutyHours.at > since)
    ).all()
    if sum(given) + minutes > MOST_HOURS_A_DAY:
        return None
    db.session.add(made)
    db.session.flush()
    return made


def take_back(member_id: int, entry_id: int) -> bool:
    """Take one's own entry back; whether there was one."""
    row = db.session.get(DutyHours, entry_id)
    if row is None or row.member_id != member_id:
        return False
    db.session.delete(row)
    return True


def swap_for(member_id: int, swap_id: int) -> DutySwap | None:
    """A question that one asked or was asked."""
    own = or_(DutySwap.asker_id == member_id, DutySwap.asked_id == member_id)
    wanted = select(DutySwap).where(DutySwap.id == swap_id, own)
    return db.session.scalar(wanted.options(joinedload(DutySwap.turn)))


def changed(space_id: int) -> None:
    """Who is around a space may be somebody else, once this transaction has committed."""
    after_commit(_Forget(space_id))


@dataclass(frozen=True)
class _Forget:
    """Who is around a space may be somebody else by now."""

    space_id: int

    def __call__(self) -> None:
        cache().delete(around_key(self.space_id))


def around_key(space_id: int) -> str:
    """Under which the cache remembers who is around."""
    return f"duty:{space_id}"
