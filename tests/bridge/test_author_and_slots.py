from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from bridge import handlers
from bridge.queries import operations
from bridge.queries.models import Query, Status
from bridge.queries.queries import steps_of
from community import public
from community.core.db import db, utcnow
from community.core.events import Fact
from community.core.policies import Role
from community.forum import operations as forum
from community.forum.events import AnswerAccepted, AnswerUnaccepted, ReplyPosted
from community.notifications.models import Notification
from tests.conftest import CountStatements, LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.factories.bridge import a_query
from tests.visit import Visitor


def test_the_card_says_who_is_on_it_and_by_when(app: Flask, visitor: Visitor) -> None:
    thread = a_thread()
    agent = a_member(name="Jonas Brandt", role=Role.AGENT)
    query = a_query(thread, reason="Nobody here can see the servers")
    visitor.get(f"/threads/{thread.id}")
    assert "The service desk has it" in visitor.text
    assert "Received as" in visitor.text
    assert "Nobody here can see the servers" in visitor.text
    operations.assign(query, agent.id, by_id=agent.id)
    operations.reply(query, "We look at the clock", by_id=agent.id)
    visitor.get(f"/threads/{thread.id}")
    assert "Jonas Brandt is on it" in visitor.text
    assert "We look at the clock" in visitor.text
    assert "Understood as" in visitor.text
    operations.promise_news(query, utcnow() + timedelta(hours=2), by_id=agent.id)
    visitor.get(f"/threads/{thread.id}")
    assert "Next news by" in visitor.text
    operations.decline(query, "It is not ours to give, and we are sorry", by_id=agent.id)
    visitor.get(f"/threads/{thread.id}")
    assert "cannot take this on" in visitor.text
    assert thread.state == "declined"


def test_the_card_takes_one_statement(app: Flask, visitor: Visitor, count_statements: CountStatements) -> None:
    query = a_query()
    agent = a_member(role=Role.AGENT)
    for number in range(5):
        operations.reply(query, f"News {number}", by_id=agent.id)
    thread_id = query.links[0].thread_id
    with count_statements() as sql:
        visitor.get(f"/threads/{thread_id}")
    assert len([line for line in sql if "query_thread" in line]) == 1


def test_the_first_page_shows_what_is_broken(app: Flask, visitor: Visitor, login_as: LoginAs) -> None:
    agent = a_member(role=Role.AGENT)
    shown, closed, threat = a_query(), a_query(a_thread(space=a_space(visibility="members"))), a_query()
    for query in (shown, closed, threat):
        operations.mark_major(query, major=True, by_id=agent.id)
        operations.mark_major(query, major=True, by_id=agent.id)
    operations.classify(threat, "suspicious_activity", by_id=agent.id)
    visitor.get("/")
    assert "Not working right now" in visitor.text
    assert len(visitor.select("section[aria-labelledby=broken] li")) == 1
    operations.mark_major(shown, major=False, by_id=agent.id)
    visitor.get("/")
    assert "Not working right now" not in visitor.text


