"""Whatever happens in whatever order: what is in view, solved, counted and earned is what facts and measures say."""

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from community.accounts.loading import actor_for
from community.accounts.models import Member
from community.core.db import db, utcnow
from community.core.events import EventRecord
from community.core.policies import Actor
from community.forum import operations, policies
from community.forum.arranging import posts as arranging
from community.forum.arranging.operations import ArrangingError
from community.forum.events import AnswerAccepted, AnswerUnaccepted
from community.forum.models import HelpfulVote, Post, Thread
from community.moderation import appeals, cases, flagging, in_place, measures, targets
from community.moderation.flagging import FlaggingError
from community.moderation.kinds import case_kind
from community.moderation.models import Appeal, Case, Measure
from gamification.public import standing_of
from gamification.rebuilding import rebuild
from tests.conftest import RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread

DEEDS = (
    "accept", "unaccept", "vote", "unvote", "flag", "flag again", "decide", "find fine", "take back", "hide", "restore",
    "delete", "put back", "close", "reopen", "appeal", "reverse", "uphold", "merge", "split", "join",
)  # fmt: skip
STEPS = st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 1)), min_size=1, max_size=14)
MEASURING = st.lists(st.tuples(st.sampled_from(("flag", "decide", "hide", "close")), st.integers(0, 1)), max_size=8)
NORMAL: dict[str, Any] = {
    "max_examples": 8,
    "deadline": None,
    "derandomize": True,  # the same sequences each time; others are tried by taking this out
    "phases": (Phase.explicit, Phase.generate),
    "suppress_health_check": [HealthCheck.function_scoped_fixture],
}


@dataclass
class Place:
    """A thread of Ann's with two replies of Bob's, and whoever acts; the thread that it was merged into, later."""

    thread: Thread
    posts: list[Post]
    people: dict[str, Member]
    deleted: set[int] = field(default_factory=set)
    moved: bool = False

    def actor(self, name: str) -> Actor:
        member = self.people[name]
        spaces = frozenset({self.thread.space_id}) if name == "sue" else frozenset()
        found = actor_for(member.id)
        assert found.super_user_in == spaces
        return found


def a_place() -> Place:
    random.seed()  # the search index draws the names of its files, which must not be those of the example before
    space = a_space()
    people = {name: a_member() for name in ("ann", "bob", "cat", "max")}
    people |= {"sue": a_member(super_user_in=[space]), "boss": a_member(role="manager")}
    thread = a_thread(space, people["ann"])
    return Place(thread, [a_reply(thread, people["bob"], f"Answer {n}") for n in range(2)], people)


def accept(place: Place, post: Post) -> None:
    if post.hidden_at is None and post.thread.closed_at is None and not post.opens:
        operations.accept(post.thread, post, by_id=place.people["ann"].id)


def flag(place: Place, post: Post, by: str = "cat") -> None:
    target = targets.look("post", post.id)
    assert target is not None
    with suppress(FlaggingError):
        flagging.flag(place.actor(by), target, reason="unsafe" if by == "max" else "spam")


def decide(place: Place, post: Post, key: str) -> None:
    case, kind = cases.waiting_case("flag", "post", post.id), case_kind("flag")
    if case is not None and kind is not None:
        cases.decide(case, kind.by_key[key], by_id=place.people["sue"].id, words="Because")


def take_back(_place: Place, post: Post) -> None:
    last = select(Case).where(Case.kind == "flag", Case.target_id == post.id, Case.state == "decided")
    case, kind = db.session.scalars(last.order_by(Case.id.desc()).limit(1)).first(), case_kind("flag")
    if case is not None and kind is not None and case.decided_by_id is not None:
        cases.take_back(case, kind.by_key[case.decision], by_id=case.decided_by_id)


def restore(place: Place, post: Post) -> None:
    if post.hidden_at is not None:
        in_place.restore(place.actor("sue"), post)
        place.deleted.discard(post.id)


def delete(place: Place, post: Post) -> None:
    if policies.can_hide(place.actor("bob"), post):
        operations.hide_post(post, by_id=place.people["bob"].id, reason="Mine")
        place.deleted.add(post.id)


def put_back(place: Place, post: Post) -> None:
    if post.hidden_at is not None and policies.can_restore(place.actor("bob"), post) and not in_place.holds(post):
        operations.restore_post(post, by_id=place.people["bob"].id)
        place.deleted.discard(post.id)


def appeal(place: Place, post: Post) -> None:
    mine = select(Measure).where(Measure.member_id == place.people["bob"].id, Measure.target_id == post.id)
    for measure in db.session.scalars(mine.order_by(Measure.id.desc())):
        if appeals.can_appeal(place.people["bob"].id, measure):
            appeals.appeal(measure, member_id=place.people["bob"].id, words="Look again")
            return


def answer(place: Place, key: str) -> None:
    open_ = select(Appeal).where(Appeal.member_id == place.people["bob"].id, Appeal.outcome == "")
    made, kind = db.session.scalars(open_.limit(1)).first(), case_kind("appeal")
    if made is not None and kind is not None:
        cases.decide(made.case, kind.by_key[key], by_id=place.people["boss"].id, words="Looked")


def merge(place: Place, _post: Post) -> None:
    """Into another thread of Ann's."""
    target = a_thread(place.thread.space, place.people["ann"])
    with suppress(ArrangingError):
        place.thread = arranging.merge(place.thread, target, by_id=place.people["sue"].id, reason="The same")
        place.moved = True


def split(place: Place, post: Post) -> None:
    with suppress(ArrangingError):
        arranging.split(post.thread, [post.id], title="Another", by_id=place.people["sue"].id, reason="Apart")
        place.moved = True


def join(place: Place, post: Post) -> None:
    with suppress(ArrangingError):
        arranging.merge(post.thread, place.thread, by_id=place.people["sue"].id, reason="The same after all")


