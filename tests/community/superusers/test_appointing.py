"""Appointments from the first word to the minute at which the rights are gone."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from community.accounts.models import SUPER_USER, Grant, Member
from community.core.db import db, utcnow
from community.moderation.models import Case
from community.notifications.models import Notification
from community.superusers.appointing.models import Appointment, Nomination
from tests.community.superusers.conftest import Programme
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor

REASON = "They answer kindly, and what they say is right."


def the_appointment() -> Appointment:
    return db.session.scalars(select(Appointment).order_by(Appointment.id.desc()).limit(1)).one()


def grant_of(member: Member) -> Grant | None:
    return db.session.scalar(select(Grant).where(Grant.member_id == member.id, Grant.kind == SUPER_USER))


def told(kind: str) -> list[tuple[str, str]]:
    rows = db.session.execute(
        select(Member.handle, Notification.title)
        .join(Notification, Notification.member_id == Member.id)
        .where(Notification.kind == kind)
        .order_by(Notification.id)
    )
    return [(row[0], row[1]) for row in rows]


def appointed(who: Programme, login_as: LoginAs, **more: object) -> Appointment:
    mia = login_as("mia")
    mia.get("/appointments/new", space="home", handle="ann")
    mia.submit("#appoint", **more)
    return the_appointment()


def accepted(who: Programme, login_as: LoginAs, **more: object) -> Appointment:
    found = appointed(who, login_as, **more)
    ann = login_as("ann")
    ann.get(f"/appointments/{found.id}")
    ann.submit("#answer form", button="yes")
    return found


def test_appointed_accepts_acts_and_is_refused_at_the_minute(
    programme: Programme, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    reply = a_reply(a_thread(programme.home))
    found = appointed(programme, login_as, tags="vpn", duties="Welcome people.")
    run_jobs()
    assert told("appointment") == [("ann", "You are asked to be a super user. Will you?")]
    ann = login_as("ann")
    ann.get("/spaces/home/manage", status=404)
    ann.get(f"/appointments/{found.id}")
    assert "Welcome people." in ann.text
    ann.submit("#answer form", button="yes")
    run_jobs()
    assert ("mia", "Ann accepts the appointment as a super user") in told("appointment")
    held = grant_of(programme.ann)
    assert held is not None and held.until == found.ends_at
    assert found.ends_at is not None and found.begins_at is not None
    assert timedelta(days=364) < found.ends_at - found.begins_at < timedelta(days=367)
    ends = found.ends_at
    manage, review = "/spaces/home/manage", "/review"
    with time_machine.travel(ends - timedelta(minutes=1), tick=False):
        ann = login_as("ann")
        ann.get(manage)
        ann.get(review)
        ann.get(f"/posts/{reply.id}/edit")
    with time_machine.travel(ends, tick=False):
        ann.get(manage, status=404)
        ann.get(review, status=404)
        ann.get(f"/posts/{reply.id}/edit", status=404)
        ann.get("/super-users")
        assert "Nobody is appointed here." in ann.text
        ann.get(f"/appointments/{found.id}")
        assert "Ended" in ann.text
        assert not ann.select("#end")


def test_nominated_thrice_offered_declined(programme: Programme, login_as: LoginAs, run_jobs: RunJobs) -> None:
    for member in programme.regulars[:3]:
        who = login_as(member.handle)
        who.get("/super-users/nominate", space="home")
        who.submit("#nominate", handle="@Ann", reason=REASON)
        assert "Only those who decide" in who.text
        who.get("/super-users/nominate", space="home")
        who.submit("#nominate", handle="ann", reason=REASON, status=422)
    (case,) = db.session.scalars(select(Case)).all()
    assert (case.kind, case.member_id) == ("candidate", programme.ann.id)
    found = the_appointment()
    assert (found.way, found.state, len(found.nominations)) == ("nominated", "proposed", 3)
    ann = login_as("ann")
    ann.get(f"/appointments/{found.id}", status=404)
    mia = login_as("mia")
    mia.get(f"/review/{case.id}")
    assert REASON in mia.text and "Accepted answers in 180 days: 0" in mia.text
    mia.submit(f"/review/{case.id}/decision", button="offer")
    run_jobs()
    ann.get(f"/appointments/{found.id}")
    assert REASON not in ann.text and "Rosa" not in ann.text
    ann.submit("#answer form", button="no", words="I have no time.")
    run_jobs()
    assert found.state == "declined" and grant_of(programme.ann) is None
    assert ("mia", "Ann declines the appointment as a super user") in told("appointment")
    ann.post(f"/appointments/{found.id}/answer", {"to": "yes"}, status=404)


def test_who_may_nominate_whom(programme: Programme, login_as: LoginAs) -> None:
    a_member("newcomer")
    login_as("newcomer").get("/super-users/nominate", status=404)
    rob = login_as("rob")
    for handle, words in (
        ("rob", "Nobody nominates themselves"),
        ("mia", "every space already"),
        ("nil", "Nobody here"),
    ):
        rob.get("/super-users/nominate", space="home")
        rob.submit("#nominate", handle=handle, reason=REASON, status=422)
        assert words in rob.text
    rob.get("/super-users/nominate", space="home")
    rob.submit("#nominate", handle="ann", reason=REASON)
    (said,) = db.session.scalars(select(Nomination)).all()
    login_as("rosa").post(f"/super-users/nominations/{said.id}/withdrawal", status=404)
    rob.submit(f"/super-users/nominations/{said.id}/withdrawal")
    assert said.withdrawn_at is not None
    rob.get("/super-users/nominate", space="home")
    rob.submit("#nominate", handle="ann", reason=REASON)


def test_what_is_said_of_an_applicant_tells_nobody_that_they_applied(programme: Programme, login_as: LoginAs) -> None:
    apply(login_as("ann"), programme)
    for member in programme.regulars:
        who = login_as(member.handle)
        who.get("/super-users/nominate", space="home")
        who.submit("#nominate", handle="ann", reason=REASON)
        assert "applied" not in who.text
    assert len(db.session.scalars(select(Appointment)).all()) == 1
    assert len(the_appointment().nominations) == 4


def apply(who: Visitor, programme: Programme) -> Appointment:
    who.get("/super-users/apply", space="home")
    who.submit("#apply", reason="I answer here every day and like it.")
    return the_appointment()


def test_an_application_is_answered_in_words(programme: Programme, login_as: LoginAs, run_jobs: RunJobs) -> None:
    ann = login_as("ann")
    found = apply(ann, programme)
    for handle in ("rob", "rosa"):
        login_as(handle).get(f"/appointments/{found.id}", status=404)
    (case,) = db.session.scalars(select(Case)).all()
    agent = a_member("sam", role="agent")
    login_as(agent.handle).get(f"/review/{case.id}", status=404)
    lead = a_member("lead", super_user_in=[programme.home])
    login_as(lead.handle).get(f"/review/{case.id}", status=404)
    mia = login_as("mia")
    mia.get(f"/review/{case.id}")
    mia.submit(f"/review/{case.id}/decision", button="not_now", status=422)
    mia.submit(f"/review/{case.id}/decision", button="not_now", words="Ask again in spring.")
    run_jobs()
    assert told("appointment") == [("ann", "Your application as a super user: not now")]
    ann.get(f"/appointments/{found.id}")
    assert "Ask again in spring." in ann.text
    again = apply(ann, programme)
    ann.submit("#end")
    assert (again.state, again.ended_how) == ("ended", "taken_back")
    assert [case.state for case in db.session.scalars(select(Case))] == ["decided", "decided"]


def test_pausing_resigning_and_rights_taken_elsewhere(
    programme: Programme, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    found = accepted(programme, login_as)
    ann = login_as("ann")
    ann.get("/spaces/home/manage")
    ann.get(f"/appointments/{found.id}")
    ann.submit(f"/appointments/{found.id}/pause")
    run_jobs()
    ann.get("/spaces/home/manage", status=404)
    ann.get(f"/appointments/{found.id}")
    ann.submit(f"/appointments/{found.id}/pause")
    run_jobs()
    ann.get("/spaces/home/manage")
    assert grant_of(programme.ann).until == found.ends_at  # type: ignore[union-attr]
    login_as("rob").post(f"/appointments/{found.id}/end", status=404)
    ann.get(f"/appointments/{found.id}")
    ann.submit("#end", words="It was a good time.")
    run_jobs()
    ann.get("/spaces/home/manage", status=404)
    assert found.ended_how == "resigned"
    assert any("Thank you for all you did" in title or "has ended" in title for _who, title in told("appointment"))
    other = accepted(programme, login_as)
    mia = login_as("mia")
    held = grant_of(programme.ann)
    assert held is not None
    mia.get("/spaces/home/manage/roles")
    mia.submit(f"/spaces/home/manage/roles/{held.id}/end")
    run_jobs()
    assert (other.state, other.ended_how) == ("ended", "withdrawn")


def test_notice_once_and_a_further_term(programme: Programme, login_as: LoginAs, run_jobs: RunJobs) -> None:
    found = accepted(programme, login_as)
    ends = found.ends_at
    assert ends is not None
    mia = login_as("mia")
    mia.post(f"/appointments/{found.id}/renewal", {"months": "12"}, status=404)
    from community.superusers.appointing.time import look_at_terms

    with time_machine.travel(ends - timedelta(days=29), tick=False):
        for _turn in range(2):
            look_at_terms()
            db.session.commit()
        run_jobs()
        said = [who for who, title in told("appointment") if "ends on" in title]
        assert sorted(said) == ["ann", "mia"]
        mia = login_as("mia")
        mia.get(f"/appointments/{found.id}")
        assert "Accepted answers in 180 days" in mia.text
        mia.submit("#renewal", months=6)
        mia.post(f"/appointments/{found.id}/renewal", {"months": "6"})
        further = the_appointment()
        assert (further.renews_id, further.state, further.begins_at) == (found.id, "offered", ends)
        ann = login_as("ann")
        ann.get(f"/appointments/{further.id}")
        ann.submit("#answer form", button="yes")
        run_jobs()
        assert (found.state, found.ended_how, further.state) == ("ended", "renewed", "active")
        held = grant_of(programme.ann)
        assert held is not None and held.until == further.ends_at and further.ends_at is not None
        assert further.ends_at > ends + timedelta(days=170)
    with time_machine.travel(ends + timedelta(days=1), tick=False):
        login_as("ann").get("/spaces/home/manage")
    with time_machine.travel(further.ends_at + timedelta(hours=1), tick=False):
        look_at_terms()
        db.session.commit()
        assert (further.state, further.ended_how) == ("ended", "over")


def test_a_term_that_begins_later(programme: Programme, login_as: LoginAs, run_jobs: RunJobs) -> None:
    begins = utcnow() + timedelta(days=3)
    found = accepted(programme, login_as, begins=begins.date().isoformat())
    run_jobs()
    assert found.state == "accepted" and grant_of(programme.ann) is None
    with time_machine.travel(begins + timedelta(hours=1), tick=False):
        run_jobs()
        assert found.state == "active" and grant_of(programme.ann) is not None


def test_only_managers_appoint_and_nobody_twice(programme: Programme, login_as: LoginAs) -> None:
    for member in (programme.ann, a_member("lead", super_user_in=[programme.home]), a_member("sam", role="agent")):
        login_as(member.handle).get("/appointments/new", status=404)
        login_as(member.handle).get("/appointments", status=404)
    found = accepted(programme, login_as)
    mia = login_as("mia")
    mia.get("/appointments/new", space="home", handle="ann")
    mia.submit("#appoint", status=422)
    assert "already" in mia.text
    a_space("far")
    mia.get("/appointments/new", space="far", handle="ann")
    mia.submit("#appoint")
    assert the_appointment().id != found.id
    mia.get("/appointments")
    assert "Ann" in mia.text


def test_the_list_shows_whom_to_ask(programme: Programme, login_as: LoginAs) -> None:
    programme.home.visibility = "members"
    accepted(programme, login_as, tags="vpn wifi", language="zh-Hans")
    mia, rob = login_as("mia"), login_as("rob")
    mia.get("/super-users", tag="vpn")
    assert "Ann" in mia.text and "wifi" in mia.text
    mia.get("/super-users", tag="printer")
    assert "Ann" not in " ".join(row.get_text() for row in mia.select("#helpers"))
    rob.get("/super-users")
    assert not rob.select("#helpers")
    a_member("old", super_user_in=[programme.home, a_space("far")])
    rob.get("/super-users")
    assert [row.get_text() for row in rob.select("#helpers .row__title")] == ["Old"]
    assert "Home" not in rob.select("#helpers")[0].get_text()
    rob.get("/super-users", space="home")
    assert not rob.select("#helpers")


@pytest.mark.parametrize("way", ["accept", "decline"])
def test_nobody_answers_for_somebody_else(programme: Programme, login_as: LoginAs, way: str) -> None:
    found = appointed(programme, login_as)
    for handle in ("mia", "rob"):
        to = "yes" if way == "accept" else "no"
        login_as(handle).post(f"/appointments/{found.id}/answer", {"to": to}, status=404)
    assert found.state == "offered"


def test_it_works_without_levels(app: Flask, login_as: LoginAs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(app.extensions, "isthmus.level_steps", raising=False)
    a_member("new")
    page = login_as("new")
    page.get("/rights")
    assert "14 days more, 10 posts more" in page.text


def test_nobody_goes_on_with_what_was_withdrawn(programme: Programme, login_as: LoginAs, run_jobs: RunJobs) -> None:
    found = accepted(programme, login_as)
    assert found.ends_at is not None
    with time_machine.travel(found.ends_at - timedelta(days=20), tick=False):
        mia = login_as("mia")
        mia.get(f"/appointments/{found.id}")
        mia.submit(f"/appointments/{found.id}/renewal")
        further = the_appointment()
        assert further.renews_id == found.id
        mia.post(f"/appointments/{found.id}/end", {"words": "Not any more."})
        run_jobs()
        assert (further.state, further.ended_how) == ("ended", "withdrawn")
        login_as("ann").post(f"/appointments/{further.id}/answer", {"to": "yes"}, status=404)
        assert grant_of(programme.ann) is None


@pytest.mark.parametrize("verb", ["end", "pause"])
def test_what_is_over_takes_no_later_rights(programme: Programme, login_as: LoginAs, verb: str) -> None:
    first = accepted(programme, login_as)
    assert first.ends_at is not None
    with time_machine.travel(first.ends_at + timedelta(minutes=5), tick=False):
        second = accepted(programme, login_as)
        assert second.id != first.id
        login_as("ann").post(f"/appointments/{first.id}/{verb}")
        held = grant_of(programme.ann)
        assert held is not None
        assert held.until == second.ends_at


def test_who_stands_for_the_person_reads_it_and_decides_nothing(
    programme: Programme, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    for handle in ("jon", "joy"):
        a_member(handle, role="agent")
    found = accepted(programme, login_as, sponsor="jon")
    run_jobs()
    path = f"/appointments/{found.id}"
    assert ("jon", "Ann accepts the appointment as a super user") in told("appointment")
    jon = login_as("jon")
    jon.get(path)
    assert not jon.select(f'form[action="{path}/end"], form[action="{path}/pause"]')
    for verb in ("end", "pause", "answer", "renewal"):
        jon.post(f"{path}/{verb}", status=404)
    login_as("joy").get(path, status=404)
    assert found.state == "active"
