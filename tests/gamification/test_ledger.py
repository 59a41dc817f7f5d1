"""The ledger follows the facts, in any order and however often they are delivered."""

import random
from datetime import UTC, datetime, timedelta

from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from community.core import events
from community.core.db import at_time, db
from community.core.events import EventRecord
from community.core.jobs import Delivery
from community.forum import operations
from community.forum.events import (
    AnswerAccepted,
    AnswerUnaccepted,
    HelpfulMarked,
    HelpfulUnmarked,
    PostHidden,
    PostRestored,
    ThreadHidden,
    ThreadRestored,
    ThreadStarted,
    VoteGivenBack,
    VoteSetAside,
)
from community.importing.events import ThreadImported, VotesImported
from gamification.handlers import follow_article, follow_import, follow_thread
from gamification.models import BadgeAward, LedgerEntry, Standing
from gamification.public import standing_of
from gamification.rebuilding import rebuild
from knowledge.events import ArticleHelped, ArticlePublished, ArticleValidated
from tests.conftest import RunJobs
from tests.factories import a_member, a_reply, a_thread

MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)
HANDLERS = tuple(f"gamification.handlers.follow_{what}" for what in ("thread", "article", "import"))


def points_of(member_id: int) -> int:
    db.session.expire_all()
    return standing_of(member_id).points


def deliver(ids: list[int]) -> None:
    """Hand recorded facts to our handlers in this order."""
    for id_ in ids:
        for handler in HANDLERS:
            name = db.session.get_one(EventRecord, id_).name
            if handler in events.subscribers().get(name, ()):
                events.deliver(handler, id_)


def all_ids() -> list[int]:
    return list(db.session.scalars(select(EventRecord.id).order_by(EventRecord.id)))


def picture() -> tuple[object, object]:
    """Standings and badges as plain values, without members who have no points."""
    db.session.expire_all()
    rows = db.session.scalars(select(Standing).order_by(Standing.member_id))
    standings = [(row.member_id, row.points, row.level) for row in rows if row.points]
    awards = db.session.scalars(select(BadgeAward).order_by(BadgeAward.member_id, BadgeAward.badge))
    return standings, [(row.member_id, row.badge, row.at) for row in awards]


def ledger() -> list[tuple[object, ...]]:
    rows = db.session.scalars(select(LedgerEntry).order_by(LedgerEntry.id))
    return [(row.event_id, row.cause_id, row.member_id, row.rule, row.points, row.at) for row in rows]


def assert_sums() -> None:
    sums = dict(
        db.session.execute(
            select(LedgerEntry.member_id, func.sum(LedgerEntry.points)).group_by(LedgerEntry.member_id)
        ).all()
    )
    for row in db.session.scalars(select(Standing)):
        assert row.points == sums.get(row.member_id, 0)
        assert row.points >= 0


def test_an_accepted_answer_is_worth_points_until_it_is_taken_back(app: Flask, run_jobs: RunJobs) -> None:
    thread = a_thread()
    post = a_reply(thread)
    operations.accept(thread, post, by_id=thread.author_id)
    run_jobs()
    assert (points_of(post.author_id), points_of(thread.author_id)) == (15, 2)
    operations.unaccept(thread, by_id=thread.author_id)
    run_jobs()
    assert (points_of(post.author_id), points_of(thread.author_id)) == (0, 0)
    back = db.session.scalars(select(LedgerEntry).where(LedgerEntry.points == -15)).one()
    given_first = db.session.get_one(LedgerEntry, back.reverses_id)
    assert (given_first.member_id, given_first.points) == (post.author_id, 15)
    assert db.session.scalar(select(func.count()).select_from(BadgeAward)) == 0


def test_a_hidden_post_loses_everything_and_a_restored_one_gets_it_again(app: Flask, run_jobs: RunJobs) -> None:
    thread = a_thread()
    post = a_reply(thread)
    for _number in range(3):
        operations.mark_helpful(post, member_id=a_member().id)
    run_jobs()
    assert points_of(post.author_id) == 15
    operations.hide_post(post, by_id=thread.author_id, reason="wrong thread")
    run_jobs()
    assert points_of(post.author_id) == 0
    operations.restore_post(post, by_id=thread.author_id)
    run_jobs()
    assert points_of(post.author_id) == 15
    assert len(ledger()) == 9


def test_votes_of_one_day_are_limited_and_room_is_used_again(app: Flask, run_jobs: RunJobs) -> None:
    author = a_member()
    posts = [a_reply(a_thread(), author) for _number in range(9)]
    voter = a_member()
    with at_time(MORNING):
        for post in posts:
            operations.mark_helpful(post, member_id=voter.id)
    run_jobs()
    assert points_of(author.id) == 40
    with at_time(MORNING + timedelta(days=1)):
        operations.unmark_helpful(posts[0], member_id=voter.id)
        operations.mark_helpful(posts[0], member_id=voter.id)
    run_jobs()
    assert points_of(author.id) == 45
    assert "helpful.limit" in {row[3] for row in ledger()}
    before = picture()
    rebuild()
    assert picture() == before


def test_a_reversal_that_arrives_before_its_cause_ends_right(app: Flask) -> None:
    thread = a_thread()
    post = a_reply(thread)
    voter = a_member()
    operations.mark_helpful(post, member_id=voter.id)
    operations.unmark_helpful(post, member_id=voter.id)
    deliver(list(reversed(all_ids())))
    assert points_of(post.author_id) == 0


