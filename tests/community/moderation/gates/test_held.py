"""What is held back: who reads it, what becomes of it, exactly once, and a wave of it decided together."""

import pytest
from flask import Flask
from sqlalchemy import select

from community.accounts.loading import actor_for
from community.accounts.models import Member
from community.core.db import db
from community.core.events import EventRecord
from community.drafts import operations as drafts
from community.drafts.models import Draft
from community.forum.composing import gates
from community.forum.composing.gates import Kept, Outcome, Verdict, Way, Writing
from community.forum.composing.publishing import Typed
from community.forum.models import Attachment, Post, Thread
from community.moderation.gates.models import HeldWriting
from community.notifications.models import Notification
from community.spaces.models import Space
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_thread
from tests.visit import Visitor

from .conftest import asks, case_of, decide, replies, rules, waiting

CANARY = "qzxcanary"


@pytest.fixture
def held(home: Space, ann: Visitor) -> HeldWriting:
    """Ann's first thread in a space that looks at first posts, with a poll, a tag and words to find it by."""
    rules(home, first_posts=1)
    asks(
        ann,
        f"{CANARY} lift broken",
        body=f"{CANARY} stands still since this morning",
        tags="lift",
        poll_options="stairs\nwait",
    )
    (row,) = waiting()
    return row


def test_its_author_reads_that_it_waits(held: HeldWriting, ann: Visitor) -> None:
    assert "Somebody looks at it before others can read it" in ann.text
    assert f"{CANARY} lift broken" in ann.text
    assert "Somebody looks at the first posts of a person" in ann.text
    assert db.session.query(Thread).count() == 0
    assert db.session.query(Draft).count() == 0


def test_it_goes_on_waiting_where_there_is_no_room_for_a_draft(
    held: HeldWriting, ann: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "MOST", 0)
    ann.post(f"/waiting-for-approval/{held.id}/taking-back")
    ann.get("/waiting-for-approval")
    assert "as many drafts as one can" in ann.text
    assert f"{CANARY} lift broken" in ann.text
    assert (held.state, case_of(held).is_decided) == ("waiting", False)


