"""The window on the thread's page, and the staff's list: who sees what, what each act does, refusals, races."""

import contextvars
import threading

import pytest
from flask import Flask
from sqlalchemy import func, select

from bridge.promotion.conditions import SuggestedClass
from bridge.promotion.events import SuggestionDismissed, ThreadClaimed, ThreadHeld, ThreadLetGo
from bridge.promotion.promoting import promote_if_due
from bridge.promotion.rules import Effect, Rule
from bridge.queries.models import Query
from community.core.db import at_time, db, transaction, utcnow
from community.core.events import EventRecord
from community.core.policies import Role
from community.forum.models import Thread
from tests.bridge.promotion.acts import HOUR, automatic, hours, jobs_at, only, pass_time, shared, suggesting, watch
from tests.conftest import CountStatements, LoginAs, RunJobs
from tests.factories import a_member, a_space, a_thread
from tests.factories.bridge import a_query
from tests.visit import Visitor


def counting_down(run_jobs: RunJobs, *, visibility: str = "open") -> Thread:
    """A thread that goes in three hours, with people around it: its author ann, priya who steps in, jonas, and bob."""
    only(automatic())
    space = a_space(visibility=visibility)
    a_member(handle="priya", super_user_in=[space], member_of=[space])
    a_member(handle="wei", super_user_in=[a_space()])
    a_member(handle="jonas", role=Role.AGENT)
    a_member(handle="bob")
    thread = shared(a_thread(space=space, author=a_member(handle="ann", member_of=[space])))
    run_jobs()
    return thread


def queries_there() -> int:
    return db.session.scalar(select(func.count()).select_from(Query)) or 0


def recorded(kind: type) -> int:
    return db.session.scalar(select(func.count()).where(EventRecord.name == kind.name)) or 0


def test_everybody_reads_when_it_goes_and_those_with_the_right_may_act(
    app: Flask, run_jobs: RunJobs, login_as: LoginAs, visitor: Visitor
) -> None:
    thread = counting_down(run_jobs)
    page = f"/threads/{thread.id}"
    visitor.get(page)
    assert "Goes to the service desk" in visitor.text
    assert "because: 1 has this too" in visitor.text
    assert not visitor.select("#window form")
    for handle, acts in (("ann", False), ("bob", False), ("wei", False), ("priya", True), ("jonas", True)):
        person = login_as(handle)
        person.get(page)
        assert "Goes to the service desk" in person.text
        assert bool(person.select("#window form")) is acts
        person.get(f"{page}/window", status=200 if acts else 404)
        person.get(f"{page}/promotion/retype", status=200 if acts else 404)
        if not acts:
            for verb in ("claim", "hold", "let-go", "promotion/now"):
                person.post(f"{page}/{verb}", {"claim_time": "4 h"}, status=404)
    assert watch(thread).claimed_until is None
    assert queries_there() == 0


def test_a_claim_stops_it_and_the_kept_page_says_so(
    app: Flask, run_jobs: RunJobs, login_as: LoginAs, visitor: Visitor
) -> None:
    thread = counting_down(run_jobs)
    page = f"/threads/{thread.id}"
    visitor.get(page)
    priya = login_as("priya")
    priya.get(page)
    priya.submit(f"{page}/claim")
    found = watch(thread)
    assert found.claimed_until is not None
    assert 3.9 * HOUR < found.claimed_until - utcnow() <= 4 * HOUR
    assert found.due_at == found.claimed_until
    visitor.get(page)
    assert "A super user looks at it until" in visitor.text
    end = found.claimed_until
    pass_time(end - HOUR / 2)
    assert queries_there() == 0
    pass_time(end)
    assert queries_there() == 1
    assert recorded(ThreadClaimed) == 1


