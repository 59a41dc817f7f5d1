"""How often verdicts are right, by class. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .classifying import Classifier, combine
from .examples import Example
from .labelled import LABELS
from .suggesting import Evidence, suggest

Pair = tuple[str, str]
"""The right class, and the one that was found."""


@dataclass(frozen=True)
class ClassQuality:
    """Of one class: the share of verdicts that were right, the share of its posts that were found, their harmonic
    mean (each 0 to 1, 0 where there was nothing to divide), and how many posts it has."""

    precision: float
    recall: float
    f1: float
    posts: int


@dataclass(frozen=True)
class Quality:
    """Quality of each class, and the mean of F1 over the classes that have posts."""

    classes: dict[str, ClassQuality]
    macro_f1: float
    posts: int


def quality(pairs: Iterable[Pair]) -> Quality:
    """The quality of verdicts."""
    known = list(pairs)
    classes = {str(label): _of_class(known, label) for label in LABELS}
    counted = [found.f1 for found in classes.values() if found.posts]
    return Quality(classes, sum(counted) / len(counted) if counted else 0.0, len(known))


def _of_class(pairs: Sequence[Pair], label: str) -> ClassQuality:
    hits = sum(right == found == label for right, found in pairs)
    there, named = sum(right == label for right, _ in pairs), sum(found == label for _, found in pairs)
    f1 = 2 * hits / (there + named) if there + named else 0.0
    return ClassQuality(hits / named if named else 0.0, hits / there if there else 0.0, f1, there)


@dataclass(frozen=True)
class Figures:
    """One language's posts under the rules, the classifier alone, and both; how often it acted and was right."""

    rules: Quality
    classifier: Quality | None
    combined: Quality
    acted: int
    acted_right: int


def by_rules(example: Example) -> str:
    """What the rules make of a text's words; its tags, space and kind are not known."""
    return suggest(_evidence(example)).query_class


def figures_of(known: Sequence[Example], classifier: Classifier | None) -> Figures:
    """Figures of texts whose classes are known, all in one language."""
    verdicts = [classifier.classify(each.text, each.language) if classifier else None for each in known]
    pairs = list(zip(known, verdicts, strict=True))
    alone = [(each.label, learned.query_class) for each, learned in pairs if learned]
    sure = [(each.label, learned.query_class) for each, learned in pairs if learned and learned.acts]
    both = [(each.label, combine(suggest(_evidence(each)), learned).query_class) for each, learned in pairs]
    return Figures(
        rules=quality((each.label, by_rules(each)) for each in known),
        classifier=quality(alone) if alone else None,
        combined=quality(both),
        acted=len(sure),
        acted_right=sum(right == found for right, found in sure),
    )


def by_language(known: Iterable[Example]) -> dict[str, list[Example]]:
    """Examples by their language, in their order."""
    found: dict[str, list[Example]] = {}
    for example in known:
        found.setdefault(example.language, []).append(example)
    return found


def _evidence(example: Example) -> Evidence:
    return Evidence(example.text, "", kind="discussion")
