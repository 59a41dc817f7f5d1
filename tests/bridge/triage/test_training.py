import logging
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

from bridge.queries import operations
from bridge.queries.promotion import preview
from bridge.triage import classifying, commands, reporting, training, verdicts
from bridge.triage.classes import QueryClass
from bridge.triage.classifying import Classifier, Model, keep, kept
from bridge.triage.corrections import Correction
from bridge.triage.examples import Example
from bridge.triage.labelled import LABELS
from bridge.triage.reporting import Report, Reports
from bridge.triage.suggesting import Evidence, suggest
from bridge.triage.training import LearningError, learn_from, learn_weekly
from community import public
from community.core import jobs
from community.core.db import db
from community.core.policies import Actor, Role
from community.core.storage import StorageError
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_thread
from tests.factories.bridge import a_query

ROOT = Path(__file__).parents[3]
DISASTER = str(QueryClass.DISASTER)


def flat(label: str, threshold: float = 2.0, word: str = "zorblax") -> Model:
    """A model that names one class whenever a word occurs, and an incident otherwise."""
    place = LABELS.index(label)  # type: ignore[arg-type]
    weights = [9.0 if i == place else 0.0 for i in range(len(LABELS))]
    limits = dict.fromkeys(map(str, LABELS), 2.0) | {label: threshold}
    return Model({f"w:{word}": 1.0}, {f"w:{word}": weights}, [1.0, *[0.0] * (len(LABELS) - 1)], 1.0, limits)


SURE = Classifier({"en": flat(DISASTER, 0.5)})


@pytest.fixture(autouse=True)
def _fresh(request: pytest.FixtureRequest) -> Iterator[None]:
    if "app" in request.fixturenames:
        request.getfixturevalue("app")
        verdicts.look_again()
    yield


@pytest.fixture
def _extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classifying, "library_version", lambda: "1.0")


def _report(**others: Any) -> Report:
    usual: dict[str, Any] = {
        "at": "2026-01-01T00:00:00+00:00",
        "kept": True,
        "learned_until": 0,
        "invented": 1,
        "own": 0,
    }
    return Report(**usual | {"held_invented": 1, "held_own": 0, "score": 0.5, "before": 0.4} | others)


def _stand(classifier: Classifier, **about: Any) -> None:
    keep(classifier, verdicts.storage())
    found = _report(**about)
    reporting.write(Reports(found, found), verdicts.storage())
    verdicts.look_again()


def _own(number: int, *, begin: int = 1, text: str = "The zorblax hums", label: str = DISASTER) -> list[Correction]:
    return [Correction(begin + i, Example(f"{text} {i}", "en", label)) for i in range(number)]


# --- the suggestion ---


@pytest.mark.usefixtures("_extra")
def test_a_kept_classifier_speaks_with_the_rules(app: Flask) -> None:
    evidence = Evidence("The zorblax is humming", "It fails")
    assert verdicts.suggestion_of(evidence) == suggest(evidence)
    _stand(SURE)
    found = verdicts.suggestion_of(evidence)
    assert found.query_class == DISASTER
    assert found.reasons[0].why == "learned"
    assert found.reasons[0].found == "zorblax"
    assert verdicts.suggestion_of(Evidence("Phishing mail about the zorblax", "")).query_class == QueryClass.SUSPICIOUS


@pytest.mark.usefixtures("_extra")
def test_the_way_over_shows_what_was_learned(app: Flask, login_as: LoginAs) -> None:
    _stand(SURE)
    thread = a_thread(author=a_member(handle="ann"), title="The zorblax is humming", body="Since noon")
    snapshot = public.thread_snapshot(thread.id)
    assert snapshot is not None
    assert preview(Actor(), snapshot).query_class == DISASTER
    ann = login_as("ann")
    ann.get(f"/threads/{thread.id}/promotion")
    assert "“zorblax”: learned from earlier posts" in ann.text
    ann.submit("#promotion", query_class="complaint", reason="It is only loud")
    query = a_query(thread)
    assert (query.query_class, query.suggested_class) == ("complaint", DISASTER)


def test_without_the_extra_the_rules_speak_alone(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classifying, "library_version", str)
    _stand(SURE)
    assert verdicts.standing() is None


