import sys
from collections.abc import Iterable

import pytest

from bridge.triage import classifying, measuring
from bridge.triage.classes import ONLY_A_QUESTION, QueryClass
from bridge.triage.classifying import Classifier
from bridge.triage.examples import Example
from bridge.triage.figures import quality
from bridge.triage.labelled import LABELS, TEST, posts
from bridge.triage.measuring import main, measure, measure_history, table

# Macro-F1 on the test split that must not be lost, a little below what docs/triage.md reports.
RULES_FLOOR = {"en": 0.33, "zh": 0.30}
CLASSIFIER_FLOOR = {"en": 0.46, "zh": 0.35}


def test_quality_of_a_few_verdicts() -> None:
    right, other = str(QueryClass.INCIDENT), str(QueryClass.COMPLAINT)
    found = quality([(right, right), (right, other), (other, other), (other, other)])
    incident, complaint = found.classes[right], found.classes[other]
    assert (incident.precision, incident.recall, incident.posts) == (1.0, 0.5, 2)
    assert (complaint.precision, complaint.recall) == (2 / 3, 1.0)
    assert incident.f1 == pytest.approx(2 / 3)
    assert found.macro_f1 == pytest.approx((2 / 3 + 0.8) / 2)
    assert found.classes[ONLY_A_QUESTION].f1 == 0.0


def test_quality_of_nothing() -> None:
    found = quality([])
    assert (found.macro_f1, found.posts) == (0.0, 0)


def test_the_rules_are_as_good_as_reported() -> None:
    figures = measure()
    sys.stdout.write(f"\n{table(figures)}\n")
    for language, floor in RULES_FLOOR.items():
        assert figures[language].rules.posts == len(posts(TEST, language))
        assert figures[language].rules.macro_f1 >= floor
        assert figures[language].classifier is None
        assert figures[language].combined == figures[language].rules


def test_the_classifier_is_as_good_as_reported(classifier: Classifier) -> None:
    figures = measure(classifier)
    sys.stdout.write(f"\n{table(figures)}\n")
    for language, floor in CLASSIFIER_FLOOR.items():
        found = figures[language]
        assert found.classifier is not None
        assert found.classifier.macro_f1 >= floor
        assert found.combined.macro_f1 >= found.rules.macro_f1
        assert 0 < found.acted_right <= found.acted <= found.rules.posts


def test_history_is_learned_from_its_older_part_only() -> None:
    history = [Example(f"text {place}", "en", QueryClass.INCIDENT) for place in range(6)]
    history += [Example("VPN 断了", "zh", QueryClass.INCIDENT), Example("kaputt", "de", QueryClass.INCIDENT)]
    seen: list[Example] = []

    def learn(examples: Iterable[Example]) -> Classifier:
        seen.extend(examples)
        flat = classifying.Model({}, {}, [1.0, *[0.0] * (len(LABELS) - 1)], 1.0, dict.fromkeys(map(str, LABELS), 2.0))
        return Classifier({"en": flat, "zh": flat})

    found = measure_history(history, share=0.5, learn=learn)
    assert seen == history[:4]
    assert {language: figures.posts for language, figures in found.items()} == {"en": 2, "zh": 1}
    assert found["en"].macro_f1 == 1.0


def test_the_command_prints_the_rules_without_the_extra(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(classifying, "library_version", str)
    assert main([]) == 0
    printed = capsys.readouterr().out
    assert "en macro" in printed
    assert all(str(label) in printed for label in LABELS)
    assert measuring.main(["all"]) == 2
    assert "usage" in capsys.readouterr().err
