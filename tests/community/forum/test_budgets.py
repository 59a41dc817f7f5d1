"""How many statements pages cost, and that the number does not grow with what they show."""

import pytest
from flask import Flask
from sqlalchemy import insert

from community.core.cache import cache
from community.core.db import db, utcnow
from community.following.models import Following
from community.forum import operations
from community.forum.models import Post, Thread
from community.forum.reactions.bookmarks import Bookmark
from tests.conftest import CountStatements, LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor

LISTS = ("/", "/threads", "/spaces/busy", "/unanswered", "/mine", "/unread", "/new", "/people", "/feeds/busy.atom")
BUDGETS = {
    "/": 6,
    "/threads": 5,
    "/spaces/busy": 6,
    "/unanswered": 5,
    "/mine": 5,
    "/unread": 5,
    "/new": 5,
    "/people": 5,
}
BUDGETS["/feeds/busy.atom"] = 4
OWN = {"/tags/x": 9, "/people/ann": 13, "/bookmarks": 3, "/following": 8, "/search?q=printer": 8}
POSTS_A_PAGE = 20


def fill(rows: int) -> int:
    """A space with some threads, and one thread with as many replies; its id."""
    space = a_space("busy")
    writers = [a_member(f"w{number}") for number in range(rows)]
    for number, writer in enumerate(writers):
        a_thread(space, writer, title=f"Thread {number}", tags=["x"])
    thread = a_thread(space, writers[0], title="The long one")
    for writer in writers:
        a_reply(thread, writer, f"From {writer.handle}")
    return thread.id


def cost(visitor: Visitor, path: str, counting: CountStatements) -> int:
    """Statements of one visit, with nothing cached but what a second visit finds."""
    visitor.client.get(path)
    with counting() as sql:
        assert visitor.client.get(path).status_code == 200
    return len(sql)


def test_a_kept_page_costs_next_to_nothing(app: Flask, visitor: Visitor, count_statements: CountStatements) -> None:
    path = f"/threads/{fill(3)}"
    assert cost(visitor, path, count_statements) <= 3


@pytest.mark.parametrize("rows", [3, 19])
def test_a_thread_for_somebody_signed_in(
    app: Flask, rows: int, login_as: LoginAs, count_statements: CountStatements
) -> None:
    path = f"/threads/{fill(rows)}"
    assert cost(login_as("w0"), path, count_statements) <= 8


@pytest.mark.parametrize("path", LISTS)
def test_lists_cost_the_same_however_long_they_are(
    app: Flask, path: str, login_as: LoginAs, count_statements: CountStatements
) -> None:
    space, ann = a_space("busy"), a_member("ann")
    visitor, costs = login_as("ann"), []
    for _ in range(2):
        for _number in range(10):
            a_reply(a_thread(space, ann), a_member(super_user_in=[space]))
        costs.append(cost(visitor, path, count_statements))
    assert costs[0] == costs[1] <= BUDGETS[path]


def test_a_thread_costs_the_same_however_long_it_is(
    app: Flask, login_as: LoginAs, count_statements: CountStatements
) -> None:
    short, long = a_thread(), a_thread()
    for count, thread in ((3, short), (19, long)):
        for _ in range(count):
            a_reply(thread)
    a_member("ann")
    ann, visitor = login_as("ann"), Visitor(app)
    for who in (ann, visitor):
        costs = []
        for thread in (short, long):
            cache().clear()
            with count_statements() as sql:
                who.get(f"/threads/{thread.id}")
            costs.append(len(sql))
        assert costs[0] == costs[1]


def test_a_reply_and_what_is_asked_before_it_cost_seventeen(
    app: Flask, login_as: LoginAs, count_statements: CountStatements
) -> None:
    path = f"/threads/{a_thread().id}"
    a_member("ann")
    ann = login_as("ann")
    ann.get(path)
    data = {"body": "A reply", "csrf_token": ann.page.csrf_token}
    with count_statements() as sql:
        assert ann.client.post(f"{path}/replies", data=data).status_code == 302
    assert len(sql) <= 17, "\n".join(sql)  # one of them lets a second click wait for the first


@pytest.mark.parametrize("path", OWN)
def test_pages_about_somebody_or_something_cost_the_same(
    app: Flask, path: str, login_as: LoginAs, run_jobs: RunJobs, count_statements: CountStatements
) -> None:
    space, ann = a_space("busy"), a_member("ann")
    visitor, costs = login_as("ann"), []
    for many in (5, 15):
        for number in range(many):
            thread = a_thread(space, ann, title=f"A printer prints {number} pages", tags=["x"])
            reply, other = a_reply(thread, a_member()), a_reply(a_thread(space), ann)
            db.session.add_all(Bookmark(member_id=ann.id, post_id=post.id) for post in (reply, other))
            db.session.add(Following(member_id=ann.id, thread_id=other.thread_id, level=3))
        run_jobs()
        costs.append(cost(visitor, path, count_statements))
    assert costs[0] == costs[1] <= OWN[path]


@pytest.mark.parametrize("path", ["/", "/threads", "/spaces/busy", "/unread", "/new"])
def test_lists_cost_the_same_with_very_much_unread(
    app: Flask, path: str, login_as: LoginAs, count_statements: CountStatements
) -> None:
    a_member("ann")
    thread = a_thread(a_space("busy"))
    visitor = login_as("ann")
    few = cost(visitor, path, count_statements)
    multiply(thread, 10_000)
    assert few == cost(visitor, path, count_statements) <= BUDGETS[path]
    assert len(visitor.get(path).soup.select("main a[href^='/threads/']")) < 200


def multiply(thread: Thread, times: int) -> None:
    """Copies of a thread and its opening post, as rows only."""
    db.session.commit()
    common = {"space_id": thread.space_id, "author_id": thread.author_id, "kind": thread.kind, "language": "en"}
    ids = range(thread.id + 1, thread.id + 1 + times)
    now = utcnow()
    rows = [{"id": id_, "title": f"Copy {id_}", "last_activity_at": now, **common} for id_ in ids]
    db.session.execute(insert(Thread), rows)
    post = {"author_id": thread.author_id, "number": 1, "body": "x", "html": "<p>x</p>", "language": "en"}
    db.session.execute(insert(Post), [{"thread_id": id_, "created_at": now, **post} for id_ in ids])


def test_a_thread_costs_what_its_page_shows(app: Flask, login_as: LoginAs, count_statements: CountStatements) -> None:
    boss, ann = a_member("boss", role="admin"), a_member("ann")
    long, page = a_thread(), a_thread()
    for _ in range(POSTS_A_PAGE):
        a_reply(page, boss)
    for number in range(3 * POSTS_A_PAGE):
        reply = a_reply(long, boss)
        db.session.add(Bookmark(member_id=ann.id, post_id=reply.id))
        if number % 2:
            operations.hide_post(reply, by_id=boss.id, reason="x")
        else:
            operations.edit_post(reply, editor_id=boss.id, body="Another text")
    visitor = login_as("ann")
    costs, loaded = [], []
    for path in (f"/threads/{page.id}", f"/threads/{long.id}", f"/threads/{long.id}?page=3"):
        costs.append(cost(visitor, path, count_statements))
        loaded.append(len(visitor.get(path).soup.select("article.post")))
    assert costs[0] == costs[1] == costs[2] <= 8
    assert loaded[0] == POSTS_A_PAGE + 1 > max(loaded[1:])
