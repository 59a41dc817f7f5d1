"""Learning a classifier from labelled posts and the desk's own corrections; only this module loads scikit-learn.

A linear model for each language, its confidence calibrated on posts it did not learn from.
"""

import json
import math
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from .classifying import (
    NEVER,
    PRECISION,
    Classifier,
    Feature,
    Model,
    features,
    known_language,
    packed,
    proven,
    softmax,
    vector,
)
from .examples import Example, shipped_examples
from .labelled import LABELS

try:
    import numpy
    import sklearn  # type: ignore[import-untyped]
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
    from sklearn.model_selection import StratifiedKFold  # type: ignore[import-untyped]
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]
except ImportError:  # the extra `triage` is only needed to learn
    sklearn = None

FEATURES = 30_000  # per language
FOLDS = 5
LEAST_EXAMPLES = FOLDS  # of every class, before a language gets a model


def train(corrections: Iterable[Example] = (), *, precision: float = PRECISION, shipped: bool = True) -> Classifier:
    """Learn from the labelled set and from corrections; `precision` (0 to 1) is asked of every class that acts.

    Takes some fifteen seconds for the labelled set, so it belongs into a job. Raises `RuntimeError` without the
    extra, `ValueError` for a label that does not exist. A language with fewer than five examples of any class
    gets no model.
    """
    if sklearn is None:
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
    """For each class the lowest confidence from which on its verdicts are proven right, else `NEVER`."""
    found: dict[str, float] = dict.fromkeys(map(str, LABELS), NEVER)
    for place, label in enumerate(LABELS):
        rows = zip(chances, wanted, strict=True)
        verdicts = sorted(((row[place], right == place) for row, right in rows if max(row) == row[place]), reverse=True)
        hits = 0
        for count, (confidence, right) in enumerate(verdicts, 1):
            hits += right
            last_of_its_kind = count == len(verdicts) or verdicts[count][0] < confidence
            if last_of_its_kind and proven(hits, count, precision):
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
    with threadpool_limits(1):  # more threads wait for one another: they take ten times the processor
        fit = LogisticRegression(C=10.0, class_weight="balanced", max_iter=500).fit(matrix, numpy.array(wanted))
    weights = {name: [round(float(w), 4) for w in fit.coef_[:, place]] for name, place in places.items()}
    return Model(rarity, weights, [float(value) for value in fit.intercept_], 1.0, {})


def _rarity(seen: Sequence[Sequence[Feature]]) -> dict[str, float]:
    """How rare each feature is, of those that occur in two texts or more."""
    counts = Counter(name for found in seen for name in {feature.name for feature in found})
    kept = sorted((name for name, count in counts.items() if count > 1), key=lambda name: (-counts[name], name))
    return {name: round(math.log((1 + len(seen)) / (1 + counts[name])) + 1, 4) for name in kept[:FEATURES]}


def main() -> int:
    """Learn from the corrections on standard input and write what was learned to standard output; the exit status.

    Input is a JSON list of texts, each with its language and its class; output is what `classifying.unpacked` reads.
    """
    if hasattr(os, "nice"):
        os.nice(5)
    corrections = [Example(*each) for each in json.load(sys.stdin.buffer)]
    sys.stdout.buffer.write(packed(train(corrections)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
