"""Files go to the desk with the words they came with: once, within its limits, and none that is hidden here."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from bridge.desks.contract import DeskUnreachableError
from bridge.handovers import attaching, leases
from bridge.handovers.models import HandOver, ServiceDesk
from bridge.handovers.queries import active_of
from bridge.queries.promotion import join
from community import public
from community.core.db import db, transaction, utcnow
from community.forum import operations as forum
from community.forum.models import Attachment, Post, Thread
from tests.bridge.handovers.conftest import Later
from tests.bridge.handovers.crossing import a_picture, messages, replies, taken, told, uploaded
from tests.bridge.handovers.paper import Paper
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_space, a_thread
from tests.factories.bridge import a_query
from tests.visit import Visitor

BLOCK = b"a line of a log file\n" * 50


@pytest.fixture
def ann(app: Flask, login_as: LoginAs) -> Visitor:
    """The author, signed in."""
    a_member("ann", name="Ann")
    return login_as("ann")


def asked(visitor: Visitor, *files: tuple[str, bytes], words: str = "It drops every hour.") -> Thread:
    """A question with files, asked through the page."""
    space = a_space()
    body = "\n\n".join([words, *(uploaded(visitor, name, data) for name, data in files)])
    visitor.post("/ask", {"title": "VPN drops every hour", "body": body, "space": space.slug, "kind": "question"})
    return db.session.scalars(select(Thread).order_by(Thread.id.desc())).first() or a_thread()


def test_the_question_s_files_go_right_after_it(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, ann: Visitor
) -> None:
    thread = asked(ann, ("client.log", b"line 1\n"), ("shot.png", a_picture()))
    query = a_query(thread)
    way = active_of(query.id)
    assert way is not None
    run_jobs()
    assert set(taken(paper)) == {"client.log", "shot.png"}
    assert taken(paper)["client.log"] == b"line 1\n"
    assert taken(paper)["shot.png"].startswith(b"\x89PNG")
    assert told(paper) == ["Files that came with the question:"]
    assert {file.content_type for file in paper.sheets["1"].taken} == {"text/plain; charset=utf-8", "image/png"}
    opening = thread.posts[0]
    (message,) = messages(way)
    assert (message.source, message.state) == (f"post:{opening.id}:files", "sent")
    first = message.files[0]
    assert (first["name"], first["size"], first["stays"]) == ("client.log", 7, "")


def test_files_of_later_words_go_with_them_and_others_files_stay(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, ann: Visitor, login_as: LoginAs
) -> None:
    thread = asked(ann)
    a_query(thread)
    run_jobs()
    a_member("bob")
    bob = login_as("bob")
    replies(bob, thread, f"mine: {uploaded(bob, 'bob.log', BLOCK)}")
    replies(ann, thread, f"Here it is: {uploaded(ann, 'ann.log', BLOCK)} as asked")
    run_jobs()
    assert told(paper) == ["Here it is: [ann.log] as asked"]
    assert taken(paper) == {"ann.log": BLOCK}


def test_others_files_go_where_the_desk_wants_their_words(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, ann: Visitor, login_as: LoginAs
) -> None:
    desk.only_author = False
    thread = asked(ann)
    a_member("bob")
    bob = login_as("bob")
    replies(bob, thread, f"before: {uploaded(bob, 'before.log', BLOCK)}")
    a_query(thread)
    replies(bob, thread, f"mine: {uploaded(bob, 'bob.log', BLOCK)}")
    run_jobs()
    assert set(taken(paper)) == {"bob.log"}


def test_the_author_s_earlier_files_and_a_joined_thread_s_go_too(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, ann: Visitor
) -> None:
    thread, second = asked(ann), asked(ann, ("second.log", BLOCK))
    replies(ann, thread, f"The log: {uploaded(ann, 'early.log', BLOCK)}")
    run_jobs()
    query = a_query(thread)
    run_jobs()
    assert set(taken(paper)) == {"early.log"}
    snapshot = public.thread_snapshot(second.id)
    assert snapshot is not None
    join(query, snapshot, by_id=a_member().id)
    run_jobs()
    assert set(taken(paper)) == {"early.log", "second.log"}
    assert told(paper)[-1] == "Files that came with the question:"


def test_files_added_by_an_edit_go_and_none_goes_twice(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, ann: Visitor
) -> None:
    thread = asked(ann, ("first.log", BLOCK))
    a_query(thread)
    run_jobs()
    opening = thread.posts[0]
    more = uploaded(ann, "more.log", BLOCK)
    forum.edit_post(opening, editor_id=opening.author_id, body=f"{opening.body}\n\n{more}")
    replies(ann, thread, f"a reply {uploaded(ann, 'third.log', BLOCK)}")
    run_jobs()
    reply = thread.posts[-1]
    forum.edit_post(reply, editor_id=reply.author_id, body=f"{reply.body} and {uploaded(ann, 'fourth.log', BLOCK)}")
    run_jobs()
    assert set(taken(paper)) == {"first.log", "more.log", "third.log", "fourth.log"}
    assert told(paper)[-1].startswith("The author changed this text. It now reads:")


def test_what_cannot_go_is_named_with_its_reason_and_a_link(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, ann: Visitor
) -> None:
    paper.file_limit = 104_858
    thread = asked(ann, ("large.log", BLOCK * 200), ("small.log", b"x"))
    a_query(thread)
    run_jobs()
    address = f"http://localhost/posts/{thread.posts[0].id}"
    assert told(paper) == [
        f"Files that came with the question:\n\nlarge.log stays in the community (it is larger than 0.1 MB): {address}"
    ]
    assert set(taken(paper)) == {"small.log"}
    assert ann.get(f"/posts/{thread.posts[0].id}", status=302)


def test_a_desk_without_files_is_told_where_they_are(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, ann: Visitor
) -> None:
    paper.files = False
    thread = asked(ann, ("client.log", BLOCK))
    a_query(thread)
    run_jobs()
    assert "client.log stays in the community (files do not cross to this desk): http" in told(paper)[0]
    assert taken(paper) == {}


def test_no_more_than_so_many_and_so_much_go_with_one_message(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, ann: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attaching, "MOST_BYTES", 12 * len(BLOCK))
    many = [(f"{number}.log", b"x") for number in range(12)]
    thread = asked(ann, *many)
    a_query(thread)
    large = [uploaded(ann, f"large{number}.log", BLOCK * 7) for number in range(2)]
    replies(ann, thread, " ".join(large))
    run_jobs()
    assert set(taken(paper)) == {*(f"{number}.log" for number in range(10)), "large0.log"}
    assert told(paper)[0].count("no more than 10 files cross with one message") == 2
    assert "large1.log stays in the community (the files of one message are larger than" in told(paper)[1]


def test_a_worker_that_dies_in_the_middle_sends_them_once(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, later: Later, ann: Visitor
) -> None:
    broken = {"files": 1, "commented": 1}

    def break_off(moment: str) -> None:
        if broken.get(moment):
            broken[moment] -= 1
            raise DeskUnreachableError("connection reset")

    paper.trouble = break_off
    a_query(asked(ann, ("client.log", BLOCK)))
    for _turn in range(4):
        run_jobs()
        later(timedelta(minutes=20))
    assert paper.log.count("commented") == 1
    assert taken(paper) == {"client.log": BLOCK}


def test_files_that_the_desk_refuses_do_not_hold_the_words_up(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, ann: Visitor
) -> None:
    thread = asked(ann)
    query = a_query(thread)
    run_jobs()
    paper.refused = "files"
    replies(ann, thread, f"Look: {uploaded(ann, 'a.log', BLOCK)}")
    run_jobs()
    assert told(paper)[0].startswith("Look: [a.log]\n\na.log stays in the community (the desk did not take it): http")
    way = active_of(query.id)
    assert way is not None
    assert [message.state for message in messages(way)] == ["sent"]


def test_a_file_that_the_storage_lost_is_named(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, ann: Visitor
) -> None:
    thread = asked(ann, ("client.log", BLOCK))
    a_query(thread)
    key = db.session.scalars(select(Attachment.key)).one()
    app.extensions["isthmus.storage"].delete(f"files/{key}")
    run_jobs()
    assert "client.log stays in the community (it is lost): http" in told(paper)[0]


def test_what_is_hidden_or_private_never_leaves(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, later: Later, ann: Visitor
) -> None:
    thread = asked(ann, ("shown.log", BLOCK))
    replies(ann, thread, f"hidden before {uploaded(ann, 'CANARY-before.log', BLOCK)}")
    kept = f"[private]only here {uploaded(ann, 'CANARY-private.log', BLOCK)}[/private] open"
    replies(ann, thread, kept)
    before = thread.posts[1]
    forum.hide_post(before, by_id=before.author_id, reason="mistake")
    a_query(thread)
    replies(ann, thread, f"hidden on its way {uploaded(ann, 'CANARY-queued.log', BLOCK)}")
    paper.trouble = silent
    run_jobs()
    queued = db.session.scalars(select(Post).order_by(Post.id.desc())).first()
    assert queued is not None
    forum.hide_post(queued, by_id=queued.author_id, reason="mistake")
    paper.trouble = lambda _moment: None
    later(timedelta(hours=1))
    replies(ann, thread, "and then")
    run_jobs()
    names = [file.name for file in paper.sheets["1"].taken]
    assert names == ["shown.log"]


def silent(_moment: str) -> None:
    """A desk that does not answer."""
    raise DeskUnreachableError("connection refused")


def test_the_register_lists_files(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, ann: Visitor, login_as: LoginAs
) -> None:
    paper.file_limit = 104_858
    thread = asked(ann, ("large.log", BLOCK * 200), ("small.log", b"x"))
    query = a_query(thread)
    run_jobs()
    a_member("jonas", role="agent")
    text = login_as("jonas").get(f"/desk/queries/{query.id}/register").text
    assert "small.log, 1 Byte" in text
    assert "did not cross, it is larger than" in text


def test_names_for_who_decides_are_those_that_go(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, ann: Visitor, login_as: LoginAs
) -> None:
    thread = asked(ann, ("one.log", BLOCK))
    a_member("bob")
    bob = login_as("bob")
    replies(bob, thread, uploaded(bob, "bob.log", BLOCK))
    replies(ann, thread, f"[private]{uploaded(ann, 'private.log', BLOCK)}[/private] {uploaded(ann, 'two.log', BLOCK)}")
    posts = public.post_snapshots(thread.id)
    assert attaching.names_that_go(posts, thread.author_id) == ("one.log", "two.log")
    a_query(thread)
    run_jobs()
    assert set(taken(paper)) == {"one.log", "two.log"}


def test_the_lease_lasts_as_long_as_many_files_may_take(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, ann: Visitor
) -> None:
    held: list[float] = []

    def look(moment: str) -> None:
        if moment == "files":
            with transaction(read_only=True):
                until = db.session.scalars(select(HandOver.lease_until)).one()
                held.append((until - utcnow()) / leases.LEASE if until else 0)

    paper.trouble = look
    a_query(asked(ann, *((f"{number}.log", BLOCK) for number in range(3))))
    run_jobs()
    assert held
    assert 3 < held[0] <= 4
