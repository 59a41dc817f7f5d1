"""When one is away: typed days, and those of a calendar elsewhere, read every hour."""

from datetime import UTC, date, datetime, time, timedelta
from typing import cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import delete, or_, select

from community.accounts import availability
from community.accounts.models import Member
from community.core import events, i18n, sealing
from community.core.db import db, transaction, utcnow
from community.core.jobs import enqueue, every, outside_job
from community.core.outgoing import Outgoing, RefusedAddressError, UnreachableError
from community.core.sealing import BrokenSealError
from community.core.settings import Settings

from .calendars import Off, UnreadableError, days_off
from .events import CalendarFailed
from .models import OWN, Absence, AbsenceCalendar, DutyTurn
from .operations import changed
from .turns import DAY

PURPOSE = "isthmus calendars of absences"
OFTEN = timedelta(hours=1)
KEEP = timedelta(days=120)
MOST_OWN = 50

availability.add_source("absences", select(Absence.member_id, Absence.starts_at, Absence.ends_at, Absence.shown))


class TooManyError(ValueError):
    """Nobody plans that many absences."""


def days_in(zone: ZoneInfo, first: date, last: date) -> tuple[datetime, datetime]:
    """From the begin of the first day to the end of the last one."""
    begins, ends = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (first, last + DAY))
    return begins, ends


def enter(member: Member, first: date, last: date, *, shown: bool) -> Absence:
    """Say that one is away on these days, both counted; days that are known already are not said twice.

    Raises `TooManyError`.
    """
    starts_at, ends_at = days_in(i18n.zone_of(member.time_zone), first, last)
    known = own_of(member.id)
    same = next((row for row in known if (row.starts_at, row.ends_at) == (starts_at, ends_at)), None)
    if same is not None:
        same.shown = shown
        return same
    if len(known) >= MOST_OWN:
        raise TooManyError
    made = Absence(member_id=member.id, starts_at=starts_at, ends_at=ends_at, shown=shown, source=OWN)
    db.session.add(made)
    db.session.flush()
    _changed(member.id)
    return made


def own_of(member_id: int) -> list[Absence]:
    """What is not over yet, soonest first, wherever it comes from."""
    wanted = select(Absence).where(Absence.member_id == member_id, Absence.ends_at > utcnow())
    return list(db.session.scalars(wanted.order_by(Absence.starts_at, Absence.id)))


def remove(member_id: int, absence_id: int) -> bool:
    """Take back what one typed; what a calendar says is changed there. Whether there was one."""
    row = db.session.get(Absence, absence_id)
    if row is None or row.member_id != member_id or row.source != OWN:
        return False
    db.session.delete(row)
    _changed(member_id)
    return True


def calendar_of(member_id: int) -> AbsenceCalendar | None:
    """One's calendar elsewhere."""
    return db.session.get(AbsenceCalendar, member_id)


def host_of(row: AbsenceCalendar) -> str:
    """Where the calendar is, without the secret part of its address; "" where it cannot be told any more."""
    try:
        return urlsplit(_address(row)).hostname or ""
    except BrokenSealError:
        return ""


def connect(member_id: int, url: str, *, shown: bool) -> None:
    """Read this calendar from now on, first in a moment. Raises `RefusedAddressError`."""
    address = "https://" + url.removeprefix("webcal://") if url.startswith("webcal://") else url
    _way(address)
    db.session.merge(
        AbsenceCalendar(
            member_id=member_id,
            sealed=sealing.seal({"url": address}, PURPOSE),
            shown=shown,
            asked_at=None,
            good_at=None,
            trouble="",
        )
    )
    enqueue(read_calendar, member_id=member_id)


def disconnect(member_id: int) -> None:
    """Read the calendar no more, and forget what it said."""
    db.session.execute(delete(AbsenceCalendar).where(AbsenceCalendar.member_id == member_id))
    db.session.execute(delete(Absence).where(Absence.member_id == member_id, Absence.source != OWN))
    _changed(member_id)


