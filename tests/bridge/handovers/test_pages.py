"""Where a query is, for the people of the desk and for everybody else; and what can be done when it does not arrive."""

import pytest
from flask import Flask
from sqlalchemy import select

from bridge.desks.contract import DeskRefusedError, DeskStatus, DeskUnreachableError
from bridge.handovers.models import DeskRoute, HandOver, HandOverState, ServiceDesk
from bridge.handovers.queries import active_of
from bridge.queries.models import Query, StepKind
from bridge.queries.queries import steps_of
from community.core.db import db
from tests.bridge.handovers.paper import Paper
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_thread
from tests.factories.bridge import a_query
from tests.visit import Visitor


@pytest.fixture
def admin(login_as: LoginAs) -> Visitor:
    """An admin, signed in."""
    a_member("root", role="admin")
    return login_as("root")


@pytest.fixture
def agent(login_as: LoginAs) -> Visitor:
    """Somebody of the desk, signed in."""
    a_member("jonas", role="agent")
    return login_as("jonas")


def another_desk(name: str = "Other desk", **fields: object) -> ServiceDesk:
    """One more desk on paper."""
    speaker = db.session.scalars(select(ServiceDesk.speaker_id)).first()
    made = ServiceDesk(key=name.split()[0].lower(), name=name, kind="paper", speaker_id=speaker, **fields)
    db.session.add(made)
    db.session.flush()
    return made


def refusing(moment: str) -> None:
    """A desk that takes no query."""
    if moment == "create":
        raise DeskRefusedError("unknown queue Community")


def silent(_moment: str) -> None:
    """A desk that does not answer."""
    raise DeskUnreachableError("connection refused")


def way_of(query: Query) -> HandOver | None:
    """The active hand-over of a query, as it is now."""
    db.session.expire_all()
    return active_of(query.id)


def test_what_was_refused_is_listed_with_its_reason_and_tried_again(
    app: Flask, desk: ServiceDesk, paper: Paper, agent: Visitor, admin: Visitor, run_jobs: RunJobs
) -> None:
    paper.trouble = refusing
    first, second = a_query(), a_query()
    run_jobs()
    agent.get("/desk/failures")
    assert agent.text.count("unknown queue Community") == 2
    assert "Given up" in admin.get("/admin/desks/paper").text
    paper.trouble = lambda _moment: None
    agent.submit(f"/desk/failures/{way_of(first).id}/retry")
    run_jobs()
    assert (way_of(first).state, way_of(second).state) == (HandOverState.SENT, HandOverState.DEAD)
    agent.submit("/desk/failures/retry")
    run_jobs()
    assert way_of(second).state == HandOverState.SENT
    assert "Everything gets through." in agent.get("/desk/failures").text
    assert "#2" in agent.get("/desk/register").text


def test_a_silent_desk_is_shown_as_such(
    app: Flask, desk: ServiceDesk, paper: Paper, admin: Visitor, run_jobs: RunJobs
) -> None:
    paper.trouble = silent
    for _number in range(4):
        a_query()
    run_jobs()
    admin.get("/admin/desks")
    assert "Does not answer" in admin.text
    assert "4 wait" in admin.text
    admin.get("/admin/desks/paper")
    assert "connection refused" in admin.text
    assert "It is left in peace until" in admin.text
    assert "The oldest waits since" in admin.text


def test_the_register_shows_every_field_and_word_that_left(
    app: Flask, desk: ServiceDesk, paper: Paper, agent: Visitor, run_jobs: RunJobs
) -> None:
    thread = a_thread(title="The printer is on fire", body="It burns")
    query = a_query(thread)
    run_jobs()
    paper.agent("1", says="Fetch water", notes="CANARY-note", status=DeskStatus.IN_PROGRESS)
    client = app.test_client()
    client.post("/desks/paper/push", data=b"1", headers={"X-Sign": "sign-1"})
    run_jobs()
    agent.get(f"/desk/queries/{query.id}/register")
    for words in ("The printer is on fire", "It burns", "community+", "Fetch water", "from the desk", "Incident"):
        assert words in agent.text
    assert "CANARY" not in agent.html


def test_the_query_s_page_says_where_it_is_and_offers_only_what_makes_sense(
    app: Flask, desk: ServiceDesk, paper: Paper, agent: Visitor, run_jobs: RunJobs
) -> None:
    query = a_query()
    agent.get(f"/desk/queries/{query.id}")
    assert "On its way to Paper desk" in agent.text
    run_jobs()
    agent.get(f"/desk/queries/{query.id}")
    assert "Worked on at Paper desk, #1" in agent.text
    assert "here: New" in agent.text
    actions = {str(form["action"]).rsplit("/", 1)[1] for form in agent.select("main form")}
    assert {"replies", "notes", "classification", "next-news", "major", "threads", "take-back"} <= actions
    assert not {"acknowledgement", "assignment", "closure", "hand-over", "move"} & actions
    assert not agent.select("[formaction]")
    agent.post(f"/desk/queries/{query.id}/resolution", {"text": "My own answer"}, status=422)
    assert "Paper desk works on this query now" in agent.text
    assert "My own answer" in agent.text


