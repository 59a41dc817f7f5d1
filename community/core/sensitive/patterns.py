"""What secrets, addresses and numbers of people look like: the one place, for the guard of what is published and for
what is taken out on the way to a desk. Each pattern looks at every character a bounded number of times."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from . import checks

EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
JWT = re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*", re.ASCII)
TOKEN = re.compile(r"(?<![\w+/=-])(?=[\w+/=-]*\d)(?=[\w+/=-]*[A-Za-z])[A-Za-z0-9+/=_-]{24,}(?![\w/])", re.ASCII)
SECRET = re.compile(
    r"(?i)(\b(?:password|passwd|pwd|passphrase|secret|token|api[ _-]?key)|密码|口令|令牌|密钥)"
    r"(\s*(?:[:=：]|(?:is|就是|是|为|设为|改为|改成了?)(?:\s*[:=：])?)\s*)(\S+)"
)
IPV4 = re.compile(r"(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w.]*\d)", re.ASCII)
IPV6 = re.compile(r"(?<![\w:])(?:[0-9a-fA-F]{1,4}:){3,7}(?::?[0-9a-fA-F]{1,4}){1,4}(?![\w:])", re.ASCII)
PHONE = re.compile(r"(?<![\w.+-])(?!\d{4}-\d{2}-\d{2})(?:\+|00)?\(?\d(?:[ ()/-]{0,2}\d){8,14}(?![\w-])", re.ASCII)
ADDRESS = re.compile(r"(?i)\bhttps?://(?:[^\s/@]*@)?([^\s<>\"'()]+)")
SECRET_IN_ADDRESS = re.compile(
    r"(?i)([?&#;](?:[\w-]*(?:key|token|secret|sig|signature|auth|code|password|session)[\w-]*)=)([^&#\s]+)"
)
PRIVATE_KEY = re.compile(
    r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----"
    r"(?:(?!-----BEGIN ).)*?(?:-----END [A-Z0-9 ]{1,60}-----|(?=-----BEGIN )|\Z)",
    re.DOTALL,
)
# Keys that say themselves whose they are.
NAMED_TOKEN = re.compile(
    r"(?<![\w-])(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,}|glpat-[\w-]{20,}|xox[abprs]-[\w-]{10,}"
    r"|AKIA[0-9A-Z]{16}|AIza[\w-]{35}|sk-[\w-]{20,}|sk_live_\w{16,}|npm_[A-Za-z0-9]{36})(?![\w-])",
    re.ASCII,
)
USER_IN_ADDRESS = re.compile(r"(?i)(\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@]{1,80}:)([^\s/@]{1,200})@")
CARD = re.compile(r"(?<![\w.+-])\d(?:[ -]?\d){12,18}(?![\w-])", re.ASCII)
RESIDENT_ID = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{5}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])",
    re.ASCII,
)
IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?![a-z0-9])", re.ASCII)


@dataclass(frozen=True)
class Pattern:
    """One row of the table.

    `group` of `look` is what is masked. `fits` says from where to where it counts, and sees what stands after it in
    its line. Fewer than `least` different ones in a text are no find: one address is help.
    """

    kind: str
    look: re.Pattern[str]
    fits: Callable[[str, str], checks.Part]
    group: int = 0
    least: int = 1


# The first row that fits a place has it. Kinds have their words in `community.forum.guarding_words`.
TABLE = (
    Pattern("key", PRIVATE_KEY, checks.whole),
    Pattern("token", JWT, checks.whole),
    Pattern("token", NAMED_TOKEN, checks.whole),
    Pattern("password", USER_IN_ADDRESS, checks.secret, group=2),
    Pattern("token", SECRET_IN_ADDRESS, checks.token_in_address, group=2),
    Pattern("password", SECRET, checks.secret, group=3),
    Pattern("id", RESIDENT_ID, checks.resident_id),
    Pattern("account", IBAN, checks.iban),
    Pattern("card", CARD, checks.card),
    Pattern("token", TOKEN, checks.random_token),
    Pattern("addresses", EMAIL, checks.whole, least=3),
    Pattern("phones", PHONE, checks.phone, least=3),
)
