"""Links to the old home lead to the new one, for those who may read it there."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from community.core.db import db
from community.core.policies import Role
from community.forum import operations
from community.forum.models import Post, Thread
from community.importing.stackexchange import Summary
from community.spaces.models import Space
from tests.community.importing import stackexchange_dumps as dumps
from tests.community.importing.conftest import Import
from tests.conftest import LoginAs
from tests.factories import a_member
from tests.visit import Visitor

UNKNOWN = ("/questions/404", "/a/1", f"/q/{10**20}", "/users/404/x", "/tags/none", "/posts/comments/0", "/users/-99")


@pytest.fixture
def small(tmp_path: Path, bring_in: Import) -> Summary:
    return bring_in(dumps.small_dump(tmp_path / "bicycles-meta"))


def flat() -> Thread:
    return db.session.scalars(select(Thread).where(Thread.title == "How to fix a flat?")).one()


def leads_to(visitor: Visitor, path: str) -> str:
    visitor.get(path, status=301)
    return visitor.location


def test_old_addresses_lead_to_what_they_meant(small: Summary, visitor: Visitor) -> None:
    thread = flat()
    page, answer = f"/threads/{thread.id}", f"/posts/{thread.solution_id}"
    for path in ("/questions/1", "/questions/1/", "/questions/1/how-to/", "/questions/1/修理/x", "/q/1", "/q/1/2"):
        assert leads_to(visitor, path) == page
    for path in ("/a/11", "/a/11/2", "/questions/1/how-to/11"):
        assert leads_to(visitor, path) == answer
    assert leads_to(visitor, "/questions/1/how-to/404") == page
    assert leads_to(visitor, "/posts/comments/1") == f"/posts/{thread.posts[1].id}"
    assert leads_to(visitor, "/users/1/ann-lee") == f"/people/{thread.author.handle}"
    assert leads_to(visitor, "/tags/bikes/info") == "/spaces/bicycles-meta?tag=bikes"
    assert thread.title in visitor.get("/tags/bikes").text
    for path in (page, answer, "/spaces/bicycles-meta?tag=bikes", f"/people/{thread.author.handle}"):
        visitor.get(path, status=302 if path == answer else 200)


def test_what_is_unknown_is_not_found(small: Summary, visitor: Visitor) -> None:
    for path in UNKNOWN:
        visitor.get(path, status=404)


def test_who_may_not_read_the_new_place_is_not_led_there(app: Flask, small: Summary, login_as: LoginAs) -> None:
    a_member("jonas", role=Role.AGENT)
    thread, visitor, jonas = flat(), Visitor(app), login_as("jonas")
    hidden = db.session.get_one(Post, thread.posts[1].id)
    operations.hide_post(hidden, by_id=a_member(role=Role.MANAGER).id, reason="Spam")
    visitor.get("/posts/comments/1", status=404)
    db.session.scalars(select(Space)).one().visibility = "members"
    for path in ("/questions/1", "/a/11", "/questions/1/how-to/11", "/tags/bikes/info"):
        visitor.get(path, status=404)
        jonas.get(path, status=301)


def test_an_address_that_two_communities_had_leads_nowhere(
    tmp_path: Path, small: Summary, bring_in: Import, visitor: Visitor
) -> None:
    bring_in(dumps.small_dump(tmp_path / "other-meta"))
    visitor.get("/questions/1", status=404)
