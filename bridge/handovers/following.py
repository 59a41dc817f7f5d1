"""What the query and its threads make of the desk's words and status. One transaction, that of whoever calls."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from bridge.desks.contract import DeskStatus
from bridge.queries import operations, queries
from bridge.queries.models import Query, Status, StepKind
from community import public
from community.core.db import db, utcnow

from .models import DeskMessage, HandOver, HandOverState, MessageState

# A last word that comes with one of these is part of it: the answer, the reason, the question.
SPOKEN = (DeskStatus.RESOLVED, DeskStatus.CLOSED, DeskStatus.REJECTED, DeskStatus.WAITING_USER)
WORKING = (DeskStatus.IN_PROGRESS, DeskStatus.WAITING_DESK, DeskStatus.ON_HOLD)


def follow(hand_over: HandOver, words: Sequence[DeskMessage], status: DeskStatus | None) -> None:
    """Show new words in the threads under the agent's name, then bring the query to the desk's status."""
    query = queries.locked(hand_over.query_id)
    if query is None:
        return
    last = words[-1] if words and status in SPOKEN and _takes(query, status) else None
    for message in words:
        if message is not last:
            message.post_ids = operations.reply(query, message.text, by_id=speaker_of(hand_over, message))
    if status is not None:
        _follow_status(hand_over, query, status, last)


def speaker_of(hand_over: HandOver, message: DeskMessage | None) -> int:
    """Who says it in the community: the member of staff that the desk names, else the account of the desk."""
    named = message.author.lower() if message else ""
    for person in public.staff() if named else ():
        if named in (person.handle.lower(), person.email.lower(), person.name.lower()):
            return person.id
    return hand_over.desk.speaker_id


def _takes(query: Query, status: DeskStatus) -> bool:
    """Whether the status moves the query, so that words which came with it are said by that step."""
    moves = {
        DeskStatus.RESOLVED: query.in_work,
        DeskStatus.CLOSED: query.in_work,
        DeskStatus.REJECTED: not query.finished,
        DeskStatus.WAITING_USER: query.status in (Status.NEW, Status.IN_PROGRESS),
    }
    return moves[status]


def _follow_status(hand_over: HandOver, query: Query, status: DeskStatus, last: DeskMessage | None) -> None:
    by_id = speaker_of(hand_over, last)
    if status in WORKING:
        _work_on(query, by_id)
    elif status == DeskStatus.WAITING_USER and _takes(query, status):
        _ask(query, by_id, last)
    elif status in (DeskStatus.RESOLVED, DeskStatus.CLOSED):
        _finish(hand_over, query, by_id, status, last)
    elif status == DeskStatus.REJECTED and _takes(query, status):
        operations.decline(
            query, last.text if last else _("The service desk closed this without an answer."), by_id=by_id
        )
    elif status in (DeskStatus.DELETED, DeskStatus.MERGED):
        _lose(hand_over, query, by_id, status)


def _work_on(query: Query, by_id: int) -> None:
    if query.status == Status.NEW:
        operations.acknowledge(query, by_id=by_id)
    elif query.status == Status.WAITING_USER:
        operations.go_on(query, by_id=by_id)
    elif query.status in (Status.RESOLVED, Status.CLOSED, Status.DECLINED):
        operations.reopen(query, by_id=by_id)


def _ask(query: Query, by_id: int, last: DeskMessage | None) -> None:
    if last is not None:
        last.post_ids = operations.ask(query, last.text, by_id=by_id)
    else:
        operations.stand_still(query, by_id=by_id)


def _finish(hand_over: HandOver, query: Query, by_id: int, status: DeskStatus, last: DeskMessage | None) -> None:
    """The desk is done: its last words become the proposed answer, and the author decides. Closed twice is closed."""
    if not query.in_work:
        if status == DeskStatus.CLOSED and query.status == Status.RESOLVED:
            operations.close(query, by_id=by_id)
        return
    said = last or _last_said(hand_over)
    text = said.text if said else _("The service desk has solved this.")
    before = said.post_ids if said and said is not last else ()
    made = operations.resolve(query, text, by_id=by_id, said_in=before)
    if last is not None:
        last.post_ids = made


def _last_said(hand_over: HandOver) -> DeskMessage | None:
    return db.session.scalar(
        select(DeskMessage)
        .where(DeskMessage.hand_over_id == hand_over.id, DeskMessage.state == MessageState.RECEIVED)
        .order_by(DeskMessage.id.desc())
        .limit(1)
    )


def _lose(hand_over: HandOver, query: Query, by_id: int, status: DeskStatus) -> None:
    """The desk has it no longer: staff decide here what becomes of it, and nothing more is sent there."""
    hand_over.active, hand_over.state = False, HandOverState.RETRACTED
    gone = "merged" if status == DeskStatus.MERGED else "deleted"
    operations.record(query, StepKind.LOST_AT_DESK, by_id, utcnow(), from_value=hand_over.remote_number, to_value=gone)
    operations.changed(query, utcnow())
