"""Votes between two people, set aside by hand: what goes, who is told, and everything given back exactly as it was."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from community.accounts.models import Member
from community.core.db import at_time, db, utcnow
from community.core.events import EventRecord
from community.forum import operations
from community.forum.arranging import posts as arranging_posts
from community.forum.models import Post, Thread
from community.forum.reactions import voting
from community.moderation.models import Measure
from community.notifications.models import Notification
from gamification.rebuilding import rebuild
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.gamification.integrity.test_watching import picture, points_of
from tests.visit import Visitor

PAGE = "/people/ann/votes?other=bob"


def ann() -> Member:
    return db.session.scalars(select(Member).where(Member.handle == "ann")).one()


def bob() -> Member:
    return db.session.scalars(select(Member).where(Member.handle == "bob")).one()


@pytest.fixture
def posts(app: Flask, run_jobs: RunJobs) -> list[Post]:
    """Ann and Bob vote for each other, more on one day than counts, once after a merge; others vote for them too."""
    a_member("boss", role="manager")
    space, first, second = a_space("home"), a_member("ann", name="Ann Arndt"), a_member("bob", name="Bob Berg")
    cat, found = a_member("cat"), list[Post]()
    for number in range(10):
        with at_time((utcnow() - timedelta(days=20)).replace(hour=12, minute=number)):
            found.append(a_reply(a_thread(space, title=f"Lift {number}"), first))
            operations.mark_helpful(found[-1], member_id=second.id)
            operations.mark_helpful(found[-1], member_id=cat.id)
    for number in range(3):
        found.append(a_reply(a_thread(space, title=f"Door {number}"), second))
        operations.mark_helpful(found[-1], member_id=first.id)
    voting.mark_not_helpful(a_reply(a_thread(space), second), member_id=first.id)
    run_jobs()
    arranging_posts.merge(found[10].thread, found[11].thread, by_id=cat.id, reason="same")
    run_jobs()
    return found


def void(boss: Visitor, words: str = "These votes follow the person, not the text.") -> None:
    boss.get(PAGE)
    boss.submit("#void-form", words=words)


def test_the_page_shows_both_ways_with_threads_dates_and_points(posts: list[Post], login_as: LoginAs) -> None:
    posts[0].thread.restricted = True
    boss = login_as("boss")
    boss.get("/people/ann/measures")
    assert "/people/ann/votes" in boss.links()
    boss.get("/people/ann/votes")
    boss.submit("#other-form", other="@bob")
    figures = {each.dt.get_text(): each.dd.b.get_text() for each in boss.select(".figures > div")}  # type: ignore[union-attr]
    assert figures == {
        "Helpful, for Ann Arndt": "10",
        "Helpful, for Bob Berg": "3",
        "Not helpful, both ways": "1",
        "Bob Berg": "15",
    }, "of ten votes above the limit of a day none is missed, for another's take their place"
    assert len(boss.select("main .rows .row")) == 14
    assert "Bob Berg, for a text of Ann Arndt" in boss.text
    assert "Lift 1" in boss.text


def test_titles_are_shown_to_those_who_may_read_them(
    posts: list[Post], login_as: LoginAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    boss = login_as("boss")
    assert "Lift 3" in boss.get(PAGE).text
    monkeypatch.setattr("community.moderation.between.visible", lambda _actor: Thread.title != "Lift 3")
    boss.get(PAGE)
    assert "Lift 3" not in boss.text
    assert "A thread that you may not read" in boss.text


def test_points_go_as_foretold_and_come_back_exactly(posts: list[Post], login_as: LoginAs, run_jobs: RunJobs) -> None:
    boss, before, had = login_as("boss"), picture(), (points_of(ann()), points_of(bob()))
    void(boss)
    run_jobs()
    assert "14 votes are set aside" in boss.text
    assert (points_of(ann()), points_of(bob())) == (had[0], had[1] - 15)
    rebuild()
    assert (points_of(ann()), points_of(bob())) == (had[0], had[1] - 15)
    boss.submit("form[action$='/votes/undoing']")
    run_jobs()
    assert "count again" in boss.text
    assert picture() == before
    rebuild()
    assert picture() == before


def test_both_are_told_with_rule_and_may_appeal_and_the_record_says_who(
    posts: list[Post], login_as: LoginAs, run_jobs: RunJobs
) -> None:
    void(login_as("boss"))
    run_jobs()
    for who, other in (("ann", "Bob Berg"), ("bob", "Ann Arndt")):
        reader = login_as(who)
        told = db.session.scalars(
            select(Notification)
            .join(Member, Member.id == Notification.member_id)
            .where(Member.handle == who, Notification.kind == "measure")
        ).one()
        assert "A vote says that a text helped" in told.title
        reader.get(told.url)
        assert "follow the person, not the text" in reader.text
        assert other in reader.text
        assert "Ask for a second look" in reader.text
        assert "votes back" not in reader.text
    boss_id = db.session.scalars(select(Member.id).where(Member.handle == "boss")).one()
    taken = select(EventRecord.actor_id).where(EventRecord.name == "moderation.measure.taken")
    assert list(db.session.scalars(taken)) == [boss_id, boss_id]


def test_a_second_time_does_nothing_twice(posts: list[Post], login_as: LoginAs, run_jobs: RunJobs) -> None:
    boss = login_as("boss")
    boss.get(PAGE)
    token = boss.page.csrf_token
    void(boss)
    before = picture()
    for path in (PAGE, "/people/bob/votes?other=ann"):
        boss.client.post(path, data={"csrf_token": token, "words": "Again"})
    run_jobs()
    assert "Nothing was done twice" in boss.get(PAGE).text
    assert "No votes between them count." in boss.text
    assert picture()[0] == before[0]
    measures = db.session.scalars(select(Measure).order_by(Measure.id)).all()
    assert [(one.kind, one.member_id) for one in measures] == [("void_votes", ann().id), ("void_votes", bob().id)]
    boss.get(f"/measures/{measures[0].id}")
    boss.submit("form[action$='/votes/undoing']")
    boss.client.post(f"/measures/{measures[1].id}/votes/undoing", data={"csrf_token": token})
    assert {one.ended_at is not None for one in db.session.scalars(select(Measure))} == {True}
    assert len(db.session.scalars(select(EventRecord).where(EventRecord.name == "moderation.measure.ended")).all()) == 2


def test_who_may_and_about_whom(posts: list[Post], login_as: LoginAs) -> None:
    a_member("mod", super_user_in=[posts[0].thread.space])
    a_member("agent", role="agent")
    for handle in ("mod", "agent", "ann"):
        login_as(handle).get(PAGE, status=404)
    ann().role = "manager"
    boss, manager = login_as("boss"), login_as("ann")
    manager.get(PAGE, status=404)
    manager.get("/people/bob/votes?other=ann", status=422)
    assert "Somebody else decides" in manager.text
    manager.post("/people/bob/votes?other=ann", {"words": "Mine"}, status=404)
    for wrong in ("ann", "nobody-at-all"):
        boss.get(f"/people/ann/votes?other={wrong}", status=422)
        boss.post(f"/people/ann/votes?other={wrong}", {"words": "Why"}, status=404)
    boss.post(PAGE, {"words": ""}, status=422)
    assert db.session.scalars(select(Measure)).all() == []
    void(boss)
    taken = db.session.scalars(select(Measure)).first()
    assert taken is not None
    manager.post(f"/measures/{taken.id}/votes/undoing", {}, status=404)
    login_as("mod").post(f"/measures/{taken.id}/votes/undoing", {}, status=404)
