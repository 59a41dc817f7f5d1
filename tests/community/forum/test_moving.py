"""A thread that moves takes tags along which the other space takes, and its author."""

import pytest
from flask import Flask

from community.core.db import db
from community.forum.models import Thread, ThreadTag
from community.spaces.models import Space
from tests.conftest import LoginAs
from tests.factories import a_member, a_space, a_thread
from tests.visit import Visitor


@pytest.fixture
def there(app: Flask) -> Space:
    """A space that wants one of two tags, and gives one itself."""
    space = a_space("office", name="Office")
    space.required_tags, space.reserved_tags = ["printer", "scanner"], ["official"]
    return space


@pytest.fixture
def sue(there: Space, login_as: LoginAs) -> Visitor:
    """She leads the space in which the threads are."""
    a_member("sue", super_user_in=[a_space("home")])
    return login_as("sue")


@pytest.fixture
def thread(sue: Visitor, there: Space) -> Thread:
    home = db.session.query(Space).filter_by(slug="home").one()
    return a_thread(home, a_member("ann"), title="No paper", tags=["official", "vpn"])


def test_tags_are_checked_for_the_other_space(sue: Visitor, thread: Thread, there: Space) -> None:
    home = thread.space_id
    sue.get(f"/threads/{thread.id}/moving")
    sue.submit("#arrange-form", status=422, space="office", reason="It belongs there")
    assert "given by super users and staff only" in sue.select("#tags-error")[0].text
    sue.submit("#arrange-form", status=422, tags="vpn")
    assert "Give one of these tags: printer, scanner" in sue.select("#tags-error")[0].text
    assert [sue.select(f"#{name}")[0]["value"] for name in ("tags", "reason")] == ["vpn", "It belongs there"]
    assert sue.select("#space option[selected]")[0]["value"] == "office"
    assert (thread.space_id, thread.tags) == (home, ["official", "vpn"])
    sue.submit("#arrange-form", tags="vpn printer")
    assert (thread.space_id, thread.tags) == (there.id, ["printer", "vpn"])
    rows = db.session.query(ThreadTag.tag).filter_by(thread_id=thread.id)
    assert sorted(tag for (tag,) in rows) == ["printer", "vpn"]


def test_the_people_of_the_other_space_may_keep_a_reserved_tag(thread: Thread, there: Space, login_as: LoginAs) -> None:
    a_member("max", role="manager")
    boss = login_as("max")
    boss.get(f"/threads/{thread.id}/moving")
    boss.submit("#arrange-form", space="office", tags="official printer", reason="It belongs there")
    assert (thread.space_id, thread.tags) == (there.id, ["official", "printer"])


def test_a_space_that_its_author_cannot_read_is_refused_beside_the_field(thread: Thread, login_as: LoginAs) -> None:
    a_member("max", role="manager")
    a_space("inner", visibility="staff")
    boss = login_as("max")
    boss.get(f"/threads/{thread.id}/moving")
    boss.submit("#arrange-form", status=422, space="inner", reason="It belongs there")
    assert "cannot read that space" in boss.select("#space-error")[0].text
