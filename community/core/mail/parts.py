"""The parts of a message: which hold words, which are files, and what is in them."""

import codecs
import re
from collections.abc import Iterator
from email.message import EmailMessage

from . import headers

# Codecs that are slow on purpose-made input, or that read more into a text than its letters.
_NO_CHARSETS = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "utf-7", "undefined"})
# What people's programs name wrongly: the larger set that they mean.
_MEANT = {"gb2312": "gb18030", "gbk": "gb18030", "iso8859-1": "cp1252", "ascii": "utf-8", "euc_kr": "cp949"}
_TYPE = re.compile(r"[a-z]+/[a-z0-9!#$&^_.+-]+")
BROKEN = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)


def leaves(message: EmailMessage) -> Iterator[EmailMessage]:
    """The parts that hold something, in order. An attached message is one of them, and not gone into."""
    for part in children(message):
        yield from leaves(part)
    if not is_multipart(message):
        yield message


def children(message: EmailMessage) -> list[EmailMessage]:
    """The parts directly inside a multipart; none in anything else."""
    inner = message.get_payload() if is_multipart(message) else None
    return [part for part in inner if isinstance(part, EmailMessage)] if isinstance(inner, list) else []


def is_multipart(message: EmailMessage) -> bool:
    """Whether it is a multipart that indeed has parts."""
    return type_of(message).startswith("multipart/") and isinstance(message.get_payload(), list)


def type_of(part: EmailMessage) -> str:
    """The media type in lower case; text/plain where it makes no sense."""
    found = headers.raw(part, "Content-Type").partition(";")[0].strip().lower()[:100]
    return found if _TYPE.fullmatch(found) else "text/plain"


def is_file(part: EmailMessage) -> bool:
    """Whether a part is a file and not something to read as the message's text."""
    if headers.raw(part, "Content-Disposition").lower().startswith("attachment"):
        return True
    return type_of(part) not in ("text/plain", "text/html") or bool(file_name(part))


def file_name(part: EmailMessage) -> str:
    """The name of a file as its sender had it, without folders; "" where there is none."""
    try:
        given = part.get_filename("")
    except BROKEN:
        given = ""
    name = headers.one_line(headers.decoded(str(given or "")), 500).replace("\\", "/").rpartition("/")[2]
    return name.strip(". ")[:150]


def parameter(part: EmailMessage, name: str) -> str:
    """A parameter of the Content-Type; "" where there is none."""
    try:
        return str(part.get_param(name, "") or "")[:100].lower()
    except BROKEN:
        return ""


def bytes_of(part: EmailMessage) -> bytes:
    """What is in a part, decoded; of an attached message its own bytes."""
    try:
        inner = part.get_payload()
        if isinstance(inner, list):
            return b"\n".join(item.as_bytes() for item in inner if isinstance(item, EmailMessage))
        decoded = part.get_payload(decode=True)
    except (*BROKEN, UnicodeError):
        return b""
    return decoded if isinstance(decoded, bytes) else b""


def text_in(part: EmailMessage) -> str:
    """The words in a text part, in whatever charset they turn out to be."""
    return decode(bytes_of(part), parameter(part, "charset"))


def decode(data: bytes, charset: str) -> str:
    """Text from bytes: by the charset that is named, else by those that mail is written in; never an error."""
    for name in (_charset(charset), "utf-8", "gb18030"):
        try:
            return data.decode(name)
        except (UnicodeError, LookupError, ValueError):
            continue
    return data.decode("cp1252", "replace")


def _charset(named: str) -> str:
    try:
        name = codecs.lookup(named.strip("'\" ")).name if named.isascii() and named else "utf-8"
    except (LookupError, ValueError):
        return "utf-8"
    return "utf-8" if name.replace("_", "-") in _NO_CHARSETS else _MEANT.get(name, name)
