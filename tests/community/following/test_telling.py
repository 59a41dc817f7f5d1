"""What those who follow something are told, once each, and by mail."""

import pytest
from flask import Flask
from sqlalchemy import select

from community.accounts.models import Member
from community.core.db import db
from community.core.email import SmtpMailer
from community.following import operations as following
from community.following.models import Level
from community.forum import operations as forum
from community.forum.arranging import posts as arranging_posts
from community.notifications.models import Notification
from community.notifications.preferences import about_thread, unsubscribe_token
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.servers import Mailbox


def told(member: Member) -> list[str]:
    """Kinds of what a member was told, oldest first."""
    rows = select(Notification.kind).where(Notification.member_id == member.id).order_by(Notification.id)
    return list(db.session.scalars(rows))


def follow(member: Member, target: following.Target, level: Level = Level.WATCHING) -> Member:
    following.choose(member.id, target, level)
    return member


def test_follow_a_tag_and_get_exactly_one_mail(
    app: Flask, smtp: Mailbox, login_as: LoginAs, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = app.extensions["isthmus.settings"]
    monkeypatch.setitem(app.extensions, "isthmus.mailer", SmtpMailer(smtp.url, settings.mail_from))
    space = a_space("workplace")
    a_thread(space, tags=["vpn"])
    eve, tom = a_member("eve"), a_member("tom", name="Tom Ford")
    run_jobs()
    smtp.clear()
    visitor = login_as("eve")
    visitor.get("/tags/vpn")
    visitor.submit("/tags/vpn/following", button="Watching You are told of every post.")
    visitor.post("/spaces/workplace/following", {"level": "4"})
    asking = login_as("tom")
    asking.get("/ask")
    asking.submit("#ask-form", title="VPN drops at noon", body="Every day at noon it drops.", tags="vpn, wifi")
    run_jobs()
    (mail,) = smtp.to(eve.email)
    assert mail["Subject"] == "VPN drops at noon"
    assert "Tom Ford began a thread" in mail.get_body(("plain",)).get_content()
    assert smtp.to(tom.email) == []
    assert told(eve) == ["thread"]


def test_each_level_is_told_what_it_says(app: Flask, run_jobs: RunJobs) -> None:
    space = a_space()
    people = {level: follow(a_member(), following.space(space.id), level) for level in Level}
    thread = a_thread(space, tags=["vpn"])
    a_reply(thread, body=" ".join(f"@{person.handle}" for person in people.values()))
    a_reply(thread)
    run_jobs()
    assert {level.name: told(person) for level, person in people.items()} == {
        "WATCHING": ["thread", "mention", "reply"],
        "WATCHING_FIRST": ["thread", "mention"],
        "TRACKING": ["mention"],
        "NORMAL": ["mention"],
        "MUTED": [],
    }


def test_who_follows_a_person_hears_of_new_threads_and_accepted_answers(app: Flask, run_jobs: RunJobs) -> None:
    star, fan = a_member("star"), a_member("fan")
    follow(fan, following.person(star.id), Level.WATCHING_FIRST)
    a_thread(author=star)
    thread = a_thread()
    answer = a_reply(thread, star)
    run_jobs()
    assert told(fan) == ["followed-person"]
    forum.accept(thread, answer, by_id=thread.author_id)
    run_jobs()
    assert told(fan) == ["followed-person", "followed-person"]
    assert told(star) == ["accepted"]


def test_who_watches_hears_of_the_answer(app: Flask, run_jobs: RunJobs) -> None:
    eve, thread = a_member("eve"), a_thread()
    answer = a_reply(thread)
    run_jobs()
    follow(eve, following.thread(thread.id))
    forum.accept(thread, answer, by_id=thread.author_id)
    run_jobs()
    assert told(eve) == ["answer"]


def test_nothing_is_told_of_what_a_muted_person_does_and_they_learn_nothing(app: Flask, run_jobs: RunJobs) -> None:
    ann, bob = a_member("ann"), a_member("bob")
    thread = a_thread(author=ann, tags=["vpn"])
    follow(ann, following.person(bob.id), Level.MUTED)
    follow(ann, following.tag("vpn"))
    a_reply(thread, bob, "Look here, @ann")
    a_thread(author=bob, tags=["vpn"], body="You too, @ann")
    run_jobs()
    assert told(ann) == told(bob) == []
    a_reply(thread, a_member("eve"))
    run_jobs()
    assert told(ann) == ["reply"]
    assert told(bob) == ["reply"], "it took part in the thread"


def test_who_may_not_read_a_thread_is_never_told(app: Flask, run_jobs: RunJobs) -> None:
    space = a_space(visibility="members")
    star = a_member("star", member_of=[space])
    outside = follow(a_member("outside"), following.tag("vpn"))
    follow(outside, following.space(space.id))
    follow(outside, following.person(star.id), Level.WATCHING_FIRST)
    inside = follow(a_member("inside", member_of=[space]), following.person(star.id), Level.WATCHING_FIRST)
    thread = a_thread(space, star, tags=["vpn"])
    forum.accept(thread, a_reply(thread, star), by_id=star.id)
    run_jobs()
    assert told(outside) == []
    assert told(inside) == ["followed-person", "followed-person"]


def test_what_is_chosen_after_a_merge_holds(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    space = a_space("home")
    ann, mod, asker = a_member("ann"), a_member("mod", super_user_in=[space]), a_member()
    source, target = a_thread(space), a_thread(space, asker, title="Where it went")
    run_jobs()
    follow(ann, following.thread(source.id))
    follow(asker, following.thread(source.id), Level.MUTED)
    leave = unsubscribe_token(ann.id, about_thread(source.id))
    arranging_posts.merge(source, target, by_id=mod.id, reason="The same")
    run_jobs()
    visitor = login_as("ann")
    visitor.get("/following")
    assert "Where it went" in visitor.text
    a_reply(target)
    run_jobs()
    assert (told(ann), told(asker)[-1]) == (["reply"], "reply")
    visitor.get(f"/unsubscribe/{leave}")
    visitor.submit("main form")
    a_reply(target)
    run_jobs()
    assert told(ann) == ["reply"]