DO: dict[str, Callable[[Place, Post], Any]] = {
    "accept": accept,
    "unaccept": lambda place, post: operations.unaccept(post.thread, by_id=place.people["ann"].id),
    "vote": lambda place, post: operations.mark_helpful(post, member_id=place.people["cat"].id),
    "unvote": lambda place, post: operations.unmark_helpful(post, member_id=place.people["cat"].id),
    "flag": flag,
    "flag again": lambda place, post: flag(place, post, "max"),
    "decide": lambda place, post: decide(place, post, "hide"),
    "find fine": lambda place, post: decide(place, post, "fine"),
    "take back": take_back,
    "hide": lambda place, post: in_place.hide(place.actor("sue"), post, "unkind", "Be kind"),
    "restore": restore,
    "delete": delete,
    "put back": put_back,
    "close": lambda place, _post: in_place.close(place.actor("sue"), place.thread, "charter", "Enough"),
    "reopen": lambda place, _post: in_place.reopen(place.actor("sue"), place.thread),
    "appeal": appeal,
    "reverse": lambda place, _post: answer(place, "reverse"),
    "uphold": lambda place, _post: answer(place, "uphold"),
    "merge": merge,
    "split": split,
    "join": join,
}


def happen(app: Flask, place: Place, steps: list[tuple[str, int]]) -> None:
    for deed, which in steps:
        with app.test_request_context():
            DO[deed](place, place.posts[which])
        db.session.flush()
        db.session.expire_all()


def stands(kind: str, target_kind: str, target_id: int) -> bool:
    found = select(Measure).where(Measure.kind == kind, Measure.target_kind == target_kind)
    return any(one.stands(utcnow()) for one in db.session.scalars(found.where(Measure.target_id == target_id)))


def accepted_by_the_facts(thread: Thread) -> int | None:
    names = (AnswerAccepted.name, AnswerUnaccepted.name)
    facts = select(EventRecord).where(EventRecord.subject == f"thread:{thread.id}", EventRecord.name.in_(names))
    last = db.session.scalars(facts.order_by(EventRecord.id.desc()).limit(1)).first()
    return last.payload["post_id"] if last is not None and last.name == AnswerAccepted.name else None


def standings(place: Place) -> dict[str, object]:
    db.session.expire_all()
    return {name: standing_of(member.id) for name, member in place.people.items()}


def check(place: Place) -> None:
    for post in place.posts:
        away = stands("hide", "thread", post.thread_id) if post.opens else stands("hide", "post", post.id)
        assert is_hidden(post) == (away or post.id in place.deleted)
        counted = select(func.count()).select_from(HelpfulVote).where(HelpfulVote.post_id == post.id)
        assert post.helpful_count == db.session.scalar(counted.where(HelpfulVote.helpful.is_(True)))
    thread = place.thread
    assert (thread.closed_at is not None) == stands("lock", "thread", thread.id)
    assert place.moved or thread.solution_id == accepted_by_the_facts(thread)
    assert thread.solution_id is None or db.session.get_one(Post, thread.solution_id).hidden_at is None
    assert (thread.solved_at is None) == (thread.solution_id is None)
    state = thread.state
    thread.settle()
    assert thread.state == state
    replies = select(func.count(Post.id)).where(Post.thread_id == thread.id, Post.number > 1)
    assert thread.reply_count == db.session.scalar(replies)
    in_view = [post for post in place.posts if not is_hidden(post)]
    solved = [post for post in in_view if post.thread.solution_id == post.id]
    points = 5 * sum(post.helpful_count for post in in_view) + 15 * len(solved)
    assert standing_of(place.people["bob"].id).points == points
    assert standing_of(place.people["ann"].id).points == 2 * len(solved)


def is_hidden(post: Post) -> bool:
    return (post.thread if post.opens else post).hidden_at is not None


@given(steps=STEPS)
@settings(**NORMAL)
def test_everything_is_what_facts_and_measures_say(app: Flask, run_jobs: RunJobs, steps: list[tuple[str, int]]) -> None:
    place = a_place()
    happen(app, place, steps)
    run_jobs()
    check(place)
    before = standings(place)
    rebuild()
    assert standings(place) == before


def picture(place: Place) -> dict[str, object]:
    db.session.expire_all()
    thread = place.thread
    posts = [(post.hidden_at, post.hidden_reason, post.hidden_by_id, post.helpful_count) for post in place.posts]
    facts = (thread.solution_id, thread.solved_at, thread.state, thread.closed_at, thread.hidden_at)
    people = {name: (member.silenced_until, member.suspended_at) for name, member in place.people.items()}
    return {"posts": posts, "thread": facts, "people": people, "standing": standings(place)}


@given(steps=MEASURING, accepted=st.integers(0, 2), order=st.randoms(use_true_random=False))
@settings(**NORMAL)
def test_measures_that_all_end_leave_nothing(
    app: Flask, run_jobs: RunJobs, steps: list[tuple[str, int]], accepted: int, order: Any
) -> None:
    place = a_place()
    happen(app, place, [("vote", 0), ("accept", accepted)] if accepted < 2 else [("vote", 1)])
    run_jobs()
    before = picture(place)
    happen(app, place, steps)
    run_jobs()
    about = {post.id for post in place.posts} | {place.thread.id}
    taken = [
        one
        for one in db.session.scalars(select(Measure))
        if one.target_id in about or one.member_id in people_of(place)
    ]
    order.shuffle(taken)
    with app.test_request_context():
        for measure in taken:
            measures.end(measure, by_id=None, how="lifted")
    run_jobs()
    assert picture(place) == before


def people_of(place: Place) -> set[int]:
    return {member.id for member in place.people.values()}
