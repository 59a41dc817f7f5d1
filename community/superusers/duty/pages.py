"""What the pages of duty show."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from community.accounts.availability import absences_of, away_of, can_take_part
from community.accounts.cards import PersonCard, card
from community.accounts.models import SUPER_USER, Grant, Member
from community.core import i18n
from community.core.cache import cache
from community.core.db import db, utcnow
from community.core.policies import STAFF, Actor
from community.spaces.models import Space

from .around import Duty, Roster, Stretch, roster_of
from .events import SwapAnswered
from .models import DutyRoster, DutySwap, DutyTurn, Reply
from .operations import around_key
from .policies import can_see
from .turns import DAY, clock

REMEMBERED = 60
WEEKS_OF_OWN = 6


@dataclass(frozen=True)
class Line:
    """Who is there from when until when, by the clocks of the roster; nobody where `person` is None."""

    hours: str
    person: PersonCard | None
    instead_of: PersonCard | None


@dataclass(frozen=True)
class TurnView:
    """A turn on one day, as a week shows it."""

    turn: DutyTurn
    on: date
    hours: str
    zone: str
    holder: PersonCard | None
    backup: PersonCard | None
    lines: Sequence[Line]
    swapped: bool
    alone: bool
    mine: bool
    now: bool
    over: bool
    space: Space | None = None

    @property
    def whole(self) -> Line | None:
        """The one who is there all the time; None where that changes."""
        return self.lines[0] if len(self.lines) == 1 else None


@dataclass(frozen=True)
class WeekDay:
    """A day of a week with its turns."""

    on: date
    name: str
    today: bool
    turns: Sequence[TurnView]


@dataclass(frozen=True)
class Week:
    """A week of a roster."""

    first: date
    zone: str
    days: Sequence[WeekDay]
    has_turns: bool

    @property
    def before(self) -> date:
        """The week before."""
        return self.first - 7 * DAY

    @property
    def after(self) -> date:
        """The week after."""
        return self.first + 7 * DAY

    @property
    def last(self) -> date:
        """Its Sunday."""
        return self.first + 6 * DAY


def zone_of_roster(space_id: int) -> str:
    """Where the hours of a roster are; before there is one, the installation's time zone."""
    found = db.session.get(DutyRoster, space_id)
    return found.zone if found is not None else i18n.default_zone()


def weekday_name(on: date) -> str:
    """Monday and so on, in the reader's language."""
    return str(format_date(on, "EEEE", locale=i18n.locale()))


def weekday_words(weekday: int) -> str:
    """The same of a number, 0 is Monday."""
    return weekday_name(date(2024, 1, 1) + DAY * weekday)


def said_day(on: date, hours: str = "") -> str:
    """A day with its weekday, and with hours where some are given, as the reader's language writes them."""
    day = _("%(weekday)s, %(day)s", weekday=weekday_name(on), day=i18n.format_day(on))
    return _("%(day)s, %(hours)s", day=day, hours=hours) if hours else day


def week_of(space_id: int, asked: date | None, reader_id: int | None) -> Week:
    """The week in which a day is, today's where none is asked for; a handful of statements however full it is."""
    name = zone_of_roster(space_id)
    zone = ZoneInfo(name)
    today = utcnow().astimezone(zone).date()
    day = asked or today
    first = day - DAY * day.weekday()
    since, until = (datetime.combine(each, time(), zone).astimezone(UTC) for each in (first, first + 7 * DAY))
    roster = roster_of(space_id, since, until)
    views = views_of(roster, reader_id) if roster is not None else []
    days = [
        WeekDay(on, said_day(on), on == today, [view for view in views if view.on == on])
        for on in (first + DAY * number for number in range(7))
    ]
    return Week(first, name, days, roster is not None)


def views_of(roster: Roster, reader_id: int | None) -> list[TurnView]:
    """The turns of a roster, with the names of everybody in them, read at once."""
    duties = roster.duties()
    people = cards_of({id_ for duty in duties for id_ in _ids(duty)})
    return [_view(duty, roster, people, reader_id) for duty in duties]


