"""A lock that ends opens a thread only where it is still closed as the lock left it."""

import pytest
from flask import Flask

from community.accounts.models import Member
from community.core.db import db
from community.forum import operations
from community.forum.arranging import operations as arranging
from community.forum.models import Thread
from community.moderation import measures
from community.moderation.models import Measure
from tests.conftest import LoginAs
from tests.factories import a_member, a_space, a_thread


@pytest.fixture
def boss(app: Flask) -> Member:
    return a_member("boss", role="manager")


@pytest.fixture
def thread(boss: Member) -> Thread:
    return a_thread(a_space("home"), a_member("ann"))


@pytest.fixture
def other(thread: Thread) -> Thread:
    return a_thread(thread.space)


def lock(thread: Thread, boss: Member) -> Measure:
    return measures.take(
        "lock",
        rule="many_flags",
        member_id=thread.author_id,
        by_id=boss.id,
        target_kind="thread",
        target_id=thread.id,
    )


def over(measure: Measure) -> None:
    measures.end(measure, by_id=None, how="over")


def test_it_opens_again_by_itself(thread: Thread, boss: Member) -> None:
    taken = lock(thread, boss)
    assert thread.closed_at is not None
    over(taken)
    assert thread.closed_at is None


def test_what_became_a_duplicate_stays_closed_until_it_is_none(
    thread: Thread, other: Thread, boss: Member, login_as: LoginAs
) -> None:
    taken = lock(thread, boss)
    arranging.mark_duplicate(thread, other, by_id=boss.id, reason="The same")
    over(taken)
    assert thread.closed_at is not None
    login_as("boss").post(f"/threads/{thread.id}/duplicate/withdrawal")
    assert thread.closed_at is None


def test_a_duplicate_that_is_none_any_more_stays_closed_while_the_lock_stands(
    thread: Thread, other: Thread, boss: Member
) -> None:
    arranging.mark_duplicate(thread, other, by_id=boss.id, reason="The same")
    taken = lock(thread, boss)
    arranging.unmark_duplicate(thread, by_id=boss.id)
    assert thread.closed_at is not None
    over(taken)
    assert thread.closed_at is None


def test_what_somebody_closed_meanwhile_stays_closed(thread: Thread, boss: Member) -> None:
    taken = lock(thread, boss)
    operations.close(thread, by_id=boss.id, reason="Enough")
    over(taken)
    assert thread.closed_at is not None


def test_what_was_opened_and_closed_meanwhile_stays_closed(thread: Thread, boss: Member) -> None:
    taken = lock(thread, boss)
    operations.reopen(thread, by_id=boss.id)
    operations.close(thread, by_id=boss.id, reason="Enough")
    over(taken)
    assert thread.closed_at is not None


def test_what_was_closed_before_stays_closed(thread: Thread, boss: Member) -> None:
    operations.close(thread, by_id=boss.id, reason="Enough")
    over(lock(thread, boss))
    assert thread.closed_at is not None


def test_two_that_overlap_end_in_any_order(thread: Thread, boss: Member) -> None:
    first, second = lock(thread, boss), lock(thread, boss)
    over(first)
    assert thread.closed_at is not None
    over(second)
    assert thread.closed_at is None


def test_what_was_merged_meanwhile_stays_closed(thread: Thread, other: Thread, boss: Member) -> None:
    taken = lock(thread, boss)
    thread.merged_into_id = other.id
    db.session.flush()
    over(taken)
    assert thread.closed_at is not None
