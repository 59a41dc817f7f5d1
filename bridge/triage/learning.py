"""An optional classifier that learns from labelled posts and from the desk's own corrections.

Words, pairs of words and pieces of words, weighed by how rare they are; a linear model for each language, its
confidence calibrated on posts it did not learn from. Only training needs scikit-learn. What is kept is plain
JSON, so reading it can run nothing.
"""

import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import Any, NamedTuple

from community.core.search.analyzer import index_tokens
from community.core.storage import FileMissing, Storage

from . import rules
from .classes import QueryClass
from .labelled import LABELS, TRAIN, posts
from .suggesting import Reason, Suggestion

try:
    import numpy
    import sklearn  # type: ignore[import-untyped]
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
    from sklearn.model_selection import StratifiedKFold  # type: ignore[import-untyped]
except ImportError:  # the extra `triage` is only needed to learn
    sklearn = None

VERSION = 1  # raise it whenever features or the layout of the file change: older files are refused
KEY = "triage/classifier.json"
LARGEST = 50_000_000  # bytes of a file that is read at all
LONGEST_TEXT = 8000  # characters of a post that are read
FEATURES = 30_000  # per language
FOLDS = 5
LEAST_EXAMPLES = FOLDS  # of every class, before a language gets a model
NEVER = 2.0  # a threshold no confidence reaches
REASONS = 5

