"""Following a check-list: ticked and taken back, shown to a mentor, asked again after a change, told once."""

from datetime import timedelta

import time_machine
from sqlalchemy import select

from community.accounts.models import Grant, Member
from community.core.db import db, utcnow
from community.core.events import EventRecord
from community.superusers.appointing import operations as appointing
from community.superusers.training import operations
from community.superusers.training.models import ChecklistTick
from community.superusers.training.operations import Written
from community.superusers.training.waiting import look_at_lists
from tests.community.superusers.training.conftest import MINE, Learning, told
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member


def test_ticked_and_taken_back(learning: Learning, login_as: LoginAs) -> None:
    sue, first = login_as("sue"), learning.first.id
    sue.get("/inner")
    assert "Canary list" in sue.text and "0 of 2" in sue.text
    sue.submit(f"{MINE}/{first}/tick")
    assert "1 of 2" in sue.text and "Ticked." in sue.text
    sue.post(f"{MINE}/{first}/tick", {"version": "1"})
    assert len(db.session.scalars(select(ChecklistTick)).all()) == 1
    sue.get(MINE)
    sue.submit(f"{MINE}/{first}/removal")
    assert "0 of 2" in sue.text
    said = select(EventRecord).where(EventRecord.name == "superusers.training.ticked").order_by(EventRecord.id)
    assert [row.payload["what"] for row in db.session.scalars(said)] == ["ticked", "taken_back"]


def test_what_is_shown_counts_once_another_confirmed_it(learning: Learning, login_as: LoginAs) -> None:
    sue, sam, ada, shown = login_as("sue"), login_as("sam"), login_as("ada"), learning.shown.id
    confirmation = f"/inner/check-lists/{shown}/people/sue/confirmation"
    sam.post(confirmation, {"version": "1"}, status=404)
    sue.get(MINE)
    sue.submit(f"{MINE}/{shown}/tick")
    assert "0 of 2" in sue.text and "Show it to somebody" in sue.text
    sue.post(confirmation, {"version": "1"}, status=404)
    assert not sue.select(f"form[action='{confirmation}']")
    assert "Canary case" in ada.get("/inner").text
    sam.get(MINE)
    sam.submit(confirmation)
    assert "Confirmed for Sue." in sam.text
    assert "1 of 2" in sue.get(MINE).text and "confirmed by Sam" in sue.text
    ada.post(confirmation, {"version": "1"}, status=404)
    sue.submit(f"{MINE}/{shown}/removal")
    assert "0 of 2" in sue.text


def test_a_mentor_takes_a_confirmation_back(learning: Learning, login_as: LoginAs, run_jobs: RunJobs) -> None:
    sue, sam, ada, shown = login_as("sue"), login_as("sam"), login_as("ada"), learning.shown.id
    confirmation = f"/inner/check-lists/{shown}/people/sue/confirmation"
    sam.post(f"{confirmation}/removal", {}, status=404)
    sue.get(MINE)
    sue.submit(f"{MINE}/{shown}/tick")
    sam.get(MINE)
    sam.submit(confirmation)
    assert "1 of 2" in sue.get(MINE).text
    for nobody in (sue, ada):
        nobody.get(MINE)
        assert not nobody.select("#confirmed")
        nobody.post(f"{confirmation}/removal", {}, status=404)
    sam.get(MINE)
    sam.submit(f"{confirmation}/removal")
    assert "Sue is told" in sam.text and not sam.select("#confirmed")
    run_jobs()
    assert told("sue")[-1] == "A confirmation was taken back; show it to somebody again: Canary case"
    assert "0 of 2" in sue.get(MINE).text and "Show it to somebody" in sue.text
    said = select(EventRecord).where(EventRecord.name == "superusers.training.ticked").order_by(EventRecord.id)
    last = [(row.payload["what"], row.actor_id) for row in db.session.scalars(said)][-1]
    assert last == ("unconfirmed", learning.sam.id)
    sam.post(f"{confirmation}/removal", {}, status=404)
    ada.get(MINE)
    ada.submit(confirmation)
    assert "1 of 2" in sue.get(MINE).text


def test_a_change_in_substance_is_asked_again(learning: Learning, login_as: LoginAs, run_jobs: RunJobs) -> None:
    sue, mia, first = login_as("sue"), login_as("mia"), learning.first.id
    sue.get(MINE)
    sue.submit(f"{MINE}/{first}/tick")
    edit = f"/programme/check-lists/items/{first}/edit"
    mia.get(edit)
    mia.submit("#item", body="A comma is better")
    assert "1 of 2" in sue.get(MINE).text
    mia.get(edit)
    mia.submit("#item", body="Something else altogether", again=True)
    run_jobs()
    assert [title for title in told("sue") if "Changed" in title] == [
        "Changed in a check-list of yours: Canary charter"
    ]
    assert told("sam") == [title for title in told("sam") if "Changed" not in title]
    sue.get(MINE)
    assert "0 of 2" in sue.text and "please look at it again" in sue.text
    sue.post(f"{MINE}/{first}/tick", {"version": "1"})
    sue.follow()
    assert "changed meanwhile" in sue.text and "0 of 2" in sue.text
    sue.submit(f"{MINE}/{first}/tick")
    assert "1 of 2" in sue.text


