"""Asking, replying, editing, accepting, closing: what pages say and what is kept."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from community.core.db import db
from community.forum import operations
from community.forum.models import Post, PostRevision, Thread
from tests.conftest import LoginAs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor

TITLE = "The scanner in hall 2 sends empty pages"


def state_of(visitor: Visitor) -> str:
    """The word at the head of a thread's page."""
    return visitor.select("main .actbar .state")[0].get_text(strip=True)


def test_a_question_is_asked_and_read(app: Flask, login_as: LoginAs, visitor: Visitor) -> None:
    space = a_space("print", name="Printing")
    a_member("ann", name="Ann Lee")
    ann = login_as("ann")
    ann.get("/ask", space="print")
    ann.submit("#ask-form", title=f"  {TITLE} ", body="All pages are **blank**.", tags="Scanner, hall-2 scanner")
    assert ann.page.heading == TITLE
    thread = db.session.scalar(select(Thread))
    assert thread is not None
    assert (thread.tags, thread.space_id, thread.kind) == (["hall-2", "scanner"], space.id, "question")
    assert space.thread_count == 1
    visitor.get(f"/threads/{thread.id}")
    assert state_of(visitor) == "Open"
    assert visitor.select(".prose strong")[0].get_text() == "blank"
    for path in ("/", "/threads", "/spaces/print", "/unanswered", "/threads?tag=scanner", "/feeds/print.atom"):
        assert TITLE in visitor.client.get(path).get_data(as_text=True), path
    assert TITLE not in visitor.client.get("/threads?tag=other").get_data(as_text=True)


def test_asking_begins_in_the_space_one_comes_from(app: Flask, login_as: LoginAs) -> None:
    a_space("one")
    thread = a_thread(a_space("print"))
    hidden = a_thread(a_space("inner", visibility="members"))
    a_member("ann")
    ann = login_as("ann")
    for before, chosen in (
        ("", ""),
        ("/spaces/print", "print"),
        ("/spaces/print/about", "print"),
        ("/spaces/inner", ""),
        (f"/threads/{thread.id}", "print"),
        (f"/threads/{hidden.id}", ""),
        ("/threads/999999", ""),
    ):
        ann.get("/ask", headers={"Referer": f"http://localhost{before}"} if before else None)
        marked = [str(option["value"]) for option in ann.select("#space option[selected]")]
        assert "".join(marked) == chosen, before
    ann.submit("#ask-form", title=TITLE, body="Some words about it", status=422)
    assert "Choose the space in which people will know" in ann.select("#space-error")[0].get_text()


@pytest.mark.parametrize("kind", ["discussion", "idea"])
def test_other_kinds_of_threads(app: Flask, login_as: LoginAs, kind: str) -> None:
    a_space()
    a_member("ann")
    ann = login_as("ann")
    ann.get("/ask")
    ann.submit("#ask-form", title=TITLE, body="Some more words about it", kind=kind)
    assert state_of(ann) == kind.capitalize()


def test_news_are_the_providers(app: Flask, login_as: LoginAs) -> None:
    a_space("one")
    a_member("ann")
    a_member("meg", role="agent")
    ann, meg = login_as("ann"), login_as("meg")
    news = {
        "title": TITLE,
        "body": "Words that are news to everybody",
        "kind": "announcement",
        "space": "one",
        "tags": "",
    }
    ann.post("/ask", news, status=422)
    meg.post("/ask", news, follow=True)
    assert state_of(meg) == "News"
    meg.get("/news")
    assert TITLE in meg.text


def test_mistakes_in_a_question_keep_what_was_typed(app: Flask, login_as: LoginAs) -> None:
    a_space("one")
    a_member("ann")
    ann = login_as("ann")
    ann.get("/ask")
    ann.submit("#ask-form", title="abc", body="A long story", tags="a b c d e f", status=422)
    assert "at least 15 characters, or 6 in Chinese" in str(ann.select("#title-error"))
    assert "At most 5 tags" in str(ann.select("#tags-error"))
    assert ann.select("#body")[0].get_text().strip() == "A long story"
    assert ann.select("#title")[0]["value"] == "abc"
    assert db.session.scalar(select(func.count(Thread.id))) == 0


def test_a_reply_is_shown_and_counted(app: Flask, login_as: LoginAs, visitor: Visitor) -> None:
    thread = a_thread()
    a_member("bob", name="Bob Lind")
    bob = login_as("bob")
    bob.get(f"/threads/{thread.id}")
    bob.submit("#reply-form", body="Switch it off and on.")
    assert bob.page.path == f"/threads/{thread.id}"
    assert state_of(bob) == "Answered"
    visitor.get(f"/threads/{thread.id}")
    assert "1 reply" in visitor.text
    assert "Switch it off and on." in visitor.text


def test_sending_a_reply_twice_is_one_reply(app: Flask, login_as: LoginAs) -> None:
    thread = a_thread()
    a_member("bob")
    bob = login_as("bob")
    for words in ("The same words", "The same words\n", "Other words", "The same words"):
        bob.post(f"/threads/{thread.id}/replies", {"body": words}, status=302)
    assert thread.reply_count == 3
    assert db.session.scalar(select(func.count(Post.id))) == 4


