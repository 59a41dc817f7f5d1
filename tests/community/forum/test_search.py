"""Search follows what happens, and shows nobody what they may not read, however old the index is."""

from flask import Flask

from community.core.search.documents import Hit
from community.forum import operations
from community.forum.searching.queries import grouped
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
    assert len(found(visitor)) == 1
    assert visitor.select("mark")
    assert "and 1 more reply matches" in visitor.text or found(visitor) == [f"/posts/{reply.id}"]
    visitor.get("/search", q=WORD, thread=thread.id)
    assert set(visitor.links("main .row__title a")) == {f"/threads/{thread.id}", f"/posts/{reply.id}"}
    visitor.get("/similar", q=f"{WORD} broken")
    assert f"/threads/{thread.id}" in visitor.links()


def test_hits_of_one_thread_are_one_result(app: Flask, visitor: Visitor, run_jobs: RunJobs) -> None:
    thread, other = a_thread(title="A toy that stopped"), a_thread(title=f"Another {WORD}")
    replies = [a_reply(thread, body=f"Oil the {WORD}, part {part}") for part in range(3)]
    run_jobs()
    addresses = found(visitor)
    assert len(addresses) == 2
    assert f"/threads/{other.id}" in addresses
    assert "2 results" in visitor.text
    assert "and 2 more replies match" in visitor.text
    visitor.get(next(link for link in visitor.links("main .rows a") if f"thread={thread.id}" in link))
    assert "3 places match in “A toy that stopped”" in visitor.text
    assert set(visitor.links("main .row__title a")) == {f"/posts/{reply.id}" for reply in replies}
    visitor.get("/search", q=WORD, thread="x")
    assert "2 results" in visitor.text
    visitor.get("/search", q=WORD, thread=thread.id + 99)
    assert "Nothing was found" in visitor.text


def test_a_reply_does_not_match_by_the_tags_of_its_thread(app: Flask, visitor: Visitor, run_jobs: RunJobs) -> None:
    thread = a_thread(title="A toy that stopped", tags=[WORD])
    reply = a_reply(thread, body="Oil it first")
    run_jobs()
    assert found(visitor) == [f"/threads/{thread.id}"]
    assert "more repl" not in visitor.text
    assert found(visitor, f"oil tag:{WORD}") == [f"/posts/{reply.id}"]


def test_an_article_stays_its_own_result() -> None:
    hits = [Hit("post", 5, 1, 3.0), Hit("article", 1, 1, 2.5), Hit("thread", 1, 1, 2.0), Hit("post", 9, 2, 1.0)]
    assert [[hit.key for hit in group] for group in grouped(hits)] == [
        [("post", 5), ("thread", 1)],
        [("article", 1)],
        [("post", 9)],
    ]


def test_pages_of_results_count_threads(app: Flask, visitor: Visitor, run_jobs: RunJobs) -> None:
    for number in range(17):
        a_reply(a_thread(title=f"The {WORD} number {number}"), body=f"My {WORD}")
    run_jobs()
    first = found(visitor)
    assert "17 results" in visitor.text
    visitor.get("/search", q=WORD, page=2)
    second = visitor.links("main .row__title a")
    assert (len(first), len(second)) == (15, 2)
    visitor.get("/search", q=WORD, page=50)
    assert visitor.links("main .row__title a") == second


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
        ("type:post", {f"/posts/{post.id}"}),
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
