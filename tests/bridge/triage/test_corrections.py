from datetime import timedelta

from flask import Flask

from bridge.queries import operations
from bridge.queries.models import Query
from bridge.triage.classes import QueryClass
from bridge.triage.corrections import Tally, corrections, counts, decisions
from community import public
from community.accounts.models import Member
from community.core.db import db, utcnow
from community.core.policies import Role
from community.forum.models import Thread
from tests.conftest import CountStatements, LoginAs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.factories.bridge import a_query

REQUEST, INCIDENT = str(QueryClass.SERVICE_REQUEST), str(QueryClass.INCIDENT)


def _agent() -> Member:
    return a_member(role=Role.AGENT)


def _decided(right: str, *, agent: Member, by: Member | None = None, **about: object) -> tuple[Query, Thread]:
    thread = a_thread(**about)  # type: ignore[arg-type]
    query = a_query(thread, by)
    operations.classify(query, right, by_id=agent.id)
    db.session.flush()
    return query, thread


def test_nothing_decided(app: Flask) -> None:
    a_query()
    assert decisions() == []
    assert corrections() == []
    found = counts(utcnow() - timedelta(days=90))
    assert (found.decided, found.wrong, found.reasons, found.people, found.spaces) == (0, 0, (), (), ())


def test_a_class_corrected_and_one_confirmed_are_learned_from(app: Flask) -> None:
    agent = _agent()
    _query, thread = _decided(REQUEST, agent=agent, title="A second screen", body="Write to ann@example.org, please")
    _decided(INCIDENT, agent=agent, title="打印机没反应", body="一直没反应，换了纸也不行")
    a_reply(thread, a_member(), "Words of somebody else")
    a_reply(thread, db.session.get_one(Member, thread.author_id), "Words that came later")
    first, second = corrections()
    assert first.example.label == REQUEST
    assert first.example.language == "en"
    assert "A second screen" in first.example.text
    assert "[email]" in first.example.text
    assert not any(word in first.example.text for word in ("ann@", "somebody else", "came later"))
    assert (second.example.label, second.example.language) == (INCIDENT, "zh")
    assert first.id < second.id


def test_the_last_decision_holds(app: Flask) -> None:
    agent = _agent()
    query, _thread = _decided(REQUEST, agent=agent)
    operations.classify(query, QueryClass.COMPLAINT, by_id=agent.id)
    operations.classify(query, QueryClass.COMPLAINT, by_id=agent.id)
    (decision,) = decisions()
    assert (decision.came_as, decision.right, decision.wrong) == (INCIDENT, QueryClass.COMPLAINT, True)
    operations.classify(query, INCIDENT, by_id=agent.id)
    (decision,) = decisions()
    assert not decision.wrong


def test_hidden_and_restricted_threads_teach_nothing(app: Flask) -> None:
    agent = _agent()
    _decided(str(QueryClass.SUSPICIOUS), agent=agent)
    _query, hidden = _decided(REQUEST, agent=agent)
    _query, restricted = _decided(REQUEST, agent=agent)
    hidden.hidden_at = utcnow()
    public.restrict_thread(restricted.id, by_id=agent.id)
    db.session.flush()
    assert corrections() == []
    assert counts(utcnow() - timedelta(days=1)).decided == 3


def test_wrong_classes_are_counted_by_reason_person_and_space(app: Flask) -> None:
    agent, priya, wei = _agent(), a_member(name="Priya"), a_member(name="Wei")
    vpn, desks = a_space(name="Remote work"), a_space(name="Workplace")
    said = {"title": "The old chair is broken", "body": "I would like another one.", "kind": "discussion"}
    _decided(REQUEST, agent=agent, by=priya, space=vpn, **said)
    _decided(INCIDENT, agent=agent, by=priya, space=vpn, **said)
    _decided(REQUEST, agent=agent, by=wei, space=desks, **said)
    found = counts(utcnow() - timedelta(days=90))
    assert (found.decided, found.wrong) == (3, 2)
    assert found.people == (Tally("Wei", 1, 1), Tally("Priya", 1, 2))
    assert found.spaces == (Tally("Workplace", 1, 1), Tally("Remote work", 1, 2))
    by_word = {(tally.subject.why, tally.subject.found): (tally.wrong, tally.total) for tally in found.reasons}
    assert by_word["does not work", "broken"] == (2, 3)
    assert counts(utcnow() + timedelta(seconds=1)).decided == 0


def test_statements_do_not_grow(app: Flask, count_statements: CountStatements) -> None:
    agent, since = _agent(), utcnow() - timedelta(days=90)
    _decided(REQUEST, agent=agent)
    with count_statements() as few:
        counts(since)
        corrections()
    for _number in range(5):
        _decided(REQUEST, agent=agent)
    db.session.commit()
    with count_statements() as many:
        counts(since)
        corrections()
    assert len(many) == len(few)


def test_one_click_at_the_desk_reaches_counts_and_the_next_learning(app: Flask, login_as: LoginAs) -> None:
    a_member(handle="jonas", role=Role.AGENT)
    first, second = a_query(a_thread(title="A second screen")), a_query(a_thread(title="Printer is stuck"))
    first_id, second_id = first.id, second.id
    desk = login_as("jonas")
    desk.get(f"/desk/queries/{first_id}")
    desk.submit("#classify", query_class=REQUEST)
    desk.get(f"/desk/queries/{second_id}")
    desk.submit("#confirm")
    found = counts(utcnow() - timedelta(days=90))
    assert (found.decided, found.wrong) == (2, 1)
    assert [each.example.label for each in corrections()] == [REQUEST, INCIDENT]
