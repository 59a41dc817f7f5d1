"""A query goes to a desk once and its words cross once, in order, whatever fails on the way."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from bridge.desks.contract import DeskRefusedError, DeskStatus, DeskUnreachableError
from bridge.handovers.models import DeskMessage, DeskRoute, HandOver, HandOverState, ServiceDesk
from bridge.handovers.operations import move, retry
from bridge.handovers.polling import poll_all
from bridge.handovers.queries import active_of
from bridge.handovers.sending import go_on, resume
from bridge.queries.models import Query, Status
from community import public
from community.accounts.loading import actor_for
from community.core.db import db
from community.core.jobs import enqueue
from community.forum.models import Thread
from tests.bridge.handovers.conftest import Later
from tests.bridge.handovers.paper import Paper
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_thread
from tests.factories.bridge import a_query


def crossed(query: Query) -> HandOver:
    """The hand-over of a query, as it is now."""
    db.session.expire_all()
    return db.session.scalars(select(HandOver).where(HandOver.query_id == query.id)).one()


def words_in(thread: Thread) -> list[str]:
    """What the desk said in a thread."""
    return [post.body for post in public.post_snapshots(thread.id) if post.origin == "desk"]


def test_a_query_is_sent_once_with_its_reference(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs
) -> None:
    query = a_query()
    assert crossed(query).state == HandOverState.QUEUED
    run_jobs()
    sent = crossed(query)
    assert (sent.state, sent.remote_id, sent.remote_number) == (HandOverState.SENT, "1", "#1")
    assert [sheet.outgoing.ref for sheet in paper.sheets.values()] == [sent.ref]
    assert query.reference in sent.ref


def test_the_author_s_words_follow_in_order_and_others_stay(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs
) -> None:
    ann = a_member("ann")
    thread = a_thread(author=ann)
    a_query(thread)
    run_jobs()
    a_reply(thread, ann, body="first of mine, mail me at bob@example.com")
    a_reply(thread, a_member("bob"), body="what a peer says")
    a_reply(thread, ann, body="second of mine")
    run_jobs()
    texts = [comment.text for comment in paper.sheets["1"].comments]
    assert [text.split("\n")[0] for text in texts] == ["first of mine, mail me at [email]", "second of mine"]
    assert "Ann [#" in texts[0]


def test_words_of_the_desk_come_home_once_and_never_go_back(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs
) -> None:
    thread = a_thread()
    query = a_query(thread)
    run_jobs()
    paper.agent("1", says="We look into it", notes="CANARY-note", status=DeskStatus.IN_PROGRESS)
    for _turn in range(3):
        go_on(crossed(query))
        run_jobs()
    assert words_in(thread) == ["We look into it"]
    assert db.session.get_one(Query, query.id).status == Status.IN_PROGRESS
    assert len(paper.sheets["1"].comments) == 1
    assert "CANARY" not in "".join(db.session.scalars(select(DeskMessage.text)))


def test_what_the_desk_did_is_found_when_the_answer_was_lost(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, later: Later
) -> None:
    """The desk made the query, or took the words, and the connection broke before it could say so."""
    lost = {"created": 1, "commented": 1}

    def break_off(moment: str) -> None:
        if lost.get(moment):
            lost[moment] -= 1
            raise DeskUnreachableError("connection reset")

    paper.trouble = break_off
    ann = a_member("ann")
    thread = a_thread(author=ann)
    query = a_query(thread)
    run_jobs()
    assert crossed(query).state == HandOverState.FAILED
    a_reply(thread, ann, body="it happened again")
    for _turn in range(3):
        later(timedelta(minutes=20))
        run_jobs()
    assert crossed(query).state == HandOverState.SENT
    assert [sheet.outgoing.ref for sheet in paper.sheets.values()] == [crossed(query).ref]
    assert len(paper.sheets["1"].comments) == 1
    assert paper.log.count("create") == 1
    assert paper.log.count("comment") == 1


def test_a_silent_desk_is_left_in_peace_and_nothing_is_lost(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, later: Later
) -> None:
    def be_silent(_moment: str) -> None:
        raise DeskUnreachableError("connection refused")

    paper.trouble = be_silent
    queries = [a_query() for _number in range(5)]
    for _turn in range(30):
        later(timedelta(hours=2))
        run_jobs()
    db.session.expire_all()
    assert desk.paused_until is not None
    tries = len(paper.log)
    run_jobs()
    assert len(paper.log) == tries
    paper.trouble = lambda _moment: None
    later(timedelta(hours=1))
    enqueue(resume)
    run_jobs()
    later(timedelta(hours=1))
    enqueue(resume)
    run_jobs()
    assert {crossed(query).state for query in queries} == {HandOverState.SENT}
    assert len(paper.sheets) == 5


def test_what_the_desk_refuses_is_given_up_shown_and_tried_again_by_hand(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs
) -> None:
    def refuse(moment: str) -> None:
        if moment == "create":
            raise DeskRefusedError("unknown queue Community")

    paper.trouble = refuse
    query = a_query()
    run_jobs()
    assert (crossed(query).state, crossed(query).error) == (HandOverState.DEAD, "unknown queue Community")
    paper.trouble = lambda _moment: None
    run_jobs()
    assert paper.sheets == {}
    retry(crossed(query))
    run_jobs()
    assert crossed(query).state == HandOverState.SENT


def test_a_resolution_becomes_the_proposed_answer_and_its_acceptance_closes(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, login_as: LoginAs
) -> None:
    ann = a_member("ann")
    thread = a_thread(author=ann)
    query = a_query(thread)
    run_jobs()
    paper.agent("1", says="We look into it", status=DeskStatus.IN_PROGRESS)
    paper.agent("1", says="Install 5.2.3", status=DeskStatus.RESOLVED)
    go_on(crossed(query))
    run_jobs()
    assert words_in(thread) == ["We look into it", "Install 5.2.3"]
    assert db.session.get_one(Query, query.id).status == Status.RESOLVED
    answer = next(link.answer_post_id for link in query.links)
    login_as("ann").post(f"/posts/{answer}/acceptance")
    run_jobs()
    assert db.session.get_one(Query, query.id).status == Status.CLOSED
    assert paper.sheets["1"].status == DeskStatus.CLOSED


def test_a_resolution_without_words_takes_the_last_ones(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs
) -> None:
    thread = a_thread()
    query = a_query(thread)
    run_jobs()
    paper.agent("1", says="Install 5.2.3")
    go_on(crossed(query))
    run_jobs()
    paper.agent("1", status=DeskStatus.RESOLVED)
    go_on(crossed(query))
    run_jobs()
    assert words_in(thread) == ["Install 5.2.3"]
    assert [post.proposed for post in public.post_snapshots(thread.id) if post.origin == "desk"] == [True]


def test_pushes_are_hints_that_must_be_signed(app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs) -> None:
    thread = a_thread()
    a_query(thread)
    run_jobs()
    paper.agent("1", says="Install 5.2.3")
    client = app.test_client()
    assert client.post("/desks/paper/push", data=b"1", headers={"X-Sign": "wrong"}).status_code == 404
    assert client.post("/desks/nowhere/push", data=b"1", headers={"X-Sign": "sign-1"}).status_code == 404
    run_jobs()
    assert words_in(thread) == []
    for _again in range(3):
        assert client.post("/desks/paper/push", data=b"1", headers={"X-Sign": "sign-1"}).status_code == 204
    run_jobs()
    assert words_in(thread) == ["Install 5.2.3"]


def test_the_poller_finds_what_no_push_told_of(app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs) -> None:
    thread = a_thread()
    a_query(thread)
    run_jobs()
    enqueue(poll_all)
    run_jobs()
    paper.agent("1", says="Install 5.2.3")
    enqueue(poll_all)
    run_jobs()
    assert words_in(thread) == ["Install 5.2.3"]


def test_what_happened_before_the_first_poll_is_found_too(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs
) -> None:
    thread = a_thread()
    a_query(thread)
    run_jobs()
    paper.agent("1", says="Install 5.2.3")
    enqueue(poll_all)
    run_jobs()
    assert words_in(thread) == ["Install 5.2.3"]


def test_a_query_taken_back_is_closed_there_and_goes_on_here(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs
) -> None:
    thread = a_thread()
    query = a_query(thread)
    run_jobs()
    agent = actor_for(a_member("jonas", role="agent").id)
    assert move(query, None, "Only a question", by=agent) is None
    run_jobs()
    assert active_of(query.id) is None
    assert paper.sheets["1"].status == DeskStatus.REJECTED
    assert paper.sheets["1"].comments[0].text.startswith("Only a question")
    paper.agent("1", says="too late")
    enqueue(poll_all)
    run_jobs()
    assert words_in(thread) == []


def test_what_is_restricted_goes_only_where_its_class_was_sent(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs
) -> None:
    assert active_of(a_query(query_class="suspicious_activity").id) is None
    desk.routes.append(DeskRoute(query_class="suspicious_activity"))
    db.session.flush()
    assert active_of(a_query(query_class="suspicious_activity").id) is not None
