"""How often a classification is right, by class and language: `python -m bridge.triage.measuring`."""

import sys
from collections.abc import Callable, Iterable, Sequence

from .classifying import Classifier, available
from .examples import Example, labelled_examples
from .figures import Figures, Pair, Quality, by_language, figures_of, quality
from .labelled import LABELS, TEST, TRAIN
from .learning import train


def measure(classifier: Classifier | None = None, split: str = TEST) -> dict[str, Figures]:
    """Figures by language on one split of the labelled set."""
    known = by_language(labelled_examples(split))
    return {language: figures_of(found, classifier) for language, found in known.items()}


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
