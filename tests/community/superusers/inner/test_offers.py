"""Invitations: as many take part as there are places, whoever waits moves up, and feedback is the organisers'."""

import contextvars
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from flask import Flask
from sqlalchemy import select

from community.accounts.models import Grant, Member
from community.core.db import db, utcnow
from community.notifications.models import Notification
from community.spaces.models import Space
from community.superusers.inner.offers.models import Offer, OfferPlace
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member
from tests.visit import Visitor

TIMES, PLACES, AT_ONCE = 50, 7, 10


def member(handle: str) -> Member:
    return db.session.scalars(select(Member).where(Member.handle == handle)).one()


def invited(mia: Visitor, places: int = 1) -> Offer:
    mia.get("/inner/invitations/new")
    words = {"title": "Try the new client", "body": "Half an hour on Thursday, with your own laptop."}
    mia.submit("#offer-form", kind="test", places=str(places), **words)
    db.session.expire_all()
    return db.session.scalars(select(Offer)).one()


def told(handle: str) -> list[str]:
    rows = select(Notification).where(Notification.member_id == member(handle).id, Notification.kind == "offer")
    return [row.title for row in db.session.scalars(rows.order_by(Notification.id))]


def states(offer: Offer) -> dict[str, str]:
    rows = db.session.scalars(select(OfferPlace).where(OfferPlace.offer_id == offer.id))
    return {row.member.handle: "waits" if row.waiting else "place" for row in rows}


def test_who_waits_moves_up_and_is_told(
    home: Space, mia: Visitor, sue: Visitor, ann: Visitor, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    a_member("sam", super_user_in=[home])
    sam = login_as("sam")
    offer = invited(mia)
    run_jobs()
    assert told("sue") == ["You are invited: Try the new client"] and told("ann") == []
    address = f"/inner/invitations/{offer.id}"
    for person in (sue, sam):
        person.get(address)
        person.submit(f"{address}/place")
    assert states(offer) == {"sue": "place", "sam": "waits"}
    sue.get(address)
    sue.submit(f"{address}/withdrawal")
    run_jobs()
    db.session.expire_all()
    assert states(offer) == {"sam": "place"}
    assert told("sam")[-1] == "You have a place now: Try the new client"
    ann.get(address, status=404)
    ann.post(f"{address}/place", {}, status=404)
    assert "Try the new client" not in ann.get("/notifications").text


def test_who_is_outside_by_now_does_not_move_up(
    home: Space, mia: Visitor, sue: Visitor, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    for handle in ("sam", "tom"):
        a_member(handle, super_user_in=[home])
    offer = invited(mia)
    address = f"/inner/invitations/{offer.id}"
    for person in (sue, login_as("sam"), login_as("tom")):
        person.post(f"{address}/place", {})
    for grant in db.session.scalars(select(Grant).where(Grant.member_id == member("sam").id)):
        db.session.delete(grant)
    sue.post(f"{address}/withdrawal", {})
    db.session.expire_all()
    assert states(offer) == {"sam": "waits", "tom": "place"}


def test_feedback_is_for_organisers(
    mia: Visitor, sue: Visitor, home: Space, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    a_member("sam", super_user_in=[home])
    a_member("jo", role="agent")
    sam, jo = login_as("sam"), login_as("jo")
    offer = invited(mia)
    address = f"/inner/invitations/{offer.id}"
    sue.post(f"{address}/place", {})
    sue.post(f"{address}/feedback", {"rating": "5"}, status=404)  # it is not over yet
    jo.post(f"{address}/end", {}, status=404)
    sue.post(f"{address}/end", {}, status=404)
    mia.get(address)
    mia.submit(f"{address}/end")
    sue.get(address)
    sue.submit("#feedback-form", rating="4", words="The new menu is hard to find.")
    sam.post(f"{address}/feedback", {"rating": "5"}, status=404)
    assert "hard to find" in mia.get(address).text and "4 of 5" in mia.text
    for other in (sam, jo):
        assert "hard to find" not in other.get(address).text
        other.post(f"{address}/thanks", {"line": "x"}, status=404)
    mia.get(address)
    mia.submit("#thanks-form", line="It helped us very much.")
    run_jobs()
    assert told("sue")[-2:] == ["How was it? Try the new client", "You are thanked for taking part: Try the new client"]
    assert "It helped us very much." in sue.get(address).text
    sam.post(f"{address}/place", {})
    assert set(states(offer)) == {"sue"}


def test_fifty_at_once_take_as_many_places_as_there_are(
    app: Flask, home: Space, mia: Visitor, login_as: LoginAs
) -> None:
    handles = [f"super{number}" for number in range(AT_ONCE)]
    for handle in handles:
        a_member(handle, super_user_in=[home])
    people = [login_as(handle) for handle in handles]
    offer_id = invited(mia, PLACES).id
    cookies = []
    for person in people:
        person.get("/inner/invitations")
        cookie = person.client.get_cookie("isthmus")
        assert cookie is not None
        cookies.append((cookie.value, person.page.csrf_token))
    db.session.commit()
    start = Barrier(TIMES)

    def one(number: int) -> int:
        value, token = cookies[number % AT_ONCE]
        client = app.test_client()
        client.set_cookie("isthmus", value)
        start.wait()
        return client.post(f"/inner/invitations/{offer_id}/place", data={"csrf_token": token}).status_code

    with ThreadPoolExecutor(TIMES) as pool:
        answers = list(pool.map(lambda number: contextvars.Context().run(one, number), range(TIMES)))
    assert answers == [302] * TIMES
    db.session.expire_all()
    rows = db.session.scalars(select(OfferPlace).order_by(OfferPlace.turn)).all()
    assert [row.waiting for row in rows] == [False] * PLACES + [True] * (AT_ONCE - PLACES)
    assert [row.turn for row in rows] == list(range(1, AT_ONCE + 1))


def test_a_day_that_makes_no_sense_is_refused(mia: Visitor, sue: Visitor) -> None:
    words = {"title": "Try the new client", "body": "Half an hour on Thursday.", "kind": "test", "places": "3"}
    for day in ("9999-12-31", "0001-01-01", "2020-01-01"):
        mia.get("/inner/invitations")
        mia.post("/inner/invitations/new", words | {"closes": day}, status=422)
        assert ("within two years" if day == "2020-01-01" else "of this century") in mia.text
    sue.post("/inner/invitations/new", words, status=404)
    offer = invited(mia)
    offer.closes_at = utcnow() - timedelta(days=3)
    mia.get(f"/inner/invitations/{offer.id}/edit")
    mia.submit("#offer-form", places="4")  # the day that is over may stay
    db.session.expire_all()
    assert offer.places == 4 and offer.closes_at is not None and offer.closes_at < utcnow()
    sue.post(f"/inner/invitations/{offer.id}/place", {})
    assert states(offer) == {}
