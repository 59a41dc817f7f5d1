"""The spam service: asked after publishing, never waited for, taught only what people decided about spam."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask, current_app
from sqlalchemy import select

from community.core import outgoing
from community.core.db import db, utcnow
from community.core.jobs import Delivery
from community.forum.models import Thread
from community.moderation import cases
from community.moderation.kinds import case_kind
from community.moderation.models import Case, Measure
from community.moderation.spam.checking import keep
from community.moderation.spam.contract import SpamVerdict
from community.moderation.spam.models import SpamConnection, SpamOpinion
from tests.community.moderation.fake_spam import GOOD_KEY, FakeSpam, running
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor


@pytest.fixture
def fake() -> Iterator[FakeSpam]:
    with running() as service:
        yield service


@pytest.fixture
def admin(app: Flask, login_as: LoginAs) -> Visitor:
    a_member("boss", role="admin")
    return login_as("boss")


def use(admin: Visitor, fake: FakeSpam, **more: Any) -> None:
    admin.get("/admin/joining/spam-service")
    fields: dict[str, Any] = {"on": True, "base": fake.url, "private": True, "key": GOOD_KEY} | more
    admin.submit("#spam-form", **fields)


def service() -> SpamConnection:
    db.session.expire_all()
    return db.session.get_one(SpamConnection, 1)


def write(text: str, author: str = "newcomer") -> Thread:
    return a_thread(a_space(f"home-{author}"), a_member(author), body=text)


def the_case() -> Case:
    db.session.expire_all()
    return db.session.scalars(select(Case).order_by(Case.id.desc()).limit(1)).one()


def decide(case: Case, key: str) -> None:
    kind = case_kind(case.kind)
    assert kind is not None
    with current_app.test_request_context():
        cases.decide(case, kind.by_key[key], by_id=a_member(f"sue-{key}").id, words="So it is.")
    db.session.commit()


def test_who_is_sure_hides_and_a_person_has_the_last_word(admin: Visitor, fake: FakeSpam, run_jobs: RunJobs) -> None:
    use(admin, fake)
    run_jobs()
    assert service().last == "fine"
    assert GOOD_KEY not in service().sealed_key
    thread = write("Buy viagra here")
    run_jobs()
    path, sent = fake.asked[-1]
    assert path == "/1.1/comment-check"
    assert "Buy viagra here" in sent["comment_content"]
    assert not {name for name in sent if "email" in name or "ip" in name.split("_")}
    case = the_case()
    assert (case.kind, case.rule, case.score) == ("spam", "spam_service", 1.0)
    assert db.session.get_one(Thread, thread.id).hidden_at is not None
    admin.get("/review")
    assert "Buy viagra here" in admin.text
    decide(case, "fine")
    run_jobs()
    assert db.session.get_one(Thread, thread.id).hidden_at is None
    assert fake.paths()[-1] == "submit-ham"
    assert db.session.scalars(select(SpamOpinion)).one().told == "ham"


def test_who_is_not_sure_asks_a_person(app: Flask, admin: Visitor, fake: FakeSpam, run_jobs: RunJobs) -> None:
    use(admin, fake, sends_email=True)
    thread = write("cheap heating")
    run_jobs()
    assert fake.asked[-1][1]["comment_author_email"] == "newcomer@example.org"
    assert the_case().score == 0.8
    assert db.session.get_one(Thread, thread.id).hidden_at is None
    decide(the_case(), "spam")
    run_jobs()
    assert db.session.get_one(Thread, thread.id).hidden_at is not None
    assert fake.paths()[-1] == "submit-spam"
    assert "e-mail address" in Visitor(app).get("/what-is-sent-for-spam").html


@pytest.mark.parametrize("key", ["spam", "other", "fine"])
def test_what_was_hidden_is_hidden_again_when_a_decision_is_taken_back(
    admin: Visitor, fake: FakeSpam, run_jobs: RunJobs, key: str
) -> None:
    use(admin, fake)
    thread = write("Buy viagra here")
    run_jobs()
    path = f"/review/{the_case().id}"
    admin.get(path)
    admin.post(f"{path}/decision", {"decision": key, "words": "So it is."})
    admin.post(f"{path}/undoing")
    assert not the_case().is_decided
    assert db.session.get_one(Thread, thread.id).hidden_at is not None


def test_what_is_not_about_spam_teaches_nothing(admin: Visitor, fake: FakeSpam, run_jobs: RunJobs) -> None:
    use(admin, fake)
    write("cheap heating")
    run_jobs()
    asked = len(fake.asked)
    decide(the_case(), "other")
    run_jobs()
    assert len(fake.asked) == asked


@pytest.mark.parametrize(
    ("reason", "decision", "taught"),
    [
        ("off_topic", "fine", []),
        ("off_topic", "hide", []),
        ("spam", "moot", []),
        ("spam", "fine", ["submit-ham"]),
        ("spam", "hide", ["submit-spam"]),
    ],
)
def test_only_reports_of_spam_teach(
    admin: Visitor, fake: FakeSpam, run_jobs: RunJobs, reason: str, decision: str, taught: list[str]
) -> None:
    use(admin, fake)
    reply = a_reply(write("Hello"), a_member("bob"), "Pour water into it.")
    run_jobs()
    asked = len(fake.asked)
    admin.get(f"/flags/post/{reply.id}")
    admin.submit("main form", reason=reason)
    decide(the_case(), decision)
    run_jobs()
    assert fake.paths()[asked:] == taught


def test_people_with_standing_and_words_for_few_are_never_sent(
    app: Flask, admin: Visitor, fake: FakeSpam, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(admin, fake)
    run_jobs()
    asked = len(fake.asked)
    inner = a_space("inner", visibility="members")
    a_thread(inner, a_member("ann"), body="viagra")
    monkeypatch.setitem(app.extensions, "isthmus.level", lambda _id: 2)
    write("viagra", author="known")
    run_jobs()
    assert len(fake.asked) == asked


@pytest.mark.parametrize(
    ("mode", "said", "again"),
    [
        ("slow", "silent", True),
        ("garbage", "nonsense", True),
        ("error", "nonsense", True),
        ("key", "key", False),
    ],
)
def test_its_failures_hold_nobodys_words(
    app: Flask,
    admin: Visitor,
    fake: FakeSpam,
    run_jobs: RunJobs,
    monkeypatch: pytest.MonkeyPatch,
    mode: str,
    said: str,
    again: bool,
) -> None:
    monkeypatch.setattr(outgoing, "READ_SECONDS", 0.3)
    use(admin, fake, **({"key": "wrong"} if mode == "key" else {}))
    fake.mode = mode
    thread = write("Buy viagra here")
    run_jobs(failing=True)
    assert service().last == said
    assert db.session.get_one(Thread, thread.id).hidden_at is None
    assert db.session.scalars(select(Case)).all() == []
    admin.get("/admin/joining/spam-service")
    waiting = select(Delivery).where(Delivery.handler.contains("checking.check"), Delivery.state == "due")
    assert bool(db.session.scalars(waiting).all()) is again
    fake.mode = "fine"
    with time_machine.travel(utcnow() + timedelta(hours=1)):
        run_jobs()
    assert bool(db.session.scalars(select(Measure)).all()) is again


def test_a_key_goes_only_where_it_was_entered_for(admin: Visitor, fake: FakeSpam) -> None:
    use(admin, fake)
    admin.get("/admin/joining/spam-service")
    assert GOOD_KEY not in admin.html
    admin.submit("#spam-form", status=422, base="https://elsewhere.example")
    assert "enter the key once more" in admin.text
    admin.get("/admin/joining/spam-service")
    admin.submit("#spam-form", status=422, private=False)
    assert "must begin with https" in admin.text


def test_nobody_is_asked_where_nothing_is_set_up(app: Flask, run_jobs: RunJobs) -> None:
    write("viagra")
    run_jobs()
    assert db.session.scalars(select(SpamOpinion)).all() == []
    assert "Nothing: no service" in Visitor(app).get("/what-is-sent-for-spam").html


def test_of_what_few_may_read_by_now_staff_alone_decides(admin: Visitor, fake: FakeSpam) -> None:
    use(admin, fake)
    thread = write("Buy viagra here")
    thread.restricted = True
    with current_app.test_request_context():
        keep("thread", thread.id, SpamVerdict(0.8))
    assert the_case().staff_only
