"""Words found in what people write. Latin words match whole, Chinese ones anywhere. Pure."""

import re
import unicodedata
from functools import lru_cache

# Scripts written without spaces: their words have no edges that could be looked for.
SPACELESS = "\u0e00-\u0eff\u1780-\u17ff\u2e80-\u303f\u3040-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
SPACELESS += "\U00020000-\U0003ffff"
LETTER = rf"[^\W{SPACELESS}]"
_starts_whole, _ends_whole = re.compile(LETTER), re.compile(rf"{LETTER}\Z")


@lru_cache(maxsize=512)
def plain(text: str) -> str:
    """The text as words are looked for in it: no difference of case, width, apostrophes or white space."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return " ".join(folded.split())


@lru_cache(maxsize=16384)
def found_in(words: tuple[str, ...], text: str) -> tuple[str, ...]:
    """The different words that stand in the text, in plain form, in the order of their first place.

    Where several begin at one place the longest counts, and it covers the shorter ones within it.
    """
    searched = plain(text)
    # Most words are in no way there; finding that out is ten times cheaper than looking for their edges.
    there = tuple(word for word in _longest_first(words) if word in searched)
    return tuple(dict.fromkeys(match.group() for match in _pattern(there).finditer(searched))) if there else ()


@lru_cache(maxsize=256)
def _longest_first(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({plain(word) for word in words} - {""}, key=lambda word: (-len(word), word)))


@lru_cache(maxsize=512)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(_edged(word) for word in words))


def _edged(word: str) -> str:
    before = rf"(?<!{LETTER})" if _starts_whole.match(word) else ""
    after = rf"(?!{LETTER})" if _ends_whole.search(word) else ""
    return f"{before}{re.escape(word)}{after}"
