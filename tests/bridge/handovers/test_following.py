"""What happens to a query here reaches its desk, what happens there is followed here; nothing private goes along."""

import pytest
from flask import Flask
from sqlalchemy import select

from bridge.desks.contract import DeskStatus
from bridge.handovers.models import DeskMessage, HandOver, HandOverState, ServiceDesk
from bridge.handovers.polling import read_again
from bridge.handovers.sealing import UnsealError, seal, unseal
from bridge.queries import operations
from bridge.queries.models import Query, Status
from bridge.queries.promotion import join
from community import public
from community.core.db import db
from community.forum import operations as forum
from community.forum.models import Thread
from tests.bridge.handovers.paper import Paper
from tests.conftest import LoginAs, MakeApp, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.factories.bridge import a_query


def told(paper: Paper) -> list[str]:
    """What the desk was told, without marks."""
    return [comment.text.rsplit("\n\n", 1)[0] for comment in paper.sheets["1"].comments if comment.own]


def look_again(desk: ServiceDesk, run_jobs: RunJobs) -> None:
    """As a push would have it."""
    read_again(desk.id, ["1"])
    run_jobs()
    db.session.expire_all()


def from_desk(thread: Thread) -> list[str]:
    """What the desk said in a thread."""
    return [post.body for post in public.post_snapshots(thread.id) if post.origin == "desk"]


def test_edits_and_withdrawals_follow(app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs) -> None:
    ann = a_member("ann")
    thread = a_thread(author=ann)
    a_query(thread)
    post, other = a_reply(thread, ann, body="it is the left printer"), a_reply(thread, a_member(), body="a peer's")
    run_jobs()
    forum.edit_post(post, editor_id=ann.id, body="it is the RIGHT printer")
    forum.edit_post(other, editor_id=other.author_id, body="a peer's, changed")
    run_jobs()
    forum.hide_post(post, by_id=ann.id, reason="mistake")
    forum.hide_post(other, by_id=other.author_id, reason="mistake")
    run_jobs()
    assert told(paper) == [
        "it is the left printer",
        "The author changed this text. It now reads:\n\nit is the RIGHT printer",
        "An earlier text was withdrawn in the community.",
    ]


def test_everybody_s_words_go_where_the_desk_wants_them(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs
) -> None:
    desk.only_author = False
    thread = a_thread()
    a_query(thread)
    a_reply(thread, a_member("bob", name="Bob"), body="same here")
    run_jobs()
    assert told(paper) == ["same here"]
    assert "-- Bob [#" in paper.sheets["1"].comments[0].text


def test_more_people_another_thread_and_another_class_are_told(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs
) -> None:
    thread = a_thread()
    query = a_query(thread)
    run_jobs()
    for _number in range(4):
        forum.have_too(thread, member_id=a_member().id)
        run_jobs()
    second = public.thread_snapshot(a_thread(title="Same in hall 3").id)
    assert second is not None
    join(db.session.get_one(Query, query.id), second, by_id=a_member().id)
    operations.classify(query, "service_request", by_id=a_member(role="agent").id)
    run_jobs()
    assert told(paper)[0] == "3 people in the community have this now."
    assert told(paper)[1].startswith("Another thread in the community is about the same:\n\n# Same in hall 3")
    assert told(paper)[2] == "The class was corrected in the community: Service request."
    assert len(told(paper)) == 3


def test_an_answer_of_the_community_proposes_closing(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs
) -> None:
    thread = a_thread(author=(ann := a_member("ann")))
    a_query(thread)
    run_jobs()
    forum.accept(thread, a_reply(thread, a_member("bob"), body="Turn it off and on"), by_id=ann.id)
    run_jobs()
    assert "accepted an answer of its own" in told(paper)[-1]
    assert told(paper)[-1].endswith("Turn it off and on")
    assert paper.sheets["1"].status == DeskStatus.NEW


def test_a_question_waits_and_the_author_s_answer_starts_the_clock_there(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs
) -> None:
    thread = a_thread(author=(ann := a_member("ann")))
    query = a_query(thread)
    run_jobs()
    paper.agent("1", says="Which printer?", status=DeskStatus.WAITING_USER)
    look_again(desk, run_jobs)
    assert from_desk(thread) == ["Which printer?"]
    assert query.status == Status.WAITING_USER
    a_reply(thread, ann, body="The left one")
    run_jobs()
    assert told(paper) == ["The left one"]
    assert paper.sheets["1"].status == DeskStatus.IN_PROGRESS
    look_again(desk, run_jobs)
    assert db.session.get_one(Query, query.id).status == Status.IN_PROGRESS


def test_reopened_here_is_reopened_there(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, login_as: LoginAs
) -> None:
    thread = a_thread(author=a_member("ann"))
    query = a_query(thread)
    run_jobs()
    paper.agent("1", says="Install 5.2.3", status=DeskStatus.RESOLVED)
    look_again(desk, run_jobs)
    login_as("ann").post(f"/queries/{query.reference}/reopening", {"still": "It still drops"})
    run_jobs()
    assert paper.sheets["1"].status == DeskStatus.IN_PROGRESS
    assert "It still drops" in told(paper)


