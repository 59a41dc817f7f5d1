"""A desk that is reached by e-mail alone: any mailbox, with people or a ticket system behind it.

Options: `address` (needed), `language` of the words around the query, `ticket_system` ("1" where the desk's answers are
sent by a program that marks them as automatic; they are held like any other then). There are no secrets.
"""

import re
import smtplib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from bridge.desks.connectors import texts
from bridge.desks.contract import (
    Capabilities,
    Changes,
    DeskBusyError,
    DeskKeyError,
    DeskRefusedError,
    DeskSettings,
    DeskStatus,
    DeskUnreachableError,
    Health,
    NotAtDeskError,
    Outgoing,
    OutgoingComment,
    PushRefusedError,
    RemoteRef,
    Snapshot,
)
from bridge.handovers.models import HandOver
from community.core import i18n
from community.core.db import db, transaction, utcnow
from community.core.email import ConsoleMailer, Mail, mailer
from community.core.mail import addresses
from community.core.mail.models import IncomingMail

from . import wording
from .wording import Ref

ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[A-Za-z0-9.-]{1,253}")
PATIENCE = timedelta(minutes=5)
SENTENCES = {
    DeskStatus.IN_PROGRESS: _l("In the community this goes on: please look at it again."),
    DeskStatus.WAITING_USER: _l("In the community we wait for the author's answer."),
    DeskStatus.ON_HOLD: _l("In the community this rests for now."),
    DeskStatus.RESOLVED: _l("In the community this is solved."),
    DeskStatus.CLOSED: _l("In the community this is closed. Nothing more is needed."),
    DeskStatus.REJECTED: _l("This was taken back by the community. Nothing more is needed."),
}


@dataclass(frozen=True)
class Thread:
    """What a letter that follows needs to know of those before it."""

    title: str
    number: str
    answered: tuple[str, ...]


