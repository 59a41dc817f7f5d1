from flask import Flask
from sqlalchemy import select

from bridge.queries import operations, queries
from bridge.queries.models import Query, QueryStep, QueryThread, Status
from community import public
from community.core.db import db
from community.core.policies import Role
from community.forum import operations as forum
from community.forum.models import Post
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_space, a_thread
from tests.factories.bridge import a_query
from tests.visit import Visitor


def test_an_empty_queue_says_what_to_do(app: Flask, login_as: LoginAs) -> None:
    a_member(handle="jonas", role=Role.AGENT)
    jonas = login_as("jonas")
    jonas.get("/desk")
    assert "The queue is empty" in jonas.text
    jonas.get("/desk/suggestions")
    assert "No rule has a suggestion" in jonas.text
    jonas.get("/desk/unanswered")
    assert "Every question has its answer" in jonas.text


def test_the_desk_is_not_there_for_others(app: Flask, login_as: LoginAs, visitor: Visitor) -> None:
    query = a_query(a_thread(author=a_member(handle="ann")))
    visitor.get("/desk", status=302)
    ann = login_as("ann")
    for path in ("/desk", "/desk/suggestions", f"/desk/queries/{query.id}", "/admin/priorities"):
        ann.get(path, status=404)
    ann.post(f"/desk/queries/{query.id}/notes", {"note": "x"}, status=404)


def test_the_desk_sorts_and_weighs(app: Flask, login_as: LoginAs) -> None:
    query = a_query(a_thread(title="VPN asks for the code twice"))
    jonas = a_member(handle="jonas", name="Jonas Brandt", role=Role.AGENT)
    desk = login_as("jonas")
    path = f"/desk/queries/{query.id}"
    desk.get("/desk")
    assert "VPN asks for the code twice" in desk.text
    desk.get(path)
    assert "VPN asks for the code twice" in desk.page.heading
    desk.submit(f"{path}/acknowledgement")
    assert query.status == Status.IN_PROGRESS
    assert query.acknowledged_at is not None
    desk.submit("#take")
    assert query.assignee_id == jonas.id
    desk.submit("#confirm")
    assert query.reclassified_count == 0
    desk.submit("#classify", query_class="service_request", why="It is a wish")
    assert (query.query_class, query.reclassified_count) == ("service_request", 1)
    desk.submit("#weigh", impact=3, urgency=3)
    assert query.priority == 1
    desk.submit("#next-news", promise="2")
    assert query.next_news_at is not None
    desk.submit("#major-form", major=True)
    assert query.major
    desk.submit("#notes", note="The clock of gateway 1 is wrong")
    assert "The clock of gateway 1 is wrong" in desk.text


