"""A rule broken on purpose, about a query."""

from flask import Flask

from community.core.db import db
from community.superusers.deviations.models import Deviation
from tests.conftest import LoginAs
from tests.factories import a_member, a_space, a_thread
from tests.factories.bridge import a_query


def test_an_agent_records_one_about_a_query(app: Flask, login_as: LoginAs) -> None:
    space = a_space("home")
    a_member("jonas", role="agent")
    a_member("sam", super_user_in=[a_space("far")])
    query = a_query(a_thread(space, a_member("ann")))
    jonas = login_as("jonas")
    jonas.get(f"/desk/queries/{query.id}")
    jonas.get("/deviations/new", about=f"query:{query.id}")
    jonas.submit(
        "#deviation", rule="procedure", which="Close after three days", why="She was ill.", done="Kept it open."
    )
    found = db.session.query(Deviation).one()
    assert (found.about_kind, found.about_id, found.space_id) == ("query", query.id, space.id)
    assert query.reference in jonas.text


def test_a_query_that_one_may_not_see_is_not_named(app: Flask, login_as: LoginAs) -> None:
    inner = a_space("inner", visibility="members")
    a_member("sam", super_user_in=[a_space("far")])
    query = a_query(a_thread(inner, a_member("ann"), title="Canary thread"))
    sam = login_as("sam")
    sam.get("/deviations/new", about=f"query:{query.id}")
    assert "Canary" not in sam.text and query.reference not in sam.text
