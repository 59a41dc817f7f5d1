"""A super user asks the desk to take a thread: staff see who, as what and why, and decide."""

from flask import Flask
from sqlalchemy import select

from bridge.promotion.events import ThreadProposed
from bridge.queries.models import Query
from community.core.db import db, utcnow
from community.core.events import EventRecord
from community.core.policies import Role
from community.forum.models import Thread
from tests.bridge.promotion.acts import HOUR, automatic, only, pass_time, watch
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_space, a_thread

REASON = "Three sites have it, and the vendor has to be asked at priya@example.org."


def a_quiet_thread(run_jobs: RunJobs) -> Thread:
    """A thread that no rule speaks of, with its author ann, priya who steps in, and jonas of the desk."""
    space = a_space()
    a_member(handle="priya", name="Priya", super_user_in=[space])
    a_member(handle="jonas", role=Role.AGENT)
    thread = a_thread(space=space, author=a_member(handle="ann"))
    run_jobs()
    return thread


def test_a_proposal_reaches_the_list_of_staff_and_is_accepted_as_what_was_proposed(
    app: Flask, run_jobs: RunJobs, login_as: LoginAs
) -> None:
    thread = a_quiet_thread(run_jobs)
    priya = login_as("priya")
    priya.get(f"/threads/{thread.id}/window")
    priya.submit("#proposal", proposed_class="complaint", proposed_reason=REASON)
    assert "The staff of the service desk decide" in priya.text
    jonas = login_as("jonas")
    jonas.get("/desk/suggestions")
    assert "Priya proposes it: Three sites have it" in jonas.text
    assert "priya@example.org" not in jonas.text
    jonas.submit(f"/desk/suggestions/{thread.id}/accept")
    query = db.session.scalars(select(Query)).one()
    assert (query.query_class, query.links[0].reason[:11]) == ("complaint", "Three sites")
    assert watch(thread).proposed_at is None
    assert db.session.scalar(select(EventRecord).where(EventRecord.name == ThreadProposed.name)) is not None


def test_only_those_who_may_step_in_propose_and_they_say_why(app: Flask, run_jobs: RunJobs, login_as: LoginAs) -> None:
    thread = a_quiet_thread(run_jobs)
    login_as("ann").post(f"/threads/{thread.id}/proposal", {"proposed_reason": "x"}, status=404)
    priya = login_as("priya")
    priya.get(f"/threads/{thread.id}")
    assert f"/threads/{thread.id}/window" in priya.html
    priya.get(f"/threads/{thread.id}/window")
    typed = {"proposed_class": "complaint", "proposed_reason": " "}
    priya.post(f"/threads/{thread.id}/proposal", typed, status=422)
    assert "Say why: staff decide by it." in priya.text
    assert priya.select("#proposed_class option[selected][value=complaint]")
    assert watch(thread).proposed_at is None


def test_a_proposal_that_no_rule_listens_to_says_so(app: Flask, run_jobs: RunJobs, login_as: LoginAs) -> None:
    only(automatic(count=50))
    thread = a_quiet_thread(run_jobs)
    priya = login_as("priya")
    priya.get(f"/threads/{thread.id}/window")
    priya.submit("#proposal", proposed_class="incident", proposed_reason=REASON)
    assert "no rule brings proposals" in priya.text


def test_a_dismissed_proposal_stays_dismissed_until_it_is_made_anew(
    app: Flask, run_jobs: RunJobs, login_as: LoginAs
) -> None:
    thread = a_quiet_thread(run_jobs)
    priya, jonas = login_as("priya"), login_as("jonas")

    def propose() -> None:
        priya.get(f"/threads/{thread.id}/window")
        priya.submit("#proposal", proposed_class="incident", proposed_reason=REASON)

    propose()
    jonas.get("/desk/suggestions")
    jonas.submit(f"/desk/suggestions/{thread.id}/dismiss", dismiss_reason="Peers can do this.")
    assert watch(thread).suggested_at is None
    pass_time(utcnow() + HOUR)
    assert watch(thread).suggested_at is None
    propose()
    assert watch(thread).suggested_at is not None


def test_what_is_suggested_waits_in_the_review_inbox_of_those_who_decide(
    app: Flask, run_jobs: RunJobs, login_as: LoginAs
) -> None:
    thread = a_quiet_thread(run_jobs)
    priya, jonas = login_as("priya"), login_as("jonas")
    jonas.get("/review")
    assert thread.title not in jonas.text
    priya.get(f"/threads/{thread.id}/window")
    priya.submit("#proposal", proposed_class="incident", proposed_reason=REASON)
    jonas.get("/review")
    assert thread.title in jonas.text
    assert any(link.startswith("/desk/suggestions") for link in jonas.links("main .case a"))
    priya.get("/review")
    assert thread.title not in priya.text
    jonas.get("/desk/suggestions")
    jonas.submit(f"/desk/suggestions/{thread.id}/accept")
    jonas.get("/review")
    assert thread.title not in jonas.text