def test_others_find_nothing(learning: Learning, login_as: LoginAs) -> None:
    ann, ada, first, shown = login_as("ann"), login_as("ada"), learning.first.id, learning.shown.id
    operations.tick(learning.shown, learning.sue.id, version=1)
    for path in (MINE, "/programme/check-lists", f"/programme/check-lists/{learning.found.id}", "/inner"):
        ann.get(path, status=404)
    ann.post(f"{MINE}/{first}/tick", {"version": "1"}, status=404)
    ann.post(f"/inner/check-lists/{shown}/people/sue/confirmation", {"version": "1"}, status=404)
    # The list is for super users: an agent reads of none of it but what waits to be shown.
    assert "Canary charter" not in ada.get(MINE).text
    ada.post(f"{MINE}/{first}/tick", {"version": "1"}, status=404)
    sam = login_as("sam")
    for path in ("/programme/check-lists", f"/programme/check-lists/{learning.found.id}"):
        sam.get(path, status=404)
        ada.get(path, status=404)
    # Sam was one, and is none any more.
    for grant in db.session.scalars(select(Grant).where(Grant.member_id == learning.sam.id)):
        db.session.delete(grant)
    sam.get(MINE, status=404)
    sam.post(f"{MINE}/{first}/tick", {"version": "1"}, status=404)
    sam.post(f"/inner/check-lists/{shown}/people/sue/confirmation", {"version": "1"}, status=404)


def test_told_once_and_reminded_once(learning: Learning, login_as: LoginAs, run_jobs: RunJobs) -> None:
    new = a_member("new")
    asked = appointing.appoint(new, appointing.Terms([learning.home]), by_id=None)
    appointing.accept(asked)
    run_jobs()
    assert told("new") == ["A check-list waits for you: Canary list"]
    now = utcnow()
    for days in (1, 13, 15, 16, 40, 90):
        with time_machine.travel(now + timedelta(days=days), tick=False):
            look_at_lists()
            db.session.commit()
            run_jobs()
    assert told("new")[1:] == ["A check-list still waits for you: Canary list"]


def test_who_goes_on_is_not_reminded(learning: Learning, run_jobs: RunJobs) -> None:
    look_at_lists()
    run_jobs()
    now = utcnow()
    with time_machine.travel(now + timedelta(days=10), tick=False):
        operations.tick(learning.first, learning.sue.id, version=1)
        db.session.commit()
    with time_machine.travel(now + timedelta(days=15), tick=False):
        look_at_lists()
        db.session.commit()
        run_jobs()
    assert (len(told("sue")), len(told("sam"))) == (1, 2)


def test_lists_of_several_roles_come_together(learning: Learning, run_jobs: RunJobs) -> None:
    more = operations.make("For everybody", "everybody", "en", by_id=None)
    operations.add_item(more, Written("Something"), by_id=None)
    operations.publish(more, by_id=None)
    elsewhere = operations.make("Of another space", "super_user:999", "en", by_id=None)
    operations.add_item(elsewhere, Written("Something else"), by_id=None)
    operations.publish(elsewhere, by_id=None)
    look_at_lists()
    run_jobs()
    assert told("sue") == ["2 check-lists wait for you"]
    assert told("ada") == ["A check-list waits for you: For everybody"]
    assert told("mia") == [] and told("ann") == []


def test_what_is_retired_is_seen_by_nobody(learning: Learning, login_as: LoginAs) -> None:
    sue, mia, found = login_as("sue"), login_as("mia"), learning.found.id
    operations.tick(learning.first, learning.sue.id, version=1)
    mia.get(f"/programme/check-lists/{found}")
    mia.submit(f"/programme/check-lists/{found}/retirement")
    assert "Canary" not in sue.get(MINE).text
    sue.post(f"{MINE}/{learning.first.id}/removal", status=404)
    mia.submit(f"/programme/check-lists/{found}/retirement")
    assert "1 of 2" in sue.get(MINE).text
    mia.get(f"/programme/check-lists/{found}")
    mia.submit(f"/programme/check-lists/items/{learning.first.id}/retirement")
    assert "0 of 1" in sue.get(MINE).text and "Canary charter" not in sue.text
    sue.post(f"{MINE}/{learning.first.id}/tick", {"version": "1"}, status=404)
    assert db.session.scalars(select(Member).where(Member.handle == "sue")).one()
