"""Who is told of a thread: by its levels, only who may read it, and at the same price for one as for many."""

from itertools import product

from flask import Flask

from community.accounts.models import Member
from community.core.db import db
from community.following import operations as following
from community.following.models import Level
from community.following.queries import audience, recipients
from community.following.rules import Levels, effective, tells
from community.forum import operations as forum
from community.forum.models import Thread
from tests.conftest import CountStatements
from tests.factories import a_member, a_reply, a_space, a_thread

ANY = (None, *Level)


def follow(member: Member, target: following.Target, level: Level | None = Level.WATCHING) -> None:
    if level is not None:
        following.choose(member.id, target, level)


def test_the_database_agrees_with_the_table_for_every_combination(app: Flask) -> None:
    thread = a_thread(tags=["vpn", "wifi"])
    people = {}
    for number, (own, one, space) in enumerate(product(ANY, ANY, ANY)):
        two = ANY[number % len(ANY)]
        member = a_member(f"m{number}")
        follow(member, following.thread(thread.id), own)
        follow(member, following.tag("vpn"), one)
        follow(member, following.tag("wifi"), two)
        follow(member, following.space(thread.space_id), space)
        # Normal is not kept of tags and spaces: it is the same as nothing.
        people[member.id] = effective(Levels(own, (), [tag for tag in (one, two) if tag is not None], space))
    found = audience(thread.id)
    own = {thread.author_id}
    assert found.new_thread == {id_ for id_, level in people.items() if tells(level, first_post=True)}
    assert found.new_post - own == {id_ for id_, level in people.items() if tells(level, first_post=False)}
    assert found.deaf == {id_ for id_, level in people.items() if level is Level.MUTED}
    assert recipients(thread.id, first_post=True) == found.new_thread
    assert recipients(thread.id, first_post=False) == found.new_post


def test_it_costs_two_statements_for_one_follower_and_for_forty(app: Flask, count_statements: CountStatements) -> None:
    space = a_space()
    thread_id = a_thread(space, tags=["vpn"]).id
    costs = []
    for number in (1, 39):
        for _ in range(number):
            follow(a_member(), following.space(space.id))
        db.session.commit()
        with count_statements() as sql:
            assert len(recipients(thread_id, first_post=True)) >= number
        costs.append(len(sql))
    assert costs == [2, 2]


def test_who_asks_replies_or_has_it_too_watches_by_itself(app: Flask) -> None:
    asker, replier, other = a_member(), a_member(), a_member()
    thread = a_thread(author=asker)
    a_reply(thread, replier)
    forum.have_too(thread, member_id=other.id)
    assert recipients(thread.id, first_post=False) == {asker.id, replier.id, other.id}
    forum.no_longer_have_too(thread, member_id=other.id)
    following.prefer(replier.id, when_asking=Level.WATCHING, when_joining=Level.NORMAL)
    assert recipients(thread.id, first_post=False) == {asker.id}
    following.prefer(asker.id, when_asking=Level.TRACKING, when_joining=Level.WATCHING)
    assert recipients(thread.id, first_post=False) == set()


def test_taking_part_beats_a_muted_tag_and_a_level_of_the_thread_beats_both(app: Flask) -> None:
    thread = a_thread(author=(asker := a_member()), tags=["vpn"])
    follow(asker, following.tag("vpn"), Level.MUTED)
    assert recipients(thread.id, first_post=False) == {asker.id}
    follow(asker, following.thread(thread.id), Level.MUTED)
    assert recipients(thread.id, first_post=False) == set()
    follow(asker, following.thread(thread.id), Level.WATCHING)
    assert recipients(thread.id, first_post=False) == {asker.id}


def test_only_people_who_may_read_it_are_found(app: Flask) -> None:
    space = a_space(visibility="members")
    inside, outside, leader = a_member(member_of=[space]), a_member(), a_member(super_user_in=[space])
    agent, far = a_member(role="agent"), a_member(super_user_in=[a_space()])
    author = a_member(member_of=[space])
    thread = a_thread(space, author, tags=["vpn"])
    everybody = [inside, outside, leader, agent, far]
    for member in everybody:
        follow(member, following.tag("vpn"))
    assert recipients(thread.id, first_post=True) == {inside.id, leader.id, agent.id}
    forum.restrict(thread, by_id=None)
    assert recipients(thread.id, first_post=True) == {agent.id}
    assert recipients(thread.id, first_post=False) == {author.id, agent.id}
    hidden = a_thread(space, author, tags=["vpn"])
    forum.hide_post(hidden.posts[0], by_id=agent.id, reason="spam")
    assert recipients(hidden.id, first_post=True) == {leader.id}


def test_a_suspended_person_is_not_found(app: Flask) -> None:
    thread, member = a_thread(tags=["vpn"]), a_member()
    follow(member, following.tag("vpn"))
    member.suspended_at = thread.created_at
    assert member.id not in recipients(thread.id, first_post=True)


def test_people_who_are_muted_tell_nothing_and_people_who_are_followed_do(app: Flask) -> None:
    author, fan, tired = a_member(), a_member(), a_member()
    thread = a_thread(author=author, tags=["vpn"])
    follow(fan, following.person(author.id), Level.WATCHING_FIRST)
    follow(tired, following.tag("vpn"))
    follow(tired, following.person(author.id), Level.MUTED)
    found = audience(thread.id, by_id=author.id, of_id=author.id)
    assert (found.followers, found.deaf, found.new_thread) == ({fan.id}, {tired.id}, set())
    assert tired.id in recipients(thread.id, first_post=True)


def test_followers_of_a_merged_thread_are_those_of_the_thread_it_is_in(app: Flask) -> None:
    member, old, new = a_member(), a_thread(), a_thread()
    follow(member, following.thread(old.id))
    old.merged_into_id = new.id
    assert recipients(new.id, first_post=False) == {member.id, old.author_id, new.author_id}


def test_choosing_twice_is_choosing_once(app: Flask) -> None:
    member, thread = a_member(), a_thread(tags=["vpn"])
    for level in (Level.WATCHING, Level.WATCHING, Level.MUTED, Level.NORMAL):
        follow(member, following.tag("vpn"), level)
        follow(member, following.thread(thread.id), level)
    assert audience(thread.id).deaf == set()
    follow(member, following.space(thread.space_id))
    assert member.id not in recipients(thread.id, first_post=True), "Normal, said of the thread, stands above its space"
    assert db.session.get_one(Thread, thread.id).tags == ["vpn"]
