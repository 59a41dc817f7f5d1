"""The one door for mail, whichever way it came: parsed, matched, taken over once, and only then answered for."""

import hashlib
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from flask import current_app
from sqlalchemy import select

from community.core.db import db, insert_once, transaction, utcnow
from community.core.markup.text import clean_text
from community.core.settings import Settings
from community.core.storage import Storage, StorageError

from . import addresses, matching
from .letters import Automatic, Letter, RefusedError
from .models import IncomingMail, MailState
from .parsing import parse

log = logging.getLogger(__name__)


class Answer(StrEnum):
    """What whoever brought the message may do with it now: forget it, give it back to its sender, or keep it."""

    TAKEN = "taken"
    REFUSED = "refused"
    LATER = "later"


@dataclass(frozen=True)
class Outcome:
    """What became of a message for one recipient."""

    recipient: str
    answer: Answer
    words: str = ""
    attempts: int = 1


def receive(raw: bytes, recipients: Sequence[str] = (), *, from_nobody: bool = False) -> list[Outcome]:
    """Take a message over for each recipient, those in its headers where none is given. Never raises.

    `from_nobody` says that the envelope named no sender. Each recipient has a transaction of its own, which has
    committed when this returns; what was taken over before is answered the same way and not taken again.
    """
    settings: Settings = current_app.extensions["isthmus.settings"]
    given = tuple(dict.fromkeys(map(as_named, recipients)))
    try:
        letter = parse(raw, largest=settings.mail_limit)
    except RefusedError as reason:
        return [_refused(raw, recipient, str(reason)) for recipient in given or ("",)]
    except Exception as error:
        log.exception("a message could not be read")
        return [_unread(raw, recipient, error) for recipient in given or ("",)]
    if from_nobody and letter.automatic in (None, Automatic.GENERATED):
        letter = replace(letter, automatic=Automatic.REPLY)
    return [_take_over(raw, letter, recipient) for recipient in given or _recipients_in(letter)]


def as_named(recipient: str) -> str:
    """A recipient as it is kept and answered for: in lower case, without anything that is no part of an address."""
    return "".join(clean_text(recipient).split()).lower()[:254]


def _recipients_in(letter: Letter) -> tuple[str, ...]:
    """A mailbox does not say for whom it got a message: those of its addressees that are ours, else the first one."""
    ours = tuple(address for address in letter.recipients if addresses.purpose_of(address) is not None)
    signed = tuple(address for address in ours if addresses.read_address(address) is not None)
    return signed[: matching.MOST_TARGETS] or (ours or letter.recipients or ("",))[:1]


def _take_over(raw: bytes, letter: Letter, recipient: str) -> Outcome:
    try:
        with transaction():
            return _record(letter, recipient)
    except Exception as error:
        log.exception("mail to %r was not taken over", recipient)
        return _note_failure(raw, letter, recipient, error)


def _record(letter: Letter, recipient: str) -> Outcome:
    """One row for the message and what it is for; the row is there first, so that two at once cannot both take it."""
    found = matching.find(letter, recipient)
    row, mine = _row_of(letter, recipient, found, MailState.FAILED if found else MailState.UNMATCHED)
    if found is None:
        # What machines wrote is not sent back to them.
        answer = Answer.TAKEN if letter.automatic or letter.bounce else Answer.REFUSED
        return Outcome(recipient, answer, "nobody here takes this")
    if not mine and row.state != MailState.FAILED:
        return Outcome(recipient, Answer.TAKEN, "received before")
    row.state, row.error = _hand_out(*found), ""
    db.session.flush()
    return Outcome(recipient, Answer.TAKEN)


def _hand_out(feature: matching.Feature, arrival: matching.Arrival) -> str:
    letter = arrival.letter
    if letter.bounce is not None and letter.automatic is not Automatic.LOOP:
        feature.note(arrival)
        return MailState.BOUNCE.value
    person = letter.automatic is None
    if person or (letter.automatic is Automatic.GENERATED and feature.takes_generated(arrival.target)):
        feature.take(arrival)
        return MailState.TAKEN.value
    feature.note(arrival)
    return MailState.AUTOMATIC.value


