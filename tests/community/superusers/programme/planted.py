"""A programme whose every number is counted by hand. Moments hang on one Wednesday, noon in UTC, of the past week."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from community.accounts.models import Grant, Member
from community.core.db import at_time, db, utcnow
from community.forum import operations
from community.forum.models import HelpfulVote, Post
from community.moderation.models import Case, Flag, Measure
from community.spaces.models import Space
from tests.factories import a_member, a_reply, a_thread


def last_wednesday() -> datetime:
    """Noon of the last Wednesday that is over by a day."""
    noon = utcnow().replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)
    return noon - timedelta(days=(noon.weekday() - 2) % 7)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Everything inside happens then."""
    with at_time(moment):
        yield


def answered(space: Space, asker: Member, helper: Member, moment: datetime, *, accepted: bool = True) -> Post:
    """A question asked two hours before, and answered at a moment."""
    with at(moment - timedelta(hours=2)):
        thread = a_thread(space, asker)
    with at(moment):
        post = a_reply(thread, helper)
        if accepted:
            operations.accept(thread, post, by_id=asker.id)
    return post


def helpful(posts: list[Post], voter: Member) -> None:
    """A vote for each of the posts."""
    for post in posts:
        db.session.add(HelpfulVote(post_id=post.id, member_id=voter.id))
        post.helpful_count += 1


def flagged(member: Member, states: list[str]) -> None:
    """Decided flags of somebody."""
    for number, state in enumerate(states):
        case = Case(
            kind="flag",
            target_kind="post",
            target_id=10_000 + member.id * 100 + number,
            state="decided",
            due_at=utcnow(),
        )
        db.session.add(case)
        db.session.flush()
        row = {"target_kind": "post", "target_id": case.target_id, "member_id": member.id, "reason": "spam"}
        db.session.add(Flag(**row, weight=1.0, state=state, decided_at=utcnow(), case_id=case.id))


def warned(member: Member, *, ended_how: str = "") -> None:
    """A measure against somebody."""
    db.session.add(Measure(kind="warn", member_id=member.id, rule="spam", ended_how=ended_how))


def helps(member: Member, space: Space, until: datetime | None = None) -> None:
    """The right of a super user."""
    db.session.add(Grant(member_id=member.id, space_id=space.id, kind="super_user", until=until))
    db.session.flush()


def somebody(handle: str, name: str) -> Member:
    """A member."""
    return a_member(handle, name=name)