def cards_of(member_ids: Collection[int]) -> dict[int, PersonCard]:
    """People who help, by their ids."""
    rows = db.session.scalars(select(Member).where(Member.id.in_(member_ids))) if member_ids else ()
    return {row.id: card(row, {row.id}) for row in rows}


def _ids(duty: Duty) -> Iterable[int]:
    turn = duty.occurrence.turn
    asked = (duty.holder_id, turn.backup_id, *(stretch.member_id for stretch in duty.stretches))
    return (id_ for id_ in asked if id_ is not None)


def _view(duty: Duty, roster: Roster, people: Mapping[int, PersonCard], reader_id: int | None) -> TurnView:
    each, now = duty.occurrence, utcnow()
    turn = each.turn
    return TurnView(
        turn=turn,
        on=each.on,
        hours=hours_of(turn),
        zone=roster.zone.key,
        holder=people.get(duty.holder_id),
        backup=people.get(turn.backup_id or 0),
        lines=[_line(stretch, roster.zone, people) for stretch in duty.stretches],
        swapped=duty.swapped,
        alone=duty.alone,
        mine=duty.holder_id == reader_id,
        now=each.starts_at <= now < each.ends_at,
        over=each.ends_at <= now,
    )


def _line(stretch: Stretch, zone: ZoneInfo, people: Mapping[int, PersonCard]) -> Line:
    begins, ends = (moment.astimezone(zone) for moment in (stretch.starts_at, stretch.ends_at))
    hours = f"{begins:%H:%M}–{_until(ends)}"
    return Line(hours, people.get(stretch.member_id or 0), people.get(stretch.instead_of or 0))


def hours_of(turn: DutyTurn | SwapAnswered) -> str:
    """From when until when as the turn is planned."""
    return f"{clock(turn.begins)}–{clock(turn.ends)}"


def _until(local: datetime) -> str:
    return "24:00" if (local.hour, local.minute) == (0, 0) else f"{local:%H:%M}"


def candidates(space_id: int) -> list[Member]:
    """Who may take turns in a space now: its super users, then staff, by name."""
    now = utcnow()
    lasts = or_(Grant.until.is_(None), Grant.until > now)
    granted = select(Grant.member_id).where(Grant.space_id == space_id, Grant.kind == SUPER_USER, lasts)
    wanted = select(Member).where(or_(Member.id.in_(granted), Member.role.in_(STAFF)), can_take_part(now))
    rows = list(db.session.scalars(wanted.order_by(Member.name, Member.id)))
    return sorted(rows, key=lambda member: member.is_staff)


def own_turns(member_id: int, *, weeks: int = WEEKS_OF_OWN) -> list[TurnView]:
    """One's turns of the next weeks in all spaces, those taken over among them, soonest first."""
    found: list[tuple[datetime, TurnView]] = []
    since, until = utcnow(), utcnow() + timedelta(weeks=weeks)
    for space in spaces_of(member_id):
        roster = roster_of(space.id, since, until)
        if roster is None:
            continue
        people: dict[int, PersonCard] = {}
        for duty in roster.duties():
            if duty.holder_id == member_id or any(stretch.member_id == member_id for stretch in duty.stretches):
                people = people or cards_of({id_ for each in roster.duties() for id_ in _ids(each)})
                view = _view(duty, roster, people, member_id)
                found.append((duty.occurrence.starts_at, TurnView(**{**vars(view), "space": space})))
    return [view for _at, view in sorted(found, key=lambda pair: (pair[0], pair[1].turn.id))]


def turns_ahead(space_id: int, *, weeks: int = WEEKS_OF_OWN) -> list[TurnView]:
    """All turns of a space in the next weeks that have not begun."""
    now = utcnow()
    roster = roster_of(space_id, now, now + timedelta(weeks=weeks))
    return [view for view in views_of(roster, None) if not view.now] if roster is not None else []


