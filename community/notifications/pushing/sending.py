"""News to browsers: when one leaves, what it says, and what the push service made of it. Sent by jobs only."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from werkzeug.utils import import_string

from community.accounts.models import Member, SignIn
from community.core import i18n, sealing
from community.core.db import db, transaction, utcnow
from community.core.jobs import enqueue, job, outside_job
from community.core.outgoing import Answer, Body, RefusedAddressError, UnreachableError
from community.core.policies import NOBODY
from community.forum.models import Thread
from community.forum.policies import can_read_thread

from .. import kinds
from ..models import Notification
from ..planning import Plan, count_push, plans_of
from ..preferences import Choice
from ..reading import is_sendable
from .models import PushSubscription
from .subscribing import PURPOSE, is_on, reached, way_to

TOO_OLD = timedelta(days=1)
MOST_FAILURES = 24
GONE = frozenset({404, 410})
# The library is an extra, so it is loaded where a browser is to be told and not before.
ENCRYPTING = "community.notifications.pushing.encrypting:sealed_for"


class NotTakenError(Exception):
    """A push service did not take a message; it is tried again."""


def wanted_by(choices: Mapping[int, Choice], at: datetime) -> frozenset[int]:
    """Those who want such news in a browser of theirs, and have one; costs nothing where there is no push at all."""
    if not is_on() or utcnow() - at > TOO_OLD:
        return frozenset()
    wanted = [id_ for id_, choice in choices.items() if choice.push]
    return reached(wanted) if wanted else frozenset()


def hand_over(notification_ids: Iterable[int]) -> None:
    """Have browsers told of new pieces of news."""
    for notification_id in notification_ids:
        enqueue(push_news, notification_id=notification_id)


@job
def push_news(notification_id: int) -> None:
    """Decide whether a piece of news leaves now, counted as one of the person's day; each browser is told by itself.

    It waits for the end of quiet hours. Away, or on a day that is full, nothing comes: the inbox has it all.
    """
    news = db.session.get(Notification, notification_id)
    if news is None or not _is_told(news):
        return
    plan, now = _plan(news.member_id), utcnow()
    quiet_ends = plan.quiet_ends(now)
    if plan.is_away(now):
        return
    if quiet_ends is not None:
        enqueue(push_news, run_at=quiet_ends, notification_id=notification_id)
    elif count_push(news.member_id, plan.today(now)):
        _tell_each(news)


def _tell_each(news: Notification) -> None:
    rows = select(PushSubscription.id).where(PushSubscription.member_id == news.member_id)
    for id_ in db.session.scalars(rows):
        enqueue(send_push, unique_key=f"push-{news.id}-{id_}", notification_id=news.id, subscription_id=id_)


def _plan(member_id: int) -> Plan:
    return plans_of([db.session.get_one(Member, member_id)])[member_id]


def _is_told(news: Notification) -> bool:
    """Whether it is still news for somebody who may still know it."""
    member = db.session.get_one(Member, news.member_id)
    return news.read_at is None and member.suspended_at is None and is_sendable(news)


@outside_job
def send_push(notification_id: int, subscription_id: int) -> None:
    """Tell one browser of one piece of news. What it may no longer know, or when it wants quiet, is not sent."""
    with transaction():
        found = _parcel(notification_id, subscription_id)
    if found is None:
        return
    endpoint, keys, message = found
    try:
        status = _post(endpoint, keys, message).status
    except RefusedAddressError:
        status = 410  # its name leads into a private network by now
    except UnreachableError as error:
        with transaction():
            _note(subscription_id, 0)
        raise NotTakenError("the push service could not be reached") from error
    with transaction():
        _note(subscription_id, status)
    if not _taken(status) and status not in GONE:
        raise NotTakenError(f"the push service answered {status}")


def _taken(status: int) -> bool:
    return 200 <= status < 300


def _parcel(notification_id: int, subscription_id: int) -> tuple[str, dict[str, str], bytes] | None:
    news, row = db.session.get(Notification, notification_id), db.session.get(PushSubscription, subscription_id)
    if news is None or row is None or row.member_id != news.member_id or not is_on() or not _is_told(news):
        return None
    plan, now = _plan(news.member_id), utcnow()
    quiet_ends, lasts = plan.quiet_ends(now), db.session.get_one(SignIn, row.sign_in_id).ends_at > now
    if plan.is_away(now) or not lasts:
        return None
    if quiet_ends is not None:
        enqueue(send_push, run_at=quiet_ends, notification_id=notification_id, subscription_id=subscription_id)
        return None
    try:
        keys = sealing.unseal(row.keys, PURPOSE)
    except sealing.BrokenSealError:
        db.session.delete(row)
        return None
    return row.endpoint, keys, message_of(news)


def message_of(news: Notification) -> bytes:
    """What a lock screen may show to anybody: of which kind the news is, and a title that everybody may read."""
    member = db.session.get_one(Member, news.member_id)
    thread = db.session.get(Thread, news.thread_id) if news.thread_id else None
    with i18n.speaking(member.language):
        told = {
            "title": str(kinds.kind(news.kind).label),
            "body": thread.title if thread is not None and can_read_thread(NOBODY, thread) else "",
            "url": news.url,
            "tag": f"thread-{news.thread_id}" if news.thread_id else f"news-{news.id}",
        }
    return json.dumps(told, ensure_ascii=False).encode()


def _post(endpoint: str, keys: dict[str, str], message: bytes) -> Answer:
    sealed_for: Callable[[str, dict[str, str], bytes], tuple[bytes, dict[str, str]]] = import_string(ENCRYPTING)
    data, headers = sealed_for(endpoint, keys, message)
    return way_to(endpoint).request("POST", endpoint, headers=headers, body=Body(data, "application/octet-stream"))


def _note(subscription_id: int, status: int) -> None:
    """What came of a try; a browser that is gone, or was not reached for very long, is told no more."""
    row = db.session.get(PushSubscription, subscription_id)
    if row is None:
        return
    if _taken(status):
        row.last_ok_at, row.failures = utcnow(), 0
        return
    row.failures += 1
    if status in GONE or row.failures >= MOST_FAILURES:
        db.session.delete(row)
