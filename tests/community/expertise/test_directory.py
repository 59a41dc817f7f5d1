"""The directory: found by name and by tag, narrowed, sorted, in pages."""

import pytest
from flask import Flask

from community.accounts.models import SUPER_USER, Grant
from community.core.db import db, utcnow
from community.expertise import operations
from tests.conftest import CountStatements, LoginAs
from tests.factories import a_member, a_space
from tests.visit import Visitor


def listed(visitor: Visitor, **query: str) -> list[str]:
    """Handles in the directory, in order."""
    visitor.get("/people", **query)
    return [str(link["href"]).rpartition("/")[2] for link in visitor.select(".people a.who")]


@pytest.fixture
def people(app: Flask) -> None:
    """A super user, somebody of the desk, members who know things, and some who are not to be seen."""
    space = a_space()
    zoe = a_member("zoe", name="Zoe Vance", super_user_in=[space])
    a_member("staffan", name="Staffan Berg", role="agent")
    aaron, mia = a_member("aaron", name="Aaron Vance"), a_member("mia", name="Mia 王")
    former = a_member("former", name="Former Lead")
    db.session.add(Grant(member_id=former.id, space_id=space.id, kind=SUPER_USER, until=utcnow()))
    a_member("unconfirmed").email_confirmed_at = None
    hidden = a_member("hidden", name="Hidden Vance")
    hidden.suspended_at = utcnow()
    for person in (zoe, aaron, mia, hidden):
        operations.name_tags(person.id, ["vpn"])
    operations.name_tags(mia.id, ["vpn", "mail"])
    operations.endorse(mia.id, "vpn", by_id=zoe.id)
    operations.endorse(mia.id, "vpn", by_id=aaron.id)
    operations.endorse(aaron.id, "vpn", by_id=zoe.id)


def test_people_are_found_by_name_handle_and_tag(people: None, visitor: Visitor) -> None:
    assert listed(visitor) == ["zoe", "staffan", "aaron", "former", "mia"]
    assert listed(visitor, q="vance") == ["zoe", "aaron"]
    assert listed(visitor, q="@STAFF") == ["staffan"]
    assert listed(visitor, q="王") == ["mia"]
    assert listed(visitor, tag="#VPN") == ["zoe", "aaron", "mia"]
    assert listed(visitor, tag="mail") == ["mia"]
    assert listed(visitor, q="vance", tag="vpn", who="super_users") == ["zoe"]
    for nothing in ("example.org", "%", "_", "hidden", "unconfirmed"):
        assert listed(visitor, q=nothing) == []
    assert "Nobody is found like this." in visitor.text


def test_people_are_narrowed_and_sorted(people: None, visitor: Visitor) -> None:
    assert listed(visitor, who="super_users") == ["zoe"]
    assert listed(visitor, who="staff") == ["staffan"]
    assert listed(visitor, order="name") == ["aaron", "former", "mia", "staffan", "zoe"]
    assert listed(visitor, order="endorsed", tag="vpn") == ["mia", "aaron", "zoe"]
    assert listed(visitor, order="newest")[-1] == "zoe"
    assert listed(visitor, order="nonsense", who="nonsense") == listed(visitor)


def test_the_form_leads_to_the_same(people: None, visitor: Visitor) -> None:
    visitor.get("/people")
    visitor.submit("#find-people", tag="vpn", order="endorsed", who="")
    assert [str(link["href"]) for link in visitor.select(".people a.who")] == [
        "/people/mia",
        "/people/aaron",
        "/people/zoe",
    ]
    assert {tag.get_text() for tag in visitor.select(".people a.tag")} == {"vpn", "mail"}


def test_pages_cost_the_same_however_many_are_there(
    app: Flask, visitor: Visitor, count_statements: CountStatements
) -> None:
    operations.name_tags(a_member().id, ["vpn"])
    visitor.get("/people")
    with count_statements() as few:
        visitor.get("/people")
    for _ in range(44):
        operations.name_tags(a_member().id, ["vpn", "mail"])
    with count_statements() as many:
        visitor.get("/people")
    assert len(many) == len(few)
    assert len(visitor.select(".people a.who")) == 40
    visitor.get("/people", page="2", tag="vpn")
    assert len(visitor.select(".people a.who")) == 5
    assert "tag=vpn" in str(visitor.select(".pager a")[0]["href"])
    visitor.get("/people", status=404, page="3")


def test_the_directory_names_no_organisation(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    ann = login_as("ann")
    ann.get("/people")
    assert "rganisation" not in " ".join(each.get_text() for each in ann.select(".people"))
