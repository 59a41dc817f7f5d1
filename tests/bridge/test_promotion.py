import contextvars
import threading

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from bridge.public import queries_of_thread
from bridge.queries.models import Query, QueryThread
from bridge.queries.promotion import join
from community import public
from community.core.db import db
from community.core.policies import Role
from community.forum import operations as forum
from community.notifications.models import Notification
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.factories.bridge import a_query
from tests.visit import Visitor


def test_the_author_takes_a_question_over(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    ann = a_member(handle="ann", email="ann@example.org")
    thread = a_thread(author=ann, title="VPN drops every hour", body="I tried a restart. Write to ann@example.org")
    helper = a_member(handle="bob")
    reply = a_reply(thread, helper, "My phone is +49 170 1234567, ask carl@example.org")
    forum.mark_helpful(reply, member_id=ann.id)
    forum.have_too(thread, member_id=a_member(handle="cleo").id)
    visitor = login_as("ann")
    visitor.get(f"/threads/{thread.id}")
    assert "I still need help" in visitor.text
    visitor.get(f"/threads/{thread.id}/promotion")
    assert "I tried a restart" in visitor.text
    assert "ann@example.org" in visitor.text
    assert "[phone]" in visitor.text
    assert "carl@example.org" not in visitor.text
    assert "2 addresses, numbers, secrets or private passages are left out" in visitor.text
    visitor.submit("#promotion", query_class="incident", impact=2, urgency=3, reason="Ask dora@example.org")
    query = db.session.scalars(select(Query)).one()
    assert (query.query_class, query.people_affected, query.priority) == ("incident", 2, 2)
    assert thread.state == "desk"
    link = query.links[0]
    assert "carl@example.org" not in link.handover
    assert link.reason == "Ask [email]"
    assert query.reference in visitor.text
    run_jobs()
    told = set(db.session.scalars(select(Notification.member_id).where(Notification.kind == "query-received")))
    assert told == {db.session.scalar(select(func.max(Notification.member_id)))}
    assert queries_of_thread(thread.id)[0].reference == query.reference
    visitor.get(f"/threads/{thread.id}")
    assert "I still need help" not in visitor.text


def test_only_those_who_may_see_the_way_over(app: Flask, login_as: LoginAs, visitor: Visitor) -> None:
    space, other = a_space(), a_space()
    thread = a_thread(space=space)
    solved = a_thread(space=space)
    forum.accept(solved, a_reply(solved), by_id=solved.author_id)
    a_member(handle="ann")
    a_member(handle="priya", super_user_in=[space])
    a_member(handle="wei", super_user_in=[other])
    a_member(handle="jonas", role=Role.AGENT)
    path = f"/threads/{thread.id}/promotion"
    visitor.get(path, status=302)
    for handle, status in (("ann", 404), ("wei", 404), ("priya", 200), ("jonas", 200)):
        person = login_as(handle)
        person.get(path, status=status)
        person.get(f"/threads/{thread.id}")
        assert ("Take this to the service desk" in person.text) == (status == 200)
        person.get(f"/threads/{solved.id}/promotion", status=404)
        person.get("/threads/999999/promotion", status=404)


def test_a_form_that_cannot_be_taken_keeps_what_was_typed(app: Flask, login_as: LoginAs) -> None:
    thread = a_thread(author=a_member(handle="ann"))
    ann = login_as("ann")
    ann.post(f"/threads/{thread.id}/promotion", {"reason": "Because of me"}, status=422)
    assert "Choose the class that fits best" in ann.text
    assert "Because of me" in ann.html


def test_sent_twice_it_is_one_query(app: Flask, login_as: LoginAs) -> None:
    thread = a_thread(author=a_member(handle="ann"))
    ann = login_as("ann")
    sent = {"query_class": "incident", "impact": "1", "urgency": "1"}
    for _time in range(2):
        ann.post(f"/threads/{thread.id}/promotion", sent, status=302)
        assert ann.location == f"/threads/{thread.id}"
    assert db.session.scalar(select(func.count(Query.id))) == 1
    ann.get(f"/threads/{thread.id}/promotion", status=302)


def test_sent_at_the_same_time_it_is_one_query(app: Flask, login_as: LoginAs) -> None:
    thread = a_thread(author=a_member(handle="ann"))
    thread_id = thread.id
    people = [login_as("ann") for _number in range(4)]
    for person in people:
        person.get(f"/threads/{thread_id}/promotion")
    db.session.commit()
    start = threading.Barrier(len(people))
    seen: list[int] = []

    def send(person: Visitor) -> None:
        start.wait()
        page = person.post(
            f"/threads/{thread_id}/promotion", {"query_class": "incident", "impact": "1", "urgency": "1"}
        )
        seen.append(page.status)

    threads = [threading.Thread(target=contextvars.Context().run, args=(send, person)) for person in people]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert seen == [302] * 4
    assert db.session.scalar(select(func.count(Query.id))) == 1


def test_the_database_allows_one_open_query_a_thread(app: Flask) -> None:
    query = a_query()
    other = a_query()
    link = query.links[0]
    db.session.add(QueryThread(query_id=other.id, thread_id=link.thread_id, author_id=link.author_id, title="x"))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_references_are_made_of_the_key(app: Flask) -> None:
    query = a_query()
    assert query.reference == f"QRY-{query.id:05d}"


def test_a_thread_joins_a_query_that_looks_like_it(app: Flask, login_as: LoginAs) -> None:
    space = a_space()
    query = a_query(a_thread(space=space, title="VPN asks for the code twice"))
    mine = a_thread(space=space, author=a_member(handle="ann"), title="VPN asks twice for the code")
    ann = login_as("ann")
    ann.get(f"/threads/{mine.id}/promotion")
    assert query.reference in ann.text
    ann.post(f"/threads/{mine.id}/promotion", {"join": "999"}, status=404)
    ann.get(f"/threads/{mine.id}/promotion")
    ann.submit("form:has(button[name=join])", button="join")
    assert mine.id in query.active_thread_ids
    assert query.people_affected == 2
    assert mine.state == "desk"


def test_duplicates_that_one_may_not_read_are_not_named(app: Flask, login_as: LoginAs) -> None:
    closed = a_space(visibility="members")
    hidden = a_query(a_thread(space=closed, title="VPN asks for the code twice"))
    secret = a_query(a_thread(title="VPN asks for the code twice"), query_class="suspicious_activity")
    mine = a_thread(author=a_member(handle="ann"), title="VPN asks twice for the code")
    ann = login_as("ann")
    ann.get(f"/threads/{mine.id}/promotion")
    for query in (hidden, secret):
        assert query.reference not in ann.text
        ann.post(f"/threads/{mine.id}/promotion", {"join": str(query.id)}, status=404)


def test_a_threat_is_restricted_before_anything_else(app: Flask, login_as: LoginAs, visitor: Visitor) -> None:
    space = a_space()
    thread = a_thread(space=space, author=a_member(handle="ann"), title="Strange mail asks for my password")
    a_member(handle="priya", super_user_in=[space])
    a_member(handle="jonas", role=Role.AGENT)
    priya = login_as("priya")
    priya.get(f"/threads/{thread.id}/promotion")
    assert "Suspicious activity" in priya.text
    for _time in range(2):
        priya.post(
            f"/threads/{thread.id}/promotion", {"query_class": "suspicious_activity", "impact": "1", "urgency": "3"}
        )
        assert priya.location == "/"
    priya.follow()
    assert "Only its author and the service desk" in priya.text
    assert thread.restricted
    query = db.session.scalars(select(Query)).one()
    assert query.restricted
    for person in (priya, visitor):
        person.get(f"/threads/{thread.id}", status=404)
        person.get(f"/queries/{query.reference}", status=404)
    for handle in ("ann", "jonas"):
        person = login_as(handle)
        person.get(f"/threads/{thread.id}")
        assert query.reference in person.text
        person.get(f"/queries/{query.reference}")
        who = "you" if handle == "ann" else "its author"
        assert f"Only {who} and the service desk see this query" in person.text


def test_promoting_a_thread_that_travels_already_changes_nothing(app: Flask) -> None:
    thread = a_thread()
    query = a_query(thread)
    assert a_query(thread).id == query.id
    snapshot = public.thread_snapshot(thread.id)
    assert snapshot is not None
    assert join(a_query(), snapshot, by_id=None).id == query.id


def test_a_critical_service_and_several_customers_weigh_more_and_the_page_says_why(
    app: Flask, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    space = a_space()
    space.service_critical = True
    a_member("priya", super_user_in=[space])
    thread = a_thread(space, a_member("ann"), body="The audit is due tomorrow.")
    priya = login_as("priya")
    priya.get(f"/threads/{thread.id}/promotion")
    assert "People cannot work without this service; “due tomorrow”: there is a deadline" in priya.text
    assert [option["value"] for option in priya.select("[name=impact][checked], [name=urgency][checked]")] == ["2", "3"]


def test_versions_and_sites_go_along(app: Flask, login_as: LoginAs) -> None:
    space = a_space()
    a_member("priya", super_user_in=[space])
    thread = a_thread(space, a_member("ann"))
    for version, site in (("5.1.3", "Bergen"), ("5.1.3", "call 030 12345678901")):
        forum.have_too(thread, member_id=a_member().id, version=version, site=site)
    priya = login_as("priya")
    priya.get(f"/threads/{thread.id}/promotion")
    assert "5.1.3 (2)" in priya.text
    assert "Bergen (1)" in priya.text
    query = a_query(thread)
    assert "- 5.1.3 (2)" in query.links[0].handover
    assert "12345678901" not in query.links[0].handover
