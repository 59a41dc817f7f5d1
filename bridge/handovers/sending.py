"""Bringing a query and its words to a desk: once, in order, whatever dies on the way.

What waits stands in the line at its desk, in the rows of the hand-overs; a job only takes out the one that waits
longest, and calls others when it is done, as many as the desk has room for.

Each step is written down before and after it is taken, in a short transaction of its own; nothing is held while the
desk is asked. A step that was begun and not finished may have been done: the desk is searched before it is repeated.
"""

import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from sqlalchemy import and_, delete, or_, select, update

from bridge.desks.connecting import connect
from bridge.desks.contract import (
    Desk,
    DeskBusyError,
    DeskError,
    DeskKeyError,
    DeskRefusedError,
    DeskStatus,
    DeskUnreachableError,
    Outgoing,
    OutgoingComment,
    RemoteRef,
    Snapshot,
)
from community.core import i18n
from community.core.db import db, transaction, utcnow
from community.core.jobs import back_off, enqueue, every, outside_job, waiting
from community.core.storage import StorageError

from . import attaching, circuit, fetching, keys, leases
from .models import DeskMessage, HandOver, HandOverState, MessageState, ServiceDesk
from .receiving import new_words, receive, touch_threads_of

log = logging.getLogger(__name__)

MOST_FAILURES = 8
LONGEST_WAIT = timedelta(minutes=15)
WAITING = (HandOverState.QUEUED, HandOverState.FAILED, HandOverState.SENDING)
# What a desk has no longer may show what it became.
ELSEWHERE = (DeskStatus.MERGED, DeskStatus.DELETED)
ON_THE_WAY = (MessageState.QUEUED, MessageState.SENDING)


@dataclass(frozen=True)
class Errand:
    """What one worker needs while it holds the lease."""

    lease: leases.Lease
    desk: Desk
    outgoing: Outgoing
    remote_id: str
    active: bool
    language: str


class _PausedError(Exception):
    """The desk wants to be left in peace: what is under way stops before its next step."""


def go_on(hand_over: HandOver) -> None:
    """Have what waits carried to the desk after this transaction, and what is new there read."""
    hand_over.next_try_at = utcnow()
    enqueue(carry_next, desk_id=hand_over.desk_id)


@outside_job
def carry_next(desk_id: int) -> None:
    """Bring everything that waits of one hand-over, the first in the line, to its desk, and what is new there back."""
    lease = leases.take(desk_id)
    if lease is None:
        return
    try:
        errand = _prepare(lease)
        if errand is not None:
            _carry(errand)
    except leases.LeaseLostError:
        log.warning("the lease on hand-over %s was lost", lease.hand_over_id)
    except _PausedError:
        with leases.step(lease) as hand_over:
            hand_over.next_try_at = utcnow()
    except (DeskError, StorageError) as error:
        _note_failure(lease, error)
    finally:
        with transaction():
            leases.give_back(lease)
            call(desk_id)


def call(desk_id: int) -> None:
    """Have as many jobs take from the line at a desk as there is room for, where not enough are on their way."""
    desk = db.session.get_one(ServiceDesk, desk_id)
    wanted = leases.in_line(desk_id, most=leases.room_at(desk))
    if wanted:
        for _number in range(wanted - waiting(carry_next, desk_id=desk_id)):
            enqueue(carry_next, desk_id=desk_id)


def _prepare(lease: leases.Lease) -> Errand | None:
    with leases.step(lease) as hand_over:
        if hand_over.state in (HandOverState.DEAD, HandOverState.DRAFT):
            return None
        if not hand_over.remote_id and hand_over.active:
            hand_over.state = HandOverState.SENDING
        outgoing = Outgoing.from_dict(hand_over.outgoing)
        desk = hand_over.desk
        return Errand(lease, connect(desk), outgoing, hand_over.remote_id, hand_over.active, desk.language)


