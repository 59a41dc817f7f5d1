from datetime import timedelta

import pytest
from flask import Flask

from bridge.queries import operations
from bridge.queries.clock import short, time_left
from bridge.queries.models import Query, Status
from bridge.triage.priorities import DEFAULT_MATRIX, priority_of, targets_of
from bridge.words import span
from community.core.db import utcnow
from community.core.policies import Role
from tests.conftest import LoginAs
from tests.factories import a_member, a_thread
from tests.factories.bridge import a_query


def test_managers_change_the_matrix_and_the_targets(app: Flask, login_as: LoginAs) -> None:
    before = a_query(impact=1, urgency=1)
    a_member(handle="oksana", role=Role.MANAGER)
    a_member(handle="jonas", role=Role.AGENT)
    oksana = login_as("oksana")
    oksana.get("/desk")
    assert "Priorities and targets" in oksana.text
    oksana.get("/admin/priorities")
    oksana.submit("#priorities", cell_1_1=1, first_1="5 min", resolved_1="1h")
    oksana.get("/admin/priorities")
    assert oksana.select("#cell_1_1 option[selected]")[0]["value"] == "1"
    assert priority_of(1, 1) == 1
    assert targets_of(1, "incident").first_news == timedelta(minutes=5)
    assert targets_of(1, "improvement_suggestion").resolution > timedelta(days=100)
    after = a_query(impact=1, urgency=1)
    assert (before.priority, after.priority) == (4, 1)
    assert after.resolution_due_at - after.received_at == timedelta(hours=1)
    oksana.submit("#priorities", first_2="100 min", resolved_2="10 min", status=422)
    assert "first news comes before" in oksana.text
    oksana.submit("#priorities", first_2="0 min", status=422)
    assert "Between one minute and a year" in oksana.select("#first_2-error")[0].get_text()
    jonas = login_as("jonas")
    jonas.get("/admin/priorities", status=404)
    jonas.get("/desk")
    assert "Priorities and targets" not in jonas.text


def test_the_matrix_is_whole(app: Flask) -> None:
    assert len(DEFAULT_MATRIX) == 9
    assert (priority_of(3, 3), priority_of(3, 2), priority_of(2, 2), priority_of(1, 1)) == (1, 2, 3, 4)
    with pytest.raises(KeyError):
        priority_of(4, 4)


def test_the_clock(app: Flask) -> None:
    now = utcnow()
    query = Query(status=Status.NEW, due_from=now, next_due_at=now + timedelta(hours=1))
    with app.test_request_context():
        assert (time_left(query, now).text, time_left(query, now).tone) == ("1:00", "")
        late = time_left(query, now + timedelta(minutes=50))
        assert (late.text, late.word, late.share, late.tone) == ("0:10", "left", 83, "soon")
        over = time_left(query, now + timedelta(minutes=72))
        assert (over.text, over.word, over.share, over.tone) == ("0:12", "over", 100, "late")
        query.status = Status.WAITING_USER
        assert time_left(query, now).text == "paused"
        query.status, query.next_due_at = Status.RESOLVED, None
        assert time_left(query, now).text == "done"
        assert short(timedelta(days=3, hours=2)) == "3 d"
        assert [span(timedelta(minutes=m)) for m in (1, 60, 180, 4320)] == [
            "1 minute",
            "60 minutes",
            "3 hours",
            "3 days",
        ]


def test_waiting_does_not_use_up_the_target(app: Flask) -> None:
    query = a_query()
    due, now = query.resolution_due_at, utcnow()
    query.wait(now)
    query.settle(now)
    assert query.next_due_at is None
    query.go_on(now + timedelta(hours=5))
    assert query.resolution_due_at == due + timedelta(hours=5)
    query.go_on(now + timedelta(hours=9))
    assert query.resolution_due_at == due + timedelta(hours=5)


def test_asked_twice_all_the_waiting_counts(app: Flask) -> None:
    ann, jonas, now = a_member("ann"), a_member("jonas", role="agent"), utcnow()
    query = a_query(a_thread(author=ann))
    due = query.resolution_due_at
    operations.ask(query, "Which printer?", by_id=jonas.id, at=now)
    operations.ask(query, "And which room?", by_id=jonas.id, at=now + timedelta(days=3))
    operations.hear(query, by_id=ann.id, at=now + timedelta(days=4))
    assert query.resolution_due_at - due == timedelta(days=4)


def test_weighing_forgets_neither_the_waiting_nor_a_new_beginning(app: Flask, login_as: LoginAs) -> None:
    ann, jonas, now = a_member("ann"), a_member("jonas", role="agent"), utcnow()
    query = a_query(a_thread(author=ann))
    desk, due = login_as("jonas"), query.resolution_due_at
    operations.ask(query, "Which printer?", by_id=jonas.id, at=now)
    operations.hear(query, by_id=ann.id, at=now + timedelta(days=10))
    desk.post(f"/desk/queries/{query.id}/priority", {"impact": 3, "urgency": 3})
    assert query.resolution_due_at - due == timedelta(days=10) - timedelta(days=9), "critical has one day, medium ten"
    operations.resolve(query, "Install 5.2.", by_id=jonas.id, at=now)
    operations.reopen(query, by_id=jonas.id, at=now + timedelta(days=60))
    due = query.resolution_due_at
    desk.post(f"/desk/queries/{query.id}/priority", {"impact": 3, "urgency": 3})
    assert query.resolution_due_at == due


def test_the_target_follows_the_class(app: Flask, login_as: LoginAs) -> None:
    query = a_query()
    a_member("jonas", role="agent")
    desk = login_as("jonas")
    desk.post(f"/desk/queries/{query.id}/classification", {"query_class": "improvement_suggestion"})
    assert query.resolution_due_at - query.received_at == timedelta(days=180)
    desk.post(f"/desk/queries/{query.id}/classification", {"query_class": "incident"})
    assert query.resolution_due_at - query.received_at == timedelta(days=10)
