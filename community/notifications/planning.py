"""When mail may go to a person: by their own clock, their rhythm, quiet hours, absence and daily limit."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case, or_, select, update

from community.accounts.models import Member
from community.core import i18n
from community.core.db import db, insert_once, utcnow

from .models import MemberMail, Rhythm

MOST_BOUNCES = 3
BOUNCES_HOLD = timedelta(days=30)  # an older one says nothing about today
DIGESTS = frozenset({Rhythm.DAILY, Rhythm.WEEKLY})


@dataclass(frozen=True)
class Plan:
    """How mail goes to one person, as they chose and as it fared. Hours are of the person's own clock."""

    zone: ZoneInfo
    rhythm: str = Rhythm.AT_ONCE
    hour: int = 8
    weekday: int = 0
    quiet_from: int | None = None
    quiet_until: int | None = None
    away_until: datetime | None = None
    away_from: datetime | None = None
    paused: bool = False

    def takes_mail(self) -> bool:
        """Whether any mail goes there at all."""
        return self.rhythm != Rhythm.NEVER and not self.paused

    def gathers(self, now: datetime) -> bool:
        """Whether news of this moment wait for a digest."""
        return self.rhythm in DIGESTS or self.is_away(now)

    def is_away(self, now: datetime) -> bool:
        """Whether the person asked for no mail yet."""
        return self.away_until is not None and now < self.away_until and (self.away_from or now) <= now

    def today(self, now: datetime) -> date:
        """The person's present day."""
        return now.astimezone(self.zone).date()

    def quiet_ends(self, now: datetime) -> datetime | None:
        """When the quiet hours of this moment end; None outside of them."""
        if self.quiet_from is None or self.quiet_until is None or self.quiet_from == self.quiet_until:
            return None
        begin, end, hour = self.quiet_from, self.quiet_until, now.astimezone(self.zone).hour
        quiet = begin <= hour < end if begin < end else hour >= begin or hour < end
        return self._next(now, end) if quiet else None

    def next_digest(self, now: datetime) -> datetime:
        """The next time at which a digest goes out, never while the person is away."""
        found = self._digest_after(now)
        return self._digest_after(self.away_until) if self.away_until and self.is_away(found) else found

    def _digest_after(self, after: datetime) -> datetime:
        found = self._next(after, self.hour)
        while self.rhythm == Rhythm.WEEKLY and found.astimezone(self.zone).weekday() != self.weekday:
            found = self._next(found, self.hour)
        return found

    def _next(self, after: datetime, hour: int) -> datetime:
        """The next full hour of this name on the person's clock, also over changes of the clock."""
        local = after.astimezone(self.zone)
        found = datetime.combine(local.date(), time(hour), self.zone)
        if found <= local:
            found = datetime.combine(local.date() + timedelta(days=1), time(hour), self.zone)
        return found.astimezone(ZoneInfo("UTC"))


def plans_of(members: Iterable[Member]) -> dict[int, Plan]:
    """Several people's plans at once."""
    known = {member.id: member for member in members}
    rows = db.session.scalars(select(MemberMail).where(MemberMail.member_id.in_(known)))
    chosen = {row.member_id: row for row in rows}
    return {id_: plan_of(member, chosen.get(id_)) for id_, member in known.items()}


def plan_of(member: Member, row: MemberMail | None) -> Plan:
    """One person's plan; without a row the defaults."""
    if row is None:
        return Plan(i18n.zone_of(member.time_zone))
    return Plan(
        zone=i18n.zone_of(member.time_zone),
        rhythm=row.rhythm,
        hour=row.hour,
        weekday=row.weekday,
        quiet_from=row.quiet_from,
        quiet_until=row.quiet_until,
        away_until=row.away_until,
        away_from=row.away_from,
        paused=is_paused(row, member),
    )


def is_paused(row: MemberMail | None, member: Member) -> bool:
    """Whether mail to the person's present address came back too often."""
    return row is not None and row.bounce_count >= MOST_BOUNCES and row.bounced_address == member.email


