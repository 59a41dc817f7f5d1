"""Learning what changed at the desks: pushes are hints, and a poller finds what no push told of."""

from collections.abc import Sequence

from bridge.desks.connecting import connect
from bridge.desks.contract import DeskBusyError, DeskError, DeskUnreachableError
from community.core.db import db, transaction, utcnow
from community.core.jobs import enqueue, every, outside_job

from . import circuit, queries
from .models import HandOver, ServiceDesk
from .sending import carry_next


@every(minutes=1)
def poll_all() -> None:
    """Let each desk be asked what changed."""
    for desk in queries.desks():
        if circuit.is_closed(desk):
            enqueue(poll, desk_id=desk.id)


@outside_job
def poll(desk_id: int) -> None:
    """Ask a desk what changed since the last time, and have those queries read again.

    The cursor moves in the transaction that writes down what is to be read: what a crash cuts off is asked again.
    """
    try:
        with transaction(read_only=True):
            desk = db.session.get(ServiceDesk, desk_id)
            if desk is None or not circuit.is_closed(desk):
                return
            connected, cursor = connect(desk), desk.cursor
        if not connected.capabilities().changes:
            return
        changes = connected.changes_since(cursor)
    except DeskError as error:
        _note_failure(desk_id, error)
        return
    with transaction():
        read_again(desk_id, changes.ids)
        if not cursor:  # what changed before the first cursor is in no list of changes
            _stand_in_line(desk_id, queries.at_desk(desk_id))
        circuit.note_answer(desk_id)
        desk = db.session.get_one(ServiceDesk, desk_id)
        if desk.cursor == cursor:
            desk.cursor = changes.cursor


def read_again(desk_id: int, remote_ids: Sequence[str]) -> None:
    """Have what a desk calls by these names read after this transaction; names that we do not know are left alone."""
    if remote_ids:
        _stand_in_line(desk_id, queries.by_remote_ids(desk_id, list(remote_ids)))


def _stand_in_line(desk_id: int, hand_overs: Sequence[HandOver]) -> None:
    """One job is enough: when it is done, it calls the others."""
    for hand_over in hand_overs:
        hand_over.next_try_at = utcnow()
    if hand_overs:
        enqueue(carry_next, desk_id=desk_id)
    db.session.flush()


def _note_failure(desk_id: int, error: DeskError) -> None:
    with transaction():
        if isinstance(error, DeskUnreachableError | DeskBusyError):
            circuit.note_silence(desk_id, error)
        else:
            db.session.get_one(ServiceDesk, desk_id).last_error = str(error)[:2000]