def test_a_claim_without_a_rule_ends_by_itself(
    app: Flask, run_jobs: RunJobs, login_as: LoginAs, visitor: Visitor
) -> None:
    thread = counting_down(run_jobs)
    only(suggesting(1000))
    priya = login_as("priya")
    priya.post(f"/threads/{thread.id}/claim", {"claim_time": "30 min"})
    visitor.get(f"/threads/{thread.id}")
    assert "looks at it until" in visitor.text
    assert "because" not in visitor.text
    pass_time(utcnow() + HOUR)
    visitor.get(f"/threads/{thread.id}")
    assert "looks at it until" not in visitor.text


@pytest.mark.parametrize("time", ["", "soon", "5 min", "3 d"])
def test_a_claim_needs_a_sensible_time(app: Flask, run_jobs: RunJobs, login_as: LoginAs, time: str) -> None:
    thread = counting_down(run_jobs)
    priya = login_as("priya")
    priya.post(f"/threads/{thread.id}/claim", {"claim_time": time}, status=422)
    assert "This was not sent yet" in priya.text
    assert watch(thread).claimed_until is None


def test_a_hold_needs_a_reason_and_is_let_go(
    app: Flask, run_jobs: RunJobs, login_as: LoginAs, visitor: Visitor
) -> None:
    thread = counting_down(run_jobs)
    page = f"/threads/{thread.id}"
    priya = login_as("priya")
    priya.get(f"{page}/window")
    priya.submit("#hold", hold_reason="", hold_time="2 d", status=422)
    assert watch(thread).held_until is None
    assert "2 d" in priya.html
    priya.submit("#hold", hold_reason="I know it, ask carl@example.org", hold_time="2 d")
    assert watch(thread).held_reason == "I know it, ask [email]"
    visitor.get(page)
    assert "Held until" in visitor.text
    assert "I know it" in visitor.text
    pass_time(utcnow() + 4 * HOUR)
    assert queries_there() == 0
    priya.get(page)
    priya.submit(f"{page}/let-go")
    assert watch(thread).held_until is None
    visitor.get(page)
    assert "I know it" not in visitor.text
    assert (recorded(ThreadHeld), recorded(ThreadLetGo)) == (1, 1)
    pass_time(utcnow() + 4 * HOUR)
    assert queries_there() == 1


def test_promote_now_and_again(app: Flask, run_jobs: RunJobs, login_as: LoginAs) -> None:
    thread = counting_down(run_jobs)
    page = f"/threads/{thread.id}"
    priya = login_as("priya")
    for _again in range(2):
        priya.post(f"{page}/promotion/now", {})
    assert queries_there() == 1
    query = db.session.scalars(select(Query)).one()
    assert (query.query_class, thread.state) == ("incident", "desk")
    run_jobs()
    pass_time(utcnow() + 4 * HOUR)
    assert queries_there() == 1
    priya.get(page)
    assert not priya.select("#window")
    assert watch(thread).promoted_rule == ""
    priya.get(f"{page}/promotion/retype", status=404)


def test_retype_begins_with_the_class_of_the_rule(app: Flask, run_jobs: RunJobs, login_as: LoginAs) -> None:
    thread = counting_down(run_jobs)
    priya = login_as("priya")
    priya.get(f"/threads/{thread.id}/promotion/retype")
    (chosen,) = priya.select("input[name=query_class][checked]")
    assert chosen["value"] == "incident"
    priya.submit("#promotion", query_class="complaint", impact=1, urgency=1, reason="No fault")
    assert db.session.scalars(select(Query.query_class)).one() == "complaint"


def test_suggestions_and_threats_are_no_ones_business(
    app: Flask, run_jobs: RunJobs, login_as: LoginAs, visitor: Visitor
) -> None:
    only(
        Rule("threat", "Threat", (SuggestedClass(("suspicious_activity",)),), Effect.AUTOMATIC, "", False, 5, 2 * HOUR)
    )
    space = a_space()
    a_member(handle="priya", super_user_in=[space])
    thread = a_thread(space=space, title="Phishing mail asks for my password", body="Somebody phished me, hacked.")
    run_jobs()
    assert watch(thread).due_at is not None
    visitor.get(f"/threads/{thread.id}")
    assert not visitor.select("#window")
    priya = login_as("priya")
    priya.get(f"/threads/{thread.id}")
    assert "Suspicious activity" in priya.text
    pass_time(utcnow() + 3 * HOUR)
    assert thread.restricted
    visitor.get(f"/threads/{thread.id}", status=404)


