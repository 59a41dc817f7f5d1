"""Members in the administration: finding them, roles, standings, suspension."""

from flask import Flask
from sqlalchemy import select

from community.accounts import operations
from community.accounts.models import Grant, SignIn
from community.core.db import db
from community.core.events import EventRecord
from tests.conftest import LoginAs
from tests.factories import a_member, a_space
from tests.visit import Visitor


def recorded(name: str) -> list[dict[str, object]]:
    """Payloads of the facts of this name, oldest first."""
    rows = select(EventRecord.payload).where(EventRecord.name == name).order_by(EventRecord.id)
    return list(db.session.scalars(rows))


def names_on(visitor: Visitor) -> list[str]:
    """Who is listed."""
    return [link.get_text() for link in visitor.select("tbody th a")]


def test_people_are_found_by_name_handle_and_address(app: Flask, login_as: LoginAs) -> None:
    a_member("mia", role="manager", name="Mia Berg", email="mia@provider.example")
    a_member("ann", name="Ann Lee", email="ann@customer.example")
    a_member("wang", name="王小明", email="wxm@customer.example")
    visitor = login_as("mia")
    visitor.get("/admin/members")
    assert len(names_on(visitor)) == 3
    for words, found in (
        ("LEE", ["Ann Lee"]),
        ("wxm@", ["王小明"]),
        ("小明", ["王小明"]),
        ("mia", ["Mia Berg"]),
    ):
        visitor.get("/admin/members", q=words)
        assert names_on(visitor) == found
    visitor.get("/admin/members", q="100%_nobody")
    assert "Nobody was found" in visitor.text


def test_a_manager_makes_an_agent_and_it_is_recorded(app: Flask, login_as: LoginAs) -> None:
    mia, ann = a_member("mia", role="manager"), a_member("ann")
    visitor = login_as("mia")
    visitor.get("/admin/members/ann")
    visitor.submit("#change-role", role="agent")
    assert ann.role == "agent"
    (fact,) = recorded("accounts.role.changed")
    assert (fact["actor_id"], fact["before"], fact["after"]) == (mia.id, "member", "agent")


def test_only_admins_make_or_unmake_managers_and_admins(app: Flask, login_as: LoginAs) -> None:
    a_member("mia", role="manager")
    ann, max_ = a_member("ann"), a_member("max", role="manager")
    visitor = login_as("mia")
    visitor.get("/admin/members/ann")
    assert [o["value"] for o in visitor.select("select[name=role] option")] == ["member", "agent"]
    visitor.post("/admin/members/ann", {"role": "admin"}, status=422)
    visitor.get("/admin/members/max")
    assert not visitor.select("#change-role")
    visitor.post("/admin/members/max", {"role": "member"}, status=404)
    visitor.post("/admin/members/max/suspend", {}, status=404)
    assert (ann.role, max_.role, max_.suspended_at) == ("member", "manager", None)
    a_member("ada", role="admin")
    admin = login_as("ada")
    admin.get("/admin/members/max")
    admin.submit("#change-role", role="admin")
    assert max_.role == "admin"


def test_nobody_changes_or_suspends_themselves(app: Flask, login_as: LoginAs) -> None:
    ada = a_member("ada", role="admin")
    visitor = login_as("ada")
    visitor.get("/admin/members/ada")
    assert "Somebody else has to change your role" in visitor.text
    visitor.post("/admin/members/ada", {"role": "member"}, status=404)
    visitor.post("/admin/members/ada/suspend", {}, status=404)
    assert (ada.role, ada.suspended_at) == ("admin", None)


def test_suspending_ends_sign_ins_at_once_and_can_be_lifted(app: Flask, login_as: LoginAs) -> None:
    ann = a_member("ann")
    a_member("mia", role="manager")
    her, manager = login_as("ann"), login_as("mia")
    manager.get("/admin/members/ann")
    manager.submit("/admin/members/ann/suspend")
    assert "is suspended" in manager.text
    assert db.session.scalars(select(SignIn).where(SignIn.member_id == ann.id)).all() == []
    her.get("/notifications", status=302)
    her.get("/sign-in")
    her.post("/sign-in", {"email": ann.email, "password": "correct horse battery"}, status=422)
    manager.submit("/admin/members/ann/reinstate")
    login_as("ann").get("/notifications")
    names = ["accounts.member.suspended", "accounts.member.reinstated"]
    assert [len(recorded(name)) for name in names] == [1, 1]


def test_a_super_user_is_withdrawn_and_appointed_elsewhere(app: Flask, login_as: LoginAs) -> None:
    space, ann = a_space("vpn", name="VPN"), a_member("ann")
    mia = a_member("mia", role="manager")
    visitor = login_as("mia")
    visitor.get("/admin/members/ann")
    visitor.post("/admin/members/ann/standings", {"kind": "super_user", "space_id": str(space.id)})
    assert db.session.scalars(select(Grant)).all() == []
    operations.grant(ann, "super_user", space.id, by_id=mia.id)
    held = db.session.scalars(select(Grant)).one()
    assert (held.member_id, held.space_id, held.kind, held.by_id) == (ann.id, space.id, "super_user", mia.id)
    visitor.get("/spaces/vpn/manage")
    assert "Ann" in visitor.text
    visitor.get("/admin/members/ann")
    visitor.submit(f"/admin/standings/{held.id}/end")
    assert db.session.scalars(select(Grant)).all() == []
    assert [fact["space_id"] for fact in recorded("accounts.role.changed")] == [space.id, space.id]


def test_a_member_of_a_space_reads_it_from_then_on(app: Flask, login_as: LoginAs) -> None:
    space = a_space("inner", visibility="members")
    a_member("ann")
    a_member("mia", role="manager")
    her, manager = login_as("ann"), login_as("mia")
    her.get("/spaces/inner/about", status=404)
    manager.get("/admin/members/ann")
    manager.submit("#appoint", kind="space_member", space_id=space.id)
    her.get("/spaces/inner/about")


def test_an_impossible_standing_changes_nothing(app: Flask, login_as: LoginAs) -> None:
    a_space()
    a_member("ann")
    a_member("mia", role="manager")
    visitor = login_as("mia")
    visitor.post("/admin/members/ann/standings", {"kind": "king", "space_id": "999999"})
    assert db.session.scalars(select(Grant)).all() == []
