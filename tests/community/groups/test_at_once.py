"""An invitation is accepted at the moment at which it is taken back: nobody belongs who was taken out."""

from flask import Flask

from tests.community.moderation.gates.test_at_once import at_once
from tests.conftest import LoginAs
from tests.factories import a_member

from .conftest import a_group, state_of


def test_what_was_taken_back_lets_nobody_in(app: Flask, login_as: LoginAs) -> None:
    owner, ann = a_member("olga"), a_member("ann")
    group = a_group(owner=owner, joining="invitation")
    olga, guest = login_as("olga"), login_as("ann")
    for _turn in range(3):
        olga.post("/groups/network/invitations", {"person": "ann"})
        accept, remove = "/groups/network/membership", "/groups/network/people/ann/remove"
        answers = at_once(app, [(guest, accept, {}), (olga, remove, {}), (guest, accept, {})])
        assert set(answers) <= {302, 404} and answers[1] == 302
        assert state_of(group, ann) == ""