def _address(row: AbsenceCalendar) -> str:
    return sealing.unseal(row.sealed, PURPOSE)["url"]


def _way(url: str) -> Outgoing:
    settings = cast(Settings, current_app.extensions["isthmus.settings"])
    parts = urlsplit(url)
    return Outgoing(f"{parts.scheme}://{parts.netloc}", allow_private=settings.testing)


@every(minutes=30)
def read_calendars() -> None:
    """Have every calendar read that was not asked for an hour; absences long over are forgotten."""
    db.session.execute(delete(Absence).where(Absence.ends_at < utcnow() - KEEP))
    due = or_(AbsenceCalendar.asked_at.is_(None), AbsenceCalendar.asked_at <= utcnow() - OFTEN)
    for member_id in db.session.scalars(select(AbsenceCalendar.member_id).where(due)):
        enqueue(read_calendar, member_id=member_id)


@outside_job
def read_calendar(member_id: int) -> None:
    """Read one calendar. What it said last holds on where it cannot be read; its owner is told once."""
    with transaction():
        row = calendar_of(member_id)
        sealed = row.sealed if row is not None else ""
    if not sealed:
        return
    found, trouble = _fetched(sealed)
    with transaction():
        row = calendar_of(member_id)
        if row is not None and row.sealed == sealed:
            _note(row, found, trouble)


def _fetched(sealed: str) -> tuple[list[Off], str]:
    """What the calendar says, and why it could not be read, "" where it was."""
    try:
        url = sealing.unseal(sealed, PURPOSE)["url"]
        answer = _way(url).request("GET", url, headers={"Accept": "text/calendar, */*;q=0.1"})
        if answer.status != 200:
            return [], "gone" if answer.status in (401, 403, 404, 410) else "refused"
        return days_off(answer.body, utcnow().date()), ""
    except (RefusedAddressError, BrokenSealError):
        return [], "address"
    except UnreachableError:
        return [], "unreachable"
    except UnreadableError:
        return [], "unreadable"


def _note(row: AbsenceCalendar, found: list[Off], trouble: str) -> None:
    before, row.asked_at, row.trouble = row.trouble, utcnow(), trouble
    if trouble:
        if not before:
            events.record(CalendarFailed(actor_id=None, member_id=row.member_id, trouble=trouble))
        return
    row.good_at = utcnow()
    _replace(row, found)


def _replace(row: AbsenceCalendar, found: list[Off]) -> None:
    """What the calendar says now, in the place of what it said; entries that stay keep their rows."""
    zone = i18n.zone_of(db.session.get_one(Member, row.member_id).time_zone)
    wanted = {off.key: days_in(zone, off.begins, off.ends - DAY) for off in found}
    known = select(Absence).where(Absence.member_id == row.member_id, Absence.source != OWN)
    for absence in db.session.scalars(known).all():
        span = wanted.pop(absence.source, None)
        if span is None:
            db.session.delete(absence)
        else:
            absence.starts_at, absence.ends_at = span
            absence.shown = row.shown
    for key, (starts_at, ends_at) in wanted.items():
        db.session.add(
            Absence(member_id=row.member_id, starts_at=starts_at, ends_at=ends_at, shown=row.shown, source=key)
        )
    _changed(row.member_id)


def _changed(member_id: int) -> None:
    """Who is around may be somebody else now, wherever the person has turns."""
    backs = or_(DutyTurn.member_id == member_id, DutyTurn.backup_id == member_id)
    for space_id in db.session.scalars(select(DutyTurn.space_id).where(backs).distinct()):
        changed(space_id)


def days_of(row: Absence, zone: ZoneInfo) -> tuple[date, date]:
    """The first and the last day of an absence where the person is."""
    return row.starts_at.astimezone(zone).date(), (row.ends_at - timedelta(seconds=1)).astimezone(zone).date()
