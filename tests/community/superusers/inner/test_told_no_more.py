"""What somebody may no longer read is not told them: not in the list, nor by mail or push that has not left yet."""

import json
from datetime import timedelta

import http_ece
import pytest
from flask import Flask
from sqlalchemy import select

from community.accounts import operations as accounts
from community.accounts.models import SPACE_MEMBER, SUPER_USER, Member
from community.core.db import db, utcnow
from community.notifications import kinds
from community.notifications.models import MemberMail, Notification, Rhythm
from community.notifications.planning import row_of
from community.notifications.sending import send_digests
from community.spaces.models import Space
from community.superusers.duty import operations as duty
from community.superusers.duty.operations import Plan
from community.superusers.inner.experts import operations as experts
from community.superusers.inner.experts.models import ExpertPool, ExpertQuestion
from community.superusers.inner.offers import operations as offers
from community.superusers.inner.offers.operations import Said
from tests.community.notifications.conftest import plain
from tests.community.notifications.test_pushing import Service, keys, pushing, service  # noqa: F401 - fixtures
from tests.community.superusers.inner.conftest import Clock
from tests.conftest import CountStatements, LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.servers import Mailbox
from tests.visit import Visitor

HOUR = timedelta(hours=1)
GONE = "This can no longer be read here."
TITLES = ("Canary thread", "Canary offer", "Canary question", "Canary roster")
# Kinds about a thread, which is asked in any case, and those about nothing but what is the receiver's own.
OF_THREADS = {
    *("reply", "thread", "answer", "followed-person", "mention", "group-mention", "accepted", "solved", "thanks"),
    *("announcement", "arranged", "duplicate", "too", "lasted", "confirmed", "reminder", "suggested-edit"),
    *("suggestion-decided", "promotion-countdown", "query-received", "query-news", "query-asked", "query-reminder"),
    *("query-resolved", "query-declined", "query-reopened"),
}
OWN = {"saved-search", "endorsed", "measure", "report-decided", "held-decided"}


def one(handle: str) -> Member:
    return db.session.scalars(select(Member).where(Member.handle == handle)).one()


def helps_until_soon(login_as: LoginAs, home: Space, handle: str, *, ends: bool) -> Visitor:
    """A super user, with the same news as others; perhaps for another hour only."""
    member = a_member(handle)
    member.time_zone = "UTC"
    accounts.grant(member, SUPER_USER, home.id, by_id=None, until=utcnow() + HOUR if ends else None)
    return login_as(handle)


def tell_everybody(space: Space, home: Space, run_jobs: RunJobs, *handles: str) -> None:
    """News of each kind about what is inside."""
    run_jobs()
    mia = one("mia")
    home.name = "Canary roster"
    pool = ExpertPool(name="Network")
    expert = a_member(role="agent")
    experts.write_pool(pool, name="Network", about="", tags=[], member_ids=[expert.id])
    for handle in handles:
        member = one(handle)
        a_reply(a_thread(space, member, title="Canary thread"), mia)
        asked = experts.ask(pool, asker_id=member.id, title="Canary question", body="Why?", thread_id=None)
        experts.take(asked, by_id=expert.id)
        duty.plan(home.id, Plan(0, 60, 120, member.id), zone="UTC", by_id=None)
    offers.invite(Said("test", "Canary offer", "Try it.", 5, None), by_id=mia.id)
    run_jobs()


def listed(who: Visitor) -> list[str]:
    who.get("/notifications")
    return sorted(title for title in TITLES if title in who.text)


def pushed_to(service: Service, handle: str) -> set[str]:  # noqa: F811 - the fixture
    """Of which kinds a browser was told."""
    bodies = [body for path, _headers, body in service.came if path == f"/{handle}"]
    read = [http_ece.decrypt(body, private_key=service.private, auth_secret=service.auth) for body in bodies]
    return {json.loads(message)["title"] for message in read}


@pytest.fixture
def both(space: Space, home: Space, login_as: LoginAs) -> dict[str, Visitor]:
    """One whose term ends within the hour, and one who stays."""
    return {name: helps_until_soon(login_as, home, name, ends=name == "goes") for name in ("goes", "stays")}


