"""Telling people what happened, once; and taking note that they have read it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from community.accounts.models import Member
from community.core.db import db, utcnow
from community.core.events import EventRecord
from community.core.jobs import every

from . import mailing
from .models import Notification
from .preferences import Choice, choices_for

TOO_OLD_FOR_MAIL = timedelta(days=3)
KEEP_READ = timedelta(days=180)


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
    members = _receivers(set(member_ids) - {actor_id})
    choices = choices_for(kind, members)
    new = _insert(news, members, choices)
    if utcnow() - record.at < TOO_OLD_FOR_MAIL:
        mailing.post(news, [members[id_] for id_ in sorted(new) if choices[id_].mail])


def _thread_of(record: EventRecord) -> int | None:
    what, _, number = record.subject.partition(":")
    return int(number) if what == "thread" else None


def _receivers(member_ids: Iterable[int | None]) -> dict[int, Member]:
    wanted = [id_ for id_ in member_ids if id_ is not None]
    rows = db.session.scalars(select(Member).where(Member.id.in_(wanted), Member.suspended_at.is_(None)))
    return {row.id: row for row in rows}


def _insert(news: News, members: Mapping[int, Member], choices: Mapping[int, Choice]) -> set[int]:
    """Write what is not there yet and count it; whom it was new to."""
    rows = [
        _row(news, member, listed=choices[id_].in_app)
        for id_, member in sorted(members.items())
        if choices[id_].in_app or choices[id_].mail
    ]
    if not rows:
        return set()
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Notification).values(rows).on_conflict_do_nothing()
    new = set(db.session.scalars(statement.returning(Notification.member_id)))
    listed = {id_ for id_ in new if choices[id_].in_app}
    db.session.execute(
        update(Member).where(Member.id.in_(listed)).values(unread=Member.unread + 1),
        execution_options={"synchronize_session": False},
    )
    return new


def _row(news: News, member: Member, *, listed: bool) -> dict[str, object]:
    with mailing.speaking(member.language):
        title = " ".join(news.title().split())[:200]
    return {
        "member_id": member.id,
        "kind": news.kind,
        "event_id": news.event_id,
        "title": title,
        "url": news.url,
        "thread_id": news.thread_id,
        "actor_id": news.actor_id,
        "listed": listed,
        "at": news.at,
        "read_at": None,
    }


def mark_read(notification: Notification) -> None:
    """Its receiver has seen it."""
    _mark(notification.member_id, Notification.id == notification.id)


def mark_all_read(member_id: int) -> None:
    """The receiver has seen everything there is."""
    _mark(member_id)


def mark_read_before(member_id: int, moment: datetime) -> None:
    """The receiver has seen everything that is older than `moment`."""
    _mark(member_id, Notification.at < moment)


def _mark(member_id: int, *which: Any) -> None:
    waiting = Notification.member_id == member_id, Notification.read_at.is_(None), Notification.listed
    changed = cast(
        CursorResult[Any],
        db.session.execute(update(Notification).where(*waiting, *which).values(read_at=utcnow())),
    ).rowcount
    if changed:
        db.session.execute(update(Member).where(Member.id == member_id).values(unread=Member.unread - changed))


@every(hours=24)
def forget_old() -> None:
    """What was read, or only mailed, half a year ago goes; what is unread stays."""
    old = Notification.at < utcnow() - KEEP_READ
    seen = Notification.read_at.is_not(None) | Notification.listed.is_(False)
    db.session.execute(delete(Notification).where(old, seen))
