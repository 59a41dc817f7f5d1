"""The same form sent twice at the same moment, as by a double click, writes once."""

from flask import Flask
from sqlalchemy import func, select

from community.core.db import db
from community.forum.models import Post, Thread
from community.messages.models import Conversation, Message
from tests.conftest import LoginAs
from tests.factories import a_member, a_space, a_thread
from tests.security.test_races_of_arranging import AtOnce, at_once  # noqa: F401 - a fixture

TIMES = 3


def test_what_is_written_is_there_once(app: Flask, login_as: LoginAs, at_once: AtOnce) -> None:  # noqa: F811
    a_space("home")
    thread = a_thread()
    a_member("bob")
    a_member("ann", role="agent")
    ann = login_as("ann")
    asked = {"space": "home", "kind": "question", "title": "VPN drops on the train", "body": "It says reconnecting."}
    for path, typed in (
        ("/ask", asked),
        (f"/threads/{thread.id}/replies", {"body": "Install client 5.1.4."}),
        ("/messages/new", {"to": "@bob", "subject": "Budget", "body": "Is the figure right?"}),
    ):
        assert at_once([(ann, path, typed)] * TIMES) == [302] * TIMES
    conversation = db.session.scalar(select(Conversation.id))
    answer = ann, f"/messages/{conversation}/replies", {"body": "Nobody is in a hurry"}
    assert at_once([answer] * TIMES) == [302] * TIMES
    counted = [db.session.scalar(select(func.count(model.id))) for model in (Thread, Post, Conversation, Message)]
    assert counted == [2, 3, 1, 2]
