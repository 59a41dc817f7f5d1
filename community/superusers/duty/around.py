"""Who is there: the roster as it is kept, put together with swaps, absences, and who still has the right to help."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select

from community.accounts.availability import Span, absences_of, can_take_part
from community.accounts.models import SUPER_USER, Grant, Member
from community.core.db import db
from community.core.policies import STAFF

from .agreed import backups_of
from .models import DutyRoster, DutyStandIn, DutyTurn
from .turns import DAY, Occurrence, occurrences


@dataclass(frozen=True)
class Stretch:
    """A part of a turn during which the same person is there; nobody where `member_id` is None.

    `instead_of` is whose turn it would be, where somebody else steps in.
    """

    starts_at: datetime
    ends_at: datetime
    member_id: int | None
    instead_of: int | None = None


@dataclass(frozen=True)
class Duty:
    """A turn on one day: whose it is after all swaps, and who is really there."""

    occurrence: Occurrence
    holder_id: int
    stretches: Sequence[Stretch]

    @property
    def swapped(self) -> bool:
        """Whether somebody took it over."""
        return self.holder_id != self.occurrence.turn.member_id

    @property
    def alone(self) -> bool:
        """Whether nobody is there during some of it."""
        return any(stretch.member_id is None for stretch in self.stretches)


@dataclass(frozen=True)
class Roster:
    """The turns of a space between two moments, with all that decides who is there."""

    zone: ZoneInfo
    turns: Sequence[DutyTurn]
    since: datetime
    until: datetime
    stand_ins: Mapping[tuple[int, date], int] = field(default_factory=dict)
    absences: Mapping[int, Sequence[Span]] = field(default_factory=dict)
    helpers: Mapping[int, Sequence[datetime | None]] = field(default_factory=dict)
    backups: Mapping[int, int] = field(default_factory=dict)

    def duties(self) -> list[Duty]:
        """Each turn with who is there, in their order."""
        return [self._duty(each) for each in occurrences(self.turns, self.zone, self.since, self.until)]

    def holder(self, each: Occurrence) -> int:
        """Whose turn it is after all swaps."""
        return self.stand_ins.get((each.turn.id, each.on), each.turn.member_id)

    def there(self, each: Occurrence, moment: datetime) -> int | None:
        """Who is there: whose turn it is, else the backup of the turn, else the one that their agreement names."""
        holder = self.holder(each)
        asked = (holder, each.turn.backup_id, self.backups.get(holder))
        return next((id_ for id_ in asked if id_ is not None and self.is_there(id_, moment)), None)

    def is_there(self, member_id: int, moment: datetime) -> bool:
        """Whether somebody may help at a moment, and is not away."""
        ends = self.helpers.get(member_id, ())
        away = any(begin <= moment < end for begin, end in self.absences.get(member_id, ()))
        return any(end is None or end > moment for end in ends) and not away

    def _duty(self, each: Occurrence) -> Duty:
        holder, found = self.holder(each), list[Stretch]()
        cuts = sorted({each.starts_at, *self._cuts(each)})
        for start, end in zip(cuts, [*cuts[1:], each.ends_at], strict=True):
            there = self.there(each, start)
            if found and found[-1].member_id == there:
                start = found.pop().starts_at
            found.append(Stretch(start, end, there, holder if there not in (None, holder) else None))
        return Duty(each, holder, found)

    def _cuts(self, each: Occurrence) -> Iterable[datetime]:
        """Moments within a turn at which somebody comes or goes."""
        moments = [edge for spans in self.absences.values() for span in spans for edge in span]
        moments += [end for ends in self.helpers.values() for end in ends if end is not None]
        return (moment for moment in moments if each.starts_at < moment < each.ends_at)


def roster_of(space_id: int, since: datetime, until: datetime) -> Roster | None:
    """What is planned for a space; None where it has no turns. Five statements however long the roster is."""
    return rosters_of([space_id], since, until).get(space_id)


def rosters_of(space_ids: Collection[int], since: datetime, until: datetime) -> dict[int, Roster]:
    """The same of several spaces, without those that have no turns; in as many statements."""
    turns: dict[int, list[DutyTurn]] = {}
    zones: dict[int, str] = {}
    planned = (
        select(DutyTurn, DutyRoster.zone)
        .join(DutyRoster, DutyRoster.space_id == DutyTurn.space_id)
        .where(DutyTurn.space_id.in_(space_ids))
    )
    for turn, zone in db.session.execute(planned):
        turns.setdefault(turn.space_id, []).append(turn)
        zones[turn.space_id] = zone
    if not turns:
        return {}
    taken = _stand_ins([turn.id for own in turns.values() for turn in own], since, until)
    named = backups_of({turn.member_id for own in turns.values() for turn in own} | set(taken.values()), since)
    people = {id_ for own in turns.values() for id_ in _people(own, taken, named)}
    away, helping = absences_of(people, since - DAY, until + DAY), helpers_of(turns, people)
    return {
        space_id: Roster(ZoneInfo(zones[space_id]), own, since, until, taken, away, helping[space_id], named)
        for space_id, own in turns.items()
    }


def _people(
    turns: Iterable[DutyTurn], taken: Mapping[tuple[int, date], int], named: Mapping[int, int]
) -> Iterable[int]:
    yield from (id_ for turn in turns for id_ in (turn.member_id, turn.backup_id) if id_ is not None)
    yield from taken.values()
    yield from named.values()


def _stand_ins(turn_ids: Collection[int], since: datetime, until: datetime) -> dict[tuple[int, date], int]:
    days = since.date() - 2 * DAY, until.date() + 2 * DAY
    rows = db.session.execute(
        select(DutyStandIn.turn_id, DutyStandIn.on, DutyStandIn.member_id).where(
            DutyStandIn.turn_id.in_(turn_ids), DutyStandIn.on.between(*days)
        )
    )
    return {(turn_id, on): member_id for turn_id, on, member_id in rows}


def helpers_of(space_ids: Collection[int], member_ids: Collection[int]) -> dict[int, dict[int, list[datetime | None]]]:
    """Of the members, who may help in each of the spaces, and until when: its super users, and staff for good."""
    granted = and_(Grant.member_id == Member.id, Grant.kind == SUPER_USER, Grant.space_id.in_(space_ids))
    free = or_(Member.role.in_(STAFF), Grant.id.is_not(None))
    rows = db.session.execute(
        select(Member.id, Member.role, Grant.space_id, Grant.until)
        .outerjoin(Grant, granted)
        .where(Member.id.in_(member_ids), free, Member.suspended_at.is_(None))
    )
    found: dict[int, dict[int, list[datetime | None]]] = {space_id: {} for space_id in space_ids}
    for member_id, role, space_id, until in rows:
        for each in space_ids if role in STAFF else [space_id]:
            found[each].setdefault(member_id, []).append(None if role in STAFF else until)
    return found


def on_duty_in(space_ids: Collection[int], moment: datetime) -> dict[int, set[int]]:
    """Ids of who is there for each of the spaces at a moment: whose turn it is and who is not away, or who steps in.

    Where no roster is kept it is every super user who is not away. Spaces where nobody is there are left out.
    """
    rosters = rosters_of(space_ids, moment, moment + (DAY / (24 * 60)))
    found = {space_id: _there_now(roster, moment) for space_id, roster in rosters.items()}
    found |= _not_away([space_id for space_id in space_ids if space_id not in rosters], moment)
    return {space_id: people for space_id, people in found.items() if people}


def on_duty(space_id: int, moment: datetime) -> set[int]:
    """Ids of who is there for a space at a moment; see `on_duty_in`."""
    return on_duty_in([space_id], moment).get(space_id, set())


def _there_now(roster: Roster, moment: datetime) -> set[int]:
    now = (each for each in occurrences(roster.turns, roster.zone, moment, roster.until) if each.starts_at <= moment)
    return {id_ for each in now if (id_ := roster.there(each, moment)) is not None}


def _not_away(space_ids: Collection[int], moment: datetime) -> dict[int, set[int]]:
    if not space_ids:
        return {}
    lasts = or_(Grant.until.is_(None), Grant.until > moment)
    rows = db.session.execute(
        select(Grant.space_id, Grant.member_id)
        .join(Grant.member)
        .where(Grant.space_id.in_(space_ids), Grant.kind == SUPER_USER, lasts, can_take_part(moment))
    ).all()
    away = absences_of({member_id for _space, member_id in rows}, moment, moment + DAY)
    found: dict[int, set[int]] = {}
    for space_id, member_id in rows:
        if not any(begin <= moment < end for begin, end in away.get(member_id, ())):
            found.setdefault(space_id, set()).add(member_id)
    return found
