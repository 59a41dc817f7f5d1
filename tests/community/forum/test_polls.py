"""Polls: asked with a question, voted in, counted from the votes, shown when they may be."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from community.core.db import db, utcnow
from community.forum import operations
from community.forum.models import Thread
from community.forum.reactions import polls
from community.forum.reactions.polls import Asked, Poll, PollOption, Results
from tests.conftest import CountStatements, LoginAs
from tests.factories import a_member, a_space, a_thread
from tests.visit import Visitor

VOTE = "#poll form"
QUESTION: dict[str, Any] = {
    "title": "When shall we move the meeting?",
    "body": "It collides with the other one every week.",
}


def a_poll(**how: object) -> Thread:
    """A thread with a poll between Monday and Friday."""
    thread = a_thread()
    polls.begin(thread, Asked(("Monday", "Friday"), **how))  # type: ignore[arg-type]
    db.session.flush()
    return thread


def option(thread: Thread, text: str) -> str:
    """The id of one of its options."""
    return str(db.session.scalars(select(PollOption.id).filter_by(thread_id=thread.id, text=text)).one())


def result(visitor: Visitor, thread: Thread) -> list[str]:
    """The numbers as they are shown."""
    visitor.get(f"/threads/{thread.id}")
    return [shown.get_text() for shown in visitor.select(".poll__n")]


def test_a_poll_is_asked_with_a_question(app: Flask, login_as: LoginAs) -> None:
    a_space("work")
    ann = a_member("ann")
    ann.time_zone = "Europe/Berlin"
    visitor = login_as("ann")
    visitor.get("/ask")
    visitor.submit(
        "#ask-form", **QUESTION, poll_options="Monday\n\n  Friday \n", poll_multiple=True, poll_results="voting",
        poll_closes_on="2031-01-15",
    )  # fmt: skip
    poll = db.session.scalars(select(Poll)).one()
    texts = list(db.session.scalars(select(PollOption.text).order_by(PollOption.position)))
    assert texts == ["Monday", "Friday"]
    assert (poll.multiple, poll.named, poll.results) == (True, False, "voting")
    assert poll.closes_at == datetime(2031, 1, 15, 23, tzinfo=UTC)
    assert visitor.select("#poll input[type=checkbox]")


@pytest.mark.parametrize("wrong", ["one", "x" * 121 + "\ny", "a\nA", "\n".join(map(str, range(11)))])
def test_options_that_make_no_poll_are_refused_and_kept(app: Flask, login_as: LoginAs, wrong: str) -> None:
    a_space("work")
    a_member("ann")
    visitor = login_as("ann")
    visitor.get("/ask")
    visitor.submit("#ask-form", **QUESTION, poll_options=wrong, status=422)
    assert visitor.select("#poll-fields[open] .error")
    assert wrong.splitlines()[0] in visitor.html
    assert db.session.scalars(select(Thread)).all() == []
    visitor.submit("#ask-form", poll_options="")
    assert not db.session.scalars(select(Thread)).one().has_poll


def test_votes_are_given_changed_and_taken_back(app: Flask, login_as: LoginAs, visitor: Visitor) -> None:
    thread = a_poll()
    for handle, choice in (("ann", "Monday"), ("bob", "Friday"), ("eve", "Friday")):
        a_member(handle)
        person = login_as(handle)
        person.get(f"/threads/{thread.id}")
        person.submit(VOTE, option=option(thread, choice))
    assert result(visitor, thread) == ["1 vote, 33 %", "2 votes, 67 %"]
    assert [(bar["value"], bar["max"]) for bar in visitor.select("#poll meter")] == [("1", "3"), ("2", "3")]
    person.submit(VOTE, option=option(thread, "Monday"))
    assert result(visitor, thread) == ["2 votes, 67 %", "1 vote, 33 %"]
    assert result(person, thread) == ["2 votes, 67 %", "1 vote, 33 %"]
    person.submit("#poll form.mt2")
    assert result(visitor, thread) == ["1 vote, 50 %", "1 vote, 50 %"]
    assert "2 people voted" in visitor.text


def test_several_may_be_chosen_where_the_poll_says_so(app: Flask, login_as: LoginAs) -> None:
    several, one = a_poll(multiple=True), a_poll()
    a_member("ann")
    ann = login_as("ann")
    for thread, expected in ((several, ["1 vote, 100 %"] * 2), (one, ["0 votes, 0 %"] * 2)):
        both = [option(thread, "Monday"), option(thread, "Friday")]
        ann.post(f"/threads/{thread.id}/poll/votes", {"option": both})
        assert result(ann, thread) == expected


def test_an_option_of_another_poll_counts_nowhere(app: Flask, login_as: LoginAs) -> None:
    thread, other = a_poll(), a_poll()
    a_member("ann")
    ann = login_as("ann")
    for wrong in (option(other, "Monday"), "9" * 30, "x"):
        ann.post(f"/threads/{thread.id}/poll/votes", {"option": wrong})
    assert result(ann, thread) == result(ann, other) == ["0 votes, 0 %"] * 2
    ann.post(f"/threads/{a_thread().id}/poll/votes", {"option": "1"}, status=404)


@pytest.mark.parametrize("results", list(Results))
def test_the_result_is_shown_when_it_may_be(app: Flask, login_as: LoginAs, visitor: Visitor, results: Results) -> None:
    thread = a_poll(results=results, closes_at=utcnow() + timedelta(days=1))
    a_member("ann")
    ann = login_as("ann")
    always, voting = results == Results.ALWAYS, results == Results.AFTER_VOTING
    assert bool(result(ann, thread)) is bool(result(visitor, thread)) is always
    ann.submit(VOTE, option=option(thread, "Monday"))
    assert bool(result(ann, thread)) is (always or voting)
    assert bool(result(visitor, thread)) is always
    db.session.get_one(Poll, thread.id).closes_at = utcnow() - timedelta(seconds=1)
    polls.note_closing()
    for person in (ann, visitor):
        assert result(person, thread) == ["1 vote, 100 %", "0 votes, 0 %"]
        assert not person.select(VOTE)
    ann.post(f"/threads/{thread.id}/poll/votes", {"option": option(thread, "Friday")}, status=404)


@pytest.mark.parametrize("named", [False, True])
def test_who_chose_what_is_seen_only_where_that_was_said(
    app: Flask, login_as: LoginAs, visitor: Visitor, named: bool
) -> None:
    thread = a_poll(named=named)
    ann = a_member("ann", name="Ann Canary")
    polls.vote(thread, [int(option(thread, "Monday"))], member_id=ann.id)
    visitor.get(f"/threads/{thread.id}")
    assert ("Ann Canary" in visitor.html) is named
    assert ("Others see who chose what." in visitor.text) is named


def test_a_closed_thread_takes_no_votes(app: Flask, login_as: LoginAs) -> None:
    thread = a_poll()
    operations.close(thread, by_id=thread.author_id)
    a_member("ann")
    ann = login_as("ann")
    ann.get(f"/threads/{thread.id}")
    assert not ann.select(VOTE)
    ann.post(f"/threads/{thread.id}/poll/votes", {"option": option(thread, "Monday")}, status=404)


def test_a_poll_costs_one_statement(app: Flask, login_as: LoginAs, count_statements: CountStatements) -> None:
    a_member("ann")
    ann, costs = login_as("ann"), []
    for thread in (a_thread(), a_poll()):
        path = f"/threads/{thread.id}"
        ann.client.get(path)
        with count_statements() as sql:
            ann.client.get(path)
        costs.append(len(sql))
    assert costs[1] == costs[0] + 1
