"""The desk hears of each change of priority once and in order, and more people raise the impact."""

import pytest
from flask import Flask

from bridge.handovers.models import ServiceDesk
from bridge.handovers.weighing import keep_all_up
from bridge.queries import operations
from bridge.queries.models import Query
from bridge.queries.promotion import join
from community import public
from community.core.db import db
from community.core.jobs import enqueue
from community.forum import operations as forum
from community.forum.models import Thread
from tests.bridge.handovers.crossing import told
from tests.bridge.handovers.paper import Paper
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_thread
from tests.factories.bridge import a_query


def catch_up(run_jobs: RunJobs) -> None:
    """What the worker does every minute."""
    enqueue(keep_all_up)
    run_jobs()
    db.session.expire_all()


def more_people(thread: Thread, number: int) -> None:
    for _each in range(number):
        forum.have_too(thread, member_id=a_member().id)


def test_staff_s_changes_reach_the_desk_once_and_in_order(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, login_as: LoginAs
) -> None:
    query = a_query(impact=1, urgency=1)
    catch_up(run_jobs)
    a_member("jonas", role="agent")
    jonas = login_as("jonas")
    for impact, urgency in ((3, 2), (3, 3), (1, 1)):
        jonas.post(f"/desk/queries/{query.id}/priority", {"impact": impact, "urgency": urgency})
        catch_up(run_jobs)
        catch_up(run_jobs)
    assert paper.sheets["1"].outgoing.priority == 4
    assert paper.sheets["1"].priorities == [2, 1, 4]
    assert told(paper) == []
    assert "The priority was changed in the community: 2." in jonas.get(f"/desk/queries/{query.id}/register").text


def test_a_desk_that_takes_no_priority_is_told_in_words(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs
) -> None:
    paper.priorities = False
    query = a_query(impact=1, urgency=1)
    run_jobs()
    operations.weigh(query, 3, 3, by_id=a_member(role="agent").id)
    catch_up(run_jobs)
    assert told(paper) == ["The priority was changed in the community: 1."]
    assert paper.sheets["1"].priorities == []


def test_people_raise_the_impact_and_the_desk_hears_of_it(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs
) -> None:
    thread = a_thread()
    query = a_query(thread, impact=1, urgency=3)
    run_jobs()
    more_people(thread, 1)
    run_jobs()
    assert (query.impact, query.priority) == (1, 3)
    more_people(thread, 1)
    run_jobs()
    assert (query.impact, query.priority, query.people_affected) == (2, 2, 3)
    more_people(thread, 20)
    run_jobs()
    assert (query.impact, query.priority) == (3, 1)
    assert paper.sheets["1"].priorities == [2, 1]


def test_people_of_all_threads_count(app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs) -> None:
    thread, other = a_thread(), a_thread()
    more_people(other, 1)
    query = a_query(thread, impact=1, urgency=3)
    run_jobs()
    snapshot = public.thread_snapshot(other.id)
    assert snapshot is not None
    join(db.session.get_one(Query, query.id), snapshot, by_id=None)
    run_jobs()
    assert (query.impact, query.people_affected) == (2, 3)
    assert paper.sheets["1"].priorities == [2]


def test_what_staff_lowered_stays_until_more_people_than_ever_have_it(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs
) -> None:
    thread = a_thread()
    query = a_query(thread, impact=1, urgency=3)
    more_people(thread, 3)
    run_jobs()
    operations.weigh(query, 1, 3, by_id=a_member(role="agent").id)
    more_people(thread, 2)
    run_jobs()
    assert query.impact == 1
    more_people(thread, 20)
    run_jobs()
    assert query.impact == 3


@pytest.mark.parametrize("impact", [2, 3])
def test_a_greater_impact_is_left_alone(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, impact: int
) -> None:
    thread = a_thread()
    query = a_query(thread, impact=impact)
    more_people(thread, 4)
    run_jobs()
    assert query.impact == impact
    assert paper.sheets["1"].priorities == []


def test_without_another_desk_people_count_as_well(app: Flask, run_jobs: RunJobs) -> None:
    thread = a_thread()
    query = a_query(thread, impact=1)
    more_people(thread, 3)
    catch_up(run_jobs)
    assert query.impact == 2