def _carry(errand: Errand) -> None:
    if not errand.remote_id:
        there = _hand_over(errand)
        if there is None:
            _forget_words(errand)
            return
        errand = replace(errand, remote_id=there.id)
    while (message := _next(errand)) is not None:
        with i18n.speaking(errand.language):
            _send(errand, *message)
    if errand.active and errand.desk.capabilities().read:
        _bring_home(errand)
    with leases.step(errand.lease) as hand_over:
        circuit.note_answer(hand_over.desk_id)
        hand_over.error, hand_over.attempts = "", 0


def _bring_home(errand: Errand) -> None:
    """What is new at the desk, its files first: where they do not come, the words wait with them."""
    snapshot = errand.desk.get(errand.remote_id)
    if snapshot.status not in ELSEWHERE and snapshot.our_ref not in ("", errand.outgoing.ref):
        raise DeskRefusedError(f"{errand.remote_id} is another query there now: {snapshot.our_ref}")
    files = _fetch(errand, snapshot) if fetching.has_files(snapshot) else {}
    try:
        receive(errand.lease.hand_over_id, snapshot, files)
    except fetching.OtherThreadsError:
        with leases.step(errand.lease) as hand_over:
            go_on(hand_over)


def _fetch(errand: Errand, snapshot: Snapshot) -> dict[str, list[fetching.HomeFile]]:
    with transaction(read_only=True):
        hand_over = db.session.get_one(HandOver, errand.lease.hand_over_id)
        words = new_words(hand_over, snapshot)
        thread_ids = tuple(hand_over.query.active_thread_ids)
        language = fetching.language_of(hand_over.query)
    fetcher = fetching.Fetcher(errand.desk, errand.outgoing.ref, errand.remote_id, thread_ids, partial(_renew, errand))
    with i18n.speaking(language):
        return fetcher.files_of(words)


def _renew(errand: Errand) -> None:
    with leases.step(errand.lease):
        pass


def _hand_over(errand: Errand) -> RemoteRef | None:
    """The query at the desk: what an earlier try left there, else a new one, unless it was taken back meanwhile."""
    made = errand.desk.find_by_ref(errand.outgoing.ref) if errand.desk.capabilities().find else None
    if made is None and errand.active:
        made = errand.desk.create(errand.outgoing)
    if made is None:
        return None
    with leases.step(errand.lease) as hand_over:
        hand_over.remote_id, hand_over.remote_number, hand_over.remote_url = made.id, made.number, made.url
        hand_over.sent_at = utcnow()
        hand_over.state = HandOverState.SENT if hand_over.active else HandOverState.RETRACTED
        touch_threads_of(hand_over)
    return made


def _forget_words(errand: Errand) -> None:
    """The query was taken back before it came there: nobody waits for words about it."""
    with leases.step(errand.lease):
        db.session.execute(
            delete(DeskMessage).where(
                DeskMessage.hand_over_id == errand.lease.hand_over_id, DeskMessage.state.in_(ON_THE_WAY)
            )
        )


def _next(errand: Errand) -> tuple[DeskMessage, bool] | None:
    """The oldest message that waits, marked as begun, and whether it had been begun before."""
    with leases.step(errand.lease) as hand_over:
        if not circuit.is_closed(hand_over.desk):
            raise _PausedError
        message = db.session.scalar(
            select(DeskMessage)
            .where(DeskMessage.hand_over_id == hand_over.id, DeskMessage.state.in_(ON_THE_WAY))
            .order_by(DeskMessage.id)
            .limit(1)
        )
        if message is None:
            return None
        begun = message.state == MessageState.SENDING
        message.state = MessageState.SENDING
        if message.files:
            with i18n.speaking(errand.language):
                message.files = attaching.sort_out(message.files, errand.desk.capabilities())
            leases.lengthen(hand_over, sum(not file["stays"] for file in message.files))
        db.session.flush()
        db.session.refresh(message)
        db.session.expunge(message)
        return message, begun


def _send(errand: Errand, message: DeskMessage, begun: bool) -> None:
    try:
        remote_id = _sent_before(errand, message) if begun else ""
        remote_id = remote_id or _deliver(errand, message)
    except DeskKeyError:
        raise
    except DeskRefusedError as error:
        if attaching.leave_here(message):
            _send(errand, message, begun=True)
        else:
            _settle(errand, message, state=MessageState.DEAD, error=str(error))
        return
    _settle(errand, message, state=MessageState.SENT, remote_id=remote_id)


