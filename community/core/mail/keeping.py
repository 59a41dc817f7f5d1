"""What is kept of mail that came in, for how long, and trying again what failed."""

from collections.abc import Sequence
from datetime import timedelta

from flask import current_app
from sqlalchemy import delete, select

from community.core.db import db, transaction, utcnow
from community.core.jobs import every
from community.core.storage import FileMissing, Storage

from .models import IncomingMail, MailState
from .receiving import Answer, Outcome, receive

KEEP_RAW = timedelta(days=30)
KEEP_ROWS = timedelta(days=180)


def recent(*, failed: bool = False, limit: int = 50) -> Sequence[IncomingMail]:
    """What came in, newest first; with `failed`, only what was not taken over."""
    rows = select(IncomingMail).order_by(IncomingMail.id.desc()).limit(limit)
    return db.session.scalars(rows.where(IncomingMail.state == MailState.FAILED) if failed else rows).all()


def try_again(mail_id: int) -> Outcome:
    """Hand in a failed message again, from the storage, in transactions of its own.

    Raises `LookupError` where it did not fail, or is not kept any more.
    """
    storage: Storage = current_app.extensions["isthmus.storage"]
    with transaction(read_only=True):
        row = db.session.get(IncomingMail, mail_id)
        if row is None or row.state != MailState.FAILED or not row.raw_key:
            raise LookupError(f"message {mail_id} did not fail, or is not kept any more")
        recipient, raw_key = row.recipient, row.raw_key
    try:
        outcome = receive(storage.get(raw_key), [recipient])[0]
    except FileMissing as error:
        raise LookupError(f"message {mail_id} is not kept any more") from error
    if outcome.answer is Answer.TAKEN:
        with transaction():
            row = db.session.get_one(IncomingMail, mail_id)
            if row.state == MailState.FAILED:  # it had failed before it could be read, and has another row now
                row.state, row.error = MailState.TAKEN.value, ""
            _forget_raw(row)
    return outcome


@every(hours=6)
def forget() -> None:
    """Failed messages are kept for 30 days, what became of a message for 180."""
    now = utcnow()
    with_raw = select(IncomingMail).where(IncomingMail.raw_key != "", IncomingMail.received_at < now - KEEP_RAW)
    for row in db.session.scalars(with_raw.limit(1000)):
        _forget_raw(row)
    # A message that was taken over at a later try is not needed any more.
    for row in db.session.scalars(
        select(IncomingMail).where(IncomingMail.raw_key != "", IncomingMail.state != MailState.FAILED).limit(1000)
    ):
        _forget_raw(row)
    db.session.execute(delete(IncomingMail).where(IncomingMail.received_at < now - KEEP_ROWS))


def _forget_raw(row: IncomingMail) -> None:
    storage: Storage = current_app.extensions["isthmus.storage"]
    storage.delete(row.raw_key)
    row.raw_key = ""
