"""The inner space: made by one button, for super users and staff, and for nobody whose standing is over."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from community.accounts import operations as accounts
from community.accounts.models import SUPER_USER, Grant, Member
from community.core.db import at_time, db, utcnow
from community.forum.models import Thread
from community.forum.scheduling.operations import publish_what_is_due
from community.groups.models import Group, GroupMember, SpaceRight
from community.groups.settling import settle_ended
from community.spaces.models import Space
from community.superusers.inner.models import EarlyNews, InnerPlace
from tests.community.groups.conftest import a_group
from tests.community.superusers.inner.conftest import Clock
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_space, a_thread
from tests.visit import Visitor


def member(handle: str) -> Member:
    return db.session.scalars(select(Member).where(Member.handle == handle)).one()


def test_super_users_and_staff_read_and_write(space: Space, sue: Visitor, ann: Visitor, visitor: Visitor) -> None:
    thread = a_thread(space, member("mia"), title="Secret plan of the provider", kind="discussion")
    page, address = f"/spaces/{space.slug}", f"/threads/{thread.id}"
    assert "Secret plan" in sue.get(page).text
    sue.get(address)
    sue.submit("#reply-form", body="I have an opinion about it.")
    sue.get("/ask")
    assert space.slug in [tag.get("value") for tag in sue.select("#space option")]
    for outside in (ann, visitor):
        outside.get(page, status=404)
        outside.get(address, status=404)
        assert "Secret plan" not in outside.get("/threads").text


def test_only_insiders_find_the_pages(space: Space, sue: Visitor, ann: Visitor, mia: Visitor, visitor: Visitor) -> None:
    assert sue.get("/inner").heading == "Among super users"
    ann.get("/inner", status=404)
    assert "/inner" not in ann.get("/").soup.decode()
    visitor.get("/inner", status=302)
    sue.post("/inner/space", {}, status=404)
    mia.post("/inner/space", {})
    assert len(db.session.scalars(select(InnerPlace)).all()) == 1
    assert len(db.session.scalars(select(Space).where(Space.visibility == "members")).all()) == 1


def test_moderating_by_a_group_brings_nobody_in(space: Space, home: Space, login_as: LoginAs) -> None:
    group = a_group("helpers", a_member("mo"))
    db.session.add(SpaceRight(space_id=home.id, group_id=group.id, right="moderate"))
    mo = login_as("mo")
    assert "Among super users" not in mo.get("/").text
    mo.get("/inner", status=404)


def test_standing_ends_to_the_moment(space: Space, home: Space, sue: Visitor, run_jobs: RunJobs, clock: Clock) -> None:
    now = utcnow()
    end = now + timedelta(minutes=30)
    accounts.grant(member("sue"), SUPER_USER, home.id, by_id=None, until=end)
    run_jobs()
    page = f"/spaces/{space.slug}"
    group = db.session.scalars(select(Group)).one()
    held = db.session.scalars(select(GroupMember).where(GroupMember.group_id == group.id)).one()
    assert held.until == end
    clock(end - timedelta(seconds=1))
    sue.get(page)
    sue.get("/inner")
    clock(end)  # no job has run: the row is still there
    sue.get(page, status=404)
    sue.get("/inner", status=404)
    settle_ended()
    db.session.commit()
    assert db.session.scalars(select(GroupMember).where(GroupMember.group_id == group.id)).all() == []


def test_a_longer_term_and_a_second_space_count(space: Space, sue: Visitor, run_jobs: RunJobs) -> None:
    far, end = a_space("far"), utcnow() + timedelta(hours=1)
    bob = a_member("bob")
    accounts.grant(bob, SUPER_USER, far.id, by_id=None, until=end)
    run_jobs()
    rows = select(GroupMember).where(GroupMember.member_id == bob.id)
    assert db.session.scalars(rows).one().until == end
    accounts.grant(bob, SUPER_USER, far.id, by_id=None, until=end + timedelta(days=1))
    run_jobs()
    assert db.session.scalars(rows).one().until == end + timedelta(days=1)
    accounts.grant(bob, SUPER_USER, a_space("third").id, by_id=None)
    run_jobs()
    assert db.session.scalars(rows).one().until is None
    for grant in db.session.scalars(select(Grant).where(Grant.member_id == bob.id)).all():
        accounts.revoke(bob, SUPER_USER, grant.space_id, by_id=None)
    run_jobs()
    assert db.session.scalars(rows).all() == []


def test_news_are_early_inside_and_public_later(
    app: Flask, space: Space, home: Space, mia: Visitor, sue: Visitor, ann: Visitor, run_jobs: RunJobs
) -> None:
    mia.get("/inner/news/new")
    later = utcnow() + timedelta(hours=2)
    words = {"title": "The new client comes on Monday", "body": "It comes on Monday, for everybody, at noon."}
    mia.submit("#early-form", space="home", at=later.strftime("%Y-%m-%dT%H:%M"), **words)
    run_jobs()
    assert words["title"] in sue.get(f"/spaces/{space.slug}").text
    assert "Workplace" in sue.get("/inner").text
    assert words["title"] in sue.text
    for address in ("/", "/news", "/spaces/home", "/threads", "/search?q=client"):
        assert words["title"] not in ann.get(address).text
    early = db.session.scalars(select(EarlyNews)).one()
    with at_time(later):
        publish_what_is_due()
        db.session.commit()
    assert words["title"] in ann.get("/spaces/home").text
    db.session.refresh(early)
    assert early.news_id is None
    assert "no longer waiting" in sue.get("/inner").text
    assert len(db.session.scalars(select(Thread).where(Thread.title == words["title"])).all()) == 2


def test_super_users_announce_nothing(space: Space, sue: Visitor, mia: Visitor) -> None:
    mia.get("/inner/news/new")
    sue.get("/inner/news/new", status=404)
