"""Telling what machines wrote from what people wrote, so that two machines never talk to each other."""

import re
from email.message import EmailMessage

from . import addresses, headers
from .letters import Automatic

BULK = frozenset({"bulk", "list", "junk", "auto_reply"})
VACATION = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-Vacation", "X-AutoReply-From", "X-Mail-Autoreply")
MAIL_SERVERS = ("mailer-daemon", "postmaster")
SAYS_SO = re.compile(
    r"(automatic reply|auto(matic)?[- ]?reply|autosvar|out of (the )?office|automatische antwort|abwesenheits"
    r"|réponse automatique|respuesta automática|自动回复|自動回覆|外出|休假)",
    re.IGNORECASE,
)


def kind_of(message: EmailMessage) -> Automatic | None:
    """Why no person wrote it, or None. The stronger reason wins."""
    if _came_from_us(message):
        return Automatic.LOOP
    submitted = headers.raw(message, "Auto-Submitted").partition(";")[0].strip().lower()
    if submitted.startswith(("auto-replied", "auto-notified")) or _is_reply(message):
        return Automatic.REPLY
    if submitted not in ("", "no") or headers.raw(message, "Precedence").lower() in BULK:
        return Automatic.GENERATED
    return Automatic.GENERATED if headers.raw(message, "List-Id") else None


def _came_from_us(message: EmailMessage) -> bool:
    mark = addresses.loop_mark()
    if any(mark in value.lower() for value in headers.raw_all(message, "X-Loop")):
        return True
    return any(addresses.read_message_id(key) for key in headers.message_ids(message, "Message-ID"))


def _is_reply(message: EmailMessage) -> bool:
    if headers.raw(message, "Return-Path") == "<>" or any(headers.raw(message, name) for name in VACATION):
        return True
    sender = next((address for _name, address in headers.addresses(message, "From")), "")
    return sender.startswith(MAIL_SERVERS) or bool(SAYS_SO.match(headers.text(message, "Subject", 100)))
