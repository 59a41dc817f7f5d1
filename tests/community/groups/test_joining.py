"""Coming into groups and going out: each way, and who is refused."""

import pytest
from flask import Flask
from sqlalchemy import select

from community.accounts import operations as accounts
from community.core.db import db
from community.groups.models import Group, GroupMember
from community.groups.settling import settle_all
from community.notifications.models import Notification
from community.organisations import assigning
from tests.community.groups.conftest import a_group, state_of
from tests.community.organisations.conftest import an_organisation
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_space
from tests.visit import Visitor


def test_an_open_group_is_joined_and_left(app: Flask, login_as: LoginAs, visitor: Visitor) -> None:
    person, group = a_member("ann"), a_group(joining="open")
    ann = login_as("ann")
    ann.get("/groups/network")
    ann.submit("/groups/network/membership")
    assert state_of(group, person) == "member"
    assert "You belong to Network now." in ann.text
    ann.post("/groups/network/membership", {}, status=404)
    ann.get("/groups/network")
    ann.submit("/groups/network/leaving")
    assert state_of(group, person) == ""
    ann.post("/groups/network/leaving", {}, status=404)
    visitor.get("/groups/network")
    assert not visitor.select('form[action="/groups/network/membership"]')


def test_who_asks_is_let_in_or_refused_by_an_owner(app: Flask, login_as: LoginAs) -> None:
    owner, ann, bob = a_member("olga"), a_member("ann"), a_member("bob")
    group = a_group(owner=owner, joining="request")
    for handle in ("ann", "bob"):
        asking = login_as(handle)
        asking.get("/groups/network")
        asking.submit("/groups/network/membership")
    assert (state_of(group, ann), state_of(group, bob)) == ("asked", "asked")
    asking.post("/groups/network/people/ann/accept", {}, status=404)
    olga = login_as("olga")
    olga.get("/groups/network")
    olga.submit("/groups/network/people/ann/accept")
    olga.submit("/groups/network/people/bob/refuse")
    assert (state_of(group, ann), state_of(group, bob)) == ("member", "")
    olga.post("/groups/network/people/bob/accept", {}, status=404)


def test_an_invitation_is_accepted_or_declined(app: Flask, login_as: LoginAs) -> None:
    owner, ann, bob = a_member("olga"), a_member("ann"), a_member("bob")
    group = a_group(owner=owner, joining="invitation", visibility="hidden", name="Canary group")
    olga, guest = login_as("olga"), login_as("ann")
    guest.get("/groups/network", status=404)
    guest.post("/groups/network/membership", {}, status=404)
    guest.post("/groups/network/invitations", {"person": "ann"}, status=404)
    olga.get("/groups/network")
    olga.submit("#invite", person="@ann")
    olga.submit("#invite", person="bob")
    olga.submit("#invite", status=422, person="nobody-at-all")
    assert "Nobody has this name." in olga.text
    guest.get("/groups/network")
    guest.submit("/groups/network/membership")
    other = login_as("bob")
    other.get("/groups/network")
    other.submit("/groups/network/leaving")
    assert "You declined the invitation to Canary group." in other.text
    assert (state_of(group, ann), state_of(group, bob)) == ("member", "")
    other.get("/groups/network", status=404)


