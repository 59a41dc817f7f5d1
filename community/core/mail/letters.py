"""A message as the rest of the product sees it: plain values, everything bounded, nothing that could still raise."""

from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from enum import StrEnum

from .parts import bytes_of


class RefusedError(Exception):
    """The message will never be taken, however often it is sent: too large, too deep, or not a message."""


class Automatic(StrEnum):
    """Why a message was not written by a person.

    `GENERATED` also stands on answers that people gave through a ticket system; the others never do.
    """

    REPLY = "reply"
    GENERATED = "generated"
    LOOP = "loop"


@dataclass(frozen=True)
class Bounce:
    """What a mail server says of a message of ours: which one, an RFC 3463 status such as 5.1.1, and its words."""

    message_id: str
    status: str
    words: str
    recipient: str = ""

    @property
    def final(self) -> bool:
        """Whether the server has given up."""
        return self.status.startswith("5")


@dataclass(frozen=True)
class Attachment:
    """A file that came along. It is kept nowhere: whoever wants it reads it now. `size` is in bytes.

    `embedded` says that it was shown within the text, as pasted pictures are, and logos below a signature.
    """

    name: str
    type: str
    size: int
    _part: EmailMessage = field(repr=False, compare=False)
    embedded: bool = False

    def read(self) -> bytes:
        """The bytes of the file."""
        return bytes_of(self._part)


@dataclass(frozen=True)
class Letter:
    """One message. `whole` is all of its text as Markdown, `words` what is left without quotes and signature.

    Message-IDs keep their angle brackets. `content` is a digest of what it says, the same on every way it may come.
    """

    message_id: str
    answers: tuple[str, ...]
    sender_name: str
    sender: str
    recipients: tuple[str, ...]
    subject: str
    sent_at: datetime | None
    whole: str
    words: str
    attachments: tuple[Attachment, ...]
    automatic: Automatic | None
    bounce: Bounce | None
    content: str
    size: int
