"""Reading headers that anybody may have written: decoded, bounded, on one line, and never a reason to fail."""

import re
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime

from community.core.markup.text import clean_text

LONGEST = 8 * 1024  # characters of a header that are looked at
MOST_ADDRESSES, MOST_IDS = 50, 50
_BROKEN = (HeaderParseError, ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)
# Neither may hold controls or halves of characters, which a database refuses.
_MESSAGE_ID = re.compile("<[^<>\\s\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,900}>")
_ADDRESS = re.compile(
    '[^@\\s<>()\\[\\],;:\\\\"\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,64}@[A-Za-z0-9\u00a0-\ud7ff\ue000-\ufffd.-]{1,253}'
)
_ENTRY = re.compile(r'(?:"(?:\\.|[^"\\])*"|[^,])+')


def raw(message: EmailMessage, name: str) -> str:
    """The first header of this name as it stands, unfolded and cut; "" where there is none."""
    for found, value in message.raw_items():
        if found.lower() == name.lower():
            return _unfolded(value)
    return ""


def raw_all(message: EmailMessage, name: str) -> list[str]:
    """Every header of this name, at most 20."""
    return [_unfolded(value) for found, value in message.raw_items() if found.lower() == name.lower()][:20]


def text(message: EmailMessage, name: str, longest: int) -> str:
    """A header for people: encoded words decoded, one line, no controls, cut."""
    return one_line(decoded(raw(message, name)), longest)


def decoded(value: str) -> str:
    """Encoded words decoded where they can be."""
    try:
        return str(make_header(decode_header(value)))
    except (*_BROKEN, UnicodeError):
        return value


def one_line(value: str, longest: int) -> str:
    """No line breaks, no controls, single spaces, cut."""
    return " ".join(clean_text(value).split())[:longest].strip()


def addresses(message: EmailMessage, *names: str) -> list[tuple[str, str]]:
    """Names and addresses, addresses in lower case, each once and in order; what is no address is left out."""
    found: dict[str, str] = {}
    for value in [value for name in names for value in raw_all(message, name)]:
        for name, address in _pairs(value):
            if _ADDRESS.fullmatch(address):
                found.setdefault(address.lower(), one_line(decoded(name), 120))
    return [(name, address) for address, name in list(found.items())[:MOST_ADDRESSES]]


def _pairs(value: str) -> list[tuple[str, str]]:
    try:
        # Pythons from 2024 on give up a whole list for one entry that is no address: then each is read by itself.
        whole = [pair for pair in getaddresses([value]) if pair[1]]
        return whole or [pair for entry in _ENTRY.findall(value) for pair in getaddresses([entry])]
    except _BROKEN:
        return [("", address) for address in _ADDRESS.findall(value)]


def message_ids(message: EmailMessage, name: str) -> list[str]:
    """The Message-IDs in a header, the first ones and the last ones where there are very many."""
    found = [key for value in raw_all(message, name) for key in _MESSAGE_ID.findall(value)]
    return found if len(found) <= MOST_IDS else [*found[:5], *found[5 - MOST_IDS :]]


def date(message: EmailMessage) -> datetime | None:
    """When it says that it was written, in UTC."""
    try:
        at = parsedate_to_datetime(raw(message, "Date"))
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (*_BROKEN, OverflowError, IndexError):
        return None


def _unfolded(value: object) -> str:
    cut = str(value)[:LONGEST]
    whole = cut.encode("ascii", "surrogateescape") if not cut.isascii() and _has_surrogates(cut) else b""
    return (whole.decode("utf-8", "replace") if whole else cut).replace("\r", " ").replace("\n", " ").strip()


def _has_surrogates(value: str) -> bool:
    try:
        value.encode("ascii", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return True