def test_an_empty_reply_is_refused_beside_its_field(app: Flask, login_as: LoginAs) -> None:
    thread = a_thread()
    a_member("bob")
    bob = login_as("bob")
    bob.get(f"/threads/{thread.id}")
    bob.submit("#reply-form", body="  \u200b\n ".replace("\u200b", "\x00"), status=422)
    assert "Write a few words first" in str(bob.select("#body-error"))
    assert thread.reply_count == 0


def test_a_reply_may_answer_a_post_of_its_own_thread_only(app: Flask, login_as: LoginAs) -> None:
    thread, other = a_thread(), a_thread()
    own, foreign = a_reply(thread), a_reply(other)
    a_member("bob")
    bob = login_as("bob")
    for target, expected in ((str(own.id), own.id), (str(foreign.id), None), ("x", None), ("9" * 30, None)):
        data = {"body": f"About {target}", "reply_to": target}
        bob.post(f"/threads/{thread.id}/replies", data, status=302)
        newest = db.session.scalar(select(Post).order_by(Post.id.desc()).limit(1))
        assert newest is not None
        assert newest.reply_to_id == expected


def test_an_edit_keeps_the_text_before(app: Flask, login_as: LoginAs, visitor: Visitor) -> None:
    thread = a_thread(author=a_member("ann"), title="A first title of it", body="First words here, and more")
    post = thread.posts[0]
    ann = login_as("ann")
    ann.get(f"/posts/{post.id}/edit")
    ann.submit(
        "main form", title="A second title of it", body="Second words here, and more", reason="clearer", tags="xy"
    )
    assert ann.page.heading == "A second title of it"
    assert "edited" in ann.text
    visitor.get(f"/posts/{post.id}/revisions")
    assert "clearer" in visitor.text
    assert {tag.get_text() for tag in visitor.select("main del")} >= {"first", "First"}
    assert {tag.get_text() for tag in visitor.select("main ins")} >= {"second", "Second"}
    (revision,) = db.session.scalars(select(PostRevision))
    assert (revision.title, revision.body) == ("A first title of it", "First words here, and more")
    visitor.get(f"/threads/{thread.id}")
    assert "First words" not in visitor.text


def test_an_edit_that_changes_nothing_leaves_no_trace(app: Flask, login_as: LoginAs) -> None:
    thread = a_thread(author=a_member("ann"))
    before = thread.version
    ann = login_as("ann")
    ann.get(f"/posts/{thread.posts[0].id}/edit")
    ann.submit("main form")
    assert db.session.scalar(select(func.count(PostRevision.id))) == 0
    assert thread.version == before


def test_a_mistake_in_an_edit_keeps_what_was_typed(app: Flask, login_as: LoginAs) -> None:
    thread = a_thread(author=a_member("ann"))
    ann = login_as("ann")
    ann.get(f"/posts/{thread.posts[0].id}/edit")
    ann.submit("main form", title="", body="Typed anew", status=422)
    assert ann.select("#title-error")
    assert ann.select("#body")[0].get_text().strip() == "Typed anew"


def test_the_word_of_a_thread_follows_what_happens(app: Flask, login_as: LoginAs) -> None:
    space = a_space()
    a_member("ann")
    a_member("mod", super_user_in=[space])
    thread = a_thread(space, author=a_member("asker"))
    mod, asker, page = login_as("mod"), login_as("asker"), f"/threads/{thread.id}"

    def word() -> str:
        asker.get(page)
        return state_of(asker)

    assert word() == "Open"
    post = a_reply(thread, a_member("bob"))
    assert word() == "Answered"
    asker.submit(f"/posts/{post.id}/acceptance")
    assert word() == "Solved"
    assert "Accepted answer" in asker.text
    asker.submit(f"/threads/{thread.id}/solution/withdrawal")
    assert word() == "Answered"
    mod.get(page)
    mod.get(f"{page}/closing")
    mod.submit("#arrange-form", reason="It is settled")
    assert word() == "Closed"
    assert not asker.select("#reply-form")
    asker.post(f"{page}/replies", {"body": "Too late"}, status=404)
    mod.get(page)
    mod.submit(f"{page}/reopening")
    assert word() == "Answered"


def test_the_desk_and_the_solution_have_their_order(app: Flask) -> None:
    thread = a_thread()
    post = a_reply(thread)
    thread.desk_state = "desk"
    thread.settle()
    assert thread.state == "desk"
    operations.accept(thread, post, by_id=thread.author_id)
    assert thread.state == "solved"
    operations.unaccept(thread, by_id=thread.author_id)
    assert thread.state == "desk"
    operations.close(thread, by_id=thread.author_id)
    assert thread.state == "closed"