def test_titles_are_gone_from_the_list_at_that_minute(
    space: Space, home: Space, both: dict[str, Visitor], run_jobs: RunJobs, clock: Clock
) -> None:
    end = utcnow() + HOUR
    tell_everybody(space, home, run_jobs, *both)
    clock(end - timedelta(seconds=5))
    assert [listed(who) for who in both.values()] == [sorted(TITLES)] * 2
    clock(end)
    assert listed(both["stays"]) == sorted(TITLES)
    assert listed(both["goes"]) == []
    assert both["goes"].text.count(GONE) >= len(TITLES)
    offer = select(Notification).where(Notification.kind == "offer")
    for handle, leads_to in (("goes", "/notifications"), ("stays", "/inner/invitations/")):
        (news,) = db.session.scalars(offer.where(Notification.member_id == one(handle).id)).all()
        both[handle].post(f"/notifications/{news.id}/opening")
        assert leads_to in both[handle].location


def test_digests_leave_them_out(
    space: Space,
    home: Space,
    mailing: Mailbox,
    both: dict[str, Visitor],
    run_jobs: RunJobs,
    clock: Clock,
) -> None:
    for handle in both:
        row_of(one(handle).id).rhythm = Rhythm.DAILY.value
    tell_everybody(space, home, run_jobs, *both)
    due = max(moment for moment in db.session.scalars(select(MemberMail.digest_at)) if moment)
    clock(max(due, utcnow() + HOUR) + HOUR)
    send_digests()
    db.session.commit()
    run_jobs()
    words = {handle: "\n".join(plain(mail) for mail in mailing.to(one(handle).email)) for handle in both}
    assert [title for title in TITLES if title in words["stays"]] == list(TITLES)
    assert "Canary" not in words["goes"]


def test_mail_and_push_that_wait_for_the_end_of_quiet_hours_do_not_leave(
    space: Space,
    home: Space,
    mailing: Mailbox,
    service: Service,  # noqa: F811 - the fixture
    pushing: dict[str, str],  # noqa: F811 - the fixture
    both: dict[str, Visitor],
    run_jobs: RunJobs,
    clock: Clock,
) -> None:
    hour = utcnow().hour
    for handle, who in both.items():
        row = row_of(one(handle).id)
        row.quiet_from, row.quiet_until = hour, (hour + 2) % 24
        who.post("/notifications/push", service.subscription(handle))
    tell_everybody(space, home, run_jobs, *both)
    mailing.clear()
    service.came.clear()
    clock(utcnow() + 3 * HOUR)
    run_jobs()
    titles = {handle: [str(mail["Subject"]) for mail in mailing.to(one(handle).email)] for handle in both}
    assert [title for title in TITLES if any(title in subject for subject in titles["stays"])] == list(TITLES)
    assert not [subject for subject in titles["goes"] if "Canary" in subject]
    labels = {handle: pushed_to(service, handle) for handle in both}
    inside = {str(kinds.kind(key).label) for key in ("reply", "offer", "expert", "duty")}
    assert inside <= labels["stays"] and not inside & labels["goes"]


def test_a_place_that_closed_is_not_named(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    club, ann = a_space("club", name="Canary club", visibility="members"), a_member("ann")
    accounts.grant(ann, SPACE_MEMBER, club.id, by_id=None)
    run_jobs()
    who = login_as("ann")
    assert "You can read Canary club now." in who.get("/notifications").text
    accounts.revoke(ann, SPACE_MEMBER, club.id, by_id=None)
    run_jobs()
    who.get("/notifications")
    assert "You can read" not in who.text and "You no longer belong to Canary club." in who.text


def test_every_kind_says_who_may_still_read_it(app: Flask) -> None:
    silent = {key for key, kind in kinds._known.items() if kind.reads is None}
    assert silent - OF_THREADS - OWN == set()


def test_a_full_list_costs_as_many_statements_as_a_short_one(
    space: Space, home: Space, login_as: LoginAs, run_jobs: RunJobs, count_statements: CountStatements
) -> None:
    who, costs = helps_until_soon(login_as, home, "stays", ends=False), list[int]()
    tell_everybody(space, home, run_jobs, "stays")
    for number in (0, 5):
        for _ in range(number):
            again(space, home)
        run_jobs()
        with count_statements() as sent:
            who.get("/notifications")
        costs.append(len(sent))
    assert costs[0] == costs[1], sent


def again(space: Space, home: Space) -> None:
    """More of the same."""
    member, mia = one("stays"), one("mia")
    question = db.session.scalars(select(ExpertQuestion)).first()
    assert question is not None
    asked = experts.ask(question.pool, asker_id=member.id, title="Canary question", body="Why?", thread_id=None)
    experts.take(asked, by_id=mia.id)
    a_reply(a_thread(space, member, title="Canary thread"), mia)
    duty.plan(home.id, Plan(0, 60, 120, member.id), zone="UTC", by_id=None)
    offers.invite(Said("test", "Canary offer", "Try it.", 5, None), by_id=mia.id)