def test_reopened_there_is_reopened_here_and_not_told_back(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs
) -> None:
    thread = a_thread()
    query = a_query(thread)
    run_jobs()
    paper.agent("1", says="Install 5.2.3", status=DeskStatus.RESOLVED)
    look_again(desk, run_jobs)
    paper.agent("1", status=DeskStatus.IN_PROGRESS)
    look_again(desk, run_jobs)
    assert db.session.get_one(Query, query.id).status == Status.IN_PROGRESS
    assert "status" not in paper.log
    paper.agent("1", says="Install 5.2.4", status=DeskStatus.CLOSED)
    look_again(desk, run_jobs)
    assert db.session.get_one(Query, query.id).status == Status.RESOLVED
    paper.agent("1", says="Good bye")
    look_again(desk, run_jobs)
    assert from_desk(thread)[-2:] == ["Install 5.2.4", "Good bye"]


@pytest.mark.parametrize(("said", "shown"), [("Not our printer", "Not our printer"), ("", "without an answer")])
def test_a_rejection_gives_its_reason(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, said: str, shown: str
) -> None:
    thread = a_thread()
    query = a_query(thread)
    run_jobs()
    paper.agent("1", says=said, status=DeskStatus.REJECTED)
    look_again(desk, run_jobs)
    assert db.session.get_one(Query, query.id).status == Status.DECLINED
    assert shown in from_desk(thread)[-1]


@pytest.mark.parametrize("status", [DeskStatus.DELETED, DeskStatus.MERGED])
def test_what_is_lost_at_the_desk_comes_back_to_staff(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, status: DeskStatus
) -> None:
    thread = a_thread()
    query = a_query(thread)
    run_jobs()
    paper.agent("1", status=status)
    look_again(desk, run_jobs)
    lost = db.session.scalars(select(HandOver).where(HandOver.query_id == query.id)).one()
    assert (lost.active, lost.state) == (False, HandOverState.RETRACTED)
    assert db.session.get_one(Query, query.id).in_work


def test_words_appear_under_the_agent_s_name_where_we_know_them(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs
) -> None:
    thread = a_thread()
    a_query(thread)
    run_jobs()
    paper.agent("1", says="from nobody we know")
    look_again(desk, run_jobs)
    a_member("rosa", role="agent", name="Rosa")
    paper.agent("1", says="from Rosa")
    look_again(desk, run_jobs)
    authors = [post.author.name for post in public.post_snapshots(thread.id) if post.origin == "desk"]
    assert authors == ["Support team", "Rosa"]


def test_nothing_private_reaches_the_desk(app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs) -> None:
    ann = a_member("ann", email="ann.canary@example.org")
    thread = a_thread(a_space(), ann, body="My phone is +351 912 345 678, my password: CANARY-word, 10.1.2.3")
    hidden = a_reply(thread, a_member(), body="CANARY-hidden")
    forum.hide_post(hidden, by_id=hidden.author_id, reason="CANARY-reason")
    query = a_query(thread, reason="CANARY-free reason")
    operations.note(query, "CANARY-note", by_id=a_member(role="agent").id)
    a_reply(thread, ann, body="token=CANARYabcdefghijklmnop1234567890, see ann.canary@example.org and x@example.com")
    run_jobs()
    sheet = paper.sheets["1"]
    everything = repr(sheet.outgoing) + repr(sheet.comments)
    assert "CANARY" not in everything.replace("CANARY-free", "")
    assert "912 345" not in everything
    assert "10.1.2.3" not in everything
    assert "x@example.com" not in everything
    assert sheet.outgoing.requester.address == f"community+{ann.id}@localhost"


def test_an_address_goes_only_where_the_desk_may_have_it(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs
) -> None:
    desk.alias_only = False
    a_query(a_thread(author=a_member("ann")))
    run_jobs()
    assert paper.sheets["1"].outgoing.requester.address == "ann@example.org"


def test_keys_are_sealed_and_open_only_with_the_secret(app: Flask, make_app: MakeApp) -> None:
    sealed = seal({"password": "CANARY"})
    assert "CANARY" not in sealed
    assert unseal(sealed) == {"password": "CANARY"}
    assert (seal({}), unseal("")) == ("", {})
    with make_app(secret_key="another secret that is long enough").app_context(), pytest.raises(UnsealError):
        unseal(sealed)


def test_words_that_were_refused_are_shown_and_hold_nothing_up(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs
) -> None:
    ann = a_member("ann")
    thread = a_thread(author=ann)
    a_query(thread)
    run_jobs()
    paper.refused = "comment"
    a_reply(thread, ann, body="first")
    run_jobs()
    paper.refused = ""
    a_reply(thread, ann, body="second")
    run_jobs()
    states = db.session.scalars(select(DeskMessage.state).order_by(DeskMessage.id)).all()
    assert states == ["dead", "sent"]