def test_the_author_follows_adds_and_says_no(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    ann = a_member(handle="ann")
    thread = a_thread(author=ann)
    agent = a_member(handle="jonas", name="Jonas", role=Role.AGENT)
    query = a_query(thread)
    operations.assign(query, agent.id, by_id=agent.id)
    operations.ask(query, "Which gateway?", by_id=agent.id)
    path = f"/queries/{query.reference}"
    person = login_as("ann")
    person.get(path)
    assert "Which gateway?" in person.text
    assert "Answer the service desk" in person.text
    person.submit("#add", text="", status=422)
    assert "Write a few words first" in person.text
    person.submit("#add", text="Gateway 1")
    run_jobs()
    assert query.status == Status.IN_PROGRESS
    assert "query-answered" in set(
        db.session.scalars(select(Notification.kind).where(Notification.member_id == agent.id))
    )
    operations.resolve(query, "Take gateway 2", by_id=agent.id)
    person.get("/")
    assert "Does the proposed answer help?" in person.text
    person.get(path)
    person.submit("#not-helped", still="", status=422)
    person.submit("#not-helped", still="Gateway 2 fails too")
    assert query.status == Status.IN_PROGRESS
    assert query.reopen_count == 1
    assert thread.state == "desk"
    person.get(f"/threads/{thread.id}")
    assert "Gateway 2 fails too" in person.text
    assert "Proposed answer" not in person.text
    person.post(f"{path}/reopening", {"still": "again"}, status=404)
    run_jobs()
    kinds = set(db.session.scalars(select(Notification.kind).where(Notification.member_id == ann.id)))
    assert {"query-received", "query-asked", "query-resolved"} <= kinds


def test_others_read_but_do_not_decide(app: Flask, login_as: LoginAs, visitor: Visitor) -> None:
    query = a_query()
    agent = a_member(role=Role.AGENT)
    operations.resolve(query, "Take gateway 2", by_id=agent.id)
    visitor.get(f"/queries/{query.reference}")
    assert "Send" not in visitor.text
    a_member(handle="bob")
    bob = login_as("bob")
    bob.get(f"/queries/{query.reference}")
    bob.post(f"/queries/{query.reference}/reopening", {"still": "no"}, status=404)
    bob.get("/queries/QRY-99999", status=404)
    bob.get("/queries/nonsense", status=404)
    thread = public.thread_snapshot(query.links[0].thread_id)
    assert thread is not None
    forum.close(db.session.get_one(forum.Thread, thread.id), by_id=agent.id)
    bob.post(f"/queries/{query.reference}/additions", {"text": "x"}, status=404)


def test_the_author_is_spoken_to_and_others_are_told_of_them(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    thread = a_thread(author=a_member(handle="ann"))
    query = a_query(thread)
    agent = a_member(role=Role.AGENT)
    a_member(handle="bob")
    operations.ask(query, "Which gateway?", by_id=agent.id, at=utcnow())
    ann, bob = login_as("ann"), login_as("bob")
    for path in (f"/threads/{thread.id}", f"/queries/{query.reference}"):
        ann.get(path)
        assert "needs a word from you" in ann.text
        assert "waits for you" in ann.text
        bob.get(path)
        assert "needs a word from the author" in bob.text
        assert "waits for the author" in bob.text
    assert "Asked the author" in bob.text
    ann.submit("#add", text="The one in Leeds")
    run_jobs()
    ann.get(f"/queries/{query.reference}")
    assert "Asked you" in ann.text
    assert "You answered" in ann.text
    operations.resolve(query, "Use the other one.", by_id=agent.id)
    ann.get(f"/queries/{query.reference}")
    assert "you decide if it helped" in ann.text
    bob.get(f"/queries/{query.reference}")
    assert "the author decides if it helped" in bob.text


def test_words_of_others_do_not_start_the_clock(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    thread = a_thread()
    query = a_query(thread)
    agent = a_member(role=Role.AGENT)
    a_reply(thread, thread.author, "Said before anybody asked")
    operations.ask(query, "Which gateway?", by_id=agent.id, at=utcnow() + timedelta(minutes=1))
    a_reply(thread, body="I am somebody else")
    run_jobs()
    assert query.status == Status.WAITING_USER
    a_reply(a_thread(), body="Elsewhere")
    run_jobs()


def test_an_answer_of_the_community_is_told_to_the_desk(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    thread = a_thread()
    query = a_query(thread)
    reply = a_reply(thread)
    forum.accept(thread, reply, by_id=thread.author_id)
    run_jobs()
    assert query.peer_answer
    assert query.status == Status.NEW
    a_member(handle="jonas", role=Role.AGENT)
    desk = login_as("jonas")
    desk.get(f"/desk/queries/{query.id}")
    assert "accepted an answer from the community" in desk.text
    desk.submit(f"/desk/queries/{query.id}/closure")
    assert query.status == Status.CLOSED
    assert thread.state == "solved"
    forum.unaccept(thread, by_id=thread.author_id)
    run_jobs()
    assert query.status == Status.IN_PROGRESS
    assert thread.state == "desk"
    forum.accept(thread, reply, by_id=thread.author_id)
    forum.unaccept(thread, by_id=thread.author_id)
    run_jobs()
    assert not query.peer_answer


def test_what_is_closed_is_not_reopened_when_another_query_has_the_thread(app: Flask, run_jobs: RunJobs) -> None:
    thread = a_thread()
    agent = a_member(role=Role.AGENT)
    first = a_query(thread)
    operations.decline(first, "Not ours", by_id=agent.id)
    second = a_query(thread)
    assert second.id != first.id
    operations.reopen(first, by_id=agent.id)
    assert first.active_thread_ids == []
    assert second.active_thread_ids == [thread.id]


def test_people_affected_are_counted_again(app: Flask, run_jobs: RunJobs) -> None:
    thread = a_thread()
    query = a_query(thread)
    bob = a_member()
    forum.have_too(thread, member_id=bob.id)
    run_jobs()
    assert query.people_affected == 2
    forum.no_longer_have_too(thread, member_id=bob.id)
    forum.have_too(a_thread(), member_id=bob.id)
    run_jobs()
    assert query.people_affected == 1


def test_facts_that_are_past_change_nothing(app: Flask, run_jobs: RunJobs) -> None:
    thread = a_thread()
    query = a_query(thread)
    reply = a_reply(thread)
    fact = Fact(1, utcnow())
    handlers.follow_acceptance(AnswerAccepted(actor_id=1, thread_id=thread.id, post_id=reply.id, solver_id=1), fact)
    assert not query.peer_answer
    forum.accept(thread, reply, by_id=thread.author_id)
    accepted = AnswerAccepted(actor_id=thread.author_id, thread_id=thread.id, post_id=reply.id, solver_id=1)
    for _time in range(2):
        handlers.follow_acceptance(accepted, fact)
    assert [step.kind for step in steps_of(query.id, public_only=True)].count("peer_answer") == 1
    handlers.follow_withdrawal(AnswerUnaccepted(actor_id=1, thread_id=thread.id, post_id=reply.id, solver_id=1), fact)
    assert query.peer_answer
    handlers.follow_withdrawal(
        AnswerUnaccepted(actor_id=1, thread_id=a_thread().id, post_id=reply.id, solver_id=1), fact
    )
    handlers.hear_the_author(ReplyPosted(actor_id=thread.author_id, thread_id=thread.id, post_id=reply.id), fact)
    assert query.status == Status.NEW


def test_an_answer_to_a_query_that_nobody_has_taken_is_told_to_nobody(app: Flask, run_jobs: RunJobs) -> None:
    thread = a_thread()
    query = a_query(thread)
    agent = a_member(role=Role.AGENT)
    operations.ask(query, "Which gateway?", by_id=agent.id)
    a_reply(thread, thread.author, "Gateway 1")
    run_jobs()
    assert query.status == Status.IN_PROGRESS
    assert "query-answered" not in set(db.session.scalars(select(Notification.kind)))


def test_a_word_of_thanks_does_not_undo_an_answer_that_came_without_waiting(
    app: Flask, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    thread = a_thread(author=a_member("ann"))
    query = a_query(thread)
    a_member("jonas", role="agent")
    desk = login_as("jonas")
    desk.post(f"/desk/queries/{query.id}/information-request", {"text": "Which printer?"})
    desk.post(f"/desk/queries/{query.id}/resolution", {"text": "Never mind: install 5.2."})
    run_jobs()
    login_as("ann").post(f"/threads/{thread.id}/replies", {"body": "Thanks!"})
    run_jobs()
    assert (db.session.get_one(Query, query.id).status, thread.state) == (Status.RESOLVED, "resolved")
