"""Gatherings: called, answered, changed, called off; seen by who is invited and nobody else."""

from datetime import timedelta
from email.message import EmailMessage
from uuid import uuid4

import pytest
from flask import Flask
from icalendar import Calendar, Event, vCalAddress
from sqlalchemy import select

from community.accounts import operations as accounts
from community.accounts.models import SUPER_USER, Member
from community.core.db import db, utcnow
from community.core.email import Mail
from community.core.events import EventRecord
from community.forum.models import Post
from community.notifications.models import Notification
from community.spaces.models import Space
from community.superusers.inner.gatherings.models import FollowUp, Gathering, GatheringGuest
from tests.community.notifications.conftest import arrive
from tests.community.superusers.inner.conftest import Clock
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_space
from tests.servers import Mailbox
from tests.visit import Visitor

START = (utcnow() + timedelta(days=7)).replace(hour=9, minute=0).strftime("%Y-%m-%dT%H:%M")
LATER = (utcnow() + timedelta(days=8)).replace(hour=9, minute=0).strftime("%Y-%m-%dT%H:%M")
SAID = {"title": "Monthly call of super users", "agenda": "1. What hurts\n2. What comes", "event_starts": START}


def member(handle: str) -> Member:
    return db.session.scalars(select(Member).where(Member.handle == handle)).one()


def called(mia: Visitor, **more: object) -> Gathering:
    """A gathering for super users of any space."""
    mia.get("/inner/gatherings/new")
    given = {"spaces": ["any"], "event_zone": "Europe/Oslo", "event_place": "https://meet.example/x"}
    mia.submit("#gathering-form", **(SAID | given | more))  # type: ignore[arg-type]
    db.session.expire_all()
    return db.session.scalars(select(Gathering).order_by(Gathering.id.desc())).first() or Gathering()


def guest(gathering: Gathering, handle: str) -> GatheringGuest | None:
    return db.session.get(GatheringGuest, (gathering.id, member(handle).id), populate_existing=True)


def test_invited_people_answer_on_the_page(
    space: Space, mia: Visitor, sue: Visitor, ann: Visitor, run_jobs: RunJobs
) -> None:
    made = called(mia)
    run_jobs()
    assert SAID["title"] in sue.get("/inner").text
    assert "You are invited: Monthly call" in sue.get("/notifications").text
    sue.get(f"/inner/gatherings/{made.id}")
    assert "What hurts" in sue.text
    sue.submit("#answer", button="maybe")
    held = guest(made, "sue")
    assert held is not None and held.answer == "maybe"
    assert "may come" in mia.get(f"/inner/gatherings/{made.id}").text
    ann.get(f"/inner/gatherings/{made.id}", status=404)
    ann.post(f"/inner/gatherings/{made.id}/answer", {"answer": "yes"}, status=404)
    ann.get(f"/inner/gatherings/{made.id}/event.ics", status=404)
    mia.post(f"/inner/gatherings/{made.id}/answer", {"answer": "yes"}, status=404)
    assert db.session.scalars(select(Notification).where(Notification.member_id == member("ann").id)).all() == []


def test_only_who_is_invited_sees_it(space: Space, home: Space, mia: Visitor, sue: Visitor, login_as: LoginAs) -> None:
    far = a_space("far", name="Far")
    a_member("fay", super_user_in=[far])
    a_member("jo", role="agent")
    fay, jo = login_as("fay"), login_as("jo")
    made = called(mia, spaces=[str(far.id)])
    address = f"/inner/gatherings/{made.id}"
    fay.get(address)
    for other in (sue, jo):
        other.get(address, status=404)
        assert SAID["title"] not in other.get("/inner/gatherings").text
        assert SAID["title"] not in other.get("/inner").text
        other.post(f"{address}/follow-ups", {"text": "x", "member": "1"}, status=404)
    fay.get(f"{address}/edit", status=404)
    fay.get("/inner/gatherings/new", status=404)
    fay.post(f"{address}/cancellation", {}, status=404)


def test_members_cannot_be_invited(space: Space, mia: Visitor, sue: Visitor, ann: Visitor) -> None:
    mia.get("/inner/gatherings/new")
    token = {"csrf_token": mia.page.csrf_token, "event_zone": "UTC"}
    mia.post("/inner/gatherings/new", SAID | token | {"people": "@ann, @sue"}, status=422)
    assert "“ann” is no super user" in mia.text
    mia.submit("#gathering-form", people="@sue @mia")
    made = db.session.scalars(select(Gathering)).one()
    assert guest(made, "sue") and guest(made, "mia") and guest(made, "ann") is None


