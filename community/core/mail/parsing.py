"""From raw bytes to a `Letter`: bounded in size, headers, parts and depth before anything is looked at closely."""

import hashlib
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesFeedParser
from email.policy import EmailPolicy
from typing import Any

from . import automatic, bounces, headers, parts
from .bodies import text_of
from .letters import Attachment, Letter, RefusedError
from .trimming import trim

LARGEST = 25 * 1024 * 1024
MOST_HEADERS, LONGEST_HEADERS = 1000, 512 * 1024  # of one part: how many lines, and bytes
MOST_LINES = 1_000_000
MOST_PARTS, DEEPEST = 200, 20
MOST_ATTACHMENTS = 50


class BoundedPolicy(EmailPolicy):
    """The standard policy, with headers cut to what is looked at, for reading some takes ever longer with length."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """As the standard does."""
        name, value = super().header_source_parse(sourcelines)
        return name, value[: headers.LONGEST]

    def header_fetch_parse(self, name: str, value: str) -> Any:
        """As the standard does; what makes its parser fail is taken as it stands."""
        try:
            return super().header_fetch_parse(name, value)
        except (*parts.BROKEN, UnicodeError):
            return " ".join(str(value).split())


POLICY = BoundedPolicy()


def parse(raw: bytes, *, largest: int = LARGEST) -> Letter:
    """The message, whatever its bytes are. Raises `RefusedError` for one beyond the bounds."""
    message = _message(raw, largest)
    whole = text_of(message)
    name, sender = next(iter(headers.addresses(message, "From")), ("", ""))
    found = list(_attachments(message))
    return Letter(
        message_id=next(iter(headers.message_ids(message, "Message-ID")), "")[:250],
        answers=tuple(
            dict.fromkeys(
                [*headers.message_ids(message, "In-Reply-To"), *reversed(headers.message_ids(message, "References"))]
            )
        ),
        sender_name=name,
        sender=sender[:254],
        recipients=tuple(
            address
            for _name, address in headers.addresses(
                message, "Delivered-To", "X-Original-To", "X-Envelope-To", "To", "Cc"
            )
        ),
        subject=headers.text(message, "Subject", 300),
        sent_at=headers.date(message),
        whole=whole,
        words=trim(whole),
        attachments=tuple(found[:MOST_ATTACHMENTS]),
        automatic=automatic.kind_of(message),
        bounce=bounces.read(message),
        content=_digest(raw, message),
        size=len(raw),
    )


def _message(raw: bytes, largest: int) -> EmailMessage:
    if len(raw) > largest:
        raise RefusedError(f"the message has {len(raw)} bytes; {largest} are taken")
    if raw.count(b"\n") > MOST_LINES or raw.count(b"\r") > MOST_LINES:
        raise RefusedError("the message has too many lines")
    _check_head(raw)
    try:
        return _parsed(raw)
    except (*parts.BROKEN, UnicodeError) as error:
        raise RefusedError(f"this cannot be read as a message: {type(error).__name__}") from error


def _parsed(raw: bytes) -> EmailMessage:
    made: list[EmailMessage] = []
    running: list[object] = []

    def another(policy: EmailPolicy = POLICY) -> EmailMessage:
        # The parser asks for each part before it goes into it, so a nest of parts ends here, before it costs anything.
        depth = len(getattr(running[0], "_msgstack", ())) if running else 0
        if len(made) > MOST_PARTS or depth > DEEPEST:
            raise RefusedError("the message has too many parts, or parts too deep in each other")
        made.append(EmailMessage(policy=POLICY))
        return made[-1]

    parser = BytesFeedParser(another, policy=POLICY)
    running.append(parser)
    parser.feed(raw)
    message = parser.close()
    assert isinstance(message, EmailMessage)
    return message


def _check_head(raw: bytes) -> None:
    end = min((at for at in (raw.find(b"\n\n"), raw.find(b"\r\n\r\n")) if at >= 0), default=len(raw))
    if end > LONGEST_HEADERS or raw.count(b"\n", 0, end) > MOST_HEADERS:
        raise RefusedError("the message has too many headers")


def _attachments(message: EmailMessage) -> Iterator[Attachment]:
    for part in parts.leaves(message):
        if parts.is_file(part):
            kind = parts.type_of(part)
            name, embedded = parts.file_name(part) or _name_of(part, kind), bool(headers.raw(part, "Content-ID"))
            yield Attachment(name, kind, len(parts.bytes_of(part)), part, embedded)


def _name_of(part: EmailMessage, kind: str) -> str:
    """A file without a name gets that of the message in it, else of its type."""
    inner = part.get_payload()
    first = inner[0] if kind == "message/rfc822" and isinstance(inner, list) and inner else None
    subject = headers.text(first, "Subject", 60) if isinstance(first, EmailMessage) else ""
    return f"{subject}.eml" if subject else kind


def _digest(raw: bytes, message: EmailMessage) -> str:
    """Of what was said and by whom: servers on the way add headers and change line ends."""
    body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[2].rstrip(b"\n")
    said = "\0".join(headers.raw(message, name) for name in ("From", "Subject", "Date"))
    return hashlib.sha256(said.encode("utf-8", "replace") + b"\0" + body).hexdigest()
