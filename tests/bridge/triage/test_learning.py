import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bridge.triage import classifying, examples, learning
from bridge.triage.classes import ONLY_A_QUESTION, QueryClass
from bridge.triage.classifying import Classifier, Learned, ModelRefused, combine, keep, kept
from bridge.triage.examples import Example
from bridge.triage.labelled import LABELS, TEST, TRAIN, posts
from bridge.triage.learning import thresholds, train
from bridge.triage.suggesting import Evidence, Reason, suggest
from community.core.storage import LocalStorage

needs_extra = pytest.mark.skipif(not classifying.available(), reason="the extra `triage` is not installed")
QUESTION = "Where is the list of rooms?\nHow do I find out which one is the closest?"
SURE = Learned(QueryClass.DISASTER, 0.9, (("river", 0.8), ("dam", 0.01)), acts=True)


@pytest.fixture
def storage(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path)


@pytest.fixture
def content(classifier: Classifier, storage: LocalStorage) -> dict[str, Any]:
    keep(classifier, storage)
    found: dict[str, Any] = json.loads(storage.get(classifying.KEY))
    return found


def test_a_verdict_names_the_words_that_spoke_for_it(classifier: Classifier) -> None:
    found = classifier.classify(QUESTION, "en")
    assert found is not None
    assert found.query_class == ONLY_A_QUESTION
    assert 0 < found.confidence <= 1
    assert 0 < len(found.words) <= classifying.REASONS
    assert all(word in QUESTION.lower() and 0 < share <= 1 for word, share in found.words)


def test_chinese_words_are_shown_whole(classifier: Classifier) -> None:
    found = classifier.classify("机房进水，全部撤离，服务器都停了")
    assert found is not None
    assert found.query_class == QueryClass.DISASTER
    assert any(len(word) > 1 for word, _ in found.words)


def test_a_long_text_is_read_to_a_limit(classifier: Classifier) -> None:
    beginning = QUESTION + " " * classifying.LONGEST_TEXT
    assert classifier.classify(beginning + "fire flood", "en") == classifier.classify(beginning, "en")
    assert classifier.classify("", "en") is not None


def test_other_languages_have_no_verdict(classifier: Classifier) -> None:
    assert classifier.classify("Der Drucker ist kaputt", "de") is None


@pytest.mark.parametrize(("code", "language"), [("zh_Hans_CN", "zh"), ("zh-CN", "zh"), ("EN", "en"), ("", "")])
def test_known_language(code: str, language: str) -> None:
    assert classifying.known_language(code) == language


def test_the_language_is_seen_from_the_text() -> None:
    assert classifying.language_of("VPN 连不上了") == "zh"
    assert classifying.language_of("The 打印机 does not work") == "en"
    assert all(classifying.language_of(post.text) == post.language for post in posts(TRAIN))


def test_nothing_is_learned_from_the_test_split() -> None:
    shipped = {example.text for example in examples.shipped_examples()}
    assert shipped == {post.text for post in posts(TRAIN)}
    assert not shipped & {post.text for post in posts(TEST)}


def _some(language: str) -> list[Example]:
    """As many examples as a language needs to get a model."""
    known = [example for example in examples.shipped_examples() if example.language == language]
    return [e for label in LABELS for e in [e for e in known if e.label == label][: learning.LEAST_EXAMPLES]]


@needs_extra
def test_learning_twice_gives_the_same() -> None:
    assert train(_some("zh"), shipped=False) == train(_some("zh"), shipped=False)


@needs_extra
def test_corrections_are_learned_from() -> None:
    text = "The zorblax is humming"
    corrections = [Example(f"{text} {place}", "en_GB", QueryClass.COMPLIMENT) for place in range(12)]
    before = train(_some("en"), shipped=False).classify(text, "en")
    after = train([*_some("en"), *corrections], shipped=False).classify(text, "en")
    assert before is not None
    assert after is not None
    assert after.query_class == QueryClass.COMPLIMENT
    assert "zorblax" in dict(after.words)
    assert "zorblax" not in dict(before.words)


@needs_extra
def test_a_language_with_few_examples_is_left_out() -> None:
    few = [Example("Der Drucker ist kaputt", "de", label) for label in LABELS]
    assert train(few, shipped=False).models == {}


@needs_extra
def test_a_label_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="no such class: 'nonsense'"):
        train([Example("x", "en", "nonsense")])


def _verdicts(label: str, *confidences: float) -> list[list[float]]:
    place = LABELS.index(label)
    return [[c if i == place else (1 - c) / (len(LABELS) - 1) for i in range(len(LABELS))] for c in confidences]


def test_a_threshold_is_as_low_as_precision_allows() -> None:
    right, wrong = LABELS.index(QueryClass.INCIDENT), LABELS.index(QueryClass.COMPLAINT)
    chances = _verdicts(QueryClass.INCIDENT, 0.9, 0.8, 0.7, 0.6, 0.5)
    found = thresholds(chances, [right, right, right, right, wrong], 0.9)
    assert found[QueryClass.INCIDENT] == 0.6
    assert found[QueryClass.COMPLAINT] == classifying.NEVER


