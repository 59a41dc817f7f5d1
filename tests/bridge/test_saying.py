"""What members write on the page of a query is asked about like any reply."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from bridge.queries import operations
from bridge.queries.models import Query, QueryStep, Status
from community import public
from community.core.db import db, utcnow
from community.forum.models import Thread
from tests.community.moderation.gates.conftest import decide, rules, waiting
from tests.conftest import LoginAs
from tests.factories import a_member, a_thread
from tests.factories.bridge import a_query


@pytest.fixture
def resolved(app: Flask) -> tuple[Thread, Query]:
    """A query with a proposed answer, whose author is ann."""
    thread = a_thread(author=a_member("ann"))
    query = a_query(thread)
    operations.resolve(query, "Install 5.2.", by_id=a_member("jonas", role="agent").id)
    return thread, query


def said(thread: Thread) -> list[str]:
    """What people said in the thread after the question."""
    return [post.body for post in public.post_snapshots(thread.id)[1:] if post.origin != "desk"]


WAYS = [("additions", "text"), ("reopening", "still")]


@pytest.mark.parametrize(("noun", "field"), WAYS)
def test_who_is_silenced_says_nothing_here_either(
    resolved: tuple[Thread, Query], login_as: LoginAs, noun: str, field: str
) -> None:
    thread, query = resolved
    ann = login_as("ann")
    thread.author.silenced_until = utcnow() + timedelta(days=1)
    ann.post(f"/queries/{query.reference}/{noun}", {field: "Still drops"}, status=422)
    assert "Still drops" in ann.html
    assert (said(thread), query.status) == ([], Status.RESOLVED)
    thread.author.silenced_until = None
    ann.post(f"/queries/{query.reference}/{noun}", {field: "Still drops"})
    assert said(thread) == ["Still drops"]


def test_sent_twice_it_is_one_addition(resolved: tuple[Thread, Query], login_as: LoginAs) -> None:
    thread, query = resolved
    ann = login_as("ann")
    for _again in range(2):
        ann.post(f"/queries/{query.reference}/additions", {"text": "It is the left one"})
    assert said(thread) == ["It is the left one"]


@pytest.mark.parametrize(("noun", "field"), WAYS)
def test_what_is_held_back_waits(resolved: tuple[Thread, Query], login_as: LoginAs, noun: str, field: str) -> None:
    thread, query = resolved
    rules(thread.space, first_posts=5)
    login_as("ann").post(f"/queries/{query.reference}/{noun}", {field: "Still drops"})
    (row,) = waiting()
    notes = db.session.scalars(select(QueryStep.text).where(QueryStep.kind == "noted")).all()
    again = noun == "reopening"
    assert (said(thread), notes) == ([], ["Still drops"] if again else [])
    assert query.status == (Status.IN_PROGRESS if again else Status.RESOLVED)
    a_member("boss", role="manager")
    decide(login_as("boss"), row, "publish")
    assert said(thread) == ["Still drops"]


def test_who_may_not_reply_any_more_still_says_that_it_did_not_help(
    resolved: tuple[Thread, Query], login_as: LoginAs
) -> None:
    thread, query = resolved
    thread.space.reply_by = "groups"
    ann = login_as("ann")
    ann.post(f"/queries/{query.reference}/additions", {"text": "Still drops"}, status=404)
    ann.post(f"/queries/{query.reference}/reopening", {"still": "Still drops"})
    assert (said(thread), query.status) == ([], Status.IN_PROGRESS)


def test_reasons_are_asked_about_too(app: Flask, login_as: LoginAs) -> None:
    thread = a_thread(author=a_member("ann"))
    ann, path = login_as("ann"), f"/threads/{thread.id}/promotion"
    asked = {"query_class": "incident", "impact": 1, "urgency": 2}
    thread.author.silenced_until = utcnow() + timedelta(days=1)
    ann.post(path, {**asked, "reason": "Buy at pills.example"}, status=422)
    assert "Buy at pills.example" in ann.html
    thread.author.silenced_until = None
    rules(thread.space, first_posts=5)
    ann.post(path, {**asked, "reason": "Buy at pills.example"}, status=422)
    assert "cannot be sent like this" in ann.text
    ann.post(path, asked)
    further = {**asked, "topic": "a" * 24, "title": "Pills", "reason": "Buy at pills.example"}
    ann.post(f"{path}/further", further, status=422)
    assert [query.title for query in db.session.scalars(select(Query))] == [thread.title]
