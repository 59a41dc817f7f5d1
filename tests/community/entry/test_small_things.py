"""Lists say the language of what stands in them, and pages name what they are about."""

from flask import Flask

from community.core.db import db
from community.drafts.models import Draft
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread


def test_a_bookmark_names_its_thread(app: Flask, login_as: LoginAs) -> None:
    thread = a_thread(a_space("home"), a_member("ann"))
    a_reply(thread, a_member("bob"), "Pour water into it.")
    db.session.commit()
    ann = login_as("ann")
    ann.get(f"/threads/{thread.id}")
    post_id = thread.posts[0].id
    ann.post(f"/posts/{post_id}/bookmark", {})
    ann.get("/bookmarks")
    (form,) = ann.select("details form[action^='/bookmarks/']")
    ann.get(str(form["action"]))
    assert thread.title in ann.text


def test_spaces_and_news_say_their_language(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    space = a_space("home")
    space.language = "zh-Hans"
    thread = a_thread(space, a_member("ann"))
    thread.language = "zh-Hans"
    db.session.commit()
    a_member("bob")
    bob = login_as("bob")
    bob.get("/threads")
    assert [tag for tag in bob.select(".meta span[lang=zh-Hans]") if space.name in tag.get_text()]
    bob.get(f"/threads/{thread.id}")
    bob.submit("#reply-form", body="More water.")
    run_jobs()
    ann = login_as("ann")
    ann.get("/notifications")
    assert ann.select(".row__title a[lang=zh-Hans]")


def test_a_short_draft_is_whole_already(app: Flask, login_as: LoginAs) -> None:
    thread = a_thread(a_space("home"), a_member("ann"))
    db.session.commit()
    ann = login_as("ann")
    for body, offered in (("Short.", False), ("A long one. " * 60, True)):
        db.session.add(_draft(ann_id=thread.author_id, thread_id=thread.id, body=body))
        ann.get("/drafts")
        assert ("Show the whole text" in ann.text) is offered


def _draft(*, ann_id: int, thread_id: int, body: str) -> Draft:
    return Draft(member_id=ann_id, key=f"reply:{len(body)}", kind="reply", target_id=thread_id, body=body)