def test_standing_that_ends_takes_gatherings_away(
    space: Space, home: Space, mia: Visitor, sue: Visitor, run_jobs: RunJobs, clock: Clock
) -> None:
    made, end = called(mia), utcnow() + timedelta(hours=3)
    accounts.grant(member("sue"), SUPER_USER, home.id, by_id=None, until=end)
    run_jobs()
    sue.get("/feeds/own")
    sue.submit("/feeds/own")
    feed = next(code.text for code in sue.select("#addresses code") if "gatherings.ics" in code.text)
    path = "/feeds" + feed.partition("/feeds")[2]
    clock(end - timedelta(seconds=1))
    sue.get(f"/inner/gatherings/{made.id}")
    entries = Calendar.from_ical(sue.client.get(path).get_data()).walk("VEVENT")
    assert [str(entry["UID"]) for entry in entries] == [made.uid]
    clock(end)
    sue.get(f"/inner/gatherings/{made.id}", status=404)
    assert sue.client.get(path).status_code == 404


def test_letters_carry_a_request_a_change_and_the_end(
    space: Space, mia: Visitor, sue: Visitor, run_jobs: RunJobs, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = letters_of(app, monkeypatch)
    made = called(mia)
    run_jobs()
    sue.post(f"/inner/gatherings/{made.id}/answer", {"answer": "yes"})
    mia.get(f"/inner/gatherings/{made.id}/edit")
    mia.submit("#gathering-form", event_starts=LATER, event_ends="")
    run_jobs()
    held = guest(made, "sue")
    assert held is not None and held.answer == ""
    mia.get(f"/inner/gatherings/{made.id}")
    mia.submit(f"/inner/gatherings/{made.id}/cancellation")
    run_jobs()
    calendars = [Calendar.from_ical(text) for text in sent]
    assert [str(each["METHOD"]) for each in calendars] == ["REQUEST", "REQUEST", "CANCEL"]
    events = [each.walk("VEVENT")[0] for each in calendars]
    assert {str(event["UID"]) for event in events} == {made.uid}
    assert [event["SEQUENCE"] for event in events] == [0, 1, 2]
    assert [event["ATTENDEE"].params["RSVP"] for event in events] == ["TRUE"] * 3
    assert str(events[0]["ATTENDEE"]) == "mailto:sue@example.org"
    assert str(events[2]["STATUS"]) == "CANCELLED"
    sue.post(f"/inner/gatherings/{made.id}/answer", {"answer": "yes"}, status=404)
    assert "called off" in sue.get(f"/inner/gatherings/{made.id}").text


def letters_of(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The calendars of all letters that are sent from now on."""
    sent: list[str] = []

    class Noting:
        def send(self, mail: Mail) -> None:
            sent.append(mail.calendar)

        def check(self) -> None: ...

    monkeypatch.setitem(app.extensions, "isthmus.mailer", Noting())
    return sent


def test_who_is_no_longer_invited_learns_so(space: Space, home: Space, mia: Visitor, sue: Visitor) -> None:
    made = called(mia)
    mia.get(f"/inner/gatherings/{made.id}/edit")
    mia.submit("#gathering-form", spaces=[], people="@mia")
    assert guest(made, "sue") is None
    sue.get(f"/inner/gatherings/{made.id}", status=404)
    fact = db.session.scalars(select(EventRecord).where(EventRecord.name == "inner.gathering.cancelled")).one()
    assert fact.payload["member_ids"] == [member("sue").id]


def test_who_is_silenced_shares_nothing(space: Space, mia: Visitor, sue: Visitor) -> None:
    made = called(mia)
    member("sue").silenced_until = utcnow() + timedelta(days=3)
    sue.get(f"/inner/gatherings/{made.id}")
    sue.submit("#material-form", status=422, body="The slides are here.")
    assert "write nothing, until" in sue.text
    assert "The slides are here." in sue.html
    assert made.thread_id is None


def test_of_what_is_over_only_the_words_change(
    space: Space, home: Space, mia: Visitor, sue: Visitor, clock: Clock, run_jobs: RunJobs
) -> None:
    made = called(mia)
    run_jobs()
    clock(made.ends_at + timedelta(hours=1))
    accounts.revoke(member("sue"), SUPER_USER, home.id, by_id=None)
    a_member("new", super_user_in=[home])
    known = db.session.scalars(
        select(EventRecord.id).where(EventRecord.name.startswith("inner.gathering")).order_by(EventRecord.id)
    ).all()
    mia.get(f"/inner/gatherings/{made.id}/edit")
    mia.submit("#gathering-form", agenda="What was said")
    db.session.expire_all()
    assert made.agenda == "What was said"
    assert guest(made, "sue") is not None
    assert guest(made, "new") is None
    mia.get(f"/inner/gatherings/{made.id}")
    assert "Call it off" not in mia.text
    mia.post(f"/inner/gatherings/{made.id}/cancellation", status=404)
    after = db.session.scalars(
        select(EventRecord.id).where(EventRecord.name.startswith("inner.gathering")).order_by(EventRecord.id)
    ).all()
    assert after == known


def test_attendance_material_and_what_follows(
    space: Space, mia: Visitor, sue: Visitor, ann: Visitor, clock: Clock
) -> None:
    made = called(mia)
    address = f"/inner/gatherings/{made.id}"
    mia.get(address)
    mia.submit("#follow-up", text="Write the article", member=str(member("sue").id), due="2030-01-02")
    row = db.session.scalars(select(FollowUp)).one()
    sue.get(address)
    sue.submit(f"{address}/follow-ups/{row.id}")
    db.session.refresh(row)
    assert row.done_at is not None
    sue.get(address)
    sue.submit("#material-form", body="The slides: <https://slides.example/1>")
    mia.get(address)
    mia.submit("#material-form", body="The minutes.")
    db.session.refresh(made)
    assert made.thread is not None and made.thread.space_id == space.id
    bodies = db.session.scalars(select(Post.body).where(Post.thread_id == made.thread_id).order_by(Post.number)).all()
    assert bodies == ["The slides: <https://slides.example/1>", "The minutes."]
    ann.get(f"/threads/{made.thread_id}", status=404)
    clock(made.starts_at)
    mia.get(address)
    mia.submit("#attendance", there=True)
    assert "was there" in sue.get(address).text
    sue.post(f"{address}/attendance", {"there": "1"}, status=404)


def replied(gathering: Gathering, state: str, *, to: str, sender: str, sequence: int = 0) -> bytes:
    """What a calendar program sends home."""
    party = vCalAddress(f"mailto:{sender}")
    party.params["PARTSTAT"] = state
    event, made = Event(), Calendar()
    for name, value in (("uid", gathering.uid), ("sequence", sequence), ("dtstamp", utcnow())):
        event.add(name, value)
    event.add("attendee", party, encode=False)
    made.add("method", "REPLY")
    made.add_component(event)
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"], letter["Message-ID"] = sender, to, "Accepted", f"<{uuid4()}@x>"
    letter.set_content("Accepted")
    letter.add_alternative(made.to_ical().decode(), subtype="calendar", params={"method": "REPLY"})
    return letter.as_bytes()


def test_replies_of_calendars_are_read(
    app: Flask, space: Space, mia: Visitor, sue: Visitor, run_jobs: RunJobs, receiving: Mailbox
) -> None:
    made = called(mia)
    run_jobs()
    (letter,) = [mail for mail in receiving.to("sue@example.org") if mail["Subject"].startswith("Invitation")]
    part = next(part for part in letter.walk() if part.get_content_type() == "text/calendar")
    assert part.get_param("method") == "REQUEST"
    event = Calendar.from_ical(part.get_content()).walk("VEVENT")[0]
    home = str(event["ORGANIZER"]).removeprefix("mailto:")
    assert home == str(letter["Reply-To"])
    said = {"to": home, "sender": "sue@example.org"}
    arrive(app, replied(made, "DECLINED", to=home, sender="eve@example.org"))
    assert (held := guest(made, "sue")) is not None and held.answer == ""
    arrive(app, replied(made, "ACCEPTED", **said))
    assert (held := guest(made, "sue")) is not None and held.answer == "yes"
    mia.get(f"/inner/gatherings/{made.id}/edit")
    mia.submit("#gathering-form", event_starts=LATER, event_ends="")
    arrive(app, replied(made, "ACCEPTED", **said))  # to the old hours
    assert (held := guest(made, "sue")) is not None and held.answer == ""
    arrive(app, replied(made, "TENTATIVE", sequence=1, **said))
    assert (held := guest(made, "sue")) is not None and held.answer == "maybe"
    broken = replied(made, "ACCEPTED", sequence=1, **said).replace(b"SEQUENCE:1", b"SEQUENCE:;x")
    arrive(app, broken)
    assert (held := guest(made, "sue")) is not None and held.answer == "maybe"
