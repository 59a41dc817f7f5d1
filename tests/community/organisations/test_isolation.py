"""A customer never learns who another customer is."""

import pytest
from flask import Flask

from community import public
from tests.community.organisations.conftest import an_organisation
from tests.conftest import CountStatements, LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor

NAME = "Acme <b>Rockets</b> & Co"


@pytest.fixture
def thread_path(app: Flask, run_jobs: RunJobs) -> str:
    """Ann and a colleague are with Acme, Bob with others, Cleo with nobody; the path of Ann's thread."""
    space = a_space("home")
    an_organisation(NAME, "acme.example", level="platinum")
    an_organisation("Globex", "globex.example")
    ann = a_member("ann", email="ann@acme.example")
    a_member("colleague", email="colleague@acme.example")
    bob = a_member("bob", email="bob@globex.example", super_user_in=[space])
    a_member("cleo")
    for role in ("agent", "manager", "admin"):
        a_member(role, role=role)
    thread = a_thread(space, ann)
    a_reply(thread, bob)
    run_jobs()
    return f"/threads/{thread.id}"


@pytest.mark.parametrize(
    ("handle", "sees"),
    [
        ("", False),
        ("cleo", False),
        ("bob", False),
        ("ann", True),
        ("colleague", True),
        ("agent", True),
        ("manager", True),
        ("admin", True),
    ],
)
@pytest.mark.usefixtures("thread_path")
def test_a_profile_shows_it_to_staff_and_to_its_own_people(
    app: Flask, login_as: LoginAs, visitor: Visitor, handle: str, sees: bool
) -> None:
    person = login_as(handle) if handle else visitor
    person.get("/people/ann")
    assert (NAME in person.text) == sees
    assert "platinum" not in person.html


def test_no_other_page_tells_it(app: Flask, thread_path: str, login_as: LoginAs, visitor: Visitor) -> None:
    for person in (visitor, login_as("cleo"), login_as("bob")):
        for path in ("/", "/people", "/people/ann", "/threads", thread_path, "/spaces/home", "/feeds/home.atom"):
            if path.startswith("/feeds"):
                assert b"Rockets" not in person.client.get(path).data
                continue
            person.get(path)
            for word in ("Rockets", "acme.example", "platinum"):
                assert word not in person.html, (path, word)


@pytest.mark.usefixtures("thread_path")
def test_nobody_without_an_organisation_shares_one(app: Flask, login_as: LoginAs) -> None:
    a_member("dora")
    dora = login_as("dora")
    dora.get("/people/cleo")
    assert "Organisation" not in dora.text


@pytest.mark.usefixtures("thread_path")
def test_packages_above_ask_in_one_statement(app: Flask, count_statements: CountStatements) -> None:
    ids = {handle: public.member_id_of(handle) or 0 for handle in ("ann", "bob", "cleo")}
    with count_statements() as sql:
        found = public.organisations_of(ids.values())
    assert len(sql) == 1
    assert {id_: each.name for id_, each in found.items()} == {ids["ann"]: NAME, ids["bob"]: "Globex"}
    acme = found[ids["ann"]]
    assert (acme.slug, acme.service_level) == ("acme-b-rockets-b-co", "platinum")
    assert public.organisations_of([]) == {}
    assert [each.name for each in public.organisations()] == [NAME, "Globex"]
