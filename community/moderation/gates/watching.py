"""Finding watched words however they are written: full-width, in Simplified or Traditional Chinese, with signs that are
not seen, or with spaces and dots between the characters. A word in letters stands alone, not within another.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from typing import Protocol

from community.core.search.analyzer import simplified
from community.core.sensitive.finding import LONGEST_LINE

_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(f"[{_HAN}]+")
_LETTER = f"[^\\W_{_HAN}\u3040-\u30ff]"
_BETWEEN = r"[ \t\u00a0*._~|/\\·•+=\-]"
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_SPACED_FROM = 3  # letters of a word that is also found with something between them
MASK = "■"


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@dataclass(frozen=True)
class Form:
    """A text in one way of writing; `places` are the offsets in the original of each character and of the end."""

    text: str
    places: Sequence[int]


Span = tuple[int, int]


def _folded(text: str) -> Form:
    """The text in small letters of usual width, without accents and without what is not seen."""
    pieces, places = [], []
    for place, sign in enumerate(text):
        if sign in _FILLERS or unicodedata.category(sign) in ("Cf", "Mn", "Me"):
            continue
        latin = sign < "\u0590" and not sign.isascii()
        made = unicodedata.normalize("NFKD" if latin else "NFKC", sign).casefold()
        kept = [one for one in made if unicodedata.category(one) != "Mn"] if latin else list(made)
        pieces += kept
        places += [place] * len(kept)
    return Form("".join(pieces), [*places, len(text)])


@lru_cache(maxsize=30_000)
def _plain(character: str) -> str:
    made, _places = simplified(character)
    return made if len(made) == 1 else character


def _by_character(form: Form) -> Form:
    return Form(_RUN.sub(lambda run: "".join(map(_plain, run.group())), form.text), form.places)


def _by_phrase(form: Form) -> Form:
    """With the words of Taiwan put in those of the mainland, too, which may be longer or shorter."""
    pieces: list[str] = []
    places: list[int] = []
    last = 0
    for run in _RUN.finditer(form.text):
        made, within = simplified(run.group())
        pieces += [form.text[last : run.start()], made]
        places += form.places[last : run.start()]
        places += [form.places[run.start() + within[number]] for number in range(len(made))]
        last = run.end()
    return Form("".join([*pieces, form.text[last:]]), [*places, *form.places[last:]])


def forms_of(text: str) -> list[Form]:
    """The ways in which a text is looked through."""
    folded = _folded(text)
    if not _RUN.search(folded.text):
        return [folded]
    found = [_by_character(folded), _by_phrase(folded)]
    return found if found[0].text != found[1].text else found[:1]


@cache
def _to_taiwan() -> _Converter:
    converter: _Converter = import_module("opencc").OpenCC("s2twp")
    return converter


def _writings(word: str) -> list[str]:
    """A watched word as the forms of a text may have it."""
    folded = _folded(word.strip())
    if not _RUN.search(folded.text):
        return [folded.text]
    phrase = _by_phrase(folded).text
    taiwan = Form(_to_taiwan().convert(phrase), [])
    return list(dict.fromkeys([phrase, _by_character(folded).text, _by_character(taiwan).text]))


@lru_cache(maxsize=5_000)
def word_pattern(word: str) -> re.Pattern[str]:
    """What finds a watched word in a form of a text."""
    return re.compile("|".join(_pattern(written) for written in _writings(word)))


def _pattern(word: str) -> str:
    signs = [sign for sign in word if not sign.isspace()]
    before = f"(?<!{_LETTER})" if re.match(_LETTER, word) else ""
    after = f"(?!{_LETTER})" if re.search(f"{_LETTER}$", word) else ""
    if _RUN.search(word):
        return before + f"{_BETWEEN}{{0,3}}".join(map(re.escape, signs)) + after
    whole = r"\s+".join(map(re.escape, word.split()))
    if len(signs) < _SPACED_FROM:
        return before + whole + after
    spaced = f"{_BETWEEN}{{1,3}}".join(map(re.escape, signs))
    return f"{before}(?:{whole}|{spaced}){after}"


def spans_of_word(word: str, forms: Iterable[Form]) -> list[Span]:
    """Where in the original a word stands."""
    look = word_pattern(word)
    return sorted({_back(form, match) for form in forms for match in look.finditer(form.text)})


def _back(form: Form, match: re.Match[str]) -> Span:
    last = form.places[match.end() - 1]
    return form.places[match.start()], max(last + 1, form.places[match.start()] + 1)


@lru_cache(maxsize=1_000)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def spans_of_pattern(pattern: str, text: str, forms: Iterable[Form]) -> list[Span]:
    """Where in the original a pattern fits, as it was typed or in its plain form."""
    look = _compiled(pattern)
    found = set(_in_lines(look, text))
    for form in forms:
        found |= {(form.places[start], form.places[end - 1] + 1) for start, end in _in_lines(look, form.text)}
    return sorted(found)


def _in_lines(look: re.Pattern[str], text: str) -> Iterator[Span]:
    """A line at a time, and of long lines a part, so that a slow pattern stays harmless."""
    place = 0
    for line in text.split("\n"):
        for begin in range(0, len(line), LONGEST_LINE):
            for match in look.finditer(line[begin : begin + LONGEST_LINE]):
                if match.start() < match.end():
                    yield place + begin + match.start(), place + begin + match.end()
        place += len(line) + 1


def masked(text: str, spans: Iterable[Span]) -> str:
    """The text with something in place of what was found."""
    pieces, end = [], 0
    for start, stop in sorted(spans):
        if stop <= end:
            continue
        start = max(start, end)
        pieces += [text[end:start], MASK * max(1, len(text[start:stop].strip()))]
        end = stop
    return "".join([*pieces, text[end:]])