def test_the_window_costs_no_statement(
    app: Flask, run_jobs: RunJobs, login_as: LoginAs, count_statements: CountStatements
) -> None:
    thread = counting_down(run_jobs)
    priya, costs = login_as("priya"), []
    plain = a_thread(space=thread.space)
    for each in (thread, plain):
        priya.get(f"/threads/{each.id}")
        with count_statements() as sql:
            priya.get(f"/threads/{each.id}")
        costs.append(len(sql))
    assert costs[0] == costs[1] <= 9


def test_the_list_says_why_and_accepts(app: Flask, run_jobs: RunJobs, login_as: LoginAs) -> None:
    hours()
    only(suggesting(8))
    a_member(handle="jonas", role=Role.AGENT)
    with at_time(utcnow() - 9 * HOUR):
        thread = a_thread(title="Printer jams on floor 3")
        other = a_thread(title="Another thing altogether")
    run_jobs()
    jonas = login_as("jonas")
    jonas.get("/desk/suggestions")
    assert "Printer jams" in jonas.text
    assert "9 working hours without a reply" in jonas.text
    jonas.submit(f"/desk/suggestions/{thread.id}/accept")
    assert "QRY-" in jonas.text
    jonas.post(f"/desk/suggestions/{thread.id}/accept", {})
    assert queries_there() == 1
    jonas.get("/desk/suggestions")
    assert "Printer jams" not in jonas.text
    jonas.submit(f"/desk/suggestions/{other.id}/dismiss", dismiss_reason="", status=422)
    assert watch(other).dismissed_at is None
    jonas.submit(f"/desk/suggestions/{other.id}/dismiss", dismiss_reason="People here know it")
    assert "No rule has a suggestion" in jonas.text
    assert recorded(SuggestionDismissed) == 1
    pass_time(utcnow() + HOUR)
    assert watch(other).suggested_at is None


def test_a_suggestion_joins_an_open_query(app: Flask, run_jobs: RunJobs, login_as: LoginAs) -> None:
    hours()
    only(suggesting(8))
    a_member(handle="jonas", role=Role.AGENT)
    query = a_query(a_thread(title="Printer jams on floor 3 again"))
    with at_time(utcnow() - 9 * HOUR):
        thread = a_thread(title="Printer jams on floor 3")
    run_jobs()
    jonas = login_as("jonas")
    jonas.get("/desk/suggestions")
    assert query.reference in jonas.text
    jonas.submit(f"/desk/suggestions/{thread.id}/join/{query.id}")
    assert thread.state == "desk"
    assert queries_there() == 1
    jonas.post(f"/desk/suggestions/{thread.id}/join/{query.id}", {})
    jonas.post(f"/desk/suggestions/{thread.id}/join/999", {}, status=404)
    assert len(query.links) == 2


def test_only_staff_decides(app: Flask, run_jobs: RunJobs, login_as: LoginAs, visitor: Visitor) -> None:
    thread = counting_down(run_jobs)
    query = a_query()
    for handle in ("ann", "priya"):
        person = login_as(handle)
        person.get("/desk/suggestions", status=404)
        for verb in ("accept", "dismiss", f"join/{query.id}"):
            person.post(f"/desk/suggestions/{thread.id}/{verb}", {"dismiss_reason": "x"}, status=404)
    assert queries_there() == 1


