"""Learning what changed at the desks: pushes are hints, and a poller finds what no push told of."""

from collections.abc import Sequence

from bridge.desks.connecting import connect
from bridge.desks.contract import DeskBusyError, DeskError, DeskUnreachableError
from community.core.db import db, transaction
from community.core.jobs import enqueue, every, outside_job

from . import circuit, queries
from .models import ServiceDesk
from .sending import advance


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
    with transaction(read_only=True):
        desk = db.session.get(ServiceDesk, desk_id)
        if desk is None or not circuit.is_closed(desk):
            return
        connected, cursor = connect(desk), desk.cursor
    if not connected.capabilities().changes:
        return
    try:
        changes = connected.changes_since(cursor)
    except DeskError as error:
        _note_failure(desk_id, error)
        return
    with transaction():
        desk = db.session.get_one(ServiceDesk, desk_id, with_for_update=True)
        circuit.note_answer(desk)
        if desk.cursor == cursor:
            desk.cursor = changes.cursor
        read_again(desk_id, changes.ids)
        if not cursor:
            _read_all(desk_id)


def _read_all(desk_id: int) -> None:
    """What changed before the first cursor is in no list of changes."""
    for hand_over_id in queries.at_desk(desk_id):
        enqueue(advance, hand_over_id=hand_over_id)


def read_again(desk_id: int, remote_ids: Sequence[str]) -> None:
    """Have what a desk calls by these names read after this transaction; names that we do not know are left alone."""
    for hand_over in queries.by_remote_ids(desk_id, list(remote_ids)) if remote_ids else ():
        enqueue(advance, hand_over_id=hand_over.id)


def _note_failure(desk_id: int, error: DeskError) -> None:
    with transaction():
        desk = db.session.get_one(ServiceDesk, desk_id)
        if isinstance(error, DeskUnreachableError | DeskBusyError):
            circuit.note_silence(desk, error)
        else:
            desk.last_error = str(error)[:2000]
