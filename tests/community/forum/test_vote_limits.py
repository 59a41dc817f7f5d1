"""How often one may vote for, or against, one person within a day; and votes that were set aside."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from community.accounts.models import Member
from community.core.db import at_time, db, utcnow
from community.forum.models import HelpfulVote, Post
from community.forum.reactions import limits, voiding, voting
from community.forum.reactions.set_aside import VoteSetAside
from gamification.models import Standing
from tests.community.forum.test_votes import at_once
from tests.conftest import LoginAs
from tests.factories import a_member, a_reply, a_space, a_thread


def posts_of(author_id: int, number: int) -> list[Post]:
    space, author = a_space(), db.session.get_one(Member, author_id)
    return [a_reply(a_thread(space), author) for _number in range(number)]


@pytest.mark.parametrize(
    ("verb", "most", "said"),
    [("helpful", 6, "You found 6 posts of this person helpful"), ("not-helpful", 3, "You found 3 replies")],
)
def test_a_day_has_room_for_so_many_votes_on_one_person(
    app: Flask, login_as: LoginAs, verb: str, most: int, said: str
) -> None:
    ann, bob = a_member("ann"), a_member("bob")
    db.session.add(Standing(member_id=ann.id, points=200, level="regular"))
    posts, other = posts_of(bob.id, most + 1), a_reply(a_thread())
    visitor = login_as("ann")
    for post in posts[:most]:
        visitor.post(f"/posts/{post.id}/{verb}", {"to": "on"})
    given = select(func.count()).select_from(HelpfulVote)
    assert db.session.scalar(given) == most
    visitor.post(f"/posts/{posts[-1].id}/{verb}", {"to": "on"})
    visitor.follow()
    assert said in visitor.text
    assert db.session.scalar(given) == most
    visitor.post(f"/posts/{posts[0].id}/{verb}", {"to": "on"})
    visitor.post(f"/posts/{other.id}/{verb}", {"to": "on"})
    assert db.session.scalar(given) == most + 1
    visitor.post(f"/posts/{posts[0].id}/{verb}", {"to": "off"})
    visitor.post(f"/posts/{posts[-1].id}/{verb}", {"to": "on"})
    visitor.follow()
    assert said not in visitor.text
    assert db.session.scalar(given) == most + 1


def test_what_was_given_a_day_ago_leaves_room(app: Flask) -> None:
    ann, bob = a_member(), a_member()
    posts = posts_of(bob.id, 7)
    with at_time(utcnow() - timedelta(hours=25)):
        for post in posts[:6]:
            voting.mark_helpful(post, member_id=ann.id)
        assert limits.refusal(posts[6], member_id=ann.id, helpful=True) == limits.Refusal.LIMIT
    assert limits.refusal(posts[6], member_id=ann.id, helpful=True) is None


def test_turning_old_votes_round_counts_as_voting_today(app: Flask) -> None:
    ann, bob = a_member(), a_member()
    posts = posts_of(bob.id, 4)
    with at_time(utcnow() - timedelta(days=30)):
        for post in posts:
            voting.mark_helpful(post, member_id=ann.id)
    for post in posts[:3]:
        assert limits.refusal(post, member_id=ann.id, helpful=False) is None
        voting.mark_not_helpful(post, member_id=ann.id)
    assert limits.refusal(posts[3], member_id=ann.id, helpful=False) == limits.Refusal.LIMIT_AGAINST


@pytest.mark.parametrize(("helpful", "most"), [(True, 6), (False, 3)])
def test_twenty_votes_at_once_do_not_pass_the_limit(app: Flask, helpful: bool, most: int) -> None:
    ann, bob = a_member(), a_member()
    ids, ann_id = [post.id for post in posts_of(bob.id, 20)], ann.id

    def vote(number: int) -> bool:
        post = db.session.get_one(Post, ids[number])
        if limits.refusal(post, member_id=ann_id, helpful=helpful):
            return False
        return (voting.mark_helpful if helpful else voting.mark_not_helpful)(post, member_id=ann_id)

    assert sum(map(bool, at_once(app, vote, 20))) == most
    assert db.session.scalar(select(func.count()).select_from(HelpfulVote)) == most


def counts() -> list[tuple[int, int, int]]:
    rows = db.session.execute(select(Post.id, Post.helpful_count, Post.not_helpful_count).order_by(Post.id))
    return [(row[0], row[1], row[2]) for row in rows]


def votes() -> list[tuple[object, ...]]:
    rows = db.session.scalars(select(HelpfulVote).order_by(HelpfulVote.post_id, HelpfulVote.member_id))
    return [(row.post_id, row.member_id, row.helpful, row.at) for row in rows]


def test_votes_set_aside_count_nowhere_and_come_back_as_they_were(app: Flask) -> None:
    ann, bob, eve = a_member(), a_member(), a_member()
    of_bob, of_ann = posts_of(bob.id, 3), posts_of(ann.id, 2)
    for post in (*of_bob, *of_ann):
        voting.mark_helpful(post, member_id=eve.id)
    for post in of_bob[:2]:
        voting.mark_helpful(post, member_id=ann.id)
    voting.mark_not_helpful(of_ann[0], member_id=bob.id)
    db.session.commit()
    before = counts(), votes()
    assert voiding.set_aside([ann.id, bob.id], act_id=7, by_id=eve.id) == 3
    assert voiding.concerned_by(7) == {ann.id, bob.id}
    assert {row[1:] for row in counts() if row[0] in [post.id for post in (*of_bob, *of_ann)]} == {(1, 0)}
    assert len(votes()) == 5
    assert voiding.set_aside([ann.id, bob.id], act_id=8, by_id=eve.id) == 0
    assert voiding.give_back(7, by_id=eve.id) == 3
    assert (counts(), votes()) == before
    assert voiding.give_back(7, by_id=eve.id) == 0
    assert db.session.scalar(select(func.count()).select_from(VoteSetAside)) == 0


def test_nobody_votes_again_on_what_their_vote_was_set_aside_from(app: Flask, login_as: LoginAs) -> None:
    ann, bob = a_member("ann"), a_member("bob")
    post, later = posts_of(bob.id, 2)
    voting.mark_helpful(post, member_id=ann.id)
    voiding.set_aside([ann.id, bob.id], act_id=7, by_id=None)
    assert not voting.mark_helpful(post, member_id=ann.id)
    visitor = login_as("ann")
    visitor.post(f"/posts/{post.id}/helpful", {"to": "on"})
    visitor.follow()
    assert "set aside by a moderator" in visitor.text
    visitor.post(f"/posts/{later.id}/helpful", {"to": "on"})
    assert (post.helpful_count, later.helpful_count) == (0, 1)


def test_setting_aside_and_voting_at_once_leave_counts_and_rows_alike(app: Flask) -> None:
    ann, bob = a_member(), a_member()
    posts = posts_of(bob.id, 6)
    ids, people, ann_id = [post.id for post in posts], [ann.id, bob.id], ann.id

    def one(number: int) -> object:
        if number % 5 == 2:
            return voiding.set_aside(people, act_id=number, by_id=None)
        return voting.mark_helpful(db.session.get_one(Post, ids[number % 6]), member_id=ann_id)

    at_once(app, one, 24)
    rows = set(db.session.execute(select(HelpfulVote.post_id, HelpfulVote.member_id)).all())
    aside = set(db.session.execute(select(VoteSetAside.post_id, VoteSetAside.member_id)).all())
    assert not rows & aside
    assert len(rows | aside) == 6
    db.session.expire_all()
    assert sum(post.helpful_count for post in posts) == len(rows)
