"""Addresses and Message-IDs that only this installation can have made.

`desk+42-1-k7q3…@community.example`: a purpose, numbers, sometimes a last hour, and a sign over all of it. Mail servers
change capitals, so everything is in lower case and read in either.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import current_app

from community.core.db import utcnow
from community.core.settings import Settings

SIGN = 16  # letters of base 32: 80 bits
HOUR = 3600
LONGEST = 320  # characters of an address; anything longer is none
_LOCAL = re.compile(r"([a-z]{1,16})\+((?:[0-9]{1,18}-){0,6})(?:x([0-9a-z]{1,8})-)?([a-z2-7]{16})")
_MESSAGE_ID = re.compile(r"<([a-z]{1,16})\.([a-z0-9._-]{1,120})\.([a-z2-7]{16})@([^@<>\s]{1,255})>")


@dataclass(frozen=True)
class Token:
    """What a signed address stands for."""

    purpose: str
    ids: tuple[int, ...]


def make_address(purpose: str, ids: Sequence[int], *, expires: datetime | None = None) -> str:
    """An address that brings mail back to a purpose (letters only) and its numbers, until a time where one is given."""
    numbers = "".join(f"{number}-" for number in ids)
    last = f"x{_base36(int(expires.timestamp()) // HOUR)}-" if expires else ""
    local = f"{purpose}+{numbers}{last}{_sign('address', f'{purpose}+{numbers}{last}')}"
    if not _LOCAL.fullmatch(local) or len(local) > 64:
        raise ValueError(f"no address can be made for {purpose!r} {ids!r}")
    return f"{local}@{domain()}"


def read_address(address: str) -> Token | None:
    """What an address of ours stands for; None for anybody else's, a forged one, and one that is past its time."""
    local, _at, host = address[:LONGEST].strip().lower().rpartition("@")
    found = _LOCAL.fullmatch(local)
    if found is None or host != domain():
        return None
    purpose, numbers, last, sign = found.groups()
    signed = f"{purpose}+{numbers}" + (f"x{last}-" if last else "")
    if not hmac.compare_digest(_sign("address", signed), sign):
        return None
    if last and utcnow() >= datetime.fromtimestamp((int(last, 36) + 1) * HOUR, UTC):
        return None
    return Token(purpose, tuple(int(number) for number in numbers.split("-") if number))


def purpose_of(address: str) -> str | None:
    """The part before the + of an address in our domain, whether it is signed or not; None elsewhere."""
    local, _at, host = address[:LONGEST].strip().lower().rpartition("@")
    return local.partition("+")[0] if local and host == domain() else None


def is_tokened(address: str) -> bool:
    """Whether an address claims to be a signed one of ours."""
    return purpose_of(address) is not None and "+" in address


def make_message_id(purpose: str, key: str) -> str:
    """A Message-ID that is always the same for the same purpose and key, and that nobody else can think of.

    Raises `ValueError` for a key that is not made of letters, digits, dots, hyphens and underscores.
    """
    text = f"{purpose}.{key}".lower()
    made = f"<{text}.{_sign('message', text)}@{domain()}>"
    if not _MESSAGE_ID.fullmatch(made):
        raise ValueError(f"no Message-ID can be made for {purpose!r} {key!r}")
    return made


def read_message_id(text: str) -> tuple[str, str] | None:
    """Purpose and key of a Message-ID of ours; None for anybody else's and a forged one."""
    found = _MESSAGE_ID.fullmatch(text[:600].lower())
    if found is None or found[4] != domain():
        return None
    if not hmac.compare_digest(_sign("message", f"{found[1]}.{found[2]}"), found[3]):
        return None
    return found[1], found[2]


def loop_mark() -> str:
    """What our own letters carry in X-Loop."""
    return _sign("loop", domain())


def domain() -> str:
    """The part after the @ of our addresses."""
    settings: Settings = current_app.extensions["isthmus.settings"]
    return settings.receiving_domain


def _sign(kind: str, text: str) -> str:
    secret = str(current_app.config["SECRET_KEY"]).encode()
    made = hmac.new(secret, f"isthmus mail {kind}\0{text}".encode(), hashlib.sha256).digest()
    return base64.b32encode(made).decode().lower()[:SIGN]


def _base36(number: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = digits[digit] + text
    return text or "0"
