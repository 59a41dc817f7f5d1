"""A space asks for fields with each kind of thread; they are kept with the thread, found, shown and edited."""

import pytest
from flask import Flask
from sqlalchemy import select

from community import public
from community.core.db import db
from community.forum.asking import templates as asking
from community.forum.asking.templates import AskedField
from community.forum.models import PostRevision, Thread
from community.spaces.models import Space
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_space
from tests.visit import Visitor

ASKED = {"title": "The printer prints nothing", "body": "It worked until yesterday afternoon."}
FIELDS = [
    AskedField("f1", "Product", required=True),
    AskedField("f2", "Site", "Where you are", "choice", False, ("Office", "Plant <2>")),
    AskedField("f3", "What can you not do now", "", "text"),
]


@pytest.fixture
def ann(app: Flask, login_as: LoginAs) -> Visitor:
    space, _other = a_space("home"), a_space("far")
    lead = a_member("lead", super_user_in=[space])
    a_member("ann")
    asking.set_fields(space, "question", FIELDS, by_id=lead.id)
    return login_as("ann")


def the_thread() -> Thread:
    db.session.expire_all()
    return db.session.scalars(select(Thread)).one()


def asked_with_ideas() -> list[AskedField]:
    db.session.expire_all()
    home = db.session.scalars(select(Space.id).where(Space.slug == "home")).one()
    return asking.fields_by_kind(home)["idea"]


def asked(ann: Visitor, **fields: str) -> None:
    ann.get("/ask")
    ann.submit("#ask-form", follow=False, status=422, **ASKED, kind="question", space="home")
    assert "A few more things are asked for here" in ann.text
    assert ann.select("input[name=title]")[0]["value"] == ASKED["title"]
    ann.submit("#ask-form", **fields)


def test_the_fields_come_back_with_the_form_and_are_kept_with_the_thread(ann: Visitor, run_jobs: RunJobs) -> None:
    words = {"field-f1": "Laser 9", "field-f2": "Plant <2>", "field-f3": "Send\nbills"}
    asked(ann, **words)
    assert [(given["label"], given["value"]) for given in the_thread().fields] == [
        ("Product", "Laser 9"),
        ("Site", "Plant <2>"),
        ("What can you not do now", "Send\nbills"),
    ]
    assert [tag.text for tag in ann.select(".given dd")] == ["Laser 9", "Plant <2>", "Send\nbills"]
    snapshot = public.thread_snapshot(the_thread().id)
    assert snapshot is not None
    assert snapshot.fields[0] == ("Product", "Laser 9")
    run_jobs()
    ann.get("/search", q="bills")
    assert ASKED["title"] in ann.text


def test_what_must_be_filled_in_is_named(ann: Visitor) -> None:
    ann.get("/ask")
    ann.submit("#ask-form", follow=False, status=422, **ASKED, kind="question", space="home")
    ann.submit("#ask-form", follow=False, status=422, **{"field-f3": "Everything"})
    assert "Product: Please fill this in." in ann.text
    assert ann.select("textarea[name=field-f3]")[0].text.strip() == "Everything"


def test_a_secret_in_a_field_is_asked_about(ann: Visitor) -> None:
    ann.get("/ask")
    ann.submit("#ask-form", follow=False, status=422, **ASKED, kind="question", space="home")
    ann.submit("#ask-form", follow=False, status=422, **{"field-f1": "4111 1111 1111 1111"})
    ann.submit("#ask-form")
    assert the_thread().fields[0]["value"] == "[card number]"


def test_spaces_and_kinds_without_fields_are_asked_in_as_before(ann: Visitor) -> None:
    for given in ({"space": "far", "kind": "question"}, {"space": "home", "kind": "discussion"}):
        ann.get("/ask")
        ann.submit("#ask-form", **ASKED, **given)
    db.session.expire_all()
    assert [thread.fields for thread in db.session.scalars(select(Thread))] == [[], []]


def test_fields_are_edited_with_the_post_and_the_old_ones_kept(ann: Visitor) -> None:
    asked(ann, **{"field-f1": "Laser 9"})
    thread = the_thread()
    ann.get(f"/posts/{thread.posts[0].id}/edit")
    ann.submit("#edit-form", **{"field-f1": "Laser 10"})
    assert the_thread().fields[0]["value"] == "Laser 10"
    old = db.session.scalars(select(PostRevision)).one()
    assert old.fields[0]["value"] == "Laser 9"
    ann.get(f"/posts/{old.post_id}/revisions")
    assert "Laser 9" in ann.text
    ann.submit("form[action$=restoration]")
    assert the_thread().fields[0]["value"] == "Laser 9"


def test_a_super_user_says_what_is_asked_for(ann: Visitor, login_as: LoginAs) -> None:
    ann.get("/spaces/home/templates", status=404)
    lead = login_as("lead")
    lead.get("/spaces/far/templates", status=404)
    lead.get("/spaces/home/manage")
    assert "/spaces/home/templates" in lead.links()
    lead.get("/spaces/home/templates/idea", usual="zh-Hans")
    lead.submit("#template-form", **{"rows-1-look": "choice", "rows-1-choices": "only one"}, follow=False, status=422)
    lead.submit("#template-form", **{"rows-1-choices": "5.1\n5.2", "rows-6-label": ""})
    fields = asked_with_ideas()
    assert [field.label for field in fields][:2] == ["产品或服务", "版本"]
    assert len(fields) == 6
    assert fields[1].choices == ("5.1", "5.2")
    lead.get("/spaces/home/templates/idea")
    lead.submit("#template-form", button="More fields")
    lead.submit("#template-form", **{f"rows-{number}-label": "" for number in range(6)})
    assert asked_with_ideas() == []


def test_the_fields_alone_for_a_page_that_is_open(ann: Visitor) -> None:
    ann.get("/ask/fields", space="home", kind="question")
    assert "Product" in ann.html
    ann.get("/ask/fields", space="far", kind="question")
    assert "Product" not in ann.html
