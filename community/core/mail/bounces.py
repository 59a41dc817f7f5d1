"""What mail servers say about messages of ours that did not arrive (RFC 3464, and those who follow nothing)."""

import re
from email.message import EmailMessage

from community.core.markup.text import clean_text

from . import headers, parts
from .automatic import MAIL_SERVERS
from .letters import Bounce

LONGEST = 1000
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_MESSAGE_ID = re.compile(r"^Message-ID:\s*(<[^<>\s]{1,900}>)", re.IGNORECASE | re.MULTILINE)


def read(message: EmailMessage) -> Bounce | None:
    """The bounce that a message is, or None."""
    leaves = list(parts.leaves(message))
    report = next((part for part in leaves if parts.type_of(part) == "message/delivery-status"), None)
    if report is not None:
        return _of_report(report, leaves)
    sender = next((address for _name, address in headers.addresses(message, "From")), "")
    if not sender.startswith(MAIL_SERVERS):
        return None
    text = "\n".join(parts.text_in(part) for part in leaves)[:100_000]
    status = _STATUS.search(text)
    return Bounce(_mentioned(text), status[1] if status else "5.0.0", _short(text))


def _of_report(report: EmailMessage, leaves: list[EmailMessage]) -> Bounce:
    inner = report.get_payload()
    blocks = [block for block in inner if isinstance(block, EmailMessage)] if isinstance(inner, list) else []
    fields = {name: _field(blocks, name) for name in ("Action", "Status", "Diagnostic-Code", "Final-Recipient")}
    found = _STATUS.search(fields["Status"])
    status = found[1] if found else "5.0.0" if fields["Action"].lower() == "failed" else ""
    if fields["Action"].lower() in ("delayed", "delivered", "relayed", "expanded"):
        status = f"4{status[1:]}" if status.startswith("5") else status or "4.0.0"
    recipient = fields["Final-Recipient"].rpartition(";")[2].strip()[:254]
    words = fields["Diagnostic-Code"].partition(";")[2].strip() or fields["Diagnostic-Code"] or fields["Action"]
    return Bounce(_original(leaves), status, _short(words), recipient)


def _field(blocks: list[EmailMessage], name: str) -> str:
    return next((value for block in blocks if (value := headers.text(block, name, LONGEST))), "")


def _original(leaves: list[EmailMessage]) -> str:
    """The Message-ID of the message that comes back with the report, whole or by its headers."""
    for part in leaves:
        kind = parts.type_of(part)
        if kind in ("message/rfc822", "message/global", "text/rfc822-headers"):
            inner = part.get_payload()
            first = inner[0] if isinstance(inner, list) and inner else None
            if isinstance(first, EmailMessage):
                found = next(iter(headers.message_ids(first, "Message-ID")), "")
            else:
                found = _mentioned(parts.text_in(part)[:100_000])
            if found:
                return found
    return ""


def _mentioned(text: str) -> str:
    found = _MESSAGE_ID.search(text)
    return found[1] if found else ""


def _short(text: str) -> str:
    return " ".join(clean_text(text).split())[:LONGEST]
