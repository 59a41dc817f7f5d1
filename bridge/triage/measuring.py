"""How often a classification is right, by class and language: `python -m bridge.triage.measuring`."""

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from .labelled import LABELS, TEST, TRAIN, Post, posts
from .learning import Classifier, Example, available, combine, train
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


def by_rules(post: Post) -> str:
    """What the rules make of a post's words; its tags, space and kind are not known."""
    return suggest(_evidence(post)).query_class


def measure(classifier: Classifier | None = None, split: str = TEST) -> dict[str, Figures]:
    """Figures by language on one split of the labelled set."""
    languages = dict.fromkeys(post.language for post in posts(split))
    return {language: _figures(posts(split, language), classifier) for language in languages}


def _figures(known: Sequence[Post], classifier: Classifier | None) -> Figures:
    verdicts = [classifier.classify(post.text, post.language) if classifier else None for post in known]
    alone = [(post.label, learned.query_class) for post, learned in zip(known, verdicts, strict=True) if learned]
    sure = [(p.label, v.query_class) for p, v in zip(known, verdicts, strict=True) if v and v.acts]
    both = [(p.label, combine(suggest(_evidence(p)), v).query_class) for p, v in zip(known, verdicts, strict=True)]
    return Figures(
        rules=quality((post.label, by_rules(post)) for post in known),
        classifier=quality(alone) if alone else None,
        combined=quality(both),
        acted=len(sure),
        acted_right=sum(right == found for right, found in sure),
    )


def _evidence(post: Post) -> Evidence:
    return Evidence(post.title, post.body, kind="discussion")


def measure_history(
    corrections: Sequence[Example], *, share: float = 0.25, learn: Callable[[Iterable[Example]], Classifier] = train
) -> dict[str, Quality]:
    """Quality by language on the newest `share` (0 to 1) of the corrections, which come oldest first, of a
    classifier that learned from the labelled set and the older ones. Raises what `learn` raises."""
    older = len(corrections) - round(len(corrections) * share)
    classifier = learn(corrections[:older])
    pairs: dict[str, list[Pair]] = {}
    for example in corrections[older:]:
        learned = classifier.classify(example.text, example.language)
        if learned:
            pairs.setdefault(example.language, []).append((example.label, learned.query_class))
    return {language: quality(found) for language, found in pairs.items()}


def table(figures: dict[str, Figures]) -> str:
    """The figures as text, classes below their language."""
    lines = [f"{'':26}{'posts':>6}{'rules':>8}{'classifier':>12}{'combined':>10}  (F1)"]
    for language, found in figures.items():
        alone = f"{found.classifier.macro_f1:.2f}" if found.classifier else "-"
        acted = f"  acted {found.acted}, right {found.acted_right}"
        macro = f"{found.rules.posts:>6}{found.rules.macro_f1:>8.2f}{alone:>12}{found.combined.macro_f1:>10.2f}"
        lines.append(f"{language + ' macro':26}{macro}{acted if found.classifier else ''}")
        lines += [_line(label, found) for label in LABELS]
    return "\n".join(lines)


def _line(label: str, found: Figures) -> str:
    rules, both = found.rules.classes[label], found.combined.classes[label]
    alone = f"{found.classifier.classes[label].f1:.2f}" if found.classifier else "-"
    return f"  {label!s:24}{rules.posts:>6}{rules.f1:>8.2f}{alone:>12}{both.f1:>10.2f}"


def main(arguments: Sequence[str]) -> int:
    """Print the figures of the test split, or of the split that is named. Returns the exit status."""
    split = arguments[0] if arguments else TEST
    if split not in (TRAIN, TEST):
        sys.stderr.write("usage: python -m bridge.triage.measuring [train|test]\n")
        return 2
    sys.stdout.write(table(measure(train() if available() else None, split)) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
