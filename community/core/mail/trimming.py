"""What somebody wrote now, without what the program added: quoted mail, its heading, signatures."""

import re

REPLY_LINES = (
    "-- Write your answer above this line --",
    "-- 请在此行以上填写回复 --",
    "-- 請在此行以上填寫回覆 --",
)
REPLY_LINE_OF = {"zh-Hans": REPLY_LINES[1], "zh-Hant": REPLY_LINES[2]}  # the first in any other language
LONGEST_LINE = 400  # characters of a line that patterns are tried on

_QUOTED = re.compile(r"^\s{0,3}>")
_DATE = re.compile(r"\d{1,4}[-/.年]\s?\d{1,2}|\d{1,2}[.:]\d{2}|\d{4}")
# How "On Monday, Ann wrote:" begins and ends in the languages of the programs people have.
_BEGINS = re.compile(r"^\W{0,3}(on|am|le|el|il|op|em|den|w dniu|at|在|于|於)", re.IGNORECASE)
_WROTE = re.compile(
    r"(wrote|schrieb|a écrit|escribió|ha scritto|schreef|escreveu|skrev|napisał|写道|寫道)[^:：]{0,80}[:：]\W{0,3}$",
    re.IGNORECASE,
)
_DIVIDER = re.compile(
    r"^\W{0,3}[-_=*]{2,30}\s?(original message|original mail|forwarded message|ursprüngliche nachricht"
    r"|message d'origine|mensaje original|reply message|original|原始邮件|原始郵件|原邮件"
    r"|转发邮件|转发的邮件|回复的原邮件|邮件原件)"
    r"\s?[-_=*]{0,30}\W{0,3}$",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"^[\s*_>]{0,6}(from|sent|to|cc|date|subject|von|gesendet|an|betreff|de|envoyé|para|asunto|objet"
    r"|发件人|寄件者|寄件人|发送时间|发送日期|寄件日期|收件人|收件者|抄送|主题|主旨|日期)[\s*_]{0,4}[:：]",
    re.IGNORECASE,
)
_FROM = re.compile(r"^[\s*_]{0,6}(from|von|de|发件人|寄件者|寄件人)[\s*_]{0,4}[:：]\s*\**\s*\S", re.IGNORECASE)
_UNDERLINE = re.compile(r"^\s*[_\-=*]{5,}\s*$")
_SENT_BY = re.compile(
    r"^\s*(sent from my .{1,40}|sent from (outlook|yahoo|mail|proton).{0,40}|get outlook for .{1,30}"
    r"|\[?get outlook.{0,80}|von meinem .{1,30} gesendet|envoyé de mon .{1,30}|发自我的.{0,30}|发自.{1,20}"
    r"|從我的.{1,30}傳送|从我的.{1,30}发送)\s*$",
    re.IGNORECASE,
)


def trim(text: str) -> str:
    """The new words of a mail; "" where there are none. Answers that stand between quotes are kept."""
    lines = text.split("\n")
    return _own(_above_reply_line(lines)) or _own(lines)


def _own(lines: list[str]) -> str:
    kept: list[str] = []
    at = 0
    while at < len(lines):
        ended, step = _ending(lines, at)
        if ended:
            break
        if not step:
            kept.append(lines[at].rstrip())
        at += step or 1
    return re.sub(r"\n{3,}", "\n\n", "\n".join(_without_tail(kept))).strip()


def _above_reply_line(lines: list[str]) -> list[str]:
    for at, line in enumerate(lines):
        if any(mark in line[:LONGEST_LINE] for mark in REPLY_LINES):
            return lines[:at]
    return lines


def _ending(lines: list[str], at: int) -> tuple[bool, int]:
    """Whether nothing of the sender's own follows this line; else how many lines to leave out here."""
    line = lines[at][:LONGEST_LINE]
    if _QUOTED.match(line):
        return False, 1
    if line.rstrip() == "--" or _DIVIDER.match(line) or _is_head(lines, at):
        return True, 0
    length = _introduction(lines, at)
    if length:
        return not _quote_follows(lines, at + length), length
    return False, 0


def _introduction(lines: list[str], at: int) -> int:
    """How many lines the "... wrote:" that begins here takes; 0 where none does."""
    first = lines[at][:LONGEST_LINE].strip()
    if _WROTE.search(first[-120:]) and (_DATE.search(first) or "@" in first):
        return 1
    if not _BEGINS.match(first):
        return 0
    for length in (2, 3):
        joined = " ".join(line[:LONGEST_LINE].strip() for line in lines[at : at + length])
        if _WROTE.search(joined[-120:]) and _DATE.search(joined):
            return length
    return 0


def _quote_follows(lines: list[str], at: int) -> bool:
    following = next((line for line in lines[at : at + 4] if line.strip()), "")
    return bool(_QUOTED.match(following[:LONGEST_LINE]))


def _is_head(lines: list[str], at: int) -> bool:
    """Whether a quoted message's own head begins here: a sender, and two more fields close by."""
    begin = at
    if _UNDERLINE.match(lines[at][:LONGEST_LINE]):
        begin = next((n for n in range(at + 1, min(at + 3, len(lines))) if lines[n].strip()), at)
    if not _FROM.match(lines[begin][:LONGEST_LINE]):
        return False
    fields = [line for line in lines[begin : begin + 8] if _FIELD.match(line[:LONGEST_LINE])]
    return len(fields) >= 3


def _without_tail(lines: list[str]) -> list[str]:
    """Without "Sent from my phone" at the end."""
    kept = list(lines)
    while kept and (not kept[-1].strip(" -_=*") or _SENT_BY.match(kept[-1][:LONGEST_LINE])):
        kept.pop()
    return kept
