"""The one analyzer of the search: mixed Chinese and English text to (token, position, start, end).

NFKC, lower case, Taiwan words and Traditional characters to mainland Simplified (OpenCC tw2sp); Han runs cut
by rjieba in search mode; Latin words stemmed (porter2), codes such as `err-1023` kept whole and in parts. A
position is a place in the text counted in Han characters and word parts, so a phrase holds whichever way a
run was cut.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from functools import cache, lru_cache
from importlib import import_module
from typing import NamedTuple, Protocol, cast

from whoosh.lang import porter2

VERSION = 3  # raise it whenever tokens or tags of a text change: an index of another version must be rebuilt
MAX_TOKEN = 64
MAX_TOKENS = 20_000
PREFIX = "*"

_porter2: Callable[[str], str] = porter2.stem
_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = f"[^\\W_{_HAN}]"
_RUN = re.compile(f"(?P<han>[{_HAN}]+)|{_WORD}+(?:[._+#@/\\-']{_WORD}+|[+#]+)*")
_PART = re.compile(f"{_WORD}+")
_CODE = re.compile(r"[\d+#@/._-]")
_SEPARATOR = re.compile(r"[._+#@/\-]+")
_HYPHENATED = re.compile(r"[a-z]+(?:-[a-z]+)+")
_NARROW = {0x3000: " ", **{wide: chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)}}  # as NFKC writes these
_SIGMA = "\u03a3"  # its lower case depends on what follows
_STOP = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "for",
        "from",
        "in",
        "is",
        "it",
        "of",
        "on",
        "or",
        "that",
        "the",
        "this",
        "to",
        "was",
        "with",
        "i",
        "my",
        "how",
        "do",
        "does",
        "can",
        "的",
        "了",
        "和",
        "是",
        "我",
        "吗",
        "呢",
        "请",
        "怎么",
        "如何",
    ]
)


class Token(NamedTuple):
    """A searchable piece of text; `start` and `end` are offsets in the original text."""

    text: str
    position: int
    start: int
    end: int


Sequence = tuple[tuple[str, int], ...]
"""Tokens with their distance from the first one: a phrase."""

Word = tuple[Sequence, ...]
"""The ways in which one word of a query may stand in a text; any of them will do."""


class _Run(NamedTuple):
    text: str
    han: bool
    begin: int
    end: int


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


class _Cutter(Protocol):
    def tokenize(self, text: str, mode: str) -> list[tuple[str, int, int]]: ...


@cache
def _converter() -> _Converter:
    converter: _Converter = import_module("opencc").OpenCC("tw2sp")
    return converter


@cache
def _jieba() -> _Cutter:
    return cast(_Cutter, import_module("rjieba"))  # loading its dictionary costs 40 MB, so only who searches pays


def load_dictionaries() -> None:
    """Load what the first search would load otherwise, about 40 MB, so that processes forked later share it."""
    index_tokens("\u6253\u5370\u6a5f")


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return the porter2 stem of a lower-case word without its possessive `'s`, at most 64 characters."""
    word = word.removesuffix("'s").replace("'", "")[:MAX_TOKEN]
    return str(_porter2(word)) if word.isascii() and word.isalpha() else word


def _joins(character: str) -> bool:
    return unicodedata.combining(character) != 0 or "\u1160" <= character <= "\u11ff"


def _folded(text: str) -> tuple[str, list[int] | None]:
    """Return the text in NFKC and lower case, and each character's offset in the original (None: same)."""
    text = text.replace("\u2019", "'")
    if text.isascii():
        return text.lower(), None
    narrow = text.translate(_NARROW)
    lower = narrow.lower()
    if len(lower) == len(text) and _SIGMA not in text and unicodedata.is_normalized("NFKC", narrow + lower):
        return lower, None
    pieces: list[str] = []
    offsets: list[int] = []
    start, size = 0, len(text)
    while start < size:
        end = start + 1
        while end < size and text[end] > "\u02ff" and _joins(text[end]):
            end += 1
        piece = text[start:end]
        if not (end == start + 1 and "\u3400" <= piece <= "\u9fff"):
            piece = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", piece).lower())
        pieces.append(piece)
        offsets.extend([start] * len(piece))
        start = end
    offsets.append(size)
    return "".join(pieces), offsets