def _note_failure(raw: bytes, letter: Letter, recipient: str, error: Exception) -> Outcome:
    """Keep what could not be taken over, so that an operator sees it; the mail server is asked to come again."""
    words = f"{type(error).__name__}: {error}"[:2000]
    try:
        with transaction():
            row, mine = _row_of(letter, recipient, matching.find(letter, recipient), MailState.FAILED)
            if row.state in (MailState.FAILED, MailState.UNMATCHED):
                row.attempts += 0 if mine else 1
                row.error, row.state = words, MailState.FAILED.value
                row.raw_key = row.raw_key or _keep(raw, row.key)
            attempts = row.attempts
    except Exception:
        log.exception("the failure could not be written down either")
        return Outcome(recipient, Answer.LATER, "try again later", attempts=0)
    return Outcome(recipient, Answer.LATER, "try again later", attempts=attempts)


def _keep(raw: bytes, key: str) -> str:
    """The message in the storage; where that does not work its sender's server still has it."""
    storage: Storage = current_app.extensions["isthmus.storage"]
    name = f"mail/{key}.eml"
    try:
        storage.put(name, raw, "message/rfc822")
    except StorageError:
        log.exception("a failed message could not be kept")
        return ""
    return name


def _refused(raw: bytes, recipient: str, words: str) -> Outcome:
    """What is beyond the bounds leaves one row, however often it comes."""
    try:
        with transaction():
            _row_of_unread(raw, recipient, MailState.REFUSED).error = words
    except Exception:
        log.exception("a refusal could not be written down")
        return Outcome(recipient, Answer.LATER, "try again later", attempts=0)
    return Outcome(recipient, Answer.REFUSED, words)


def _unread(raw: bytes, recipient: str, error: Exception) -> Outcome:
    """A fault of ours: the message is kept, and its sender's server keeps it too."""
    try:
        with transaction():
            row = _row_of_unread(raw, recipient, MailState.FAILED)
            row.error, row.raw_key = f"{type(error).__name__}: {error}"[:2000], row.raw_key or _keep(raw, row.key)
            attempts = row.attempts
    except Exception:
        log.exception("the failure could not be written down either")
        attempts = 0
    return Outcome(recipient, Answer.LATER, "try again later", attempts=attempts)


def _row_of_unread(raw: bytes, recipient: str, state: MailState) -> IncomingMail:
    key = hashlib.sha256(f"{state}\0{recipient}\0".encode() + hashlib.sha256(raw).digest()).hexdigest()
    head = raw[:2000].decode("ascii", "replace")
    found = re.search(r"^Message-ID:\s*(<[!-;=?-~]{1,240}>)", head, re.IGNORECASE | re.MULTILINE)
    mine = insert_once(
        IncomingMail,
        key=key,
        message_id=found[1] if found else "",
        received_at=utcnow(),
        recipient=recipient,
        size=len(raw),
        state=state.value,
    )
    row = db.session.scalars(select(IncomingMail).where(IncomingMail.key == key).with_for_update()).one()
    row.attempts += 0 if mine else 1
    return row


def _row_of(
    letter: Letter, recipient: str, found: tuple[matching.Feature, matching.Arrival] | None, state: MailState
) -> tuple[IncomingMail, bool]:
    """The locked row of a message for what it is for, and whether it was made just now."""
    matched_to = f"{found[0].name}:{found[1].target}"[:80] if found else ""
    identity = f"{letter.message_id}\0{letter.content}\0{matched_to or recipient}"
    key = hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()
    mine = insert_once(
        IncomingMail,
        key=key,
        message_id=letter.message_id,
        received_at=utcnow(),
        sender=letter.sender,
        recipient=recipient,
        subject=letter.subject[:200],
        size=letter.size,
        matched_to=matched_to,
        state=state.value,
    )
    return db.session.scalars(select(IncomingMail).where(IncomingMail.key == key).with_for_update()).one(), mine