_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[^\W_\u3400-\u9fff]+(?:'[a-z]+)?")
_RUN = re.compile(r"[\u3400-\u9fff]+")
_ASCII_PIECES, _HAN_PIECES = (3, 4, 5), (1, 2, 3)


class ModelRefused(Exception):  # noqa: N818 - says what happened
    """The kept classifier is missing, damaged, or of another version; the rules go on alone."""


class Example(NamedTuple):
    """A text with the class it was found to belong to."""

    text: str
    language: str
    label: str


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
        model = self.models.get(known_language(language) or language_of(text))
        return model.classify(text) if model else None


def available() -> bool:
    """Whether the extra `triage` is installed."""
    return sklearn is not None


def known_language(code: str) -> str:
    """`zh_Hans_CN` and `zh-CN` are `zh`."""
    return re.split("[-_]", code.lower(), maxsplit=1)[0]


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


def shipped_examples() -> list[Example]:
    """The training split of the labelled set."""
    return [Example(post.text, post.language, post.label) for post in posts(TRAIN)]


def train(corrections: Iterable[Example] = (), *, precision: float = 0.9, shipped: bool = True) -> Classifier:
    """Learn from the labelled set and from corrections; `precision` (0 to 1) is asked of every class that acts.

    Takes some fifteen seconds for the labelled set, so it belongs into a job. Raises `RuntimeError` without the
    extra, `ValueError` for a label that does not exist. A language with fewer than five examples of any class
    gets no model.
    """
    if not available():
        raise RuntimeError("the classifier needs the extra: pip install isthmus[triage]")
    by_language: dict[str, list[Example]] = defaultdict(list)
    for example in [*(shipped_examples() if shipped else []), *corrections]:
        if example.label not in LABELS:
            raise ValueError(f"no such class: {example.label!r}")
        by_language[known_language(example.language)].append(example)
    return Classifier(
        {language: _model(found, precision) for language, found in sorted(by_language.items()) if _enough(found)}
    )


def _enough(examples: Sequence[Example]) -> bool:
    counts = Counter(example.label for example in examples)
    return all(counts[label] >= LEAST_EXAMPLES for label in LABELS)


def _model(examples: Sequence[Example], precision: float) -> Model:
    seen = [features(example.text) for example in examples]
    wanted = [LABELS.index(example.label) for example in examples]
    unseen = _unseen_scores(seen, wanted)
    temperature = _temperature(unseen, wanted)
    chances = [softmax(scores, temperature) for scores in unseen]
    limits = thresholds(chances, wanted, precision)
    return replace(_fitted(seen, wanted), temperature=temperature, thresholds=limits)


def _unseen_scores(seen: Sequence[Sequence[Feature]], wanted: Sequence[int]) -> list[list[float]]:
    """The scores of each example by a model that learned from the other folds."""
    scores: list[list[float]] = [[] for _ in seen]
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    for others, these in folds.split(wanted, wanted):
        model = _fitted([seen[i] for i in others], [wanted[i] for i in others])
        for i in these:
            scores[i] = model.scores(seen[i])
    return scores


def _temperature(scores: Sequence[Sequence[float]], wanted: Sequence[int]) -> float:
    """The temperature under which the right classes of unseen examples are least surprising."""

    def surprise(temperature: float) -> float:
        return -sum(math.log(softmax(s, temperature)[w] + 1e-12) for s, w in zip(scores, wanted, strict=True))

    return min((step / 20 for step in range(2, 61)), key=surprise)


def thresholds(chances: Sequence[Sequence[float]], wanted: Sequence[int], precision: float) -> dict[str, float]:
    """For each class the lowest confidence from which on at least `precision` of the verdicts were right.

    Half a wrong verdict is added to what was counted, so that few verdicts prove little: 0.9 takes four without
    a mistake, or one mistake in fourteen.
    """
    found: dict[str, float] = dict.fromkeys(map(str, LABELS), NEVER)
    for place, label in enumerate(LABELS):
        rows = zip(chances, wanted, strict=True)
        verdicts = sorted(((row[place], right == place) for row, right in rows if max(row) == row[place]), reverse=True)
        hits = 0
        for count, (confidence, right) in enumerate(verdicts, 1):
            hits += right
            last_of_its_kind = count == len(verdicts) or verdicts[count][0] < confidence
            if last_of_its_kind and (hits + 0.5) / (count + 1) >= precision:
                found[str(label)] = confidence
    return found


def _fitted(seen: Sequence[Sequence[Feature]], wanted: Sequence[int]) -> Model:
    rarity = _rarity(seen)
    places = {name: place for place, name in enumerate(rarity)}
    rows, columns, values = [], [], []
    for row, found in enumerate(seen):
        for name, value in vector(found, rarity).items():
            rows.append(row)
            columns.append(places[name])
            values.append(value)
    matrix = csr_matrix((values, (rows, columns)), shape=(len(seen), len(rarity)))
    fit = LogisticRegression(C=10.0, class_weight="balanced", max_iter=500).fit(matrix, numpy.array(wanted))
    weights = {name: [round(float(w), 4) for w in fit.coef_[:, place]] for name, place in places.items()}
    return Model(rarity, weights, [float(value) for value in fit.intercept_], 1.0, {})


def _rarity(seen: Sequence[Sequence[Feature]]) -> dict[str, float]:
    """How rare each feature is, of those that occur in two texts or more."""
    counts = Counter(name for found in seen for name in {feature.name for feature in found})
    kept = sorted((name for name, count in counts.items() if count > 1), key=lambda name: (-counts[name], name))
    return {name: round(math.log((1 + len(seen)) / (1 + counts[name])) + 1, 4) for name in kept[:FEATURES]}


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


def library_version() -> str:
    """The version of scikit-learn that is installed, or "" without the extra."""
    return str(sklearn.__version__) if sklearn is not None else ""


def keep(classifier: Classifier, storage: Storage) -> None:
    """Store a classifier in place of the one before. Raises `StorageError`."""
    languages = {language: asdict(model) for language, model in classifier.models.items()}
    content = {"version": VERSION, "library": library_version(), "labels": LABELS, "languages": languages}
    storage.put(KEY, json.dumps(content, ensure_ascii=False).encode(), "application/json")


def kept(storage: Storage) -> Classifier:
    """The classifier that was stored. Raises `ModelRefused` with the reason where there is none to be used, and
    `StorageError`."""
    try:
        data = storage.get(KEY)
    except FileMissing as error:
        raise ModelRefused("no classifier was stored") from error
    if len(data) > LARGEST:
        raise ModelRefused("the file is too large")
    try:
        return _read(json.loads(data, parse_constant=_no_number))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ModelRefused("the file is damaged") from error


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
