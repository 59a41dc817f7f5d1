"""Who gets to the administration, and who does not even learn that it is there."""

import pytest
from flask import Flask

from tests.conftest import LoginAs
from tests.factories import a_member, a_space
from tests.visit import Visitor

FOR_MANAGERS = ("/admin", "/admin/members", "/admin/members/ann", "/admin/spaces", "/admin/spaces/new")
FOR_MANAGERS += ("/admin/organisations", "/admin/organisations/new")
FOR_ADMINS = ("/admin/deliveries",)
VERBS_FOR_MANAGERS = (
    "/admin/members/ann",
    "/admin/members/ann/suspend",
    "/admin/members/ann/reinstate",
    "/admin/members/ann/standings",
    "/admin/members/ann/organisation",
    "/admin/organisations/new",
    "/admin/standings/1/end",
    "/admin/spaces/new",
    "/admin/spaces/vpn",
)
VERBS_FOR_ADMINS = ("/admin/deliveries/retry", "/admin/deliveries/1/retry")


@pytest.mark.parametrize("role", ["member", "agent"])
def test_members_and_agents_find_nothing_there(app: Flask, login_as: LoginAs, role: str) -> None:
    a_space("vpn")
    a_member("ann")
    a_member("bob", role=role)
    visitor = login_as("bob")
    for path in FOR_MANAGERS + FOR_ADMINS:
        visitor.get(path, status=404)
    for path in VERBS_FOR_MANAGERS + VERBS_FOR_ADMINS:
        visitor.post(path, {}, status=404)


def test_super_users_find_nothing_there(app: Flask, login_as: LoginAs) -> None:
    space = a_space("vpn")
    a_member("ann")
    a_member("bob", super_user_in=[space])
    visitor = login_as("bob")
    for path in (*FOR_MANAGERS, *FOR_ADMINS, "/admin/spaces/vpn"):
        visitor.get(path, status=404)


def test_strangers_are_asked_to_sign_in(app: Flask, visitor: Visitor) -> None:
    for path in FOR_MANAGERS + FOR_ADMINS:
        visitor.get(path, status=302)
        assert visitor.location.startswith("/sign-in")


def test_managers_see_all_but_the_deliveries(app: Flask, login_as: LoginAs) -> None:
    a_space("vpn")
    a_member("ann")
    a_member("mia", role="manager")
    visitor = login_as("mia")
    for path in (*FOR_MANAGERS, "/admin/spaces/vpn"):
        visitor.get(path)
    for path in FOR_ADMINS:
        visitor.get(path, status=404)
    for path in VERBS_FOR_ADMINS:
        visitor.post(path, {}, status=404)


def test_admins_see_everything(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    a_member("ada", role="admin")
    visitor = login_as("ada")
    for path in FOR_MANAGERS + FOR_ADMINS:
        visitor.get(path)


def test_the_menu_shows_admin_to_those_who_may(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    a_member("mia", role="manager")
    for handle, shown in (("ann", False), ("mia", True)):
        visitor = login_as(handle)
        visitor.get("/notifications")
        assert ("/admin" in visitor.links("nav a")) is shown