def spaces_of(member_id: int) -> list[Space]:
    """Spaces in whose rosters somebody may have a turn: where they help now; of staff, where one is planned."""
    lasts = or_(Grant.until.is_(None), Grant.until > utcnow())
    granted = select(Grant.space_id).where(Grant.member_id == member_id, Grant.kind == SUPER_USER, lasts)
    planned = select(DutyTurn.space_id).where(or_(DutyTurn.member_id == member_id, DutyTurn.backup_id == member_id))
    taken = select(DutyTurn.space_id).join(DutySwap, DutySwap.turn_id == DutyTurn.id)
    taken = taken.where(or_(DutySwap.asked_id == member_id, DutySwap.asker_id == member_id))
    staff = select(Member.id).where(Member.id == member_id, Member.role.in_(STAFF)).exists()
    wanted = select(Space).where(or_(Space.id.in_(granted), staff & or_(Space.id.in_(planned), Space.id.in_(taken))))
    return list(db.session.scalars(wanted.order_by(Space.name)))


def spaces_of_turns(turn_ids: Collection[int]) -> dict[int, Space]:
    """The space of each of the turns that there still is."""
    wanted = select(DutyTurn.id, Space).join(Space, Space.id == DutyTurn.space_id).where(DutyTurn.id.in_(turn_ids))
    return {row[0]: row[1] for row in db.session.execute(wanted)} if turn_ids else {}


def spaces_of_swaps(swap_ids: Collection[int]) -> dict[int, Space]:
    """The space of the turn that each of the swaps is about."""
    wanted = select(DutySwap.id, Space).join(DutySwap.turn).join(DutyTurn.space).where(DutySwap.id.in_(swap_ids))
    return {row[0]: row[1] for row in db.session.execute(wanted)} if swap_ids else {}


def spaces_with_roster(actor: Actor) -> list[Space]:
    """Spaces whose rosters the actor may see, by name."""
    wanted = select(Space).join(DutyRoster, DutyRoster.space_id == Space.id).order_by(Space.name)
    return [space for space in db.session.scalars(wanted) if can_see(actor, space)]


def questions_of(member_id: int) -> list[DutySwap]:
    """Swaps that wait for an answer, of mine or from me, soonest first."""
    own = or_(DutySwap.asker_id == member_id, DutySwap.asked_id == member_id)
    wanted = select(DutySwap).where(own, DutySwap.reply == Reply.WAITS, DutySwap.on >= utcnow().date() - DAY)
    loaded = wanted.options(
        joinedload(DutySwap.turn).joinedload(DutyTurn.space),
        joinedload(DutySwap.asker),
        joinedload(DutySwap.asked),
        joinedload(DutySwap.for_turn),
    )
    return list(db.session.scalars(loaded.order_by(DutySwap.on, DutySwap.id)))


@dataclass(frozen=True)
class Now:
    """Who is around a space at this moment, as threads show it. `planned` where a roster is kept."""

    planned: bool
    people: Sequence[tuple[PersonCard, datetime]]


def around_now(space_id: int) -> Now:
    """Who is on duty now, remembered for a minute, so that it costs next to nothing on a thread's page."""
    known: Now | None = cache().get(around_key(space_id))
    if known is None:
        known = _look_around(space_id)
        cache().set(around_key(space_id), known, timeout=REMEMBERED)
    return known


def _look_around(space_id: int) -> Now:
    now = utcnow()
    roster = roster_of(space_id, now, now + timedelta(minutes=1))
    if roster is None:
        return Now(False, ())
    stretches = [each for duty in roster.duties() for each in duty.stretches if each.starts_at <= now < each.ends_at]
    people = cards_of({each.member_id for each in stretches if each.member_id is not None})
    there = {each.member_id: each.ends_at for each in stretches if each.member_id in people}
    return Now(True, [(people[id_], ends) for id_, ends in there.items() if id_ is not None])


def away_words(member_id: int) -> str:
    """Whether one is away now, in words; "" where not."""
    now = utcnow()
    spans = absences_of([member_id], now, now + DAY).get(member_id, ())
    if not any(begin <= now < end for begin, end in spans):
        return ""
    shown = member_id in away_of([member_id])
    return _("You are away now, and others see it.") if shown else _("You are away now; others are not told.")
