"""Spaces in the administration: opening and changing them."""

from flask import Flask
from sqlalchemy import select

from community import public
from community.core.db import db
from community.core.events import EventRecord
from community.spaces.models import Space
from tests.conftest import LoginAs
from tests.factories import a_member, a_space, a_thread


def recorded(name: str) -> list[dict[str, object]]:
    """Payloads of the facts of this name, oldest first."""
    rows = select(EventRecord.payload).where(EventRecord.name == name).order_by(EventRecord.id)
    return list(db.session.scalars(rows))


def test_a_manager_opens_a_space(app: Flask, login_as: LoginAs) -> None:
    a_member("mia", role="manager")
    visitor = login_as("mia")
    visitor.get("/admin/spaces/new")
    visitor.submit(
        "#space",
        name="Finance systems",
        slug="finance-systems",
        charter="Be **kind**. <script>alert(1)</script>",
        visibility="members",
        run_by="customer",
        promise_hours="4",
        tags="SAP, invoices sap，报销",
    )
    space = db.session.scalars(select(Space)).one()
    assert (space.slug, space.visibility, space.run_by) == ("finance-systems", "members", "customer")
    assert space.tags == ["sap", "invoices", "报销"]
    assert space.promise_hours == 4
    assert "<strong>kind</strong>" in space.charter_html
    assert "<script" not in space.charter_html
    assert [fact["space_id"] for fact in recorded("spaces.space.created")] == [space.id]


def test_what_was_typed_stays_when_something_is_wrong(app: Flask, login_as: LoginAs) -> None:
    a_space("vpn")
    a_member("mia", role="manager")
    visitor = login_as("mia")
    for slug in ("vpn", "new", "Not A Slug", "-x", "x_y", "x--y", ""):
        visitor.get("/admin/spaces/new")
        visitor.submit("#space", name="My space", slug=slug, promise_hours="900", status=422)
        assert visitor.select("#slug-error")
        assert visitor.select("#promise_hours-error")
        assert visitor.select("input[name=name]")[0]["value"] == "My space"
    assert len(db.session.scalars(select(Space)).all()) == 1


def test_changing_who_may_read_records_before_and_after(app: Flask, login_as: LoginAs) -> None:
    space = a_space("vpn", name="VPN")
    a_member("mia", role="manager")
    visitor = login_as("mia")
    visitor.get("/admin/spaces/vpn")
    visitor.submit("#space", visibility="members", name="VPN and remote work")
    assert (space.visibility, space.name) == ("members", "VPN and remote work")
    (fact,) = recorded("spaces.space.changed")
    assert (fact["visibility_before"], fact["visibility_after"]) == ("open", "members")
    assert sorted(str(name) for name in fact["changed"]) == ["name", "visibility"]


def test_saving_without_a_change_records_nothing(app: Flask, login_as: LoginAs) -> None:
    a_space("vpn")
    a_member("mia", role="manager")
    visitor = login_as("mia")
    visitor.get("/admin/spaces/vpn")
    visitor.submit("#space")
    assert "is saved" in visitor.text
    assert recorded("spaces.space.changed") == []


def test_a_space_keeps_its_own_short_name(app: Flask, login_as: LoginAs) -> None:
    space = a_space("vpn")
    a_space("mail")
    a_member("mia", role="manager")
    visitor = login_as("mia")
    visitor.get("/admin/spaces/vpn")
    visitor.submit("#space", slug="mail", status=422)
    visitor.submit("#space", slug="remote-work")
    assert space.slug == "remote-work"
    assert visitor.page.path == "/admin/spaces/remote-work"


def test_the_service_of_a_space_is_kept_and_told_above(app: Flask, login_as: LoginAs) -> None:
    space = a_space("vpn", name="VPN")
    a_member("mia", role="manager")
    visitor = login_as("mia")
    visitor.get("/admin/spaces/vpn")
    visitor.submit("#space", service="  VPN   access ")
    assert space.service == "VPN access"
    assert recorded("spaces.space.changed")[0]["changed"] == ["service"]
    thread = a_thread(space)
    snapshot = public.thread_snapshot(thread.id)
    assert snapshot is not None
    assert (snapshot.space.service, snapshot.space) == ("VPN access", public.space(space.id))
    visitor.get("/admin/spaces/vpn")
    visitor.submit("#space", service="x" * 81, status=422)
    visitor.submit("#space", service="")
    assert space.service == ""
