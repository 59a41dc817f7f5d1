"""Telling people what happened, once; and taking note that they have read it."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from community.accounts.models import Member
from community.core import i18n
from community.core.db import db, utcnow
from community.core.events import EventRecord
from community.core.jobs import every
from community.messages.blocking import blockers_of

from . import mailing, sending
from .kinds import gathered
from .models import Mailing, Notification
from .planning import Plan, plans_of
from .preferences import Choice, choices_for
from .pushing import sending as pushing

TOO_OLD_FOR_MAIL = timedelta(days=3)
KEEP_READ = timedelta(days=180)
# News that are contact by whoever did it: people who blocked them are not told.
CONTACT = frozenset({"mention", "followed-person", "message", "conversation", "thanks", "endorsed"})


@dataclass(frozen=True)
class News:
    """What is told, the same for all who are told it."""

    event_id: int
    kind: str
    title: Callable[[], str]
    url: str
    actor_id: int | None
    thread_id: int | None
    excerpt: str
    at: datetime


def notify(
    event_id: int,
    kind: str,
    member_ids: Iterable[int],
    title: str,
    url: str,
    actor_id: int | None,
    *,
    render: Callable[[], str] | None = None,
    thread_id: int | None = None,
    excerpt: str = "",
) -> None:
    """Tell people of a fact, as each chose; call it inside a subscriber, where twice does no harm.

    Whoever did it is not told. The CALLER has checked that all of them may read what `url`, a path, leads to;
    a thread named by `thread_id`, or by the fact's own subject, is checked again whenever the inbox is read.
    `render`, where given, makes the title in each receiver's language. `excerpt` is plain text for the mail.
    Suspended people are left out, and nobody gets mail about a fact that is more than three days old.
    """
    record = db.session.get_one(EventRecord, event_id)
    news = News(
        event_id=event_id,
        kind=kind,
        title=render or (lambda: title),
        url=url,
        actor_id=actor_id,
        thread_id=thread_id or _thread_of(record),
        excerpt=excerpt,
        at=record.at,
    )
    unwilling = blockers_of(actor_id) if kind in CONTACT and actor_id is not None else set()
    members = _receivers(set(member_ids) - {actor_id} - unwilling)
    plans = plans_of(members.values())
    choices = choices_for(kind, members)
    pushed = pushing.wanted_by(choices, news.at)
    new = _insert(news, members, choices, plans, pushed)
    sending.hand_over(plans, new)
    pushing.hand_over(id_ for member_id, (id_, _mailing) in new.items() if member_id in pushed)


def _thread_of(record: EventRecord) -> int | None:
    what, _, number = record.subject.partition(":")
    return int(number) if what == "thread" else None


def _receivers(member_ids: Iterable[int | None]) -> dict[int, Member]:
    wanted = [id_ for id_ in member_ids if id_ is not None]
    rows = db.session.scalars(select(Member).where(Member.id.in_(wanted), Member.suspended_at.is_(None)))
    return {row.id: row for row in rows}


def _insert(
    news: News,
    members: Mapping[int, Member],
    choices: Mapping[int, Choice],
    plans: Mapping[int, Plan],
    pushed: Collection[int],
) -> dict[int, tuple[int, Mailing]]:
    """Write what is not there yet and count it; to whom it was new, with its id and what is to become of it by mail."""
    mail = {id_: _mailing(news, member, choices[id_], plans[id_]) for id_, member in members.items()}
    rows = [
        _row(news, member, choices[id_], mail[id_])
        for id_, member in sorted(members.items())
        if choices[id_].in_app or mail[id_] or id_ in pushed
    ]
    if not rows:
        return {}
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Notification).values(rows).on_conflict_do_nothing()
    new = db.session.execute(statement.returning(Notification.member_id, Notification.id)).all()
    _count({member_id for member_id, _id in new if choices[member_id].in_app})
    return {member_id: (id_, mail[member_id]) for member_id, id_ in new}


def _mailing(news: News, member: Member, choice: Choice, plan: Plan) -> Mailing:
    wanted = choice.mail and member.email_confirmed_at is not None
    fresh = utcnow() - news.at < TOO_OLD_FOR_MAIL
    return sending.mailing_of(plan, utcnow()) if wanted and fresh else Mailing.NONE


def _count(member_ids: Collection[int]) -> None:
    """One more that is unread. Rows are locked in order, so that no two jobs wait for each other."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(select(Member.id).where(Member.id.in_(member_ids)).order_by(Member.id).with_for_update())
    db.session.execute(
        update(Member).where(Member.id.in_(member_ids)).values(unread=Member.unread + 1),
        execution_options={"synchronize_session": False},
    )


def _row(news: News, member: Member, choice: Choice, mail: Mailing) -> dict[str, object]:
    with i18n.speaking(member.language):
        title = " ".join(news.title().split())[:200]
    return {
        "member_id": member.id,
        "kind": news.kind,
        "event_id": news.event_id,
        "title": title,
        "url": news.url,
        "thread_id": news.thread_id,
        "actor_id": news.actor_id,
        "listed": choice.in_app,
        "at": news.at,
        "read_at": None,
        "mailing": mail.value,
        "excerpt": mailing.shortened(news.excerpt, mailing.EXCERPT) if mail else "",
    }


def mark_read(notification: Notification) -> None:
    """Its receiver has seen it, and what came before it of the same kind about the same thing."""
    same = [Notification.kind == notification.kind, Notification.thread_id == notification.thread_id]
    earlier = notification.thread_id is not None
    if not earlier and notification.kind in gathered():
        same, earlier = [*same, Notification.title == notification.title], True
    _mark(notification.member_id, *((*same, Notification.id <= notification.id) if earlier else _only(notification)))


def mark_unread(notification: Notification) -> None:
    """Its receiver wants to come back to it."""
    read = Notification.read_at.is_not(None), Notification.listed
    changed = db.session.execute(update(Notification).where(*_only(notification), *read).values(read_at=None))
    _count_unread(notification.member_id, cast(CursorResult[Any], changed).rowcount)


def _only(notification: Notification) -> tuple[ColumnElement[bool]]:
    return (Notification.id == notification.id,)


def mark_read_at(member_id: int, url: str, kinds: Collection[str]) -> None:
    """The receiver has seen what news of these kinds lead to."""
    _mark(member_id, Notification.url == url, Notification.kind.in_(kinds))


def mark_all_read(member_id: int) -> None:
    """The receiver has seen everything there is."""
    _mark(member_id)


def mark_read_before(member_id: int, moment: datetime) -> None:
    """The receiver has seen everything that is older than `moment`."""
    _mark(member_id, Notification.at < moment)


def _mark(member_id: int, *which: Any) -> None:
    waiting = Notification.member_id == member_id, Notification.read_at.is_(None), Notification.listed
    changed = db.session.execute(update(Notification).where(*waiting, *which).values(read_at=utcnow()))
    _count_unread(member_id, -cast(CursorResult[Any], changed).rowcount)


def _count_unread(member_id: int, by: int) -> None:
    """Only rows that this statement changed are counted, so that two requests at once count each of them once."""
    if by:
        db.session.execute(update(Member).where(Member.id == member_id).values(unread=Member.unread + by))


@every(hours=24)
def forget_old() -> None:
    """What was read, or only mailed, half a year ago goes; what is unread stays."""
    old = Notification.at < utcnow() - KEEP_READ
    seen = Notification.read_at.is_not(None) | Notification.listed.is_(False)
    db.session.execute(delete(Notification).where(old, seen))