class MailDesk:
    """Queries go there as letters whose Message-IDs are always the same, so that sending one twice does no harm."""

    def __init__(self, settings: DeskSettings) -> None:
        self._address = settings.options.get("address", "").strip()
        self._language = settings.options.get("language", "en")

    def capabilities(self) -> Capabilities:
        """A mailbox can be written to and nothing else; what it answers arrives by itself."""
        return Capabilities(find=False, read=False, changes=False, statuses=frozenset(SENTENCES))

    def health(self) -> Health:
        """Whether our own mail server takes letters; nobody asks the desk's."""
        self._check()
        if isinstance(mailer(), ConsoleMailer):
            raise DeskRefusedError("SMTP_URL is not set, so that letters go nowhere")
        try:
            mailer().check()
        except (OSError, smtplib.SMTPException) as error:
            raise _meaning(error) from error
        return Health(str(current_app.config["MAIL_FROM"]))

    def find_by_ref(self, ref: str) -> RemoteRef | None:
        """Nobody can look into the desk's mailbox; the same letter again is recognised there by its Message-ID."""
        return None

    def create(self, query: Outgoing) -> RemoteRef:
        """The opening letter."""
        ref = _ref(query.ref)
        i18n.speak(self._language)
        asked_by = _("Asked by %(name)s", name=texts.one_line(query.requester.name, 120))
        text = f"{texts.opening(query)}\n{asked_by}"
        self._send(ref, wording.subject_of(ref, query.title), text, ref.message_id())
        return RemoteRef(query.ref, ref.query)

    def get(self, remote_id: str) -> Snapshot:
        """Nobody can look into the desk's mailbox."""
        raise NotAtDeskError("a desk that is reached by e-mail cannot be read")

    def add_comment(self, remote_id: str, comment: OutgoingComment) -> str:
        """A letter in the thread of the opening one."""
        made = self._follow(_ref(remote_id), texts.spoken(comment), comment.key)
        return made[:120]

    def set_status(self, remote_id: str, status: DeskStatus) -> None:
        """A sentence. Said once an hour at most, for a repeated try must look like the first one."""
        if status not in SENTENCES:
            raise DeskRefusedError(f"there are no words for {status}")
        i18n.speak(self._language)
        self._follow(_ref(remote_id), str(SENTENCES[status]), f"{status}.{utcnow():%Y%m%d%H}")

    def set_priority(self, remote_id: str, priority: int) -> None:
        """A mailbox has none; whoever reads it is told in words."""
        raise DeskRefusedError("a desk that is reached by e-mail has no priorities")

    def fetch_file(self, remote_id: str, file_id: str) -> bytes:
        """Nobody can look into the desk's mailbox; files arrive with its letters."""
        raise NotAtDeskError("a desk that is reached by e-mail cannot be read")

    def changes_since(self, cursor: str) -> Changes:
        """Nobody can look into the desk's mailbox."""
        return Changes((), cursor)

    def verify_push(self, headers: Mapping[str, str], body: bytes) -> None:
        """There are none."""
        raise PushRefusedError("a mailbox pushes nothing")

    def parse_push(self, headers: Mapping[str, str], body: bytes) -> tuple[str, ...]:
        """There are none."""
        return ()

    def _follow(self, ref: Ref, text: str, part: str) -> str:
        i18n.speak(self._language)
        thread = _thread(ref)
        root, own = ref.message_id(), ref.message_id(part)
        headers = {
            "In-Reply-To": thread.answered[-1] if thread.answered else root,
            "References": " ".join(dict.fromkeys((root, *thread.answered))),
        }
        number = "" if thread.number == ref.query else thread.number
        subject = wording.subject_of(ref, thread.title, number)
        self._send(ref, subject if number else f"Re: {subject}", text, own, headers)
        return own

    def _send(self, ref: Ref, subject: str, text: str, message_id: str, more: Mapping[str, str] | None = None) -> None:
        self._check()
        plain, html = wording.bodies(text)
        headers = {
            "Message-ID": message_id,
            "Reply-To": ref.address,
            "Sender": ref.address,  # mail servers take the envelope from it, so that bounces come back to it
            "X-Isthmus-Ref": ref.text,
            "X-Loop": addresses.loop_mark(),
            "Auto-Submitted": "auto-generated",
            **(more or {}),
        }
        try:
            mailer().send(Mail(self._address, subject, plain, html, headers))
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise _meaning(error) from error

    def _check(self) -> None:
        if not ADDRESS.fullmatch(self._address):
            raise DeskRefusedError("the desk has no address that mail could go to")


def _ref(text: str) -> Ref:
    found = wording.read_ref(text)
    if found is None:
        raise NotAtDeskError(f"{text!r} is no reference of ours")
    return found[0]


def _thread(ref: Ref) -> Thread:
    """What was written before; in a short transaction of its own, for the engine holds none while a desk is asked."""
    with transaction(read_only=True):
        row = db.session.execute(
            select(HandOver.id, HandOver.outgoing, HandOver.remote_number).where(HandOver.ref == ref.text)
        ).one_or_none()
        if row is None:
            return Thread(ref.query, "", ())
        answered = db.session.scalars(
            select(IncomingMail.message_id)
            .where(IncomingMail.matched_to == f"{wording.NAME}:{row.id}", IncomingMail.message_id != "")
            .order_by(IncomingMail.id.desc())
            .limit(3)
        ).all()
        return Thread(str(row.outgoing.get("title", ref.query)), row.remote_number, tuple(reversed(answered)))


def _meaning(error: Exception) -> Exception:
    """What a mail server's answer means for the engine: come again later, or never."""
    words = f"{type(error).__name__}: {error}"[:500]
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return DeskKeyError(words)
    codes = [error.smtp_code] if isinstance(error, smtplib.SMTPResponseException) else []
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [int(code) for code, _said in error.recipients.values()]
    if isinstance(error, ValueError) or any(code >= 500 for code in codes):
        return DeskRefusedError(words)
    return DeskBusyError(words, PATIENCE) if codes else DeskUnreachableError(words)