def test_published_it_is_as_it_was_typed_and_its_author_is_told(
    held: HeldWriting, ann: Visitor, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    sue = login_as("sue")
    sue.get("/review")
    assert f"{CANARY} stands still since this morning" in sue.text
    decide(sue, held, "publish")
    run_jobs()
    thread = db.session.scalars(select(Thread)).one()
    assert (thread.title, thread.tags, thread.has_poll) == (f"{CANARY} lift broken", ["lift"], True)
    assert thread.author.handle == "ann"
    assert thread.created_at > held.at
    ann.get("/notifications")
    assert f"It is published: {CANARY} lift broken" in ann.text
    ann.get("/waiting-for-approval")
    assert "Nothing of yours is waiting" in ann.text


def test_what_is_held_in_a_thread_that_was_restricted_is_for_who_reads_it(
    home: Space, ann: Visitor, login_as: LoginAs
) -> None:
    rules(home, first_posts=1)
    thread = a_thread(home, a_member("tom"), title=f"{CANARY} and its password")
    replies(ann, thread.id, f"{CANARY} too")
    sue, boss = login_as("sue"), login_as("boss")
    assert CANARY in sue.get("/review").text
    thread.restricted = True
    for path in ("/review", f"/review/{case_of(waiting()[0]).id}"):
        sue.get(path, status=200 if path == "/review" else 404)
        assert CANARY not in sue.text
        assert CANARY in boss.get(path).text


def test_it_is_published_once_however_many_decide(held: HeldWriting, ann: Visitor, login_as: LoginAs) -> None:
    sue, boss = login_as("sue"), login_as("boss")
    decide(sue, held, "publish")
    decide(boss, held, "publish", status=409)
    assert "Sue decided this meanwhile" in boss.text
    assert db.session.query(Thread).count() == 1
    ann.post(f"/waiting-for-approval/{held.id}/taking-back", {"to": "drafts"})
    assert ann.follow() and "It was decided meanwhile" in ann.text
    assert db.session.query(Draft).count() == 0


def test_refused_its_author_reads_why_and_keeps_the_text(
    held: HeldWriting, ann: Visitor, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    sue = login_as("sue")
    decide(sue, held, "refuse", status=422)
    decide(sue, held, "refuse", "Please ask in the lift's own space.")
    run_jobs()
    assert db.session.query(Thread).count() == 0
    ann.get("/waiting-for-approval")
    assert "Please ask in the lift's own space." in ann.text
    ann.get("/notifications")
    assert "It was not published" in ann.text
    ann.get("/ask")
    assert f'value="{CANARY} lift broken"' in ann.html
    assert "stairs" in ann.html


def test_trusted_people_wait_no_more(held: HeldWriting, home: Space, ann: Visitor, login_as: LoginAs) -> None:
    rules(home, first_posts=5)
    decide(login_as("sue"), held, "trust")
    asks(ann, "Another question of mine")
    assert waiting() == []
    assert db.session.query(Thread).count() == 2


def test_its_author_takes_it_back_and_changes_it(held: HeldWriting, ann: Visitor, login_as: LoginAs) -> None:
    login_as("olga").post(f"/waiting-for-approval/{held.id}/taking-back", {"to": "edit"}, status=404)
    ann.submit(f"/waiting-for-approval/{held.id}/taking-back", button="Take it back and change it")
    assert "put back what you had written" in ann.text
    assert case_of(held).decision == "taken_back"
    ann.submit("#ask-form", title="The lift, told better")
    (again,) = waiting()
    assert again.title == "The lift, told better"
    assert again.typed["tags"] == ["lift"]
    assert db.session.query(Draft).count() == 0


def test_a_reply_is_published_where_its_thread_is_now(home: Space, ann: Visitor, login_as: LoginAs) -> None:
    thread = a_thread(home)
    rules(home, first_posts=1)
    replies(ann, thread.id, "Press the red button.")
    replies(ann, thread.id, "Press the red button.")
    (row,) = waiting()
    decide(login_as("sue"), row, "publish")
    assert [post.body for post in thread.posts][1:] == ["Press the red button."]


def test_what_cannot_be_published_any_more_is_only_refused(home: Space, ann: Visitor, login_as: LoginAs) -> None:
    thread = a_thread(home)
    rules(home, first_posts=1)
    replies(ann, thread.id, "Press the red button.")
    (row,) = waiting()
    sue = login_as("sue")
    sue.get(f"/threads/{thread.id}/closing")
    sue.submit("main form", reason="Done")
    decide(sue, row, "publish", status=422)
    decide(sue, row, "refuse", "The thread was closed meanwhile.")
    assert len(thread.posts) == 1


def test_nobody_else_reads_anything_of_it(
    app: Flask, held: HeldWriting, visitor: Visitor, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    a_member("eve")
    run_jobs()
    case = case_of(held)
    lists = ["/", "/threads", "/unanswered", "/search?q=lift broken", "/similar?q=lift broken since", "/tags", "/u/ann"]
    own = ["/notifications", "/review", f"/review/{case.id}", "/waiting-for-approval", "/drafts", "/spaces/home"]
    for client in (visitor.client, login_as("eve").client, login_as("olga").client):
        for path in (*lists, *own, "/feeds/lists/hot", "/sitemap.xml"):
            assert CANARY not in client.get(path).get_data(as_text=True), path
    facts = [str(record.payload) for record in db.session.query(EventRecord)]
    assert not any(CANARY in fact for fact in facts)
    assert db.session.query(Notification).count() == 0
    sue = login_as("sue")
    sue.get(f"/review/{case.id}")
    assert f"{CANARY} stands still since this morning" in sue.text


def test_of_a_customers_thread_only_staff_and_author_read_it(home: Space, login_as: LoginAs) -> None:
    thread = a_thread(home, db.session.query(Member).filter_by(handle="ann").one())
    thread.restricted = True
    rules(home, first_posts=9)
    replies(login_as("ann"), thread.id, f"{CANARY} more of it")
    (row,) = waiting()
    login_as("sue").get(f"/review/{case_of(row).id}", status=404)
    login_as("boss").get(f"/review/{case_of(row).id}")


def keep_spam(home: Space, people: int, each: int) -> None:
    """Advertisements of many newcomers, and one honest question of each tenth of them."""
    for number in range(people):
        member = a_member(f"new{number}")
        for one in range(each):
            honest = number % 10 == 0 and one == 0
            title = f"How do I reset my token {number}" if honest else f"Cheap pills {number} {one}"
            about = Writing(who=member.id, kind=Way.THREAD, title=title, body=title, space_id=home.id)
            typed = Typed(title, title, space_id=home.id, kind="question")
            gates.hold(actor_for(member.id), Kept(about, typed), Verdict(Outcome.HOLD, "alike", "97"))


def test_a_wave_of_spam_is_decided_in_a_few_decisions(app: Flask, home: Space, login_as: LoginAs) -> None:
    with app.test_request_context():
        keep_spam(home, people=40, each=5)
        db.session.commit()
    assert len(waiting()) == 200
    sue, decisions = login_as("sue"), 0
    honest = [case_of(row).id for row in waiting() if row.title.startswith("How")]
    sue.get("/review?kind=held")
    for chosen, decision, words in ((honest, "publish", ""), ([], "refuse", "No advertising here.")):
        given = {"decision": decision, "words": words, "kind": "held", "scope": "chosen" if chosen else "all"}
        sue.post("/review/decisions", {**given, "case": [str(id_) for id_ in chosen]})
        decisions += 1
    assert decisions < 10
    assert waiting() == []
    assert sorted(post.body for post in db.session.scalars(select(Post))) == [
        f"How do I reset my token {number}" for number in (0, 10, 20, 30)
    ]
    assert db.session.query(HeldWriting).filter_by(state="refused").count() == 196


def test_a_picture_in_it_is_seen_by_those_who_review(app: Flask, home: Space, ann: Visitor, login_as: LoginAs) -> None:
    key, member = "0123456789abcdef01234567.png", db.session.query(Member).filter_by(handle="ann").one()
    app.extensions["isthmus.storage"].put(f"files/{key}", b"x", "image/png")
    row = {"name": "a.png", "content_type": "image/png", "kind": "image", "size": 1, "width": 1, "height": 1}
    db.session.add(Attachment(key=key, member_id=member.id, **row))
    rules(home, first_posts=1)
    asks(ann, body=f"It looks like this: ![a](/files/{key})")
    (waits,) = waiting()
    sue, olga = login_as("sue"), login_as("olga")
    assert sue.client.get(f"/files/{key}").status_code == 200
    assert olga.client.get(f"/files/{key}").status_code == 404
    decide(sue, waits, "publish")
    assert olga.client.get(f"/files/{key}").status_code == 200
    assert [file["key"] for file in db.session.query(Post).one().attachments] == [key]
