"""Several people at one thing that waits, at the same moment: one of them has their way, once."""

import contextvars
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask

from community.core.db import db
from community.forum.models import Post
from community.moderation.gates.models import HeldWriting
from community.moderation.models import Case
from community.spaces.models import Space
from tests.conftest import LoginAs
from tests.factories import a_member
from tests.visit import Visitor

from .conftest import asks, rules, waiting


def at_once(app: Flask, asked: list[tuple[Visitor, str, dict[str, str]]]) -> list[int]:
    """Send requests of several people at the same moment; the answers."""
    sent = []
    for who, path, data in asked:
        who.get("/help")
        cookie = who.client.get_cookie("isthmus")
        assert cookie is not None
        sent.append((cookie.value, path, {**data, "csrf_token": who.page.csrf_token}))
    db.session.commit()
    start = Barrier(len(sent))

    def one(number: int) -> int:
        value, path, data = sent[number]
        client = app.test_client()
        client.set_cookie("isthmus", value)
        start.wait()
        return client.post(path, data=data).status_code

    with ThreadPoolExecutor(len(sent)) as pool:
        answers = list(pool.map(lambda number: contextvars.Context().run(one, number), range(len(sent))))
    db.session.expire_all()
    return answers


def test_deciders_and_the_author_at_the_same_moment(app: Flask, home: Space, ann: Visitor, login_as: LoginAs) -> None:
    rules(home, first_posts=1)
    asks(ann, "May I ask at least this?")
    (row,) = waiting()
    case = db.session.query(Case).filter_by(kind="held", target_id=row.id).one()
    a_member("sam", super_user_in=[home])
    decision, back = f"/review/{case.id}/decision", f"/waiting-for-approval/{row.id}/taking-back"
    words = {"words": "Not here, please."}
    asked = [(login_as(name), decision, {"decision": "publish"}) for name in ("sue", "sam", "boss")]
    asked += [(login_as("sam"), decision, {"decision": "refuse", **words}), (ann, back, {"to": "drafts"})]
    answers = at_once(app, asked)
    assert not [answer for answer in answers if answer >= 500]
    found = db.session.query(HeldWriting).one()
    assert found.state in ("published", "refused", "taken_back")
    assert db.session.query(Post).count() == (1 if found.state == "published" else 0)


def test_the_same_words_sent_twice_wait_once(app: Flask, home: Space, ann: Visitor) -> None:
    rules(home, first_posts=1)
    for _again in range(2):
        asks(ann, "May I ask at least this?")
    assert len(waiting()) == 1
