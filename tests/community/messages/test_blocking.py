"""Blocking: no direct contact, and no word about it to whom it concerns."""

import pytest
from flask import Flask

from community.accounts.models import Member
from community.core.db import db
from community.following import operations as following
from community.following.models import Level
from community.messages import blocking, operations, queries
from tests.community.messages.conftest import Talk
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_thread


def test_a_person_is_blocked_on_their_profile_and_unblocked_in_the_list(talk: Talk, login_as: LoginAs) -> None:
    bob, ann = login_as("bob"), login_as("ann")
    bob.get("/people/ann")
    assert "Write a message" in bob.text
    bob.submit("/people/ann/block")
    assert "You blocked Ann Ek" in bob.text
    assert "Write a message" not in bob.text
    bob.post("/people/ann/block", follow=True)
    ann.get("/people/bob")
    assert "Write a message" in ann.text, "who is blocked sees no difference before writing"
    ann.get("/blocked")
    assert "You blocked nobody" in ann.text
    bob.get("/preferences")
    bob.get(next(link for link in bob.links() if link == "/blocked"))
    assert bob.select(".row__title a")[0].get_text() == "Ann Ek"
    bob.submit("/people/ann/unblock")
    assert "Ann Ek can write to you again" in bob.text
    assert not bob.select(".rows")
    bob.post("/people/bob/block", status=404)
    bob.post("/people/nobody/block", status=404)


def test_who_is_blocked_cannot_write_and_is_told_nothing_more(talk: Talk, login_as: LoginAs) -> None:
    both = operations.start(sender_id=talk.ann.id, to=[talk.bob], subject="Only us", body="Hello")
    blocking.block(talk.bob.id, talk.ann.id)
    ann, bob = login_as("ann"), login_as("bob")
    ann.get("/messages/new", to="bob")
    assert "Bob Lind cannot be written to." in ann.text
    ann.submit("#message-form", subject="Hello", body="Hello", status=422)
    assert "Bob Lind cannot be written to." in ann.text
    assert "block" not in ann.select("main")[0].get_text().lower()
    ann.get(f"/messages/{both.id}")
    assert "Bob Lind cannot be written to." in ann.text
    assert not ann.select("#message-form")
    ann.post(f"/messages/{both.id}/replies", {"body": "Hello again"}, status=422)
    bob.get(f"/messages/{both.id}")
    assert "You blocked Ann Ek. Unblock them first." in bob.text
    with pytest.raises(operations.Refused, match="You blocked"):
        operations.send(both.id, author_id=talk.bob.id, body="Answer")
    with pytest.raises(operations.Refused, match="cannot be written to"):
        operations.add(talk.id, _blocking_dan(talk), by_id=talk.ann.id)


def _blocking_dan(talk: Talk) -> Member:
    blocking.block(talk.dan.id, talk.ann.id)
    return talk.dan


def test_in_a_larger_circle_what_they_write_is_folded_and_not_told(
    talk: Talk, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    run_jobs()
    blocking.block(talk.bob.id, talk.ann.id)
    login_as("bob").post(f"{talk.path}/read", {"number": str(talk.conversation.last_id)})
    unread = talk.bob.unread
    talk.say(talk.ann, "From somebody blocked")
    run_jobs()
    assert talk.bob.unread == unread == 0
    assert queries.unread_in(talk.bob.id, talk.id) == 0
    assert queries.unread_in(talk.cleo.id, talk.id) == 2
    bob = login_as("bob")
    bob.get("/messages")
    assert "From somebody blocked" not in bob.text
    bob.get(talk.path)
    assert len(bob.select("#messages details.folded")) == 2


@pytest.mark.parametrize("blocked", [True, False])
def test_their_mentions_thanks_and_what_one_followed_them_for_are_not_told(
    app: Flask, run_jobs: RunJobs, blocked: bool
) -> None:
    ann, bob = a_member("ann"), a_member("bob")
    following.choose(bob.id, following.person(ann.id), Level.WATCHING_FIRST)
    own = a_thread(author=bob)
    run_jobs()
    if blocked:
        blocking.block(bob.id, ann.id)
    a_thread(author=ann, title="Something else entirely")
    a_reply(a_thread(title="Somebody's question"), ann, "As @bob said already")
    run_jobs()
    assert bob.unread == (0 if blocked else 2)
    a_reply(own, ann, "A reply in the open, to which all have a right")
    run_jobs()
    assert bob.unread == (1 if blocked else 3)


def test_blocking_twice_or_oneself_changes_nothing(app: Flask) -> None:
    ann, bob = a_member("ann"), a_member("bob")
    assert [blocking.block(ann.id, bob.id) for _ in range(2)] == [True, False]
    assert not blocking.block(ann.id, ann.id)
    assert blocking.around(ann.id)[0] == {bob.id}
    assert blocking.blockers_of(bob.id) == {ann.id}
    blocking.unblock(ann.id, bob.id)
    db.session.flush()
    assert blocking.around(bob.id) == (set(), set())