def test_a_query_is_taken_back_with_a_reason(
    app: Flask, desk: ServiceDesk, paper: Paper, agent: Visitor, run_jobs: RunJobs
) -> None:
    query = a_query()
    run_jobs()
    agent.get(f"/desk/queries/{query.id}")
    agent.submit("#take-back", status=422)
    assert "Say why" in agent.select("#back_reason-error")[0].text
    agent.submit("#take-back", back_reason="It is only a question")
    run_jobs()
    assert way_of(query) is None
    assert paper.sheets["1"].status == DeskStatus.REJECTED
    assert StepKind.RETRACTED in {step.kind for step in steps_of(query.id, public_only=False)}
    agent.get(f"/desk/queries/{query.id}")
    assert "Handed over once" in agent.text
    assert agent.form(f"/desk/queries/{query.id}/acknowledgement")
    agent.post(f"/desk/queries/{query.id}/take-back", {"back_reason": "again"}, status=404)


def test_what_the_desk_has_finished_is_not_taken_back(
    app: Flask, desk: ServiceDesk, paper: Paper, agent: Visitor, run_jobs: RunJobs
) -> None:
    query = a_query()
    run_jobs()
    paper.agent("1", says="Install 5.2.3", status=DeskStatus.RESOLVED)
    app.test_client().post("/desks/paper/push", data=b"1", headers={"X-Sign": "sign-1"})
    run_jobs()
    agent.get(f"/desk/queries/{query.id}")
    assert "here: Resolved" in agent.text
    assert not agent.select("#take-back")
    assert not agent.select(f'form[action="/desk/queries/{query.id}/closure"]')
    agent.post(f"/desk/queries/{query.id}/take-back", {"back_reason": "x"}, status=404)


def test_a_query_moves_to_another_desk_and_is_handed_over_by_hand(
    app: Flask, desk: ServiceDesk, paper: Paper, agent: Visitor, run_jobs: RunJobs
) -> None:
    other, gone = another_desk(), another_desk("Closed desk", enabled=False)
    query = a_query()
    run_jobs()
    agent.get(f"/desk/queries/{query.id}")
    agent.post(f"/desk/queries/{query.id}/move", {"other_desk": gone.id, "move_reason": "x"}, status=422)
    agent.get(f"/desk/queries/{query.id}")
    agent.submit("#move", other_desk=other.id, move_reason="They know printers")
    run_jobs()
    assert (way_of(query).desk_id, way_of(query).remote_number) == (other.id, "#2")
    assert "They know printers" in paper.sheets["1"].comments[0].text
    agent.submit("#take-back", back_reason="We do it")
    agent.submit("#hand-over", chosen_desk=desk.id)
    run_jobs()
    assert (way_of(query).desk_id, way_of(query).remote_number) == (desk.id, "#3")
    assert "Handed over 3 times" in agent.get(f"/desk/queries/{query.id}").text


def test_what_is_restricted_is_only_offered_to_desks_that_take_its_class(
    app: Flask, desk: ServiceDesk, paper: Paper, agent: Visitor
) -> None:
    query = a_query(query_class="suspicious_activity")
    agent.get(f"/desk/queries/{query.id}")
    assert not agent.select("#hand-over")
    agent.post(f"/desk/queries/{query.id}/hand-over", {"chosen_desk": desk.id}, status=422)
    assert way_of(query) is None
    desk.routes.append(DeskRoute(query_class="suspicious_activity"))
    agent.get(f"/desk/queries/{query.id}")
    agent.submit("#hand-over", chosen_desk=desk.id)
    assert way_of(query) is not None


def test_the_thread_tells_everybody_in_plain_words_and_staff_the_number(
    app: Flask, desk: ServiceDesk, paper: Paper, agent: Visitor, visitor: Visitor, run_jobs: RunJobs
) -> None:
    paper.trouble = silent
    thread = a_thread()
    query = a_query(thread)
    assert "On its way to the service desk" in visitor.get(f"/threads/{thread.id}").text
    run_jobs()
    visitor.get(f"/threads/{thread.id}")
    assert "cannot be reached at the moment. It goes on by itself" in visitor.text
    assert "connection refused" not in visitor.html
    paper.trouble = refusing
    agent.get(f"/desk/queries/{query.id}")
    agent.submit("#retry", button="from")
    run_jobs()
    assert "has not reached the service desk yet" in visitor.get(f"/threads/{thread.id}").text
    paper.trouble = lambda _moment: None
    agent.get(f"/desk/queries/{query.id}")
    assert "unknown queue Community" in agent.text
    agent.submit("#retry", button="from")
    run_jobs()
    visitor.get(f"/threads/{thread.id}")
    assert "The service desk has it" in visitor.text
    assert "Paper desk" not in visitor.html
    assert "#1" not in visitor.text
    assert "Paper desk #1" in agent.get(f"/threads/{thread.id}").text
    assert "Paper desk" not in visitor.get(f"/queries/{query.reference}").html
