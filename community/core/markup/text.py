"""What may stand in a text before it is rendered, and how a text is shortened afterwards."""

import re
import unicodedata

MENTION = re.compile(r"(?<![A-Za-z0-9_@./+-])@([A-Za-z0-9_-]{2,30})(?![A-Za-z0-9_@-])")

# Linear in the length of the text, for it looks no further than the next mark.
STAYS = re.compile(r"\[private\]((?:(?!\[/?private\]).)+)\[/private\]", re.DOTALL | re.IGNORECASE)
_MARK = re.compile(r"\[(/?)private\]", re.IGNORECASE)

_NEWLINES = re.compile("\r\n|[\r\x85\u2028\u2029]")
# C0 but tab and newline, DEL, C1, byte order mark, lone surrogates, noncharacters, overrides and embeddings.
_DROPPED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\u202a-\u202e]")
_ISOLATE = re.compile("[\u2066-\u2069]")
_POP_ISOLATE = "\u2069"
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def clean_text(text: str) -> str:
    """`text` in NFC with plain newlines, without control characters and without reordering tricks.

    Direction overrides and embeddings are dropped; isolates stay only where they are balanced in their line.
    """
    plain = _DROPPED.sub("", _NEWLINES.sub("\n", text))
    if _ISOLATE.search(plain):
        plain = "\n".join(_balanced(line) for line in plain.split("\n"))
    return unicodedata.normalize("NFC", plain)


def _balanced(line: str) -> str:
    depth = 0
    for mark in _ISOLATE.findall(line):
        depth += -1 if mark == _POP_ISOLATE else 1
        if depth < 0:
            break
    return line if depth == 0 else _ISOLATE.sub("", line)


def without_private(text: str, instead: str = "") -> tuple[str, int]:
    """`text` without the passages that its author put between `[private]` and `[/private]`, and how many there were.

    They are read in the community like everything else, and never leave it. What is opened and not closed goes on to
    the end; marks within a passage belong to it.
    """
    kept: list[str] = []
    passages = depth = place = 0
    for mark in _MARK.finditer(text):
        if not mark[1]:
            if depth == 0:
                kept += (text[place : mark.start()], instead)
                passages += 1
            depth += 1
        elif depth:
            depth -= 1
            place = mark.end()
    return "".join(kept) + ("" if depth else text[place:]), passages


def mention_candidates(text: str) -> frozenset[str]:
    """Handles that `text` may mention, to look up before rendering; some may turn out to stand in code."""
    return frozenset(handle.lower() for handle in MENTION.findall(text))


def excerpt(plain: str, limit: int) -> str:
    """The first `limit` characters of `plain` on one line, cut between words, with an ellipsis when cut."""
    line = " ".join(plain[: limit * 4 + 200].split())
    if len(line) <= limit and len(plain) <= limit * 4 + 200:
        return line
    cut = line[: max(limit - 1, 0)]
    if len(line) > len(cut) and line[len(cut)] != " " and not _HAN.match(line[len(cut)]):
        head = cut.rpartition(" ")[0]
        cut = head if len(head) * 2 > len(cut) else cut
    return cut.rstrip(" ,.;:，。；：、") + "…"
