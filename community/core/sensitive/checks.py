"""Whether what a pattern found is what it looks like: check digits, and what a password is not."""

import re

_PUNCTUATION = "`'\"*_.,;:，。；：！？、)]}>”’）】》"
_ASCII = re.compile(r"[\x21-\x7e]+")
_PLACEHOLDER = re.compile(r"[\[<{$%(…]|\.\.\.|\*+$|[xX•·]+$")
# fmt: off
_COMMON = {
    "expired", "invalid", "wrong", "required", "incorrect", "missing", "forgotten", "changed", "reset", "none",
    "null", "true", "false", "unknown", "empty", "correct", "accepted", "refused", "rejected", "length", "field",
    "policy", "manager",
}
_LENGTHS = {
    "AD": 24, "AE": 23, "AT": 20, "BE": 16, "BG": 22, "BR": 29, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18,
    "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IS": 26,
    "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25,
    "RO": 24, "SA": 24, "SE": 24, "SI": 19, "SK": 24, "TR": 26, "UA": 29,
}
# fmt: on
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ISSUERS = re.compile(
    r"4\d{12}(?:\d{3}){0,2}$|5[1-5]\d{14}$|2[2-7]\d{14}$|3[47]\d{13}$|3[068]\d{12}$|35\d{14}$|6\d{15,18}$"
)
_PHONE = re.compile(r"\+|00|\(?0\d|1[3-9]\d[ -]?\d{4}[ -]?\d{4}$")


Part = tuple[int, int]
NOTHING: Part = (0, 0)


def whole(found: str, after: str) -> Part:
    """All of it, whatever it is."""
    return 0, len(found)


def secret(found: str, after: str) -> Part:
    """What stands after the word "password" is one if it has digits or signs, or is all that stands there."""
    start = len(found) - len(found.lstrip("`'\"*:：="))
    given = _ASCII.match(found, start)
    value = given.group().rstrip(_PUNCTUATION) if given else ""
    bare, end = value.strip("!?"), start + len(value)
    if len(bare) < 4 or _PLACEHOLDER.match(value) or bare.lower() in _COMMON:
        return NOTHING
    telling = any(sign.isdigit() for sign in bare) or any(not sign.isalnum() and sign not in "-/_.'" for sign in bare)
    alone = not found[end:].strip(_PUNCTUATION) and not after.strip(_PUNCTUATION + " \t")
    return (start, end) if telling or (alone and len(bare) >= 6) else NOTHING


def token_in_address(found: str, after: str) -> Part:
    """A value in an address that is long enough to be more than a word."""
    return (0, len(found)) if len(found) >= 8 and not _PLACEHOLDER.match(found) else NOTHING


def random_token(found: str, after: str) -> Part:
    """Small and capital letters and digits mixed, which words, sums of files and numbers of things are not."""
    mixed = any(c.islower() for c in found) and any(c.isupper() for c in found)
    parts = re.split(r"[/_-]", found)
    return (0, len(found)) if mixed and max(map(len, parts)) >= 20 else NOTHING


def card(found: str, after: str) -> Part:
    """A card's number begins as its issuer's do, and its last digit is right (Luhn, ISO/IEC 7812)."""
    digits = [int(c) for c in found if c.isdigit()]
    if not _ISSUERS.match("".join(map(str, digits))) or len(set(digits)) < 2:
        return NOTHING
    doubled = (sum(divmod(digit * 2, 10)) for digit in digits[-2::-2])
    return (0, len(found)) if (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0 else NOTHING


def resident_id(found: str, after: str) -> Part:
    """The last sign of a Chinese resident's number follows from the seventeen before it (GB 11643, mod 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(found, _WEIGHTS, strict=False))
    return (0, len(found)) if "10X98765432"[total % 11] == found[17].upper() else NOTHING


def iban(found: str, after: str) -> Part:
    """An account's number has its country's length and check digits that are right (ISO 13616, mod 97)."""
    wanted, ends = _LENGTHS.get(found[:2], 0), [place + 1 for place, sign in enumerate(found) if sign != " "]
    if (
        not wanted
        or len(ends) < wanted
        or (len(ends) > wanted and found[ends[wanted - 1] : ends[wanted - 1] + 1] != " ")
    ):
        return NOTHING
    plain = found.replace(" ", "")[:wanted]
    return (0, ends[wanted - 1]) if int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1 else NOTHING


def phone(found: str, after: str) -> Part:
    """A number that begins as those do that one dials."""
    return (0, len(found)) if _PHONE.match(found) else NOTHING