def _runs(folded: str) -> Iterator[_Run]:
    for match in _RUN.finditer(folded):
        yield _Run(match.group(), match.lastgroup == "han", match.start(), match.end())


def simplified(run: str) -> tuple[str, list[int]]:
    """A run of Han characters in mainland Simplified, and where in `run` each character and the end came from."""
    converted = _converter().convert(run)
    return converted, _aligned(run, converted)


def _aligned(run: str, converted: str) -> list[int]:
    """Return, for each character of `converted` and its end, the offset in `run` it came from."""
    if len(run) == len(converted):
        return list(range(len(run) + 1))
    plain = [_converter().convert(character) for character in run]
    offsets: list[int] = []
    for _, start, end, to_start, to_end in SequenceMatcher(None, plain, list(converted), False).get_opcodes():
        width, target = end - start, to_end - to_start
        offsets.extend(start + i * width // target for i in range(target))
    return [*offsets, len(run)]


def _cut(run: str) -> Iterator[tuple[str, int, int, int]]:
    """Yield (token, offset in the converted run, start, end in the run) of a run of Han characters."""
    converted, places = simplified(run)
    for text, start, end in _jieba().tokenize(converted, "search"):
        yield text[:MAX_TOKEN], start, places[start], max(places[end], places[start] + 1)


def _latin(run: str) -> Iterator[tuple[str, int, int, int]]:
    """Yield (token, offset in parts, start, end) of a Latin word or code: whole, joined, in parts."""
    if not _CODE.search(run):
        yield stem(run), 0, 0, len(run)
        return
    yield run[:MAX_TOKEN], 0, 0, len(run)
    if _HYPHENATED.fullmatch(run):
        yield stem(run.replace("-", "")), 0, 0, len(run)
    if _SEPARATOR.search(run):
        start = 0
        for number, part in enumerate(part for part in _SEPARATOR.split(run) if part):
            start = run.index(part, start)
            yield stem(part), number, start, start + len(part)
            start += len(part)


def _width(run: _Run) -> int:
    """Return how many positions a run takes."""
    if run.han:
        return len(_converter().convert(run.text))
    return max(1, sum(1 for part in _SEPARATOR.split(run.text) if part))


def _placed(token: str, position: int, start: int, end: int, offsets: list[int] | None) -> Token:
    if offsets:
        start, end = offsets[start], max(offsets[end], offsets[start] + 1)
    return Token(token, position, start, end)


def _tokens(text: str) -> Iterator[Token]:
    folded, offsets = _folded(text)
    position = 0
    for run in _runs(folded):
        for token, place, start, end in _cut(run.text) if run.han else _latin(run.text):
            if token and token not in _STOP:
                yield _placed(token, position + place, run.begin + start, run.begin + end, offsets)
        position += _width(run)


def index_tokens(text: str) -> list[Token]:
    """Return the tokens under which a text is found, in its order, at most 20,000; never raises."""
    found: list[Token] = []
    for token in _tokens(text):
        found.append(token)
        if len(found) == MAX_TOKENS:
            break
    return found


def tokens_among(text: str, wanted: frozenset[str]) -> Iterator[Token]:
    """Yield the wanted ones of a text's tokens in its order, without their positions; never raises.

    A wanted token that ends in `*` stands for all that begin so. Runs that cannot hold any are not looked into.
    """
    prefixes = tuple(token.removesuffix(PREFIX) for token in wanted if token.endswith(PREFIX))
    pieces = tuple(token.removesuffix(PREFIX) for token in wanted)
    initials = {piece[:1] for piece in pieces}
    folded, offsets = _folded(text)
    for match in _RUN.finditer(folded):
        begin = match.start()
        if match.lastgroup == "han":
            converted = _converter().convert(match.group())
            tokens = _cut(match.group()) if any(piece in converted for piece in pieces) else ()
        else:
            held = folded[begin] in initials or _CODE.search(folded, begin, match.end())
            tokens = _latin(match.group()) if held else ()
        for token, _, start, end in tokens:
            if token not in _STOP and (token in wanted or token.startswith(prefixes)):
                yield _placed(token, 0, begin + start, begin + end, offsets)


def _latin_word(run: str) -> Word:
    parts = [stem(part) for part in _SEPARATOR.split(run) if part]
    if not _CODE.search(run) or len(parts) < 2:
        return (((stem(run) if not _CODE.search(run) else run[:MAX_TOKEN], 0),),)
    phrase = tuple((part, number) for number, part in enumerate(parts) if part not in _STOP)
    ways = (phrase,) if phrase else (((run[:MAX_TOKEN], 0),),)
    return (*ways, ((stem(run.replace("-", "")), 0),)) if _HYPHENATED.fullmatch(run) else ways


def _han_words(run: str) -> list[Word]:
    """Return the pieces of a Han run that must be found: words made of smaller ones give way to these."""
    spans = [(token, start, start + len(token)) for token, start, *_ in _cut(run)]
    words: list[Word] = []
    for token, start, end in spans:
        inside = [span for span in spans if start <= span[1] and span[2] <= end and span != (token, start, end)]
        covered = {place for _, low, high in inside for place in range(low, high)}
        if token not in _STOP and len(covered) < end - start:
            words.append((((token if len(token) > 1 else token + PREFIX, 0),),))
    return words


def query_words(text: str, *, typing: bool = False) -> list[Word]:
    """Return the words of a query, all of which must be found, each with the ways it may be written.

    A token ending in `*` stands for every token that begins so: a single Han character and, when the member
    is still `typing`, the last Latin word. Never raises.
    """
    words: list[Word] = []
    folded = _folded(text)[0]
    for run in _runs(folded):
        if run.han:
            words += _han_words(run.text)
        elif typing and run.end == len(folded) and len(run.text) > 2 and not _CODE.search(run.text):
            words.append((((stem(run.text), 0),), ((run.text[:MAX_TOKEN] + PREFIX, 0),)))
        else:
            words += [word for word in [_latin_word(run.text)] if word[0][0][0] not in _STOP]
    return list(dict.fromkeys(words))


def query_phrase(text: str) -> Sequence:
    """Return the smallest pieces of a quoted phrase with their distances; never raises."""
    pieces: dict[int, str] = {}
    position = 0
    for run in _runs(_folded(text)[0]):
        for token, place in _phrase_pieces(run):
            if token not in _STOP and len(token) <= len(pieces.get(position + place, token)):
                pieces[position + place] = token
        position += _width(run)
    first = min(pieces, default=0)
    return tuple((pieces[place], place - first) for place in sorted(pieces))


def _phrase_pieces(run: _Run) -> list[tuple[str, int]]:
    if run.han:
        return [(token, place) for token, place, *_ in _cut(run.text)]
    return list(_latin_word(run.text)[0])


def query_tokens(text: str) -> list[Token]:
    """Return the tokens a query asks for (codes in parts, not whole), with offsets; never raises."""
    wanted = {token for word in query_words(text) for way in word for token, _ in way}
    prefixes = tuple(token.removesuffix(PREFIX) for token in wanted if token.endswith(PREFIX))
    return [token for token in _tokens(text) if token.text in wanted or token.text.startswith(prefixes)]


def plain_words(text: str) -> list[str]:
    """Return the English words of a text as written, in lower case: the stuff of spelling suggestions."""
    return [
        part
        for run in _runs(_folded(text)[0])
        if not run.han
        for part in _PART.findall(run.text)
        if 4 <= len(part) <= 24 and part.isascii() and part.isalpha()
    ]