def test_accepting_another_answer_takes_the_first_back(app: Flask, login_as: LoginAs) -> None:
    thread = a_thread(author=a_member("ann"))
    first, second = a_reply(thread, body="First idea"), a_reply(thread, body="Second idea")
    ann = login_as("ann")
    for post in (first, second, second):
        ann.post(f"/posts/{post.id}/acceptance")
        ann.follow()
        assert thread.solution_id == post.id
    assert len(ann.select(".answer")) == 1
    ann.post(f"/posts/{thread.posts[0].id}/acceptance", status=404)


def test_who_may_not_accept(app: Flask, login_as: LoginAs) -> None:
    space = a_space()
    thread = a_thread(space, author=a_member("ann"))
    post = a_reply(thread, a_member("bob"))
    login_as("bob").post(f"/posts/{post.id}/acceptance", status=404)
    a_member("sue", super_user_in=[space])
    login_as("sue").post(f"/posts/{post.id}/acceptance", status=302)
    assert thread.solution_id == post.id


def test_a_hidden_answer_is_no_longer_accepted(app: Flask, login_as: LoginAs, visitor: Visitor) -> None:
    space = a_space()
    a_member("mod", super_user_in=[space])
    thread = a_thread(space)
    post = a_reply(thread, body="Pour water into it")
    operations.accept(thread, post, by_id=thread.author_id)
    visitor.get(f"/threads/{thread.id}")
    mod = login_as("mod")
    mod.get(f"/posts/{post.id}/hiding")
    mod.submit("main form", reason="dangerous")
    assert (thread.solution_id, thread.state) == (None, "answered")
    visitor.get(f"/threads/{thread.id}")
    assert "Pour water" not in visitor.html
    visitor.get(f"/posts/{post.id}", status=404)
    mod.get(f"/threads/{thread.id}")
    assert "Hidden by the team: dangerous" in mod.text
    mod.submit(f"/posts/{post.id}/restoration")
    visitor.get(f"/threads/{thread.id}")
    assert "Pour water" in visitor.text


def test_hiding_wants_a_reason(app: Flask, login_as: LoginAs) -> None:
    thread = a_thread(author=a_member("ann"))
    ann = login_as("ann")
    ann.get(f"/posts/{thread.posts[0].id}/hiding")
    ann.submit("main form", reason=" ", status=422)
    assert ann.select("#reason-error")
    assert thread.hidden_at is None
    ann.submit("main form", reason="Posted twice")
    assert ann.page.path == "/"
    assert thread.hidden_at is not None
    ann.get(f"/threads/{thread.id}", status=404)


def test_an_answer_others_rely_on_is_not_taken_back_by_its_author(app: Flask, login_as: LoginAs) -> None:
    thread = a_thread()
    post = a_reply(thread, a_member("bob"))
    operations.accept(thread, post, by_id=thread.author_id)
    login_as("bob").get(f"/posts/{post.id}/hiding", status=404)


def test_long_threads_come_in_pages_and_posts_keep_their_address(app: Flask, visitor: Visitor) -> None:
    thread, bob = a_thread(), a_member("bob")
    posts = [a_reply(thread, bob, f"Reply number {n}") for n in range(45)]
    for post, page in ((posts[0], None), (posts[19], None), (posts[20], "2"), (posts[44], "3")):
        visitor.get(f"/posts/{post.id}", status=302)
        assert ("page=" + page if page else "") in visitor.location
        visitor.follow()
        assert visitor.select(f"#post-{post.id}")
    visitor.get(f"/threads/{thread.id}", page=4, status=404)
    visitor.get(f"/threads/{thread.id}", page="x")


def test_a_double_click_begins_one_thread(app: Flask, login_as: LoginAs) -> None:
    a_space("home")
    a_space("other")
    a_member("ann")
    ann = login_as("ann")
    typed = {"space": "home", "kind": "question", "title": "VPN drops on the train", "body": "It says reconnecting."}
    thread = sent(ann, typed)
    assert sent(ann, typed) == thread
    assert sent(ann, {**typed, "space": "other"}) != thread
    assert sent(ann, {**typed, "body": "It says disconnected."}) != thread
    db.session.get_one(Thread, thread).created_at -= timedelta(hours=1)
    assert sent(ann, typed) != thread


def sent(visitor: Visitor, typed: dict[str, str]) -> int:
    """The thread that a sent form leads to."""
    visitor.post("/ask", typed)
    return int(visitor.location.rpartition("/")[2])


def test_what_was_taken_back_may_be_said_again(app: Flask, login_as: LoginAs) -> None:
    thread, words = a_thread(), {"body": "Install client 5.1.4."}
    a_member("ann")
    ann = login_as("ann")
    for _ in range(2):
        ann.post(f"/threads/{thread.id}/replies", words)
    assert thread.reply_count == 1
    post = thread.posts[1]
    ann.post(f"/posts/{post.id}/hiding", {"reason": "Wrong thread"})
    ann.post(f"/threads/{thread.id}/replies", words)
    db.session.expire_all()
    assert [each.hidden_at is None for each in thread.posts] == [True, False, True]
