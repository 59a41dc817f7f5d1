"""Something else in a thread becomes a query of its own, beside the one that the thread became."""

import pytest
from flask import Flask
from sqlalchemy import select

from bridge.queries import operations
from bridge.queries.models import Query, QueryThread, Status
from community import public
from community.core.db import db
from community.core.policies import Role
from community.forum.models import Thread
from tests.conftest import CountStatements, LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.factories.bridge import a_query
from tests.visit import Visitor

TITLE = "Show the reason when the VPN gives up"
WHY = "Ann says in her second post that the message is empty."
FIELDS = {"title": TITLE, "reason": WHY, "query_class": "improvement_suggestion", "impact": 1, "urgency": 1}


@pytest.fixture
def thread(app: Flask) -> Thread:
    """Ann's thread, at the desk; priya is super user, jonas works at the desk, bob reads."""
    space = a_space()
    a_member("priya", super_user_in=[space])
    a_member("jonas", role=Role.AGENT)
    a_member("bob")
    made = a_thread(space, a_member("ann"))
    a_query(made)
    return made


def further(person: Visitor, thread: Thread, **changed: object) -> Query:
    person.get(f"/threads/{thread.id}/promotion/further")
    person.submit("#promotion", **(FIELDS | changed))
    return db.session.scalars(select(Query).order_by(Query.id.desc()).limit(1)).one()


def test_a_super_user_makes_one_more_query_of_a_thread(thread: Thread, login_as: LoginAs, visitor: Visitor) -> None:
    priya = login_as("priya")
    priya.get(f"/threads/{thread.id}")
    assert f"/threads/{thread.id}/promotion/further" in priya.html
    made = further(priya, thread)
    assert (made.title, made.query_class, made.people_affected) == (TITLE, "improvement_suggestion", 1)
    assert made.links[0].handover.startswith(f"# {TITLE}\n\n{WHY}\n\n---\n\n# {thread.title}")
    page = visitor.get(f"/threads/{thread.id}")
    assert "Also at the service desk" in page.text
    assert TITLE in page.text
    visitor.get(f"/queries/{made.reference}")
    assert visitor.select("h1")[0].text == TITLE


def test_the_same_form_sent_twice_makes_one(thread: Thread, login_as: LoginAs) -> None:
    priya = login_as("priya")
    priya.get(f"/threads/{thread.id}/promotion/further")
    fields = FIELDS | {"topic": "ab" * 12}
    for _time in range(2):
        priya.post(f"/threads/{thread.id}/promotion/further", fields)
    assert len(db.session.scalars(select(Query)).all()) == 2
    priya.post(f"/threads/{thread.id}/promotion/further", fields | {"topic": "cd" * 12})
    assert len(db.session.scalars(select(Query)).all()) == 3


def test_who_may_ask_for_something_else(thread: Thread, login_as: LoginAs, visitor: Visitor) -> None:
    address = f"/threads/{thread.id}/promotion/further"
    login_as("bob").get(address, status=404)
    visitor.get(address, status=302)
    login_as("jonas").get(address)
    ann = login_as("ann")
    ann.get(address)
    operations.close(db.session.scalars(select(Query)).one(), by_id=None)
    ann.get(address, status=404)
    free = a_thread(thread.space)
    login_as("priya").get(f"/threads/{free.id}/promotion/further", status=404)


def test_what_is_missing_is_said_and_nothing_is_lost(thread: Thread, login_as: LoginAs) -> None:
    priya = login_as("priya")
    page = priya.post(
        f"/threads/{thread.id}/promotion/further", FIELDS | {"title": " ", "topic": "ab" * 12}, status=422
    )
    assert "Give it a title of its own." in page.text
    assert WHY in page.html
    assert "ab" * 12 in page.html
    priya.post(f"/threads/{thread.id}/promotion/further", FIELDS | {"topic": "../x"}, status=422)


def test_each_goes_its_own_way_and_the_thread_follows_the_first(
    thread: Thread, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    first = db.session.scalars(select(Query)).one()
    second = further(login_as("priya"), thread)
    jonas = public.member_id_of("jonas") or 0
    operations.resolve(second, "It shows the reason from version 6 on.", by_id=jonas)
    run_jobs()
    assert (first.status, second.status, thread.state) == (Status.NEW, Status.RESOLVED, "desk")
    said = public.post_snapshots(thread.id)[-1]
    assert "version 6" in said.body
    operations.resolve(first, "Install 5.2.", by_id=jonas)
    assert thread.state == "resolved"
    ann = login_as("ann")
    ann.get(f"/queries/{second.reference}")
    ann.submit("#not-helped", still="Not in the Chinese version.")
    run_jobs()
    assert (first.status, second.status, thread.state) == (Status.RESOLVED, Status.IN_PROGRESS, "resolved")


def test_an_accepted_answer_closes_its_own_query_only(thread: Thread, login_as: LoginAs, run_jobs: RunJobs) -> None:
    first = db.session.scalars(select(Query)).one()
    second = further(login_as("priya"), thread)
    operations.resolve(first, "Install 5.2.", by_id=public.member_id_of("jonas") or 0)
    run_jobs()
    ann, answer = login_as("ann"), first.links[0].answer_post_id
    ann.get(f"/threads/{thread.id}")
    ann.submit(f"/posts/{answer}/acceptance")
    run_jobs()
    db.session.expire_all()
    assert (first.status, second.status, second.peer_answer) == (Status.CLOSED, Status.NEW, False)
    public.take_back_answer(thread.id, by_id=thread.author_id)
    run_jobs()
    db.session.expire_all()
    assert (first.status, second.status) == (Status.IN_PROGRESS, Status.NEW)


def test_the_authors_words_answer_every_query_that_waits_for_them(
    thread: Thread, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    first = db.session.scalars(select(Query)).one()
    second = further(login_as("priya"), thread)
    jonas = public.member_id_of("jonas") or 0
    for query in (first, second):
        operations.ask(query, "Which version?", by_id=jonas)
    run_jobs()
    a_reply(thread, thread.author, body="5.1.3 on both.")
    run_jobs()
    db.session.expire_all()
    assert [first.status, second.status] == [Status.IN_PROGRESS] * 2


def test_a_threat_found_in_a_thread_hides_all_of_it(thread: Thread, login_as: LoginAs, visitor: Visitor) -> None:
    first = db.session.scalars(select(Query)).one()
    made = further(login_as("priya"), thread, query_class="suspicious_activity")
    assert (first.restricted, made.restricted) == (True, True)
    for address in (f"/threads/{thread.id}", f"/queries/{first.reference}", f"/queries/{made.reference}"):
        visitor.get(address, status=404)
        login_as("priya").get(address, status=404)
        assert login_as("ann").get(address)


def test_a_thread_without_further_queries_costs_no_statement_more(
    thread: Thread, login_as: LoginAs, count_statements: CountStatements
) -> None:
    bob = login_as("bob")
    bob.get(f"/threads/{thread.id}")
    with count_statements() as plain:
        bob.get(f"/threads/{thread.id}")
    further(login_as("priya"), thread)
    bob.get(f"/threads/{thread.id}")
    with count_statements() as more:
        bob.get(f"/threads/{thread.id}")
    assert len(more) == len(plain) + 1


def test_links_of_one_thread_have_topics_of_their_own(thread: Thread, login_as: LoginAs) -> None:
    further(login_as("priya"), thread)
    topics = db.session.scalars(select(QueryThread.topic).order_by(QueryThread.id)).all()
    assert (topics[0], len(topics[1])) == ("", 24)
