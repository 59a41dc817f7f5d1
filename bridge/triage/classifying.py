"""An optional classifier beside the rules: reading a text with what was learned. Pure Python; learning is elsewhere.

Words, pairs of words and pieces of words, weighed by how rare they are; a linear model for each language. What is kept
is plain JSON, so reading it can run nothing.
"""

import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib import metadata
from itertools import pairwise
from typing import Any, NamedTuple

from community.core.search.analyzer import index_tokens
from community.core.storage import FileMissing, Storage

from . import rules
from .classes import QueryClass
from .labelled import LABELS
from .suggesting import Reason, Suggestion

LIBRARY = "scikit-learn"
VERSION = 1  # raise it whenever features or the layout of the file change: older files are refused
KEY = "triage/classifier.json"
LARGEST = 50_000_000  # bytes of a file that is read at all
LONGEST_TEXT = 8000  # characters of a post that are read
PRECISION = 0.9  # asked of every class that acts
NEVER = 2.0  # a threshold no confidence reaches
REASONS = 5

_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[^\W_\u3400-\u9fff]+(?:'[a-z]+)?")
_RUN = re.compile(r"[\u3400-\u9fff]+")
_ASCII_PIECES, _HAN_PIECES = (3, 4, 5), (1, 2, 3)


class ModelRefused(Exception):  # noqa: N818 - says what happened
    """The kept classifier is missing, damaged, or of another version; the rules go on alone."""


class Feature(NamedTuple):
    """Something countable in a text, and where it stands."""

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Learned:
    """What the classifier thinks of a text: a class, how sure (0 to 1), the words for it with their share of the
    evidence (0 to 1), and whether it is sure enough to act."""

    query_class: str
    confidence: float
    words: tuple[tuple[str, float], ...]
    acts: bool


@dataclass(frozen=True)
class Model:
    """Plain numbers of one language: features with their rarity and a weight for each of `LABELS`."""

    rarity: dict[str, float]
    weights: dict[str, list[float]]
    intercepts: list[float]
    temperature: float
    thresholds: dict[str, float]

    def scores(self, found: Iterable[Feature]) -> list[float]:
        """A score for each of `LABELS` from a text's features; comparable within one text only."""
        sums = self.intercepts.copy()
        for name, value in vector(found, self.rarity).items():
            for place, weight in enumerate(self.weights[name]):
                sums[place] += value * weight
        return sums

    def classify(self, text: str) -> Learned:
        """The class that fits best, with the words that spoke for it."""
        found = features(text)
        chances = softmax(self.scores(found), self.temperature)
        place = max(range(len(LABELS)), key=chances.__getitem__)
        label, sure = str(LABELS[place]), chances[place]
        return Learned(label, sure, self._words(text[:LONGEST_TEXT], found, place), sure >= self.thresholds[label])

    def _words(self, text: str, found: Sequence[Feature], place: int) -> tuple[tuple[str, float], ...]:
        """The words whose features raise this class most above the average of all."""
        values, times = vector(found, self.rarity), Counter(feature.name for feature in found)
        heat = [0.0] * len(text)
        for feature in found:
            if feature.name in values:
                weights = self.weights[feature.name]
                lead = (weights[place] - sum(weights) / len(weights)) * values[feature.name] / times[feature.name]
                for spot in range(feature.start, feature.end):
                    heat[spot] += lead / (feature.end - feature.start)
        totals: dict[str, float] = defaultdict(float)
        for word, start, end in _shown_words(text):
            totals[word] += sum(heat[start:end])
        best = sorted(((word, value) for word, value in totals.items() if value > 0), key=lambda pair: -pair[1])
        whole = sum(value for _, value in best)
        return tuple((word, value / whole) for word, value in best[:REASONS])


@dataclass(frozen=True)
class Classifier:
    """One model for each language that has enough examples."""

    models: Mapping[str, Model]

    def classify(self, text: str, language: str = "") -> Learned | None:
        """What it thinks of a text, or None in a language it never learned."""
        model = self.models.get(spoken(text, language))
        return model.classify(text) if model else None

    def muted(self, languages: Collection[str]) -> "Classifier":
        """The same, but in these languages it never acts."""
        silent = dict.fromkeys(map(str, LABELS), NEVER)
        return Classifier(
            {name: replace(m, thresholds=silent) if name in languages else m for name, m in self.models.items()}
        )


def known_language(code: str) -> str:
    """`zh_Hans_CN` and `zh-CN` are `zh`."""
    return re.split("[-_]", code.lower(), maxsplit=1)[0]


def spoken(text: str, code: str = "") -> str:
    """The language of a text: English and Chinese are seen from it, others are as the code says."""
    known = known_language(code)
    return language_of(text) if known in ("", "en", "zh") else known


def language_of(text: str) -> str:
    """`zh` where Han characters outnumber other words, else `en`."""
    text = text[:LONGEST_TEXT]
    return "zh" if len(_HAN.findall(text)) > len(_WORD.findall(text)) else "en"


def features(text: str) -> list[Feature]:
    """The search's tokens, words and pairs of words as written, pieces of words and of Han runs."""
    text = text[:LONGEST_TEXT]
    found = [Feature(f"t:{token.text}", token.start, token.end) for token in index_tokens(text)]
    words = [(match.group().lower(), match.start(), match.end()) for match in _WORD.finditer(text.replace("’", "'"))]
    found += [Feature(f"w:{word}", start, end) for word, start, end in words]
    for (first, start, _), (second, _, end) in pairwise(words):
        found.append(Feature(f"w:{first} {second}", start, end))
    for word, start, _ in words:
        found += _pieces(f" {word} ", start, _ASCII_PIECES, edge=1)
    for match in _RUN.finditer(text):
        found += _pieces(match.group(), match.start(), _HAN_PIECES, edge=0)
    found += [Feature(f"m:{match.group()}", match.start(), match.end()) for match in re.finditer("[?!？！]", text)]
    return found


def _pieces(run: str, start: int, sizes: Sequence[int], edge: int) -> Iterator[Feature]:
    last = start + len(run) - 2 * edge
    for size in sizes:
        for place in range(len(run) - size + 1):
            begin = start + place - edge
            yield Feature(f"c:{run[place : place + size]}", max(start, begin), min(last, begin + size))


def _shown_words(text: str) -> Iterator[tuple[str, int, int]]:
    """The words of a text as people read them, none overlapping another."""
    for match in _WORD.finditer(text):
        yield match.group().lower(), match.start(), match.end()
    covered = 0
    tokens = [token for token in index_tokens(text) if _HAN.match(token.text)]
    for token in sorted(tokens, key=lambda token: (token.start, -token.end)):
        if token.start >= covered:
            covered = token.end
            yield text[token.start : token.end], token.start, token.end


def vector(found: Iterable[Feature], rarity: Mapping[str, float]) -> dict[str, float]:
    """TF-IDF with dampened counts, each kind of feature scaled to length 1."""
    counts = Counter(feature.name for feature in found if feature.name in rarity)
    values = {name: (1 + math.log(count)) * rarity[name] for name, count in counts.items()}
    lengths: dict[str, float] = defaultdict(float)
    for name, value in values.items():
        lengths[name[0]] += value * value
    return {name: value / math.sqrt(lengths[name[0]]) for name, value in values.items()}


def softmax(scores: Sequence[float], temperature: float) -> list[float]:
    """Chances that add up to 1; a higher temperature makes them more alike."""
    top = max(scores)
    parts = [math.exp((score - top) / temperature) for score in scores]
    return [part / sum(parts) for part in parts]


def proven(right: int, acted: int, precision: float = PRECISION) -> bool:
    """Whether so many right verdicts of those that acted show that `precision` (0 to 1) of them are right.

    Half a wrong verdict is added to what was counted, so that few verdicts prove little: 0.9 takes four without
    a mistake, or one mistake in fourteen.
    """
    return (right + 0.5) / (acted + 1) >= precision


def combine(suggestion: Suggestion, learned: Learned | None) -> Suggestion:
    """The rules' suggestion, or the classifier's where that is sure enough; with the reasons of both.

    Reasons of the classifier have `why` "learned" and a weight from 1 to 10. A threat found by the rules stands
    whatever the classifier thinks: a false alarm costs less than a threat discussed in public.
    """
    if learned is None or not learned.acts or _is_threat(suggestion):
        return suggestion
    label = learned.query_class
    shown = [Reason(max(1, round(10 * share)), label, "learned", word) for word, share in learned.words]
    for reason in suggestion.reasons:
        weight = abs(reason.weight) if reason.query_class == label else -abs(reason.weight)
        shown.append(Reason(weight, reason.query_class, reason.why, reason.found))
    shown.sort(key=lambda reason: -reason.weight)
    return Suggestion(label, tuple(shown), learned.confidence, suggestion.scores)


def _is_threat(suggestion: Suggestion) -> bool:
    return suggestion.scores.get(QueryClass.SUSPICIOUS, 0) >= rules.THREAT


@cache
def library_version() -> str:
    """The version of scikit-learn that is installed, or "" without the extra; it is not loaded for this."""
    try:
        return metadata.version(LIBRARY)
    except metadata.PackageNotFoundError:
        return ""


def available() -> bool:
    """Whether the extra `triage` is installed."""
    return bool(library_version())


def packed(classifier: Classifier) -> bytes:
    """A classifier as JSON."""
    languages = {language: asdict(model) for language, model in classifier.models.items()}
    content = {"version": VERSION, "library": library_version(), "labels": LABELS, "languages": languages}
    return json.dumps(content, ensure_ascii=False).encode()


def unpacked(data: bytes) -> Classifier:
    """The classifier from its JSON, every number checked. Raises `ModelRefused` with the reason."""
    if len(data) > LARGEST:
        raise ModelRefused("the file is too large")
    try:
        return _read(json.loads(data, parse_constant=_no_number))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ModelRefused("the file is damaged") from error


def keep(classifier: Classifier, storage: Storage) -> None:
    """Store a classifier in place of the one before. Raises `StorageError`."""
    storage.put(KEY, packed(classifier), "application/json")


def kept(storage: Storage) -> Classifier:
    """The classifier that was stored. Raises `ModelRefused` with the reason where there is none to be used, and
    `StorageError`."""
    try:
        return unpacked(storage.get(KEY))
    except FileMissing as error:
        raise ModelRefused("no classifier was stored") from error


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no weight")


def _read(content: dict[str, Any]) -> Classifier:
    for name, wanted in (("version", VERSION), ("library", library_version()), ("labels", [*map(str, LABELS)])):
        if content[name] != wanted:
            raise ModelRefused(f"{name} is {content[name]}, not {wanted}; learn again")
    return Classifier({str(language): _checked(Model(**model)) for language, model in content["languages"].items()})


def _checked(model: Model) -> Model:
    """The model, if every number that a verdict needs is there."""
    rows = [model.intercepts, *model.weights.values()]
    numbers = [model.temperature, *model.rarity.values(), *model.thresholds.values(), *(n for row in rows for n in row)]
    fits = all(len(row) == len(LABELS) for row in rows) and model.temperature > 0
    if not fits or model.rarity.keys() != model.weights.keys() or model.thresholds.keys() != set(map(str, LABELS)):
        raise ValueError("numbers are missing")
    if not all(type(number) in (int, float) and math.isfinite(number) for number in numbers):
        raise ValueError("not all weights are numbers")
    return model