def test_a_query_goes_to_and_fro_until_it_is_closed(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    thread = a_thread(author=a_member(handle="ann", name="Ann Berg"))
    query = a_query(thread)
    a_member(handle="jonas", role=Role.AGENT)
    desk, author = login_as("jonas"), login_as("ann")
    path = f"/desk/queries/{query.id}"
    desk.get(path)
    desk.submit("#say", button="Ask the author, and wait", text="Which gateway do you see?")
    assert (query.status, query.next_due_at) == (Status.WAITING_USER, None)
    author.get("/")
    assert "The desk asks you" in author.text
    author.get(f"/threads/{thread.id}")
    assert "Which gateway do you see?" in author.text
    author.submit("#reply-form", body="Gateway 1")
    run_jobs()
    assert query.status == Status.IN_PROGRESS
    assert query.next_due_at is not None
    desk.get(path)
    desk.submit("#say", text="Take gateway 2 until noon.", next_news="4")
    assert query.next_news_at is not None
    desk.submit("#say", button="Propose as the answer", text="Gateway 1 has the right time again.")
    assert (query.status, thread.state) == (Status.RESOLVED, "resolved")
    author.get(f"/threads/{thread.id}")
    assert "Proposed answer from the service desk" in author.text
    author.submit(".decide form", button="Yes, accept")
    run_jobs()
    assert (query.status, thread.state) == (Status.CLOSED, "solved")
    assert not query.active_thread_ids


def test_opened_again_the_accepted_answer_is_taken_back(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    thread = a_thread()
    query = a_query(thread)
    agent = a_member(handle="jonas", role=Role.AGENT)
    operations.resolve(query, "Take gateway 2", by_id=agent.id)
    forum.accept(thread, db.session.get_one(Post, query.links[0].answer_post_id), by_id=thread.author_id)
    run_jobs()
    assert query.status == Status.CLOSED
    desk = login_as("jonas")
    desk.get(f"/desk/queries/{query.id}")
    desk.submit("#reopen", again="It came back")
    run_jobs()
    assert (query.status, thread.state, thread.solution_id) == (Status.IN_PROGRESS, "desk", None)


def test_a_query_whose_thread_is_hidden_can_still_be_worked_on(app: Flask, login_as: LoginAs) -> None:
    thread = a_thread()
    query = a_query(thread)
    forum.hide_post(thread.posts[0], by_id=a_member(role=Role.MANAGER).id, reason="Spam")
    a_member(handle="jonas", role=Role.AGENT)
    desk = login_as("jonas")
    desk.get(f"/desk/queries/{query.id}")
    assert "a moderator can show them" in desk.text
    desk.get("/desk", page="7", status=404)


def test_a_restricted_thread_does_not_hide_a_public_query(app: Flask, login_as: LoginAs) -> None:
    query, threat = a_query(), a_thread()
    forum.restrict(threat, by_id=None)
    a_member(handle="jonas", role=Role.AGENT)
    desk = login_as("jonas")
    desk.get(f"/desk/queries/{query.id}")
    desk.submit("#join", thread=str(threat.id), status=422)
    assert "would hide this query" in desk.text


def test_what_was_typed_is_kept_when_the_query_moved_on(app: Flask, login_as: LoginAs) -> None:
    query = a_query()
    a_member(handle="jonas", role=Role.AGENT)
    desk = login_as("jonas")
    path = f"/desk/queries/{query.id}"
    desk.get(path)
    desk.post(f"{path}/decline", {"text": "We cannot do this, sorry."})
    assert query.status == Status.DECLINED
    desk.post(f"{path}/priority", {"impact": "3", "urgency": "3"}, status=422)
    assert "declined now" in desk.text
    desk.post(f"{path}/reopening", {"again": "A secret thought"})
    assert query.status == Status.IN_PROGRESS
    desk.post(f"{path}/closure", status=422)
    desk.post(f"{path}/replies", {"text": ""}, status=422)
    assert "Write a few words first" in desk.text


def test_threads_join_and_are_answered_together(app: Flask, login_as: LoginAs) -> None:
    one, two = a_thread(title="VPN asks for the code twice"), a_thread(title="VPN asks twice for the code")
    query = a_query(one)
    a_member(handle="jonas", role=Role.AGENT)
    desk = login_as("jonas")
    path = f"/desk/queries/{query.id}"
    desk.get(path)
    assert "VPN asks twice for the code" in desk.text
    desk.submit("#join", thread="nonsense", status=422)
    desk.submit("#join", thread="999999", status=422)
    assert "There is no such thread" in desk.text
    desk.submit("#join", thread=f"http://localhost/threads/{two.id}#replies")
    assert sorted(query.active_thread_ids) == [one.id, two.id]
    assert query.people_affected == 2
    desk.submit("#say", button="Propose as the answer", text="One answer for all.")
    assert (one.state, two.state) == ("resolved", "resolved")
    other = a_query(a_thread(title="Something else"))
    desk.post(f"/desk/queries/{other.id}/threads", {"thread": str(two.id)}, status=422)
    assert query.reference in desk.text


def test_the_queue_can_be_narrowed(app: Flask, login_as: LoginAs) -> None:
    a_query(a_thread(title="The broken one"), query_class="incident")
    a_query(a_thread(title="The wished one"), query_class="service_request", impact=3, urgency=3)
    a_member(handle="jonas", role=Role.AGENT)
    desk = login_as("jonas")
    desk.get("/desk", query_class="incident")
    assert "The broken one" in desk.text
    assert "The wished one" not in desk.text
    desk.get("/desk", priority="1")
    assert "The wished one" in desk.text
    desk.get("/desk", who="me")
    assert "No query is like that" in desk.text
    desk.get("/desk", who="nobody")
    assert "The broken one" in desk.text
    desk.get("/desk", state="closed")
    assert "The broken one" not in desk.text
    desk.get("/desk", who="rubbish", priority="99")
    assert "The broken one" in desk.text


def test_the_desk_page_takes_a_fixed_number_of_statements(
    app: Flask, login_as: LoginAs, count_statements: object
) -> None:
    query = a_query()
    a_member(handle="jonas", role=Role.AGENT)
    desk = login_as("jonas")
    desk.get(f"/desk/queries/{query.id}")
    with count_statements() as few:  # type: ignore[operator]
        desk.get(f"/desk/queries/{query.id}")
    for number in range(4):
        other = a_query(a_thread(title=f"Printer {number} in hall two is broken"))
        desk.post(f"/desk/queries/{other.id}/replies", {"text": "News"})
        desk.post(f"/desk/queries/{query.id}/replies", {"text": f"More news {number}"})
    with count_statements() as many:  # type: ignore[operator]
        desk.get(f"/desk/queries/{query.id}")
    assert len(many) <= len(few) + 1
    assert len(many) <= 20


def test_steps_are_all_on_the_record(app: Flask, login_as: LoginAs) -> None:
    query = a_query()
    a_member(handle="jonas", role=Role.AGENT)
    desk = login_as("jonas")
    path = f"/desk/queries/{query.id}"
    desk.post(f"{path}/acknowledgement")
    desk.post(f"{path}/notes", {"note": "a"})
    kinds = list(
        db.session.scalars(select(QueryStep.kind).where(QueryStep.query_id == query.id).order_by(QueryStep.id))
    )
    assert kinds == ["received", "acknowledged", "noted"]
    assert db.session.scalar(select(QueryThread.thread_id)) is not None
    assert db.session.get_one(Query, query.id).version > 1
    a_space()


def test_a_double_click_says_it_once(app: Flask, login_as: LoginAs) -> None:
    thread = a_thread()
    query = a_query(thread)
    a_member("jonas", role="agent")
    desk, path = login_as("jonas"), f"/desk/queries/{query.id}"
    said = [("replies", "text", "We look into it"), ("notes", "note", "Hm"), ("information-request", "text", "Which?")]
    for noun, name, words in [*said, ("replies", "text", "We look into it")]:
        for _again in range(2):
            desk.post(f"{path}/{noun}", {name: words})
    bodies = [post.body for post in public.post_snapshots(thread.id)]
    assert bodies[1:] == ["We look into it", "Which?", "We look into it"], "later the same words may be meant"
    kinds = [step.kind for step in queries.steps_of(query.id, public_only=False)]
    assert kinds.count("noted") == 1
