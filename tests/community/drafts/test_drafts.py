"""Drafts over HTTP: kept, listed, put back, removed with the text's publication, and never shown to anybody else."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from community.core.db import at_time, db, utcnow
from community.drafts import operations
from community.drafts.models import Draft
from community.drafts.operations import Basis, Words, keep, place_of
from community.forum.models import Post, Thread
from tests.conftest import CountStatements, LoginAs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor

TITLE = "The scanner in hall 2 sends empty pages"
BODY = "Since Monday every page that I scan comes out empty."
SCRIPT = {"X-Requested-With": "fetch"}


def save(visitor: Visitor, status: int = 200, **fields: object) -> dict[str, object]:
    """Save as the script does; what it is answered."""
    visitor.post("/drafts", fields, status=status, headers=visitor.headers | SCRIPT)
    answer = {} if status == 404 else visitor.json
    assert isinstance(answer, dict)
    return answer


def drafts() -> list[Draft]:
    return list(db.session.scalars(select(Draft).order_by(Draft.id)))


def test_a_question_is_kept_put_back_and_gone_when_it_is_published(app: Flask, login_as: LoginAs) -> None:
    a_space("print", name="Printing")
    a_member("ann")
    here = login_as("ann")
    here.get("/ask")
    here.submit("#ask-form", button="Save as draft", title=TITLE, body=BODY, kind="idea", tags="scanner")
    assert "Saved as a draft" in here.text
    there = login_as("ann")
    there.get("/ask")
    assert there.select("#title")[0]["value"] == TITLE
    assert there.select("#body")[0].get_text().strip() == BODY
    assert there.select("#tags")[0]["value"] == "scanner"
    assert there.select("input[name=kind][checked]")[0]["value"] == "idea"
    there.get("/drafts")
    assert TITLE in there.text
    there.get(there.links(".row__title a")[0])
    there.submit("#ask-form")
    assert there.page.heading == TITLE
    assert drafts() == []
    there.get("/ask")
    assert there.select("#body")[0].get_text().strip() == ""


def test_a_refused_text_goes_on_with_its_draft(app: Flask, login_as: LoginAs) -> None:
    a_space("one")
    a_member("ann")
    ann = login_as("ann")
    kept = save(ann, draft_for="thread", title="abc", body=BODY)
    ann.get("/ask")
    ann.submit("#ask-form", status=422)
    assert ann.select("input[name=draft_id]")[0]["value"] == str(kept["id"])
    ann.submit("#ask-form", title=TITLE)
    assert drafts() == []


def test_a_reply_is_kept_and_gone_when_it_is_sent(app: Flask, login_as: LoginAs) -> None:
    thread, other = a_thread(), a_thread()
    a_member("bob")
    bob = login_as("bob")
    save(bob, draft_for=f"reply:{thread.id}", body="Switch it off")
    save(bob, draft_for=f"reply:{other.id}", body="Something else")
    bob.get(f"/threads/{thread.id}")
    assert bob.select("#reply textarea")[0].get_text().strip() == "Switch it off"
    bob.submit("#reply-form", body="Switch it off and on.")
    assert "Switch it off and on." in bob.text
    assert [draft.target_id for draft in drafts()] == [other.id]
    assert bob.select("#reply textarea")[0].get_text().strip() == ""


def test_an_edit_is_kept_and_gone_when_it_is_saved(app: Flask, login_as: LoginAs) -> None:
    ann = a_member("ann")
    post = a_reply(a_thread(), ann, "The old words of a reply")
    page = login_as("ann")
    page.get(f"/posts/{post.id}/edit")
    page.submit("#edit-form", button="Save as draft", body="The new words of a reply", reason="clearer")
    assert page.select("#body")[0].get_text().strip() == "The new words of a reply"
    assert page.select("#reason")[0]["value"] == "clearer"
    assert post.body == "The old words of a reply"
    page.submit("#edit-form")
    assert (post.body, drafts()) == ("The new words of a reply", [])


def test_what_another_window_wrote_is_never_lost(app: Flask, login_as: LoginAs) -> None:
    a_space("one")
    a_member("ann")
    ann = login_as("ann")
    first = save(ann, draft_for="thread", body="From the first window", draft_writer="one")
    basis = {"draft_for": "thread", "draft_id": first["id"], "draft_version": first["version"]}
    second = save(ann, body="From the second window", draft_writer="two", **basis)
    assert (second["id"], second["apart"]) == (first["id"], False)
    third = save(ann, body="First again", draft_writer="one", **basis)
    assert third["apart"] is True
    assert {draft.body for draft in drafts()} == {"From the second window", "First again"}
    ann.get("/ask")
    assert ann.select("#body")[0].get_text().strip() == "First again"
    assert "There is another version of this text" in ann.text
    ann.get(f"/ask?draft={second['id']}")
    assert ann.select("#body")[0].get_text().strip() == "From the second window"
    again = save(ann, body="First goes on", draft_writer="one", **basis | {"draft_id": third["id"], "draft_version": 1})
    assert (again["id"], again["version"]) == (third["id"], 2)


def test_an_answer_that_was_lost_makes_no_second_draft(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    ann = login_as("ann")
    first = save(ann, draft_for="thread", body="One", draft_writer="w1")
    basis = {"draft_for": "thread", "draft_id": first["id"], "draft_version": first["version"], "draft_writer": "w1"}
    for words in ("One two", "One two three"):
        save(ann, body=words, **basis)
    assert [draft.body for draft in drafts()] == ["One two three"]


def test_what_was_published_does_not_come_back(app: Flask, login_as: LoginAs) -> None:
    a_space("one")
    a_member("ann")
    ann = login_as("ann")
    first = save(ann, draft_for="thread", body="One")
    ann.post(f"/drafts/{first['id']}/deletion", status=302)
    basis = {"draft_id": first["id"], "draft_version": first["version"]}
    save(ann, 410, draft_for="thread", body="One two", **basis)
    assert drafts() == []
    ann.post("/drafts", {"draft_for": "thread", "title": "T", "body": "One two", **basis}, status=410)
    assert ann.select("#body")[0].get_text().strip() == "One two"
    ann.submit("#draft-again")
    assert [draft.body for draft in drafts()] == ["One two"]


def test_an_emptied_text_leaves_no_draft(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    ann = login_as("ann")
    first = save(ann, draft_for="thread", body="One", draft_writer="w1")
    save(ann, draft_for="thread", body=" ", draft_id=first["id"], draft_version=7, draft_writer="w2")
    assert len(drafts()) == 1
    save(ann, draft_for="thread", body=" ", draft_id=first["id"], draft_version=1)
    assert drafts() == []
    ann.post("/drafts", {"draft_for": "thread", "body": ""}, follow=True)
    assert "There was nothing to save" in ann.text


def test_drafts_are_ones_own(app: Flask, login_as: LoginAs) -> None:
    thread = a_thread()
    for handle in ("ann", "bob"):
        a_member(handle)
    ann, bob = login_as("ann"), login_as("bob")
    kept = save(ann, draft_for=f"reply:{thread.id}", body="Canary words of Ann's")
    for path in ("/drafts", f"/threads/{thread.id}?draft={kept['id']}", "/ask"):
        bob.get(path)
        assert "Canary words" not in bob.html
    bob.post(f"/drafts/{kept['id']}/deletion", status=404)
    save(bob, 410, draft_for=f"reply:{thread.id}", body="Bob's", draft_id=kept["id"], draft_version=1)
    assert [draft.body for draft in drafts()] == ["Canary words of Ann's"]
    ann.post(f"/drafts/{kept['id']}/deletion", follow=True)
    assert "You have no drafts" in ann.text


def test_a_draft_goes_out_of_sight_with_its_thread(app: Flask, login_as: LoginAs) -> None:
    inner = a_space("inner", visibility="members")
    thread = a_thread(inner, title="Canary of the inner space")
    ann = a_member("ann", member_of=[inner])
    page = login_as("ann")
    save(page, draft_for=f"reply:{thread.id}", body="About the canary")
    page.get("/drafts")
    assert "Canary of the inner space" in page.text
    inner_only = save(page, draft_for=f"reply:{thread.id}", body="About the canary, again", draft_writer="x")
    assert inner_only["id"]
    for grant in ann.grants:
        db.session.delete(grant)
    page.get("/drafts")
    assert "anary" not in page.text
    save(page, 404, draft_for=f"reply:{thread.id}", body="More")
    for place in ("reply:999999", "edit:999999", "reply:x", "", "thread:1", "edit:²"):
        save(page, 404, draft_for=place, body="More")


def test_there_is_an_end_to_drafts_and_the_text_comes_back(
    app: Flask, login_as: LoginAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "MOST", 2)
    a_member("ann")
    ann = login_as("ann")
    for number in range(2):
        save(ann, draft_for="thread", body=f"Text {number}", draft_writer=f"w{number}")
    assert "no more are kept" in str(save(ann, 422, draft_for="thread", body="One more"))
    ann.post("/drafts", {"draft_for": "thread", "body": "One more", "tags": "x"}, status=422)
    assert ann.select("#body")[0].get_text().strip() == "One more"
    assert "too long" in str(save(ann, 422, draft_for="thread", body="x " * 31_000))


def test_drafts_are_kept_for_180_days(app: Flask) -> None:
    ann = a_member("ann")
    thread = place_of("thread")
    assert thread is not None
    for days in (179, 181):
        with at_time(utcnow() - timedelta(days=days)):
            keep(ann.id, thread, Words(body=f"{days} days"), Basis())
    operations.forget_old_drafts()
    assert [draft.body for draft in drafts()] == ["179 days"]


def test_a_thread_page_with_a_draft_costs_one_statement_more(
    app: Flask, login_as: LoginAs, count_statements: CountStatements
) -> None:
    thread = a_thread()
    a_member("ann")
    ann, costs = login_as("ann"), []
    for body in ("", "Begun"):
        save(ann, draft_for=f"reply:{thread.id}", body=body)
        ann.client.get(f"/threads/{thread.id}")
        with count_statements() as sql:
            ann.client.get(f"/threads/{thread.id}")
        costs.append(len(sql))
    assert costs[1] <= costs[0] + 1


def test_a_post_is_quoted_into_the_reply(app: Flask, login_as: LoginAs) -> None:
    thread = a_thread()
    post = a_reply(thread, a_member("bob", name="Bob [B]"), "> asked before\n\nFirst line\n\n- second")
    hidden = a_reply(thread, body="Canary hidden words")
    elsewhere = a_reply(a_thread(), body="Canary of another thread")
    hidden.hidden_at = utcnow()
    a_member("ann")
    ann = login_as("ann")
    ann.get(f"/threads/{thread.id}")
    ann.get(next(link for link in ann.links() if f"quote={post.id}" in link))
    given = ann.select("#reply textarea")[0].get_text()
    assert f"> [Bob \\[B\\]](/posts/{post.id}):\n>\n> First line\n>\n> - second\n" in given
    assert "asked before" not in given
    ann.submit("#reply-form", body=given + "I agree with that.")
    reply = db.session.scalars(select(Post).where(Post.thread_id == thread.id).order_by(Post.number.desc())).first()
    assert reply is not None
    assert reply.reply_to_id == post.id
    for other in (hidden, elsewhere):
        ann.get(f"/threads/{thread.id}?quote={other.id}")
        assert ann.select("#reply textarea")[0].get_text().strip() == ""
    save(ann, draft_for=f"reply:{thread.id}", body="Begun before")
    ann.get(f"/threads/{thread.id}?quote={post.id}")
    assert ann.select("#reply textarea")[0].get_text().strip().startswith("Begun before\n\n> [Bob")
    assert db.session.scalar(select(func.count(Thread.id))) == 2
