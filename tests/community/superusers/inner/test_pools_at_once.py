"""One pool of a name, whoever makes it when; and places of people who are no longer inside."""

from flask import Flask
from sqlalchemy import select

from community.accounts import operations as accounts
from community.accounts.models import SUPER_USER
from community.core.db import db
from community.spaces.models import Space
from community.superusers.inner.experts.models import ExpertPool, PoolExpert
from community.superusers.inner.offers.operations import give_places_on
from tests.community.moderation.gates.test_at_once import at_once
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member
from tests.visit import Visitor

from .test_offers import invited, member, states, told


def test_two_who_make_a_pool_of_one_name_make_one(app: Flask, space: Space, mia: Visitor, login_as: LoginAs) -> None:
    for handle in ("jo", "max"):
        a_member(handle, role="manager")
    typed = {"name": "Network", "about": "Wires", "tags": "vpn", "people": "@jo"}
    people = [mia, login_as("max"), login_as("jo"), mia]
    answers = at_once(app, [(who, "/inner/experts/pools/new", typed) for who in people])
    assert sorted(answers) == [302, 422, 422, 422]
    assert db.session.scalars(select(ExpertPool.name)).all() == ["Network"]
    assert len(db.session.scalars(select(PoolExpert.member_id)).all()) == 1


def test_whoever_waits_has_the_place_of_whose_standing_ended(
    home: Space, mia: Visitor, sue: Visitor, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    for handle in ("sam", "sol"):
        a_member(handle, super_user_in=[home])
    offer = invited(mia)
    address = f"/inner/invitations/{offer.id}"
    for person in (sue, login_as("sam")):
        person.post(f"{address}/place")
    assert states(offer) == {"sue": "place", "sam": "waits"}
    accounts.revoke(member("sue"), SUPER_USER, home.id, by_id=None)
    give_places_on()
    run_jobs()
    assert states(offer) == {"sue": "waits", "sam": "place"}
    assert told("sam")[-1] == "You have a place now: Try the new client"
    accounts.revoke(member("sam"), SUPER_USER, home.id, by_id=None)
    login_as("sol").post(f"{address}/place")
    assert states(offer) == {"sue": "waits", "sam": "waits", "sol": "place"}
    accounts.grant(member("sue"), SUPER_USER, home.id, by_id=None)
    give_places_on()
    assert states(offer)["sue"] == "waits"
