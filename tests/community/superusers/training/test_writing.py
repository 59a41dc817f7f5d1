"""Writing check-lists: offered ones, order, publishing, and how far everybody is."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from community.core.db import db, utcnow
from community.groups.models import Group, GroupMember, SpaceRight
from community.superusers.inner.experts.models import ExpertPool, PoolExpert
from community.superusers.training import operations
from community.superusers.training.audiences import audiences_of
from community.superusers.training.models import Checklist, ChecklistItem
from community.superusers.training.waiting import look_at_lists
from tests.community.superusers.training.conftest import MINE, Learning, told
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_space

LISTS = "/programme/check-lists"


def titles() -> list[str]:
    return list(db.session.scalars(select(Checklist.title).order_by(Checklist.position, Checklist.id)))


@pytest.mark.parametrize(("tag", "first"), [("en", "Getting started in the programme"), ("zh-Hans", "")])
def test_good_lists_are_offered_while_there_are_none(
    app: Flask, login_as: LoginAs, run_jobs: RunJobs, tag: str, first: str
) -> None:
    a_member("mia", role="manager")
    a_member("sue", super_user_in=[a_space("home")])
    mia, sue = login_as("mia"), login_as("sue")
    mia.get(LISTS)
    mia.submit("#defaults", language=tag)
    rows = db.session.scalars(select(Checklist).order_by(Checklist.position)).all()
    assert {row.audience for row in rows} == {"everybody", "super_user", "moderator", "agent", "expert"}
    assert {row.language for row in rows} == {tag} and (not first or rows[0].title == first)
    assert "My check-lists" not in sue.get("/inner").text
    assert not mia.select("#defaults")
    mia.post(f"{LISTS}/defaults", {"language": tag})
    assert len(titles()) == len(rows)
    mia.get(f"{LISTS}/{rows[1].id}")
    mia.submit(f"{LISTS}/{rows[1].id}/publication")
    run_jobs()
    assert told("sue") and rows[1].title in sue.get(MINE).text
    items = db.session.scalars(select(ChecklistItem).where(ChecklistItem.checklist_id == rows[1].id)).all()
    assert any(item.shown for item in items) and any(not item.required for item in items)


def test_written_put_in_order_and_published(app: Flask, login_as: LoginAs) -> None:
    a_member("mia", role="manager")
    mia = login_as("mia")
    for title in ("First list", "Second list"):
        mia.get(f"{LISTS}/new")
        mia.submit("#checklist", title=title, audience="super_user", language="en")
    ids = {row[0]: row[1] for row in db.session.execute(select(Checklist.title, Checklist.id))}
    mia.post(f"{LISTS}/{ids['First list']}/publication")
    mia.follow()
    assert "Write something into the list first." in mia.text
    mia.post(f"{LISTS}/{ids['Second list']}/place", {"to": "up"})
    assert titles() == ["Second list", "First list"]
    for title in ("Aaaa one", "Bbbb two", "Cccc three"):
        mia.get(f"{LISTS}/{ids['First list']}/items/new")
        mia.submit("#item", title=title, body="Read *this*", link="/help")
    found = db.session.get_one(Checklist, ids["First list"])
    mia.post(f"{LISTS}/items/{found.items[2].id}/place", {"to": "up"})
    db.session.expire_all()
    assert [item.title for item in found.living] == ["Aaaa one", "Cccc three", "Bbbb two"]
    assert "<em>this</em>" in found.items[0].body_html
    mia.get(f"{LISTS}/{found.id}/edit")
    mia.submit("#checklist", title="Another name", audience="agent")
    assert (found.title, found.audience) == ("Another name", "agent")


@pytest.mark.parametrize(
    "link", ["ftp://example.org", "mailto:a@b.c", "//evil.example", "articles/7", "/a b", "https://", "/\\evil"]
)
def test_links_lead_somewhere(learning: Learning, login_as: LoginAs, link: str) -> None:
    mia = login_as("mia")
    mia.get(f"{LISTS}/{learning.found.id}/items/new")
    mia.submit("#item", status=422, title="An item", link=link)
    assert "Write a path that begins with /" in mia.text
    mia.submit("#item", link="https://example.org/a")


def test_how_far_people_are_and_who_is_stuck(learning: Learning, login_as: LoginAs) -> None:
    look_at_lists()
    for item in (learning.first, learning.shown):
        operations.tick(item, learning.sue.id, version=1)
    mia = login_as("mia")
    mia.get(f"{LISTS}/{learning.found.id}")
    rows = [row.get_text(" ", strip=True) for row in mia.select("#people tbody tr")]
    assert [row.split()[0] for row in rows] == ["Sam", "Sue"]
    assert "0 of 2" in rows[0] and "1 of 2" in rows[1] and "waits for a mentor" in rows[1]
    with time_machine.travel(utcnow() + timedelta(days=31), tick=False):
        late = login_as("mia")
        late.get("/programme")
        assert "Stuck for 30 days" in late.text
        late.get(f"{LISTS}/{learning.found.id}")
        rows = [row.get_text(" ", strip=True) for row in late.select("#people tbody tr")]
    # What Sue ticked waits for others: she is not the one who is stuck.
    assert "stuck" in rows[0] and "stuck" not in rows[1]


def test_whom_lists_are_for(learning: Learning) -> None:
    home, eve, ada = learning.home.id, a_member("eve"), a_member("ava", role="agent")
    group = Group(slug="g", name="G")
    pool = ExpertPool(name="P")
    db.session.add_all([group, pool])
    db.session.flush()
    db.session.add_all(
        [
            GroupMember(group_id=group.id, member_id=eve.id),
            SpaceRight(group_id=group.id, space_id=home, right="moderate"),
            PoolExpert(pool_id=pool.id, member_id=ada.id),
            PoolExpert(pool_id=pool.id, member_id=a_member("former").id),
        ]
    )
    db.session.flush()
    assert audiences_of(eve.id) == {"everybody", "moderator", f"moderator:{home}"}
    assert audiences_of(ada.id) == {"everybody", "agent", "expert", f"expert:{pool.id}"}
    assert audiences_of(learning.sue.id) == {"everybody", "super_user", f"super_user:{home}"}
    assert audiences_of(None) == frozenset()
    learning.sue.suspended_at = utcnow()
    db.session.flush()
    assert audiences_of(learning.sue.id) == frozenset()


def test_a_group_moderator_follows_without_being_inside(learning: Learning, login_as: LoginAs) -> None:
    group = Group(slug="g", name="G")
    db.session.add(group)
    db.session.flush()
    eve = a_member("eve")
    db.session.add(GroupMember(group_id=group.id, member_id=eve.id))
    db.session.add(SpaceRight(group_id=group.id, space_id=learning.home.id, right="moderate"))
    operations.change(learning.found, "For moderators", "moderator", "en", by_id=None)
    operations.tick(learning.shown, learning.sue.id, version=1)
    visitor = login_as("eve")
    visitor.get("/inner", status=404)
    visitor.get(MINE)
    assert "For moderators" in visitor.text and "would like to show" not in visitor.text
    visitor.submit(f"{MINE}/{learning.first.id}/tick")
    assert "1 of 2" in visitor.text