@pytest.mark.usefixtures("_extra")
def test_a_file_that_cannot_be_read_is_left_out_with_one_line(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    _stand(SURE)
    verdicts.storage().put(classifying.KEY, b"{", "application/json")
    with caplog.at_level(logging.WARNING, "bridge.triage"):
        for _time in range(3):
            assert verdicts.suggestion_of(Evidence("zorblax", "")).query_class != DISASTER
    assert [record.getMessage() for record in caplog.records] == [
        "the classifier is left out, the rules go on alone: the file is damaged"
    ]


@pytest.mark.usefixtures("_extra")
def test_a_newer_classifier_is_read_after_a_while(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    _stand(Classifier({}))
    assert verdicts.standing() == Classifier({})
    keep(SURE, verdicts.storage())
    reporting.write(Reports(_report(at="2026-02-02T00:00:00+00:00")), verdicts.storage())
    assert verdicts.standing() == Classifier({})
    monkeypatch.setattr(verdicts, "LOOK_AGAIN", 0.0)
    assert verdicts.standing() == SURE
    loaded = verdicts.standing()
    assert verdicts.standing() is loaded


@pytest.mark.usefixtures("_extra")
def test_a_storage_that_fails_leaves_the_rules(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def get(self, key: str) -> bytes:
            raise StorageError("away")

    monkeypatch.setitem(app.extensions, "isthmus.storage", Broken())
    assert verdicts.standing() is None


def test_web_and_worker_never_load_the_library() -> None:
    code = "import sys, bridge.setup, bridge.cli; print({'sklearn', 'numpy', 'scipy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


# --- learning ---


def test_what_is_not_worse_is_kept(app: Flask) -> None:
    seen: list[int] = []

    def train(own: Sequence[Example]) -> Classifier:
        seen.append(len(own))
        return SURE

    report = learn_from(_own(8), train)
    assert seen == [6, 8]
    assert report.kept
    assert report.score >= report.before
    assert (report.own, report.held_own, report.learned_until) == (8, 2, 8)
    stored = reporting.reports(verdicts.storage())
    assert stored.kept == stored.last == report
    assert kept(verdicts.storage()).models.keys() == {"en"}


def test_a_language_acts_once_it_is_proven(app: Flask) -> None:
    few = learn_from(_own(8), lambda _own: SURE)
    assert (few.languages["en"].acted, few.languages["en"].right, few.languages["en"].may_act) == (2, 2, False)
    assert kept(verdicts.storage()).models["en"].thresholds[DISASTER] == classifying.NEVER
    verdicts.storage().delete(reporting.KEY)
    many = learn_from(_own(40), lambda _own: SURE)
    assert (many.languages["en"].acted, many.languages["en"].may_act) == (10, True)
    assert many.languages["en"].classes[DISASTER].acts
    assert not many.languages["zh"].may_act
    assert kept(verdicts.storage()).models["en"].thresholds[DISASTER] == 0.5


def test_what_is_worse_is_not_kept(app: Flask) -> None:
    _stand(SURE)
    report = learn_from(_own(40), lambda _own: Classifier({"en": flat("complaint", 0.1)}))
    assert not report.kept
    assert report.score < report.before
    stored = reporting.reports(verdicts.storage())
    assert stored.kept is not None
    assert stored.kept != report == stored.last
    assert kept(verdicts.storage()) == SURE


def test_only_what_stands_has_not_seen_is_held_out(app: Flask) -> None:
    _stand(SURE, learned_until=30)
    report = learn_from(_own(40), lambda _own: SURE)
    assert (report.own, report.held_own) == (40, 5)


@pytest.mark.usefixtures("_extra")
def test_the_weekly_job_learns_only_when_something_was_decided(
    app: Flask, monkeypatch: pytest.MonkeyPatch, run_jobs: RunJobs
) -> None:
    learned: list[int] = []

    def train(own: Sequence[Example]) -> Classifier:
        assert not db.session().in_transaction()
        learned.append(len(own))
        return SURE

    monkeypatch.setattr(training, "train_apart", train)

    def turn() -> None:
        jobs.enqueue(learn_weekly)
        run_jobs()

    agent = a_member(role=Role.AGENT)
    query = a_query()
    operations.classify(query, QueryClass.COMPLAINT, by_id=agent.id)
    turn()
    assert learned == [1]
    turn()
    assert learned == [1]
    operations.classify(query, QueryClass.COMPLIMENT, by_id=agent.id)
    turn()
    assert learned == [1, 1]
    verdicts.storage().put(classifying.KEY, b"{", "application/json")
    turn()
    assert learned == [1, 1, 1]
    monkeypatch.setattr(classifying, "library_version", str)
    monkeypatch.setattr(training, "available", lambda: False)
    operations.classify(query, QueryClass.COMPLAINT, by_id=agent.id)
    turn()
    assert learned == [1, 1, 1]
    assert "bridge.triage.training.learn_weekly" in jobs.timetables


@pytest.mark.skipif(not classifying.available(), reason="the extra `triage` is not installed")
def test_another_process_learns(app: Flask) -> None:
    own = [each.example for each in _own(12, text="The zorblax is humming", label="compliment")]
    found = training.train_apart(own).classify("The zorblax is humming", "en")
    assert found is not None
    assert found.query_class == "compliment"
    with pytest.raises(LearningError, match="no such class"):
        training.train_apart([Example("x", "en", "nonsense")])


def test_learning_that_cannot_be_says_why(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "available", lambda: False)
    with pytest.raises(LearningError, match=r"isthmus\[triage\]"):
        training.train_apart([])
    monkeypatch.setattr(training, "available", lambda: True)
    monkeypatch.setattr(training, "LONGEST", 0.001)
    with pytest.raises(LearningError, match="timed out"):
        training.train_apart([])


def test_the_command_tells_what_came_out(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "train_apart", lambda _own: SURE)
    monkeypatch.setattr("community.core.cli.application", lambda: app)
    done = CliRunner().invoke(commands.triage, ["learn"])
    assert done.exit_code == 0, done.output
    assert "Kept." in done.output
    assert "en: does not act, 0 of 0 were right" in done.output
    assert "Not kept" in commands.lines(_report(kept=False))[2]

    def fails(_own: object) -> Classifier:
        raise LearningError("training failed: no room")

    monkeypatch.setattr(training, "train_apart", fails)
    done = CliRunner().invoke(commands.triage, ["learn"])
    assert done.exit_code == 1
    assert "no room" in done.output


# --- the report and its page ---


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"kept": 7, "last": null}', b"[" * 100_000, b" " * 1_000_001])
def test_a_report_that_cannot_be_read_is_none(app: Flask, data: bytes) -> None:
    verdicts.storage().put(reporting.KEY, data, "application/json")
    assert reporting.reports(verdicts.storage()) == Reports()


@pytest.mark.usefixtures("_extra")
def test_managers_read_quality_and_wrong_classes(app: Flask, login_as: LoginAs) -> None:
    a_member(handle="mona", role=Role.MANAGER)
    agent = a_member(handle="jonas", role=Role.AGENT)
    query = a_query(by=a_member(name="Priya Example"))
    mona = login_as("mona")
    mona.get("/desk/triage")
    assert "nothing was learned yet" in mona.text
    assert "Of 0 classes that the desk confirmed or changed, 0 were wrong." in mona.text
    learn_from(_own(40), lambda _own: SURE)
    operations.classify(query, QueryClass.COMPLAINT, by_id=agent.id)
    mona.get("/desk/triage")
    assert "The rules work together with what was learned." in mona.text
    assert "acts from 50 %" in mona.text
    assert "Does not act: nine of ten must be proven right." in mona.text
    assert "On held-out posts 10 of 10 were right." in mona.text
    assert "Of 1 classes that the desk confirmed or changed, 1 were wrong." in mona.text
    assert "Priya Example" in mona.text
    login_as("jonas").get("/desk/triage", status=404)


@pytest.mark.usefixtures("_extra")
def test_the_page_says_why_the_rules_work_alone(app: Flask, login_as: LoginAs, monkeypatch: pytest.MonkeyPatch) -> None:
    a_member(handle="mona", role=Role.MANAGER)
    mona = login_as("mona")
    reporting.write(Reports(None, _report(kept=False)), verdicts.storage())
    mona.get("/desk/triage")
    assert "would have made suggestions worse" in mona.text
    _stand(SURE)
    verdicts.storage().put(classifying.KEY, b"{", "application/json")
    mona.get("/desk/triage")
    assert "cannot be read" in mona.text
    _stand(SURE)
    reporting.write(Reports(_report(), replace(_report(kept=False), score=0.3)), verdicts.storage())
    mona.get("/desk/triage")
    assert "30 % on held-out posts, against 40 % for what stands" in mona.text
    monkeypatch.setattr("bridge.triage.pages.available", lambda: False)
    mona.get("/desk/triage")
    assert "the extra “triage” is not installed" in mona.text
