"""What the query and its threads make of the desk's words and status. One transaction, that of whoever calls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from bridge.desks.contract import DeskStatus
from bridge.queries import operations, queries
from bridge.queries.models import Query, Status, StepKind
from community import public
from community.core import i18n
from community.core.db import db, utcnow

from . import fetching
from .fetching import HomeFile
from .models import DeskMessage, HandOver, HandOverState, MessageState

# A last word that comes with one of these is part of it: the answer, the reason, the question.
SPOKEN = (DeskStatus.RESOLVED, DeskStatus.CLOSED, DeskStatus.REJECTED, DeskStatus.WAITING_USER)
WORKING = (DeskStatus.IN_PROGRESS, DeskStatus.WAITING_DESK, DeskStatus.ON_HOLD)


@dataclass(frozen=True)
class Said:
    """Words of the desk as the threads show them, and the files below them."""

    message: DeskMessage
    text: str
    files: operations.Files


def follow(
    hand_over: HandOver,
    words: Sequence[DeskMessage],
    status: DeskStatus | None,
    files: Mapping[str, Sequence[HomeFile]],
) -> None:
    """Show new words with their files, by the desk's id of the words, in the threads under the agent's name.

    Then bring the query to the desk's status.
    """
    query = queries.locked(hand_over.query_id)
    if query is None:
        return
    with i18n.speaking(fetching.language_of(query)):
        _follow(hand_over, query, words, status, files)


def _follow(
    hand_over: HandOver,
    query: Query,
    words: Sequence[DeskMessage],
    status: DeskStatus | None,
    files: Mapping[str, Sequence[HomeFile]],
) -> None:
    said = [_said(query, message, files.get(message.remote_id or "", ())) for message in words]
    last = said.pop() if said and status in SPOKEN and _takes(query, status) else None
    for each in said:
        by_id = speaker_of(hand_over, each.message)
        each.message.post_ids = operations.reply(query, each.text, by_id=by_id, files=each.files)
    if status is not None:
        _follow_status(hand_over, query, status, last)


def _said(query: Query, message: DeskMessage, files: Sequence[HomeFile]) -> Said:
    return Said(message, fetching.with_notes(message.text, files), fetching.for_threads(query, files))


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


def _follow_status(hand_over: HandOver, query: Query, status: DeskStatus, last: Said | None) -> None:
    by_id = speaker_of(hand_over, last.message if last else None)
    if status in WORKING:
        _work_on(query, by_id)
    elif status == DeskStatus.WAITING_USER and _takes(query, status):
        _ask(query, by_id, last)
    elif status in (DeskStatus.RESOLVED, DeskStatus.CLOSED):
        _finish(hand_over, query, by_id, status, last)
    elif status == DeskStatus.REJECTED and _takes(query, status):
        reason = last.text if last else _("The service desk closed this without an answer.")
        operations.decline(query, reason, by_id=by_id, files=last.files if last else None)
    elif status in (DeskStatus.DELETED, DeskStatus.MERGED):
        _lose(hand_over, query, by_id, status)


def _work_on(query: Query, by_id: int) -> None:
    if query.status == Status.NEW:
        operations.acknowledge(query, by_id=by_id)
    elif query.status == Status.WAITING_USER:
        operations.go_on(query, by_id=by_id)
    elif query.status in (Status.RESOLVED, Status.CLOSED, Status.DECLINED):
        operations.reopen(query, by_id=by_id)


def _ask(query: Query, by_id: int, last: Said | None) -> None:
    if last is not None:
        last.message.post_ids = operations.ask(query, last.text, by_id=by_id, files=last.files)
    else:
        operations.stand_still(query, by_id=by_id)


def _finish(hand_over: HandOver, query: Query, by_id: int, status: DeskStatus, last: Said | None) -> None:
    """The desk is done: its last words become the proposed answer, and the author decides. Closed twice is closed."""
    if not query.in_work:
        if status == DeskStatus.CLOSED and query.status == Status.RESOLVED:
            operations.close(query, by_id=by_id)
        return
    if last is not None:
        last.message.post_ids = operations.resolve(query, last.text, by_id=by_id, files=last.files)
        return
    before = _last_said(hand_over)
    text = before.text if before else _("The service desk has solved this.")
    operations.resolve(query, text, by_id=by_id, said_in=before.post_ids if before else ())


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