def test_few_verdicts_prove_nothing_and_equal_ones_stand_together() -> None:
    right, wrong = LABELS.index(QueryClass.INCIDENT), LABELS.index(QueryClass.COMPLAINT)
    three = thresholds(_verdicts(QueryClass.INCIDENT, 0.9, 0.8, 0.7), [right] * 3, 0.9)
    assert three[QueryClass.INCIDENT] == classifying.NEVER
    equal = thresholds(_verdicts(QueryClass.INCIDENT, *[0.9] * 5), [right] * 4 + [wrong], 0.9)
    assert equal[QueryClass.INCIDENT] == classifying.NEVER


def test_without_the_extra_the_rules_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "sklearn", None)
    monkeypatch.setattr(classifying, "library_version", str)
    assert not classifying.available()
    with pytest.raises(RuntimeError, match=r"isthmus\[triage\]"):
        train()
    suggestion = suggest(Evidence("The VPN is down", ""))
    assert combine(suggestion, None) is suggestion


def test_below_its_threshold_the_rules_stand() -> None:
    suggestion = suggest(Evidence("The river is over the dam", "Error"))
    assert combine(suggestion, replace(SURE, acts=False)) is suggestion


def test_above_it_the_classifier_decides_with_reasons() -> None:
    found = combine(suggest(Evidence("The river is over the dam", "Error")), SURE)
    assert (found.query_class, found.sureness) == (QueryClass.DISASTER, 0.9)
    assert found.reasons[:2] == (
        Reason(8, QueryClass.DISASTER, "learned", "river"),
        Reason(1, QueryClass.DISASTER, "learned", "dam"),
    )
    against = [reason for reason in found.reasons if reason.query_class != QueryClass.DISASTER]
    assert against
    assert all(reason.weight < 0 for reason in against)


def test_where_both_agree_the_rules_reasons_stay() -> None:
    found = combine(suggest(Evidence("Flood in the cellar", "")), SURE)
    assert {reason.why for reason in found.reasons if reason.weight > 0} == {"learned", "emergency"}


def test_a_threat_stands_whatever_was_learned() -> None:
    suggestion = suggest(Evidence("Phishing mail", "about a flood"))
    assert combine(suggestion, SURE) is suggestion


def test_what_is_kept_comes_back_the_same(classifier: Classifier, storage: LocalStorage) -> None:
    keep(classifier, storage)
    assert kept(storage) == classifier
    json.loads(storage.get(classifying.KEY))  # text, nothing that could run


def test_nothing_kept(storage: LocalStorage) -> None:
    with pytest.raises(ModelRefused, match="no classifier was stored"):
        kept(storage)


@pytest.mark.parametrize(("name", "value"), [("version", 0), ("library", "0.1"), ("labels", ["incident"])])
def test_another_version_is_refused(content: dict[str, Any], storage: LocalStorage, name: str, value: object) -> None:
    storage.put(classifying.KEY, json.dumps(content | {name: value}).encode(), "application/json")
    with pytest.raises(ModelRefused, match=f"{name} is .*; learn again"):
        kept(storage)


def test_without_the_extra_a_file_is_refused(
    content: dict[str, Any], storage: LocalStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(classifying, "library_version", str)
    with pytest.raises(ModelRefused, match="library"):
        kept(storage)


PICKLE = b"\x80\x04\x95\x0f\x00\x00\x00\x00\x00\x00\x00\x8c\x02os\x94\x8c\x06system\x94\x93\x94."


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"{}", b"7", PICKLE, b"[" * 100_000, b"\xff\xfe"])
def test_a_damaged_file_is_refused(storage: LocalStorage, data: bytes) -> None:
    storage.put(classifying.KEY, data, "application/json")
    with pytest.raises(ModelRefused, match="damaged"):
        kept(storage)


@pytest.mark.parametrize(
    "change",
    [
        {"intercepts": [0.0]},
        {"temperature": 0},
        {"temperature": float("nan")},
        {"temperature": True},
        {"thresholds": {}},
        {"weights": {}},
        {"rarity": {"t:x": "1"}, "weights": {"t:x": [0.0] * len(LABELS)}},
        {"unknown": 1},
    ],
)
def test_a_model_without_its_numbers_is_refused(
    content: dict[str, Any], storage: LocalStorage, change: dict[str, Any]
) -> None:
    content["languages"]["zh"] |= change
    storage.put(classifying.KEY, json.dumps(content).encode(), "application/json")
    with pytest.raises(ModelRefused, match="damaged"):
        kept(storage)


def test_a_huge_file_is_not_read(storage: LocalStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classifying, "LARGEST", 10)
    storage.put(classifying.KEY, b" " * 11, "application/json")
    with pytest.raises(ModelRefused, match="too large"):
        kept(storage)
