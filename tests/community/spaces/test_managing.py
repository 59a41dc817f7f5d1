"""The page of whoever looks after a space: all its parts in one place, and who has a role until when."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from community.accounts.models import Grant
from community.core.db import db, utcnow
from community.forum import operations
from community.forum.scheduling.operations import ScheduledNews
from community.spaces.models import Space
from tests.conftest import LoginAs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor


@pytest.fixture
def home(app: Flask) -> Space:
    """A space with people who look after it, and one who does not."""
    home, far = a_space("home", name="Home"), a_space("far")
    a_member("lead", super_user_in=[home])
    a_member("farlead", super_user_in=[far])
    a_member("ann")
    a_member("jo", role="agent")
    a_member("mia", role="manager")
    return home


def figures(visitor: Visitor) -> list[str]:
    """The large figures, without their words for those who do not see."""
    return [each.contents[0].get_text().split()[0] for each in visitor.select(".figures dd b")]


def test_who_looks_after_a_space_finds_all_of_it(home: Space, login_as: LoginAs, visitor: Visitor) -> None:
    for stranger in (login_as("ann"), login_as("farlead")):
        stranger.get("/spaces/home")
        assert "/spaces/home/manage" not in stranger.links()
        stranger.get("/spaces/home/manage", status=404)
        stranger.get("/spaces/home/manage/roles", status=404)
    visitor.get("/spaces/home/manage", status=302)
    seen = {}
    for handle in ("lead", "jo", "mia"):
        person = login_as(handle)
        for page in ("/spaces/home", "/spaces/home/about"):
            person.get(page)
            assert "/spaces/home/manage" in person.links()
        person.get("/spaces/home/manage")
        seen[handle] = set(person.links("main a[href]"))
    assert "/spaces/home/templates" in seen["lead"] & seen["jo"] & seen["mia"]
    changing = {"/admin/spaces/home#charter", "/admin/spaces/home#tags", "/admin/spaces/home#promise_hours"}
    assert changing <= seen["mia"]
    assert not changing & (seen["lead"] | seen["jo"])
    assert "/news/scheduled" in seen["jo"]
    assert "/news/scheduled" not in seen["lead"]


def test_it_says_how_each_part_is_set(home: Space, login_as: LoginAs) -> None:
    home.charter, home.charter_html = "Be **kind**.", "<p>Be <strong>kind</strong>.</p>"
    home.tags, home.reserved_tags, home.promise_hours = ["vpn"], ["known-issue"], 4
    mia = login_as("mia")
    news = ScheduledNews(space_id=home.id, title="Soon", body="x", publish_at=utcnow() + timedelta(days=1))
    news.author_id = a_member("writer", role="agent").id
    db.session.add(news)
    mia.get("/spaces/home/manage")
    for words in ("Be kind.", "within 4 working hours", "known-issue", "Soon", "Lead", "Run by the provider"):
        assert words in mia.text
    mia.get("/news/scheduled/new", space="home")
    assert mia.select("#space option[selected]")[0]["value"] == "home"


def test_the_figures_count_what_waits(app: Flask, home: Space, login_as: LoginAs) -> None:
    lead = login_as("lead")
    lead.get("/spaces/home/manage")
    assert figures(lead) == ["0", "0", "0"]
    waits, answered, hidden = a_thread(home), a_thread(home), a_thread(home)
    a_thread(home, kind="discussion")
    a_reply(answered, db.session.scalars(select(Grant).where(Grant.space_id == home.id)).one().member)
    operations.hide_post(hidden.posts[0], by_id=hidden.author_id, reason="x")
    a_thread()
    waits.created_at = utcnow() - timedelta(days=20)
    home.promise_hours = 4
    lead.get("/spaces/home/manage")
    expected = ["1", "1", "2", "1"] if "isthmus.overdue" in app.extensions else ["1", "2", "1"]
    assert figures(lead) == expected


def test_a_role_has_an_end(home: Space, login_as: LoginAs) -> None:
    mia, ann = login_as("mia"), login_as("ann")
    lead = login_as("lead")
    lead.get("/spaces/home/manage/roles")
    assert not lead.select("#appoint")
    lead.post("/spaces/home/manage/roles", {"handle": "ann", "kind": "space_member"}, status=404)
    home.visibility = "members"
    mia.post("/spaces/home/manage/roles", {"handle": "ann", "kind": "super_user"}, status=422)
    mia.get("/spaces/home/manage/roles")
    mia.submit("#appoint", handle="nobody", kind="space_member", status=422)
    mia.submit("#appoint", handle="ann", until=utcnow().date() - timedelta(days=2), status=422)
    last_day = utcnow().date() + timedelta(days=9)
    mia.submit("#appoint", handle="@Ann", kind="space_member", until=last_day.isoformat())
    ann.get("/spaces/home/about")
    held = db.session.scalars(select(Grant).where(Grant.until.is_not(None))).one()
    assert held.until is not None
    assert timedelta(days=8) < held.until - utcnow() < timedelta(days=11)
    mia.get("/spaces/home/manage/roles", handle="ann", kind="space_member")
    mia.submit("#appoint", until="")
    assert held.until is None
    mia.submit(f"/spaces/home/manage/roles/{held.id}/end")
    ann.get("/spaces/home/about", status=404)
    mia.post(f"/spaces/far/manage/roles/{home_grant(home)}/end", status=404)


def home_grant(home: Space) -> int:
    """The id of the one role in the space."""
    return db.session.scalars(select(Grant.id).where(Grant.space_id == home.id)).one()


def test_a_role_that_is_over_is_drawn_no_more(home: Space, login_as: LoginAs, visitor: Visitor) -> None:
    visitor.get("/people/lead")
    assert visitor.select(".idcard .avatar--super") and "Super user" in visitor.select(".idcard")[0].get_text()
    held = db.session.get_one(Grant, home_grant(home))
    held.until = utcnow() - timedelta(seconds=5)
    visitor.get("/people/lead")
    assert not visitor.select(".idcard .avatar--super")
    assert "Super user" not in visitor.select(".idcard")[0].get_text()
    login_as("lead").get("/spaces/home/manage", status=404)
    mia = login_as("mia")
    mia.get("/spaces/home/manage/roles")
    assert "over since" in mia.text
    mia.get("/spaces/home/manage")
    assert "No super user is appointed." in mia.text
    mia.get("/spaces/home/manage/roles")
    assert "/appointments/new?space=home" in mia.html