def test_a_fact_committed_late_is_counted(app: Flask) -> None:
    """The vote gets the lower number, but is seen only after the post was hidden and restored."""
    thread = a_thread()
    post = a_reply(thread)
    operations.mark_helpful(post, member_id=a_member().id)
    late = all_ids()[-1]
    row = db.session.get_one(EventRecord, late)
    name, row.name = row.name, "test.not-yet"
    operations.hide_post(post, by_id=thread.author_id, reason="spam")
    deliver(all_ids()[-1:])
    operations.restore_post(post, by_id=thread.author_id)
    deliver(all_ids()[-1:])
    assert points_of(post.author_id) == 0
    row.name = name
    db.session.flush()
    deliver([late, late])
    assert points_of(post.author_id) == 5


def test_a_second_delivery_leaves_the_rest_to_later_facts(app: Flask) -> None:
    thread = a_thread()
    post = a_reply(thread)
    operations.mark_helpful(post, member_id=a_member().id)
    marked = all_ids()[-1]
    deliver([marked])
    operations.hide_post(post, by_id=thread.author_id, reason="spam")
    deliver([all_ids()[-1]])
    operations.restore_post(post, by_id=thread.author_id)
    deliver([marked])
    assert points_of(post.author_id) == 0
    deliver([all_ids()[-1]])
    assert points_of(post.author_id) == 5


def test_following_at_once_and_rebuilding_write_the_same_ledger(app: Flask, run_jobs: RunJobs) -> None:
    thread = a_thread()
    post = a_reply(thread)
    voter = a_member()
    steps = (
        lambda: operations.accept(thread, post, by_id=thread.author_id),
        lambda: operations.mark_helpful(post, member_id=voter.id),
        lambda: operations.unaccept(thread, by_id=thread.author_id),
        lambda: operations.hide_post(post, by_id=voter.id, reason="spam"),
        lambda: operations.restore_post(post, by_id=voter.id),
    )
    for step in steps:
        step()
        run_jobs()
    before, standings = sorted(ledger()), picture()
    assert rebuild() > 0
    assert sorted(ledger()) == before
    assert picture() == standings


MEMBERS, POSTS = 4, 3


def an_event(kind: type[events.Event], ids: list[int], who: int, whom: int, post: int) -> events.Event:
    actor, other, thread, article = ids[who], ids[whom], 1 + post % 2, 1 + post
    posts = {"actor_id": actor, "thread_id": thread, "post_id": 10 + post}
    if kind in (AnswerAccepted, AnswerUnaccepted):
        return kind(**posts, solver_id=other)
    if kind in (HelpfulMarked, HelpfulUnmarked, PostRestored):
        return kind(**posts, author_id=ids[post])
    if kind in (VoteSetAside, VoteGivenBack):
        return kind(**posts, author_id=ids[post], voter_id=other, helpful=True)
    if kind is PostHidden:
        return PostHidden(**posts, author_id=ids[post], reason="spam")
    if kind is VotesImported:
        return VotesImported(thread_id=thread, post_id=10 + post, author_id=ids[post], helpful=1 + whom, unhelpful=who)
    if kind is ThreadHidden:
        return ThreadHidden(actor_id=actor, thread_id=thread, reason="spam")
    if kind is ThreadRestored:
        return ThreadRestored(actor_id=actor, thread_id=thread)
    return kind(actor_id=actor, article_id=article, author_id=ids[post])


KINDS = (
    AnswerAccepted,
    AnswerUnaccepted,
    HelpfulMarked,
    HelpfulMarked,
    HelpfulUnmarked,
    VoteSetAside,
    VoteGivenBack,
    PostHidden,
    PostRestored,
    ThreadHidden,
    ThreadRestored,
    VotesImported,
    ArticlePublished,
    ArticleValidated,
    ArticleHelped,
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(KINDS),
        st.integers(0, MEMBERS - 1),
        st.integers(0, MEMBERS - 1),
        st.integers(0, POSTS - 1),
        st.integers(0, 1),
    ),
    max_size=25,
)


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS, seed=st.integers(0, 1000))
def test_any_facts_in_any_order(
    app: Flask, steps: list[tuple[type[events.Event], int, int, int, int]], seed: int
) -> None:
    for table in (Delivery, BadgeAward, Standing):
        db.session.query(table).delete()
    db.session.query(LedgerEntry).update({"reverses_id": None})
    for table in (LedgerEntry, EventRecord):
        db.session.query(table).delete()
    ids = [a_member().id for _number in range(MEMBERS)]
    imported = ThreadImported(thread_id=2, post_id=11, author_id=ids[0])
    for first in (ThreadStarted(actor_id=ids[0], thread_id=1, post_id=10, kind="question"), imported):
        events.record(first, at=MORNING)
    for number, (kind, who, whom, post, day) in enumerate(steps):
        events.record(an_event(kind, ids, who, whom, post), at=MORNING + timedelta(days=day, minutes=number))
        if kind is VotesImported:
            events.record(ThreadImported(thread_id=1 + post % 2, post_id=10 + post % 2, author_id=ids[0]))
        deliver(all_ids()[-1:])
        assert_sums()
    before, written = picture(), sorted(ledger())
    deliver(all_ids())
    assert (picture(), sorted(ledger())) == (before, written)
    rebuild()
    assert (picture(), sorted(ledger())) == (before, written)
    db.session.query(BadgeAward).delete()
    db.session.query(LedgerEntry).update({"reverses_id": None})
    for table in (LedgerEntry, Standing):
        db.session.query(table).delete()
    db.session.expire_all()
    shuffled = all_ids() * 2
    random.Random(seed).shuffle(shuffled)
    deliver(shuffled)
    assert_sums()
    assert picture() == before


def test_handlers_are_named_as_the_deliveries_know_them() -> None:
    handlers = (follow_thread, follow_article, follow_import)
    assert {f"{handler.__module__}.{handler.__name__}" for handler in handlers} == set(HANDLERS)