def test_the_list_is_narrowed(app: Flask, run_jobs: RunJobs, login_as: LoginAs) -> None:
    hours()
    only(suggesting(8))
    a_member(handle="jonas", role=Role.AGENT)
    with at_time(utcnow() - 9 * HOUR):
        one, two = a_thread(title="First"), a_thread(title="Second")
    run_jobs()
    jonas = login_as("jonas")
    for query, seen, unseen in (
        ({"space": one.space_id}, "First", "Second"),
        ({"rule": "waits", "space": two.space_id}, "Second", "First"),
        ({"rule": "nothing"}, "First", "Neither"),
    ):
        jonas.get("/desk/suggestions", **query)
        titles = [node.get_text() for node in jonas.select(".row__title")]
        assert seen in titles
        assert unseen not in titles
    jonas.get("/desk/suggestions", rule="shared")
    assert "No suggestion is like that" in jonas.text
    jonas.get("/desk/suggestions", page=9, status=404)


def test_the_list_costs_the_same_however_long(
    app: Flask, run_jobs: RunJobs, login_as: LoginAs, count_statements: CountStatements
) -> None:
    hours()
    only(suggesting(8))
    a_member(handle="jonas", role=Role.AGENT)
    jonas, costs = login_as("jonas"), []
    a_query()
    for number in (2, 9):
        with at_time(utcnow() - 9 * HOUR):
            for _number in range(number):
                a_thread()
        run_jobs()
        jonas.get("/desk/suggestions")
        with count_statements() as sql:
            jonas.get("/desk/suggestions")
        costs.append(len(sql))
    assert costs[0] == costs[1] <= 12


def test_hidden_threads_are_not_listed_for_agents(app: Flask, run_jobs: RunJobs, login_as: LoginAs) -> None:
    hours()
    only(suggesting(8))
    a_member(handle="jonas", role=Role.AGENT)
    with at_time(utcnow() - 9 * HOUR):
        thread = a_thread(title="Secret title")
    run_jobs()
    thread.hidden_at = utcnow()
    jonas = login_as("jonas")
    jonas.get("/desk/suggestions")
    assert "Secret title" not in jonas.text


def test_members_only_threads_stay_within(app: Flask, run_jobs: RunJobs, login_as: LoginAs, visitor: Visitor) -> None:
    thread = counting_down(run_jobs, visibility="members")
    visitor.get(f"/threads/{thread.id}", status=404)
    for handle in ("bob", "wei"):
        person = login_as(handle)
        for path in ("", "/window", "/promotion/retype"):
            person.get(f"/threads/{thread.id}{path}", status=404)
        person.post(f"/threads/{thread.id}/claim", {"claim_time": "4 h"}, status=404)


def test_two_workers_and_two_clicks_end_in_one_query(app: Flask, run_jobs: RunJobs, login_as: LoginAs) -> None:
    thread = counting_down(run_jobs)
    when, thread_id = utcnow() + 4 * HOUR, thread.id
    priya, jonas = login_as("priya"), login_as("jonas")
    db.session.commit()
    faults: list[Exception] = []

    def work() -> None:
        try:
            with app.test_request_context(), transaction(), at_time(when):
                promote_if_due(thread_id)
        except Exception as fault:
            faults.append(fault)

    def click(person: Visitor, path: str) -> None:
        try:
            person.post(path, {})
        except Exception as fault:
            faults.append(fault)

    acts = [
        (work, ()),
        (work, ()),
        (click, (priya, f"/threads/{thread_id}/promotion/now")),
        (click, (jonas, f"/desk/suggestions/{thread_id}/accept")),
    ]
    threads = [threading.Thread(target=contextvars.Context().run, args=(act, *args)) for act, args in acts]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert not faults
    db.session.rollback()
    assert queries_there() == 1
    jobs_at(when)
    assert queries_there() == 1


def test_two_workers_never_go_beyond_the_cap(app: Flask, run_jobs: RunJobs) -> None:
    only(automatic(cap=1))
    ids = [shared(a_thread()).id for _number in range(4)]
    run_jobs()
    when = utcnow() + 4 * HOUR
    db.session.commit()
    faults: list[Exception] = []

    def work(thread_id: int) -> None:
        try:
            with app.test_request_context(), transaction(), at_time(when):
                promote_if_due(thread_id)
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=contextvars.Context().run, args=(work, thread_id)) for thread_id in ids]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert not faults
    db.session.rollback()
    assert queries_there() == 1
