"""What a desk may not have, or no longer: threats, withdrawn words, and another query's words that are not ours."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from bridge.desks.contract import DeskStatus, DeskUnreachableError
from bridge.handovers.models import DeskMessage, DeskRoute, HandOverState, MessageState, ServiceDesk
from bridge.handovers.operations import move
from bridge.handovers.polling import poll_all
from bridge.handovers.sealing import seal
from bridge.handovers.sending import resume
from bridge.queries.models import Status
from community.accounts.loading import actor_for
from community.core.db import db
from community.core.jobs import enqueue
from community.forum import operations as forum
from tests.bridge.handovers.conftest import Later
from tests.bridge.handovers.crossing import look_again, told
from tests.bridge.handovers.paper import Paper
from tests.bridge.handovers.test_crossing import crossed, words_in
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_thread
from tests.factories.bridge import a_query

SIGNED = {"X-Sign": "sign-1"}


def silent(_moment: str) -> None:
    raise DeskUnreachableError("down")


def fine(_moment: str) -> None:
    pass


def test_another_query_under_the_same_number_stays_there(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs
) -> None:
    """A desk that was moved or set up anew gives its numbers out again."""
    thread = a_thread()
    query = a_query(thread)
    run_jobs()
    sheet = paper.sheets["1"]
    sheet.outgoing = replace(sheet.outgoing, ref="isthmus-abcdef-QRY-00077-1")
    paper.agent("1", says="Mrs Wong earns 3000", status=DeskStatus.RESOLVED)
    look_again(desk, run_jobs)
    assert (words_in(thread), query.status) == ([], Status.NEW)
    assert (crossed(query).state, "another query" in crossed(query).error) == (HandOverState.DEAD, True)
    sheet.outgoing = replace(sheet.outgoing, ref=crossed(query).ref)
    crossed(query).state = HandOverState.SENT
    look_again(desk, run_jobs)
    assert words_in(thread) == ["Mrs Wong earns 3000"]


def test_keys_that_cannot_be_opened_are_shown_to_staff(
    app: Flask, desk: ServiceDesk, paper: Paper, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    a_member("jonas", role="agent")
    jonas = login_as("jonas")
    desk.sealed = "sealed under another key"
    query = a_query()
    enqueue(poll_all)
    run_jobs()
    assert "enter them again" in crossed(query).error
    assert "enter them again" in desk.last_error
    assert "enter them again" in jonas.get("/desk/failures").text
    assert app.test_client().post("/desks/paper/push", data=b"1", headers=SIGNED).status_code == 404
    desk.sealed = seal({"push": "sign-1"})
    jonas.post("/desk/failures/retry")
    run_jobs()
    assert (crossed(query).state, len(paper.sheets)) == (HandOverState.SENT, 1)
    assert app.test_client().post("/desks/paper/push", data=b"1", headers=SIGNED).status_code == 204


def test_a_kind_that_is_gone_is_said_so(app: Flask, desk: ServiceDesk, run_jobs: RunJobs) -> None:
    a_query()
    run_jobs()
    desk.kind = "gone"
    enqueue(poll_all)
    run_jobs()
    db.session.expire_all()
    assert "not installed" in desk.last_error
    assert app.test_client().post("/desks/paper/push", data=b"1", headers=SIGNED).status_code == 404


def test_what_is_withdrawn_while_the_desk_is_silent_is_not_sent(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, later: Later
) -> None:
    ann = a_member("ann")
    thread = a_thread(author=ann)
    a_query(thread)
    run_jobs()
    paper.trouble = silent
    begun = a_reply(thread, ann, body="The names of all patients")
    waiting = a_reply(thread, ann, body="And patients' rooms")
    run_jobs()
    for post in (begun, waiting):
        forum.hide_post(post, by_id=ann.id, reason="by mistake")
    run_jobs()
    paper.trouble = fine
    later(timedelta(hours=1))
    look_again(desk, run_jobs)
    assert told(paper)[-1] == "An earlier text was withdrawn in the community."
    assert not any("patients" in words for words in told(paper))
    forum.restore_post(waiting, by_id=ann.id)
    run_jobs()
    assert told(paper)[-1] == "And patients' rooms"


def test_what_was_withdrawn_and_is_shown_again_is_said_again(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs
) -> None:
    ann = a_member("ann")
    thread = a_thread(author=ann)
    a_query(thread)
    post = a_reply(thread, ann, body="It is the left one")
    run_jobs()
    forum.hide_post(post, by_id=ann.id, reason="by mistake")
    run_jobs()
    forum.restore_post(post, by_id=ann.id)
    run_jobs()
    first, gone, again = told(paper)
    assert (first, "withdrawn" in gone, again.endswith("\n\nIt is the left one")) == ("It is the left one", True, True)


def test_a_query_that_becomes_a_threat_leaves_a_desk_that_may_not_know_of_it(
    app: Flask, desk: ServiceDesk, paper: Paper, login_as: LoginAs, run_jobs: RunJobs, later: Later
) -> None:
    ann = a_member("ann")
    thread = a_thread(author=ann)
    query = a_query(thread)
    a_member("jonas", role="agent")
    run_jobs()
    paper.trouble = silent
    for words in ("The attacker calls himself Bob", "The attacker knows us"):
        a_reply(thread, ann, body=words)
    run_jobs()
    login_as("jonas").post(f"/desk/queries/{query.id}/classification", {"query_class": "suspicious_activity"})
    paper.trouble = fine
    a_reply(thread, ann, body="The attacker wrote again")
    later(timedelta(hours=1))
    run_jobs()
    assert crossed(query).state == HandOverState.RETRACTED
    words = " ".join(told(paper))
    assert ("worked on elsewhere" in words, "attacker" in words, "uspicious" in words) == (True, False, False)
    assert paper.sheets["1"].status == DeskStatus.REJECTED


def test_a_threat_stays_at_the_desk_to_which_its_class_was_sent(
    app: Flask, desk: ServiceDesk, paper: Paper, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    desk.routes.append(DeskRoute(query_class="suspicious_activity", position=1))
    ann = a_member("ann")
    thread = a_thread(author=ann)
    query = a_query(thread)
    a_member("jonas", role="agent")
    run_jobs()
    login_as("jonas").post(f"/desk/queries/{query.id}/classification", {"query_class": "suspicious_activity"})
    a_reply(thread, ann, body="The attacker wrote again")
    run_jobs()
    assert crossed(query).state == HandOverState.SENT
    assert told(paper)[-1] == "The attacker wrote again"


def test_a_further_query_that_is_a_threat_takes_the_first_one_away_too(
    app: Flask, desk: ServiceDesk, paper: Paper, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    ann = a_member("ann")
    thread = a_thread(author=ann)
    query = a_query(thread)
    run_jobs()
    asked = {"query_class": "suspicious_activity", "impact": 1, "urgency": 3, "title": "A false page", "reason": "Look"}
    login_as("ann").post(f"/threads/{thread.id}/promotion/further", {**asked, "topic": "a" * 24})
    run_jobs()
    assert crossed(query).state == HandOverState.RETRACTED
    assert len(paper.sheets) == 1


@pytest.mark.parametrize(("lost", "there"), [("created", True), ("create", False)])
def test_what_is_taken_back_while_it_may_be_there_already_is_closed_there(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, later: Later, lost: str, *, there: bool
) -> None:
    def breaks(moment: str) -> None:
        if moment == lost:
            raise DeskUnreachableError("the line broke")

    paper.trouble = breaks
    query = a_query()
    run_jobs()
    assert (crossed(query).state, len(paper.sheets)) == (HandOverState.FAILED, int(there))
    move(query, None, "Only a question", by=actor_for(a_member("jonas", role="agent").id))
    paper.trouble = fine
    later(timedelta(hours=1))
    enqueue(resume)
    run_jobs()
    assert [sheet.status for sheet in paper.sheets.values()] == [DeskStatus.REJECTED] * there
    assert [sheet.comments[0].text.startswith("Only a question") for sheet in paper.sheets.values()] == [True] * there
    assert crossed(query).state == HandOverState.RETRACTED
    waiting = select(DeskMessage).where(DeskMessage.state.in_((MessageState.QUEUED, MessageState.SENDING)))
    assert db.session.scalars(waiting).all() == []
    asked = len(paper.log)
    later(timedelta(hours=1))
    enqueue(resume)
    run_jobs()
    assert len(paper.log) == asked, "it is left in peace"
