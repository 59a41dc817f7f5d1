"""Rules at work on live threads, through jobs, on both databases."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select

from bridge.promotion import promoting
from bridge.promotion.events import CountdownBegun, RulePromoted, RuleSuggested
from bridge.promotion.knowing import evidence_of
from bridge.promotion.looking import look_at_due
from bridge.promotion.models import ThreadWatch
from bridge.promotion.promoting import promote_if_due
from bridge.promotion.watches import adopt, unwatched
from bridge.queries.models import Query
from bridge.queries.operations import decline
from community.core.db import at_time, db
from community.core.events import EventRecord
from community.core.jobs import enqueue
from community.forum import operations as forum
from community.notifications.models import Notification
from tests.bridge.promotion.acts import (
    HOUR,
    NOW,
    a_rule,
    automatic,
    hours,
    jobs_at,
    only,
    pass_time,
    shared,
    suggesting,
    watch,
)
from tests.conftest import CountStatements, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread


def recorded(kind: type) -> int:
    return db.session.scalar(select(func.count()).where(EventRecord.name == kind.name)) or 0


def queries_there() -> list[Query]:
    return list(db.session.scalars(select(Query).order_by(Query.id)))


def test_a_suggestion_comes_when_its_time_has_come(app: Flask, run_jobs: RunJobs) -> None:
    hours()
    only(suggesting(8))
    with at_time(NOW):
        thread = a_thread()
        jobs_at(NOW)
    assert (watch(thread).next_look_at, watch(thread).verdicts) == (NOW + 8 * HOUR, [])
    pass_time(NOW + 7 * HOUR)
    assert watch(thread).suggested_at is None
    pass_time(NOW + 8 * HOUR)
    pass_time(NOW + 9 * HOUR)
    assert watch(thread).suggested_at == NOW + 8 * HOUR
    assert recorded(RuleSuggested) == 1
    assert queries_there() == []
    with at_time(NOW + 10 * HOUR):
        a_reply(thread)
        jobs_at(NOW + 10 * HOUR)
    assert (watch(thread).suggested_at, watch(thread).suggested_by) == (None, "")


def test_an_automatic_rule_waits_tells_and_promotes_once(app: Flask, run_jobs: RunJobs) -> None:
    only(automatic())
    space = a_space()
    priya = a_member(handle="priya", super_user_in=[space])
    a_member(super_user_in=[a_space()])
    with at_time(NOW):
        thread = a_thread(space=space)
        shared(thread)
        jobs_at(NOW)
    assert watch(thread).due_at == NOW + 3 * HOUR
    version = thread.version
    pass_time(NOW + HOUR)
    assert (queries_there(), thread.version) == ([], version)
    told = list(db.session.scalars(select(Notification.member_id).where(Notification.kind == "promotion-countdown")))
    assert told == [priya.id]
    for _again in range(3):
        pass_time(NOW + 3 * HOUR)
        enqueue(promote_if_due, thread_id=thread.id)
    with at_time(NOW + 3 * HOUR):
        jobs_at(NOW + 3 * HOUR)
    (query,) = queries_there()
    assert (query.promoted_by_id, query.query_class, thread.state) == (None, "incident", "desk")
    assert query.links[0].reason == "1 has this too"
    found = watch(thread)
    assert (found.promoted_rule, found.promoted_query_id, found.promoted_space_id) == ("shared", query.id, 0)
    assert (found.due_at, found.next_look_at, found.verdicts) == (None, None, [])
    assert (recorded(RulePromoted), recorded(CountdownBegun)) == (1, 1)


def test_an_answer_in_time_keeps_it_here(app: Flask, run_jobs: RunJobs) -> None:
    only(automatic())
    with at_time(NOW):
        thread = shared(a_thread())
        jobs_at(NOW)
    with at_time(NOW + HOUR):
        forum.accept(thread, a_reply(thread), by_id=thread.author_id)
        jobs_at(NOW + HOUR)
    assert (watch(thread).due_at, watch(thread).noticed) == (None, {})
    pass_time(NOW + 4 * HOUR)
    assert queries_there() == []


def test_hidden_and_closed_threads_never_go(app: Flask, run_jobs: RunJobs) -> None:
    only(automatic())
    boss = a_member(role="manager")
    with at_time(NOW):
        hidden, closed = shared(a_thread()), shared(a_thread())
        jobs_at(NOW)
        forum.hide_post(hidden.posts[0], by_id=boss.id, reason="spam")
        forum.close(closed, by_id=boss.id)
        jobs_at(NOW)
    pass_time(NOW + 4 * HOUR)
    assert queries_there() == []
    assert not watch(hidden).verdicts


def test_the_cap_of_the_day_counts(app: Flask, run_jobs: RunJobs) -> None:
    only(automatic(cap=2))
    with at_time(NOW):
        threads = [shared(a_thread()) for _number in range(3)]
        jobs_at(NOW)
    pass_time(NOW + 3 * HOUR)
    assert len(queries_there()) == 2
    (left,) = (thread for thread in threads if thread.state != "desk")
    pass_time(NOW + 4 * HOUR)
    assert len(queries_there()) == 2
    assert watch(left).due_at == NOW.replace(hour=0) + 24 * HOUR
    pass_time(NOW.replace(hour=0) + 24 * HOUR)
    assert len(queries_there()) == 3


def test_a_space_counts_for_itself_once_it_has_its_own_rule(app: Flask, run_jobs: RunJobs) -> None:
    only(automatic(cap=1))
    own, other = a_space(), a_space()
    a_rule(automatic(cap=2), own.id)
    with at_time(NOW):
        for space in (own, own, own, other, other):
            shared(a_thread(space=space))
        jobs_at(NOW)
    pass_time(NOW + 3 * HOUR)
    places = select(ThreadWatch.promoted_space_id).where(ThreadWatch.promoted_rule != "")
    assert sorted(db.session.scalars(places)) == sorted([own.id, own.id, 0])


def test_a_rule_that_becomes_automatic_leaves_time_to_step_in(app: Flask, run_jobs: RunJobs) -> None:
    rule = automatic()
    from_now = NOW + 5 * HOUR
    row = only(suggesting(1))
    with at_time(NOW):
        thread = shared(a_thread())
        jobs_at(NOW)
    row.define(suggesting(99), by_id=None, at=NOW)
    a_rule(rule)
    with at_time(from_now):
        shared(thread)
        jobs_at(from_now)
    assert watch(thread).due_at == from_now + 3 * HOUR


def test_threads_that_came_without_a_fact_are_adopted(app: Flask, run_jobs: RunJobs) -> None:
    with at_time(NOW):
        thread = a_thread()
        old = a_thread()
        old.created_at = NOW - 91 * 24 * HOUR
        a_thread(kind="announcement")
        db.session.flush()
        assert unwatched(NOW) == [(thread.id, thread.space_id)]
        assert (adopt(NOW), adopt(NOW)) == (1, 0)
    assert watch(thread).next_look_at == NOW


def test_evidence_costs_the_same_for_many(app: Flask, run_jobs: RunJobs, count_statements: CountStatements) -> None:
    threads = [shared(a_thread()) for _number in range(8)]
    run_jobs()
    ids = [thread.id for thread in threads]
    costs = []
    for number in (2, 8):
        with count_statements() as sql:
            found = list(db.session.scalars(select(ThreadWatch).where(ThreadWatch.thread_id.in_(ids[:number]))))
            assert len(evidence_of(found, NOW + HOUR)) == number
        costs.append(len(sql))
    assert costs[0] == costs[1] <= 8


def test_a_look_at_many_costs_little_more(app: Flask, run_jobs: RunJobs, count_statements: CountStatements) -> None:
    hours()
    only(suggesting(9))
    costs = []
    for number in (2, 8):
        with at_time(NOW):
            made = [a_thread() for _number in range(number)]
            jobs_at(NOW)
        for thread in made:
            watch(thread).next_look_at = NOW
        db.session.commit()
        with at_time(NOW + HOUR), count_statements() as sql:
            look_at_due()
            db.session.flush()
        costs.append(len(sql))
        db.session.commit()
    # What changes is written in one statement, with the rows in it.
    assert costs[1] <= costs[0] + 8


def test_an_old_fact_of_a_thread_that_is_gone_does_no_harm(app: Flask, run_jobs: RunJobs) -> None:
    enqueue(promote_if_due, thread_id=999)
    run_jobs()
    assert queries_there() == []


def test_a_worker_that_dies_halfway_leaves_nothing_behind(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    only(automatic())
    with at_time(NOW):
        thread = shared(a_thread())
        jobs_at(NOW)

    def die(*_args: object) -> None:
        raise OSError("the power went")

    with monkeypatch.context() as broken:
        broken.setattr(promoting, "settle", die)
        pass_time(NOW + 3 * HOUR, failing=True)
    assert queries_there() == []
    assert thread.state == "open"
    pass_time(NOW + 4 * HOUR)
    assert len(queries_there()) == 1
    assert recorded(RulePromoted) == 1


def test_quiet_hours_wait_for_the_morning(app: Flask) -> None:
    only(replace(automatic(), in_hours_only=True))
    evening = NOW.replace(hour=16)
    with at_time(evening):
        thread = shared(a_thread())
        jobs_at(evening)
    morning = NOW.replace(hour=9) + 24 * HOUR
    assert watch(thread).due_at == morning
    pass_time(evening + 4 * HOUR)
    assert queries_there() == []
    pass_time(morning)
    assert len(queries_there()) == 1


def test_a_query_that_is_declined_lets_no_rule_take_it_again(app: Flask) -> None:
    only(automatic())
    with at_time(NOW):
        thread = shared(a_thread())
        jobs_at(NOW)
    pass_time(NOW + 3 * HOUR)
    (query,) = queries_there()
    with at_time(NOW + 4 * HOUR):
        decline(query, "We do not offer that.", by_id=a_member(role="agent").id)
        jobs_at(NOW + 4 * HOUR)
    pass_time(NOW + 40 * HOUR)
    assert len(queries_there()) == 1
    assert watch(thread).promoted_rule == "shared"