def test_an_invitation_that_is_taken_back_says_so(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    owner, ann = a_member("olga"), a_member("ann")
    group = a_group(owner=owner, joining="invitation")
    olga, guest = login_as("olga"), login_as("ann")
    olga.post("/groups/network/invitations", {"person": "ann"})
    guest.get("/groups/network")
    olga.post("/groups/network/people/ann/remove")
    guest.submit("/groups/network/membership", status=404)
    assert state_of(group, ann) == ""
    run_jobs()
    titles = select(Notification.title).where(Notification.member_id == ann.id).order_by(Notification.id)
    assert db.session.scalars(titles).all()[-1] == "You are no longer invited to Network."


def test_who_asked_and_is_invited_comes_in(app: Flask, login_as: LoginAs) -> None:
    owner, ann = a_member("olga"), a_member("ann")
    group = a_group(owner=owner, joining="request")
    asking = login_as("ann")
    asking.post("/groups/network/membership", {})
    olga = login_as("olga")
    olga.post("/groups/network/invitations", {"person": "ann"})
    assert state_of(group, ann) == "member"


def test_owners_take_out_and_name_owners(app: Flask, login_as: LoginAs) -> None:
    owner, ann = a_member("olga"), a_member("ann")
    group = a_group("network", ann, owner=owner)
    olga = login_as("olga")
    olga.get("/groups/network")
    olga.submit("/groups/network/people/ann/promote")
    second = login_as("ann")
    second.get("/groups/network/edit")
    assert not second.select("#domains")
    second.submit("#group", name="Networks")
    assert group.name == "Networks"
    second.post("/groups/network/people/olga/demote", {})
    olga.get("/groups/network/edit", status=404)
    second.post("/groups/network/people/olga/remove", {})
    assert state_of(group, owner) == ""


def test_managers_make_change_and_delete_groups(app: Flask, mia: Visitor, login_as: LoginAs, run_jobs: RunJobs) -> None:
    a_member("ann", email="ann@acme.example")
    mia.get("/groups/new")
    new = {"name": "Acme", "slug": "acme", "joining": "automatic"}
    mia.submit("#group", status=422, **new)
    assert "Write at least one rule" in mia.text
    mia.submit("#group", status=422, **new, domains="gmail.com")
    mia.submit("#group", status=422, **(new | {"slug": "ann"}), domains="acme.example")
    assert "This short name is taken." in mia.text
    mia.submit("#group", **new, domains="acme.example", roles=["agent"])
    run_jobs()
    group = db.session.scalars(select(Group)).one()
    found = select(GroupMember.automatic).where(GroupMember.group_id == group.id).order_by(GroupMember.automatic)
    assert list(db.session.scalars(found)) == [False, True]
    ann = login_as("ann")
    for path in ("/groups/new", "/groups/acme/edit"):
        ann.get(path, status=404)
    ann.post("/groups/acme/deletion", {}, status=404)
    ann.post("/groups/acme/leaving", {}, status=404)
    mia.get("/groups/acme/edit")
    assert mia.select("#domains")[0].get_text().strip() == "acme.example"
    mia.submit("/groups/acme/deletion")
    assert db.session.scalar(select(Group)) is None
    run_jobs()


def test_nobody_is_called_like_a_group(app: Flask) -> None:
    a_group("network-team")
    person = accounts.register(name="Network Team", email="net@example.org", password="x" * 12)
    assert person.handle == "network-team-2"


def test_rules_follow_address_organisation_role_and_appointment(app: Flask, run_jobs: RunJobs) -> None:
    space = a_space("home")
    acme = an_organisation("Acme", "acme.example")
    run_jobs()
    rules = {
        "by-domain": ("domain", "elsewhere.example"),
        "by-body": ("organisation", str(acme.id)),
        "by-role": ("role", "agent"),
        "by-lead": ("super_user", str(space.id)),
    }
    groups = {slug: a_group(slug, joining="automatic", rules=frozenset({rule})) for slug, rule in rules.items()}
    run_jobs()
    ann = accounts.register(name="Ann", email="ann@elsewhere.example", password="x" * 12)
    run_jobs()
    assert not any(state_of(group, ann) for group in groups.values())
    accounts.confirm(ann)
    run_jobs()
    assert [slug for slug, group in groups.items() if state_of(group, ann)] == ["by-domain"]
    assigning.choose(ann, acme, by_id=None)
    accounts.set_role(ann, "agent", by_id=None)
    accounts.grant(ann, "super_user", space.id, by_id=None)
    run_jobs()
    assert all(state_of(group, ann) for group in groups.values())
    assigning.choose(ann, None, by_id=None)
    accounts.set_role(ann, "member", by_id=None)
    accounts.revoke(ann, "super_user", space.id, by_id=None)
    run_jobs()
    assert [slug for slug, group in groups.items() if state_of(group, ann)] == ["by-domain"]


def test_every_day_what_ended_by_itself_is_put_right(app: Flask, run_jobs: RunJobs) -> None:
    from datetime import timedelta

    from community.core.db import at_time, utcnow

    space, ann, by_hand = a_space("home"), a_member("ann"), a_member("bob")
    rule = frozenset({("super_user", str(space.id))})
    group = a_group("leads", by_hand, joining="automatic", rules=rule)
    accounts.grant(ann, "super_user", space.id, by_id=None, until=utcnow() + timedelta(days=2))
    run_jobs()
    assert state_of(group, ann) == "member"
    with at_time(utcnow() + timedelta(days=3)):
        settle_all()
    assert (state_of(group, ann), state_of(group, by_hand)) == ("", "member")


@pytest.mark.parametrize(
    ("shown_to", "seen"),
    [("everybody", ["visitor", "ann", "in", "mia"]), ("members", ["in", "mia"]), ("owners", ["mia"])],
)
def test_members_are_shown_to_whom_the_group_shows_them(
    app: Flask, login_as: LoginAs, visitor: Visitor, mia: Visitor, shown_to: str, seen: list[str]
) -> None:
    a_member("ann")
    a_group("network", a_member("canary", name="Canary Person"), a_member("inner"), list_visibility=shown_to)
    visitors = {"visitor": visitor, "ann": login_as("ann"), "in": login_as("inner"), "mia": mia}
    for who in visitors.values():
        who.get("/groups/network")
    assert [name for name, who in visitors.items() if "Canary Person" in who.text] == seen


@pytest.mark.parametrize(
    ("visibility", "seen"),
    [("everybody", ["visitor", "ann", "in", "mia"]), ("members", ["ann", "in", "mia"]), ("hidden", ["in", "mia"])],
)
def test_a_group_is_listed_for_those_who_may_see_it(
    app: Flask, login_as: LoginAs, visitor: Visitor, mia: Visitor, visibility: str, seen: list[str]
) -> None:
    a_member("ann")
    a_group("network", a_member("inner"), visibility=visibility, name="Canary group")
    visitors = {"visitor": visitor, "ann": login_as("ann"), "in": login_as("inner"), "mia": mia}
    for name, who in visitors.items():
        who.get("/groups")
        assert ("Canary group" in who.text) == (name in seen)
        who.get("/groups/network", status=200 if name in seen else 404)
