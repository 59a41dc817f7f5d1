"""Who is told of what happens in threads, and that nobody is told what they may not read."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from community.accounts import operations as accounts
from community.accounts.models import Member
from community.core.db import db, utcnow
from community.core.events import EventRecord, deliver
from community.core.jobs import Delivery
from community.following.models import Level
from community.forum import operations as forum
from community.forum.arranging import posts as arranging_posts
from community.forum.models import Thread
from community.notifications import operations
from community.notifications.models import Notification
from tests.community.notifications.conftest import follow
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread


def told(member: Member) -> list[tuple[str, str]]:
    """Kind and title of what a member was told, oldest first."""
    rows = db.session.scalars(select(Notification).where(Notification.member_id == member.id).order_by(Notification.id))
    return [(row.kind, row.title) for row in rows]


def test_author_is_told_of_a_reply_and_the_replier_is_not(app: Flask, run_jobs: RunJobs) -> None:
    ann, bob = a_member("ann"), a_member("bob")
    thread = a_thread(author=ann)
    a_reply(thread, bob)
    run_jobs()
    assert told(ann) == [("reply", thread.title)]
    assert told(bob) == []
    assert (ann.unread, bob.unread) == (1, 0)


def test_a_mention_wins_over_the_reply(app: Flask, run_jobs: RunJobs) -> None:
    ann, bob, eve = a_member("ann"), a_member("bob"), a_member("eve")
    thread = a_thread(author=ann)
    a_reply(thread, bob, "This is for @ann and @eve to try.")
    run_jobs()
    assert told(ann) == [("mention", thread.title)]
    assert told(eve) == [("mention", thread.title)]
    assert ann.unread == 1


def test_words_of_the_desk_are_left_to_the_bridge_for_those_who_have_the_question(
    app: Flask, run_jobs: RunJobs
) -> None:
    ann, eve = a_member("ann"), a_member("eve")
    thread = a_thread(author=ann)
    run_jobs()
    follow(thread, eve)
    forum.reply(thread, author_id=a_member(role="agent").id, body="We restart it at noon.", origin="desk")
    run_jobs()
    assert told(ann) == []
    assert told(eve) == [("reply", thread.title)]


def test_who_muted_a_thread_hears_nothing_of_it(app: Flask, run_jobs: RunJobs) -> None:
    ann = a_member("ann")
    thread = a_thread(author=ann)
    follow(thread, ann, Level.MUTED)
    a_reply(thread)
    run_jobs()
    assert told(ann) == []


def test_a_mention_in_the_opening_post_is_told(app: Flask, run_jobs: RunJobs) -> None:
    eve = a_member("eve")
    thread = a_thread(body="Perhaps @eve has seen this message before?")
    run_jobs()
    assert told(eve) == [("mention", thread.title)]


def test_an_accepted_answer_is_told_to_its_author_and_to_all_who_have_it_too(app: Flask, run_jobs: RunJobs) -> None:
    ann, bob, eve, dan = (a_member(handle) for handle in ("ann", "bob", "eve", "dan"))
    thread = a_thread(author=ann)
    answer = a_reply(thread, bob)
    forum.have_too(thread, member_id=eve.id)
    forum.have_too(thread, member_id=dan.id)
    follow(thread, dan, Level.MUTED)
    run_jobs()
    forum.accept(thread, answer, by_id=ann.id)
    run_jobs()
    assert told(bob) == [("accepted", thread.title)]
    assert ("solved", thread.title) in told(eve)
    assert ("solved", thread.title) not in told(ann) + told(dan)


def test_news_reach_who_takes_part_in_the_space(app: Flask, run_jobs: RunJobs) -> None:
    space, other = a_space(), a_space()
    ann, bob = a_member("ann"), a_member("bob")
    a_thread(space, ann)
    a_thread(other, bob)
    news = a_thread(space, a_member(role="manager"), title="Mail moves on Sunday", kind="announcement")
    run_jobs()
    assert ("announcement", news.title) in told(ann)
    assert told(bob) == []


def test_a_members_only_thread_is_told_to_its_members_only(app: Flask, run_jobs: RunJobs) -> None:
    space = a_space(visibility="members")
    inside, outside = a_member("inside", member_of=[space]), a_member("outside")
    thread = a_thread(space, a_member(member_of=[space]), title="The merger", body="Do @inside and @outside know?")
    follow(thread, outside)
    a_reply(thread, inside)
    run_jobs()
    assert ("mention", "The merger") in told(inside)
    assert told(outside) == []
    assert outside.unread == 0


def test_a_restricted_thread_is_told_to_its_author_and_to_staff_only(app: Flask, run_jobs: RunJobs) -> None:
    ann, eve, agent = a_member("ann"), a_member("eve"), a_member("desk", role="agent")
    thread = a_thread(author=ann)
    run_jobs()
    for member in (eve, agent):
        follow(thread, member)
    forum.restrict(thread, by_id=None)
    a_reply(thread, body="Look at this, @eve")
    run_jobs()
    assert told(ann) == told(agent) == [("reply", thread.title)]
    assert told(eve) == []


def test_a_hidden_thread_and_a_hidden_reply_are_told_to_nobody(app: Flask, run_jobs: RunJobs) -> None:
    ann, manager = a_member("ann"), a_member(role="manager")
    hidden, shown = a_thread(author=ann), a_thread(author=ann)
    a_reply(hidden)
    reply = a_reply(shown)
    forum.hide_post(hidden.posts[0], by_id=manager.id, reason="spam")
    forum.hide_post(reply, by_id=manager.id, reason="spam")
    run_jobs()
    assert told(ann) == []


def test_a_title_told_before_is_gone_once_the_thread_may_not_be_read(
    app: Flask, run_jobs: RunJobs, login_as: LoginAs
) -> None:
    eve = a_member("eve")
    thread = a_thread(title="A suspicious letter came", body="Did you get it too, @eve?")
    run_jobs()
    assert told(eve) == [("mention", "A suspicious letter came")]
    forum.restrict(db.session.get_one(Thread, thread.id), by_id=None)
    visitor = login_as("eve")
    visitor.get("/notifications")
    assert "suspicious" not in visitor.html
    assert "can no longer be read" in visitor.text
    visitor.submit('form[action$="/reading"]')
    assert eve.unread == 0


def test_handlers_may_run_twice_and_in_any_order(app: Flask, run_jobs: RunJobs) -> None:
    ann, bob = a_member("ann"), a_member("bob")
    thread = a_thread(author=ann, body="Do you know this, @bob?")
    answer = a_reply(thread, bob, "Yes, @ann.")
    forum.accept(thread, answer, by_id=a_member(role="manager").id)
    run_jobs()
    before = (told(ann), told(bob), ann.unread, bob.unread)
    mails = db.session.scalars(select(Delivery.id).where(Delivery.handler.endswith("send_news"))).all()
    again = db.session.execute(
        select(Delivery.handler, Delivery.event_id)
        .where(Delivery.handler.startswith("community.notifications"), Delivery.event_id.is_not(None))
        .order_by(Delivery.id.desc())
    ).all()
    assert len(again) >= 3
    with app.test_request_context():
        for handler, event_id in again:
            deliver(handler, event_id)
        db.session.commit()
    assert (told(ann), told(bob), ann.unread, bob.unread) == before
    after = db.session.scalars(select(Delivery.id).where(Delivery.handler.endswith("send_news"))).all()
    assert after == mails


def test_people_hear_of_their_own_standing(app: Flask, run_jobs: RunJobs, login_as: LoginAs) -> None:
    ann, manager, space = a_member("ann"), a_member("mia", role="manager"), a_space(name="Workplace")
    accounts.grant(ann, "super_user", space.id, by_id=manager.id)
    accounts.revoke(ann, "super_user", space.id, by_id=manager.id)
    accounts.grant(ann, "space_member", space.id, by_id=manager.id)
    accounts.revoke(ann, "space_member", space.id, by_id=manager.id)
    accounts.set_role(ann, "agent", by_id=manager.id)
    run_jobs()
    assert [title for kind, title in told(ann) if kind == "system"] == [
        "You are a super user of Workplace now. Thank you.",
        "You are no longer a super user of Workplace. Thank you for what you did.",
        "You can read Workplace now.",
        "You no longer belong to Workplace.",
        "Your role is now: Agent",
    ]
    visitor = login_as("ann")
    visitor.get("/notifications")
    assert "About your account" in visitor.text


def test_what_was_read_long_ago_is_forgotten(app: Flask, run_jobs: RunJobs) -> None:
    ann = a_member("ann")
    for _ in range(3):
        a_reply(a_thread(author=ann))
    run_jobs()
    old_read, old_new, fresh_read = db.session.scalars(select(Notification).order_by(Notification.id))
    old_read.at = old_new.at = utcnow() - timedelta(days=200)
    old_read.read_at = fresh_read.read_at = utcnow()
    kept = {old_new.id, fresh_read.id}
    operations.forget_old()
    assert set(db.session.scalars(select(Notification.id))) == kept


def test_suspended_people_are_told_nothing(app: Flask, run_jobs: RunJobs) -> None:
    ann = a_member("ann")
    thread = a_thread(author=ann)
    ann.suspended_at = thread.created_at
    a_reply(thread)
    run_jobs()
    assert told(ann) == []


def test_every_notification_names_its_fact(app: Flask, run_jobs: RunJobs) -> None:
    ann = a_member("ann")
    a_reply(a_thread(author=ann))
    run_jobs()
    row = db.session.scalars(select(Notification)).one()
    fact = db.session.get_one(EventRecord, row.event_id)
    assert (fact.name, row.at) == ("forum.reply.posted", fact.at)


def test_followers_hear_of_a_reply_whose_thread_was_merged_before_they_were_told(app: Flask, run_jobs: RunJobs) -> None:
    space = a_space()
    ann, bob, cleo = a_member("ann"), a_member("bob"), a_member("cleo")
    source, target = a_thread(space, ann), a_thread(space, bob)
    run_jobs()
    a_reply(source, cleo)
    arranging_posts.merge(source, target, by_id=cleo.id, reason="The same")
    run_jobs()
    rows = select(Notification.member_id).where(Notification.kind == "reply", Notification.thread_id == target.id)
    assert set(db.session.scalars(rows)) == {ann.id, bob.id}
