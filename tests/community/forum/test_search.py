"""Search follows what happens, and shows nobody what they may not read, however old the index is."""

from flask import Flask

from community.forum import operations
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor

WORD = "kaleidoscope"


def found(visitor: Visitor, words: str = WORD) -> list[str]:
    """Addresses of what a search finds."""
    visitor.get("/search", q=words)
    return visitor.links("main .row__title a")


def test_a_thread_and_its_replies_are_found(app: Flask, visitor: Visitor, run_jobs: RunJobs) -> None:
    thread = a_thread(title=f"The {WORD} does not turn")
    reply = a_reply(thread, body=f"Oil the {WORD} first")
    assert found(visitor) == []
    run_jobs()
    assert set(found(visitor)) == {f"/threads/{thread.id}", f"/posts/{reply.id}"}
    assert visitor.select("mark")
    visitor.get("/similar", q=f"{WORD} broken")
    assert f"/threads/{thread.id}" in visitor.links()


def test_an_edit_is_followed(app: Flask, visitor: Visitor, run_jobs: RunJobs, login_as: LoginAs) -> None:
    thread = a_thread(title=f"The {WORD} does not turn", author=a_member("ann"))
    run_jobs()
    ann = login_as("ann")
    ann.get(f"/posts/{thread.posts[0].id}/edit")
    ann.submit("main form", title="The periscope does not turn")
    run_jobs()
    assert found(visitor) == []
    assert found(visitor, "periscope") == [f"/threads/{thread.id}"]


def test_what_is_hidden_is_not_shown_although_the_index_has_it(
    app: Flask, visitor: Visitor, run_jobs: RunJobs, login_as: LoginAs
) -> None:
    thread, other = a_thread(title=f"The {WORD} does not turn"), a_thread(title="Something else")
    reply = a_reply(other, body=f"Oil the {WORD} first")
    run_jobs()
    operations.hide_post(reply, by_id=other.author_id, reason="x")
    operations.hide_post(thread.posts[0], by_id=thread.author_id, reason="x")
    a_member("boss", role="admin")
    assert found(visitor) == []
    visitor.get("/similar", q=WORD)
    assert WORD not in visitor.html.replace(f"q={WORD}", "")
    assert f"/posts/{reply.id}" not in found(login_as("boss"))
    run_jobs()
    assert app.extensions["isthmus.search"].count() == 1
    operations.restore_post(thread.posts[0], by_id=thread.author_id)
    run_jobs()
    assert found(visitor) == [f"/threads/{thread.id}"]


def test_replies_of_a_hidden_thread_leave_with_it(app: Flask, visitor: Visitor, run_jobs: RunJobs) -> None:
    thread = a_thread()
    reply = a_reply(thread, body=f"Oil the {WORD} first")
    run_jobs()
    assert found(visitor) == [f"/posts/{reply.id}"]
    operations.hide_post(thread.posts[0], by_id=thread.author_id, reason="x")
    assert found(visitor) == []
    run_jobs()
    assert app.extensions["isthmus.search"].count() == 0


def test_members_only_and_restricted_threads_are_found_by_their_readers(
    app: Flask, visitor: Visitor, run_jobs: RunJobs, login_as: LoginAs
) -> None:
    inner = a_space("inner", visibility="members")
    inside = a_thread(inner, title=f"The {WORD} inside")
    restricted = a_thread(title=f"The {WORD} kept apart")
    operations.restrict(restricted, by_id=None)
    a_member("bea", member_of=[inner])
    a_member("eve")
    a_member("meg", role="agent")
    run_jobs()
    assert found(visitor) == []
    assert found(login_as("eve")) == []
    assert found(login_as("bea")) == [f"/threads/{inside.id}"]
    assert set(found(login_as("meg"))) == {f"/threads/{inside.id}", f"/threads/{restricted.id}"}


def test_a_thread_made_members_only_is_gone_at_once(app: Flask, visitor: Visitor, run_jobs: RunJobs) -> None:
    space = a_space()
    a_thread(space, title=f"The {WORD} does not turn")
    run_jobs()
    space.visibility = "members"
    assert found(visitor) == []


def test_words_can_be_narrowed(app: Flask, visitor: Visitor, run_jobs: RunJobs) -> None:
    space, ann = a_space("print"), a_member("ann")
    thread = a_thread(space, ann, title=f"The {WORD} does not turn", tags=["toys"])
    other = a_thread(title=f"Another {WORD}")
    post = a_reply(other, ann, body=f"My {WORD} is fine")
    operations.accept(other, post, by_id=other.author_id)
    run_jobs()
    here, there = f"/threads/{thread.id}", f"/threads/{other.id}"
    for narrowing, expected in (
        ("space:print", {here}),
        ("tag:toys", {here}),
        ("by:ann", {here, f"/posts/{post.id}"}),
        ("is:unsolved type:thread", {here}),
        ("is:solved type:thread", {there}),
    ):
        assert set(found(visitor, f"{WORD} {narrowing}")) == expected, narrowing


def test_an_empty_search_asks_for_words(app: Flask, visitor: Visitor) -> None:
    for words in ("", "   ", "tag:", '"', "AND OR NOT", "*", "?" * 500, "\x01", "\u202e"):
        visitor.get("/search", q=words)
        visitor.get("/similar", q=words)


def test_an_address_with_nul_in_it_is_refused(app: Flask, visitor: Visitor) -> None:
    for path in ("/search?q=%00", "/threads?tag=%00", "/people/a%00b", "/spaces/%00", "/files/%00"):
        visitor.get(path, status=400)


def test_nothing_found_offers_to_ask(app: Flask, visitor: Visitor) -> None:
    visitor.get("/search", q="xyzzyq & <b>")
    assert "Nothing was found" in visitor.text
    assert any(link.startswith("/ask?title=") for link in visitor.links("main a"))
