"""What must not go over: addresses, numbers and secrets of people. Pure, and linear in the length of the text."""

import re
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass

from community.core.markup import without_private
from community.core.sensitive.patterns import (
    ADDRESS,
    EMAIL,
    IPV4,
    IPV6,
    JWT,
    PHONE,
    SECRET,
    SECRET_IN_ADDRESS,
    TOKEN,
)


@dataclass(frozen=True)
class Redacted:
    """A text without what must not go over, and how much of each kind was taken out."""

    text: str
    removed: Counter[str]


def redact(text: str, *, keep: Collection[str] = ()) -> Redacted:
    """Replace addresses, numbers, secrets and what the author marked private by what they were.

    `keep` are the author's own addresses.
    """
    text, passages = without_private(text, "[…]")
    removed: Counter[str] = Counter({"private": passages} if passages else {})
    own = {address.lower() for address in keep}
    pieces, end = [], 0
    for found in ADDRESS.finditer(text):
        pieces += [_redact_words(text[end : found.start()], own, removed), _redact_address(found.group(), removed)]
        end = found.end()
    return Redacted("".join([*pieces, _redact_words(text[end:], own, removed)]), removed)


def _redact_address(address: str, removed: Counter[str]) -> str:
    """A web address stays whole, for its path looks like numbers and tokens; names, keys and secrets in it do not."""
    scheme, _, rest = address.partition("://")
    user, at, place = rest.partition("@")
    if at and "/" not in user:
        removed["secret"] += 1
        rest = f"[secret]@{place}"

    def hide(found: re.Match[str]) -> str:
        removed["secret"] += 1
        return f"{found.group(1)}[secret]"

    cleaned = SECRET_IN_ADDRESS.sub(hide, rest)
    cleaned = JWT.sub(_replacer("token", set(), removed), cleaned)
    return f"{scheme}://{IPV4.sub(_replacer('ip', set(), removed), cleaned)}"


def _redact_words(text: str, own: set[str], removed: Counter[str]) -> str:
    for kind, pattern in (("token", JWT), ("email", EMAIL), ("ip", IPV6), ("ip", IPV4), ("phone", PHONE)):
        text = pattern.sub(_replacer(kind, own, removed), text)
    text = SECRET.sub(lambda found: _secret(found, removed), text)
    return TOKEN.sub(_replacer("token", own, removed), text)


def _replacer(kind: str, own: set[str], removed: Counter[str]) -> Callable[[re.Match[str]], str]:
    def replace(found: re.Match[str]) -> str:
        if found.group().lower() in own:
            return found.group()
        removed[kind] += 1
        return f"[{kind}]"

    return replace


def _secret(found: re.Match[str], removed: Counter[str]) -> str:
    if found.group(3).startswith("["):
        return found.group()
    removed["secret"] += 1
    return f"{found.group(1)}{found.group(2)}[secret]"
