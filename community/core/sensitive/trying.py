"""Trying a pattern before it is used: in a process of its own, against texts that slow patterns stumble over."""

import json
import re
import subprocess
import sys
from itertools import pairwise

from .finding import LONGEST_LINE

LONGEST_PATTERN = 200
TIME_LIMIT = 2.0  # seconds for the start of the process and all texts; a harmless pattern needs a tenth of one
_PROGRAM = """
import json, re, sys
given = json.load(sys.stdin)
look = re.compile(given["pattern"])
for text in given["texts"]:
    for found in look.finditer(text):
        pass
"""


class Unusable(Exception):  # noqa: N818 - says what the pattern is
    """A pattern that cannot be used; `reason` is "wrong", "empty", "long" or "slow"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def usable(pattern: str, time_limit: float = TIME_LIMIT) -> re.Pattern[str]:
    """The pattern, ready to look. Raises `Unusable` for one that is wrong, finds nothing at all, or is slow."""
    if not pattern or len(pattern) > LONGEST_PATTERN:
        raise Unusable("long" if pattern else "empty")
    try:
        look = re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise Unusable("wrong") from error
    if look.match(""):
        raise Unusable("empty")
    _try(pattern, time_limit)
    return look


def _try(pattern: str, time_limit: float) -> None:
    given = json.dumps({"pattern": pattern, "texts": _texts(pattern)}).encode()
    try:
        subprocess.run(  # noqa: S603 - our own interpreter and our own program; the pattern is data
            [sys.executable, "-I", "-S", "-c", _PROGRAM],
            input=given,
            timeout=time_limit,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise Unusable("slow") from error


def _texts(pattern: str) -> list[str]:
    """Long runs of what the pattern is made of, each with an end that spoils a match."""
    signs = list(dict.fromkeys(["a", "A", "0", " ", "-", "中", "_", *(c for c in pattern if c.isalnum())]))[:24]
    words = list(dict.fromkeys(re.findall(r"\w+", pattern)))[:8]
    pairs = [f"{one}{other}" for one, other in pairwise(signs)]
    heads = ["", *words[:1]]
    return [
        f"{head}{(piece * LONGEST_LINE)[: LONGEST_LINE - len(head) - 1]}\x00"
        for piece in [*signs, *words, *pairs, "a0-", "a 0 ", "a.", "0.", "a@"]
        for head in heads
    ]