def _deliver(errand: Errand, message: DeskMessage) -> str:
    if message.status:
        errand.desk.set_status(errand.remote_id, DeskStatus(message.status))
        return ""
    if _is_set(errand, message):
        errand.desk.set_priority(errand.remote_id, message.priority)
        return ""
    mark = keys.mark_of(message.id)
    files = attaching.read_in(message)
    text = keys.marked(attaching.with_notes(message), mark, message.author)
    return errand.desk.add_comment(errand.remote_id, OutgoingComment(mark, text, files=files))


def _is_set(errand: Errand, message: DeskMessage) -> bool:
    """Whether it is a status or a priority that the desk takes as such; either may be set twice."""
    return bool(message.status) or (message.priority > 0 and errand.desk.capabilities().priorities)


def _sent_before(errand: Errand, message: DeskMessage) -> str:
    """The comment's id at the desk, where an earlier try had come that far."""
    if _is_set(errand, message) or not errand.desk.capabilities().read:
        return ""
    mark = keys.mark_of(message.id)
    there = errand.desk.get(errand.remote_id).comments
    return next((comment.id for comment in there if keys.mark_in(comment.text) == mark), "")


def _settle(errand: Errand, message: DeskMessage, *, state: str, remote_id: str = "", error: str = "") -> None:
    with leases.step(errand.lease):
        row = db.session.get_one(DeskMessage, message.id)
        row.state, row.remote_id, row.error = state, remote_id or None, error[:2000]
        row.files = message.files
        row.sent_at = utcnow() if state == MessageState.SENT else None


def _note_failure(lease: leases.Lease, error: DeskError | StorageError) -> None:
    """Silence of the desk or of our own storage is waited for as long as it lasts; what the desk refuses is given up
    and shown to staff.
    """
    with leases.step(lease) as hand_over:
        hand_over.error, hand_over.attempts = str(error)[:2000], hand_over.attempts + 1
        if isinstance(error, DeskUnreachableError | DeskBusyError):
            circuit.note_silence(hand_over.desk_id, error)
        wait = error.wait if isinstance(error, DeskBusyError) else min(back_off(hand_over.attempts), LONGEST_WAIT)
        given_up = _is_final(error, hand_over.attempts)
        hand_over.next_try_at = None if given_up else utcnow() + wait
        if not hand_over.remote_id or given_up:
            hand_over.state = HandOverState.DEAD if given_up else HandOverState.FAILED
        if hand_over.next_try_at is not None:
            run_at = max(hand_over.next_try_at, hand_over.desk.paused_until or hand_over.next_try_at)
            enqueue(carry_next, run_at=run_at, desk_id=hand_over.desk_id)
        touch_threads_of(hand_over)


def _is_final(error: DeskError | StorageError, attempts: int) -> bool:
    if isinstance(error, DeskRefusedError):
        return True
    return not isinstance(error, DeskUnreachableError | DeskBusyError | StorageError) and attempts >= MOST_FAILURES


@every(minutes=1)
def resume() -> None:
    """Whatever waits and whose time has come goes on: after a crash, a pause, or a job that was lost."""
    now = utcnow()
    unsent = select(DeskMessage.hand_over_id).where(DeskMessage.state.in_(ON_THE_WAY))
    fallen_out = or_(
        HandOver.state.in_(WAITING),
        and_(HandOver.state.in_((HandOverState.SENT, HandOverState.RETRACTED)), HandOver.id.in_(unsent)),
        HandOver.lease_until < now,
    )
    free = or_(HandOver.lease_until.is_(None), HandOver.lease_until < now)
    db.session.execute(
        update(HandOver)
        .where(HandOver.next_try_at.is_(None), fallen_out, free)
        .values(next_try_at=now, lease="", lease_until=None)
    )
    for desk_id in db.session.scalars(select(ServiceDesk.id)):
        call(desk_id)