@dataclass(frozen=True)
class MailBox:
    """A member, their row, which may be one that was never kept, and the plan made from both."""

    member: Member
    row: MemberMail
    plan: Plan


def mail_of(member_id: int) -> MailBox:
    """How mail goes to a member now; nothing is written."""
    member = db.session.get_one(Member, member_id)
    row = db.session.get(MemberMail, member_id)
    return MailBox(member, row or _usual(member_id), plan_of(member, row))


def _usual(member_id: int) -> MemberMail:
    return MemberMail(
        member_id=member_id, rhythm=Rhythm.AT_ONCE.value, hour=8, weekday=0, most_a_day=20, bounce_count=0, turn=1
    )


def row_of(member_id: int, *, locked: bool = False) -> MemberMail:
    """The person's row, made where there is none yet; `locked` keeps others away until the transaction ends."""
    insert_once(MemberMail, member_id=member_id)
    statement = select(MemberMail).where(MemberMail.member_id == member_id)
    return db.session.scalars(statement.with_for_update() if locked else statement).one()


def plan_digests(plans: Mapping[int, Plan], member_ids: Collection[int]) -> None:
    """Have the next digest of each of them sent; one that is planned already stays."""
    now, asked = utcnow(), set(member_ids)
    planned = select(MemberMail.member_id).where(MemberMail.member_id.in_(asked), MemberMail.digest_at.is_not(None))
    for id_ in sorted(asked - set(db.session.scalars(planned))):
        insert_once(MemberMail, member_id=id_)
        waiting = MemberMail.member_id == id_, MemberMail.digest_at.is_(None)
        db.session.execute(update(MemberMail).where(*waiting).values(digest_at=plans[id_].next_digest(now)))


def count_one(member_id: int, today: date) -> bool:
    """Count a mail of the person's present day; False, and not counted, where the day's number is reached.

    One statement, so that two workers at once cannot both send the last one.
    """
    insert_once(MemberMail, member_id=member_id)
    free = or_(_another_day(today), MemberMail.sent_count < MemberMail.most_a_day)
    counted = update(MemberMail).where(MemberMail.member_id == member_id, free)
    return db.session.scalar(counted.values(**_day(today, sent=1)).returning(MemberMail.member_id)) is not None


def count_answer(member_id: int, today: date, most: int) -> bool:
    """The same for answers to the person's own letters."""
    insert_once(MemberMail, member_id=member_id)
    free = or_(_another_day(today), MemberMail.answered_count < most)
    counted = update(MemberMail).where(MemberMail.member_id == member_id, free)
    return db.session.scalar(counted.values(**_day(today, answered=1)).returning(MemberMail.member_id)) is not None


def count_push(member_id: int, today: date) -> bool:
    """The same for news to the person's browsers, as many as mails; however many browsers, a piece of news is one."""
    insert_once(MemberMail, member_id=member_id)
    free = or_(_another_day(today), MemberMail.pushed_count < MemberMail.most_a_day)
    counted = update(MemberMail).where(MemberMail.member_id == member_id, free)
    return db.session.scalar(counted.values(**_day(today, pushed=1)).returning(MemberMail.member_id)) is not None


def _another_day(today: date) -> ColumnElement[bool]:
    return or_(MemberMail.sent_on.is_(None), MemberMail.sent_on != today)


def _day(today: date, *, sent: int = 0, answered: int = 0, pushed: int = 0) -> dict[str, object]:
    begins = _another_day(today)
    return {
        "sent_on": today,
        "sent_count": case((begins, sent), else_=MemberMail.sent_count + sent),
        "answered_count": case((begins, answered), else_=MemberMail.answered_count + answered),
        "pushed_count": case((begins, pushed), else_=MemberMail.pushed_count + pushed),
    }


def plan_anew(member: Member, row: MemberMail) -> None:
    """What waits for a digest keeps to what was chosen now."""
    if row.digest_at is not None:
        row.digest_at = plan_of(member, row).next_digest(utcnow()) if row.rhythm != Rhythm.NEVER else None
