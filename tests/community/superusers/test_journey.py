"""A super user's whole term: asked, agreed, away, backed up, told of the end, and without any right at its minute."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from bridge.promotion.duty import look_when_nobody_is_there
from bridge.promotion.looking import look_at_due
from community.accounts.loading import actor_for
from community.accounts.models import Member
from community.core.db import db, utcnow
from community.core.jobs import enqueue
from community.core.policies import permissions
from community.forum.models import Thread
from community.notifications.models import Notification
from community.notifications.planning import row_of
from community.spaces.models import Space
from community.superusers.agreements.models import Agreement
from community.superusers.appointing.models import NOTICE, Appointment
from community.superusers.appointing.time import look_at_terms
from community.superusers.inner.offers import operations as offers
from community.superusers.inner.offers.operations import Said
from community.superusers.inner.place import inner_space
from tests.bridge.promotion.acts import hours
from tests.community.notifications.conftest import mailing, plain  # noqa: F401 - a fixture
from tests.community.notifications.test_pushing import Service, keys, pushing, service  # noqa: F401 - fixtures
from tests.community.superusers.duty.test_absences import Server, ics, server, whole  # noqa: F401 - fixtures
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.security.visiting import every_address, known
from tests.servers import Mailbox
from tests.visit import Visitor

MONDAY = datetime(2026, 6, 1, 8, tzinfo=UTC)
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
# Pages that tell visitors how to sign in, or that end a session.
LEFT_OUT = ("/sign-out", "/static", "/assets")


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def home(app: Flask, clock: Any, login_as: LoginAs, run_jobs: RunJobs) -> Space:
    """A space that Ben looks after, its people, and the inner space."""
    space = a_space("home", name="Workplace")
    for handle, role in (("mia", "manager"), ("jo", "agent"), ("ann", "member"), ("rob", "member")):
        a_member(handle, role=role).time_zone = "UTC"
    a_member("ben", super_user_in=[space])
    mia = login_as("mia")
    mia.get("/inner")
    mia.submit("/inner/space")
    hours()
    run_jobs()
    return space


def one(handle: str) -> Member:
    return db.session.scalars(select(Member).where(Member.handle == handle)).one()


def titles(handle: str) -> list[str]:
    wanted = select(Notification.title).where(Notification.member_id == one(handle).id)
    return list(db.session.scalars(wanted.order_by(Notification.id)))


def appointed(login_as: LoginAs) -> Appointment:
    """The provider asks Ann for four months, and she accepts."""
    mia, ann = login_as("mia"), login_as("ann")
    mia.get("/appointments/new", space="home", handle="ann")
    mia.submit("#appoint", ends="2026-09-30", tags="vpn")
    found = db.session.scalars(select(Appointment)).one()
    ann.get(f"/appointments/{found.id}")
    ann.submit("#answer form", button="yes")
    return found


def agreed(login_as: LoginAs) -> Agreement:
    """Written with Ben as the backup, and signed by both parties."""
    mia, ann = login_as("mia"), login_as("ann")
    mia.get("/agreements/new", handle="ann")
    words = {"areas": "VPN", "text": "Ann answers three hours a week.", "backup": "ben"}
    mia.submit("#agreement", begins="2026-06-01", ends="2026-09-30", **words)
    found = db.session.scalars(select(Agreement)).one()
    mia.submit(f"/agreements/{found.id}/sending")
    for who in (mia, ann):
        who.get(f"/agreements/{found.id}")
        who.submit("#sign")
    return found


def on_duty(reader: Visitor, thread: Thread) -> str:
    """Who is around by the page of a thread."""
    reader.get(f"/threads/{thread.id}")
    return next(part.get_text(" ", strip=True) for part in reader.select("section") if "On duty now" in part.get_text())


def test_ann_is_appointed_goes_away_and_is_backed_up(
    home: Space,
    clock: Any,
    login_as: LoginAs,
    run_jobs: RunJobs,
    server: Server,  # noqa: F811 - the fixture
) -> None:
    found = appointed(login_as)
    run_jobs()
    assert "Ann accepts the appointment as a super user" in titles("mia")
    assert agreed(login_as).state == "in_force"
    plan_every_day(login_as("mia"))
    ann, rob, jo = (login_as(handle) for handle in ("ann", "rob", "jo"))
    before = a_thread(home, one("rob"), title="Where is the manual")
    assert "Ann" in on_duty(rob, before)

    server.body = ics(whole("20260602", "20260612"))
    ann.get("/my/absences")
    ann.submit("#calendar-form", url=server.url)
    run_jobs()
    assert "Ann" in on_duty(rob, before)
    clock.move_to(MONDAY + DAY)
    thread = a_thread(home, one("rob"), title="The tunnel is shut")
    around = on_duty(rob, thread)
    assert "Ben" in around and "Ann" not in around

    for hours_later in (0, 9):
        clock.shift(hours_later * HOUR)
        pass_time(run_jobs)
        assert thread.title not in jo.get("/desk/suggestions").text
    ben_goes_away_too(login_as)
    clock.shift(HOUR)
    pass_time(run_jobs)
    assert "Nobody is on duty at this hour." in on_duty(rob, thread)
    assert thread.title in jo.get("/desk/suggestions").text

    clock.move_to(MONDAY + 12 * DAY)
    assert "Ann" in on_duty(login_as("rob"), thread)
    told_once_thirty_days_before(found, clock, run_jobs)


def plan_every_day(who: Visitor) -> None:
    """Ann has the whole week; no turn names a backup, the agreement does."""
    for weekday in range(7):
        who.get("/spaces/home/roster/turns/new")
        typed = {"weekday": str(weekday), "begins": "00:00", "ends": "00:00", "member": str(one("ann").id)}
        who.submit("#turn-form", **typed)


def ben_goes_away_too(login_as: LoginAs) -> None:
    ben = login_as("ben")
    ben.get("/my/absences")
    ben.submit("#absence-form", first="2026-06-02", last="2026-06-11")


def told_once_thirty_days_before(found: Appointment, clock: Any, run_jobs: RunJobs) -> None:
    end = found.ends_at
    assert end is not None
    for moment, told in ((end - NOTICE - SECOND, 0), (end - NOTICE, 1), (end - DAY, 1)):
        clock.move_to(moment)
        look_at_terms()
        db.session.commit()
        run_jobs()
        assert sum("Your term as a super user ends on" in title for title in titles("ann")) == told
        assert sum("The term of Ann as a super user ends on" in title for title in titles("mia")) == told


def pass_time(run_jobs: RunJobs) -> None:
    """The timetables have their turns."""
    look_when_nobody_is_there()
    enqueue(look_at_due)
    db.session.commit()
    run_jobs()


def opened(client: FlaskClient, addresses: list[str]) -> set[str]:
    """The addresses that lead to a page."""
    return {address for address in addresses if client.get(address).status_code == 200}


def rights_of(handle: str, home: Space) -> set[str]:
    """Every right that somebody holds somewhere."""
    who = actor_for(one(handle).id)
    held = {name for name, right in permissions.items() if who.can(right) or who.can_somewhere(right)}
    return held | {f"{name} here" for name, right in permissions.items() if who.can(right, space_id=home.id)}


WRITES: tuple[tuple[str, dict[str, str]], ...] = (
    ("/my/duty/hours/15", {}),
    ("/spaces/home/roster/zone", {"zone": "Asia/Shanghai"}),
    ("/deviations/new", {"rule": "charter", "which": "One", "why": "Because", "done": "Two"}),
)


def test_at_the_minute_of_the_end_every_right_is_gone(
    app: Flask, home: Space, clock: Any, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    found = appointed(login_as)
    run_jobs()
    inner = inner_space()
    assert inner is not None and found.ends_at is not None
    a_thread(inner, one("mia"), title="Secret plan of the provider")
    a_reply(a_thread(home))
    end = found.ends_at
    clock.move_to(end - SECOND)
    ann, second, rob = login_as("ann"), login_as("ann"), login_as("rob")
    values = defaultdict(lambda: ["1"], known())
    addresses = [each for each in every_address(app, values) if not each.startswith(LEFT_OUT)]
    plain_rights, plain_pages = rights_of("rob", home), opened(rob.client, addresses)
    before_rights, before_pages = rights_of("ann", home), opened(ann.client, addresses)
    more_rights, more_pages = before_rights - plain_rights, before_pages - plain_pages
    assert {"moderation.review here", "duty.help", "inner.enter"} <= more_rights
    assert {"/review", "/inner", "/my/duty", "/spaces/home/manage", f"/spaces/{inner.slug}"} <= more_pages
    ann.get("/")
    assert ann.select('a[href="/inner"]') and ann.select('a[href="/review"]')
    ann.get("/threads")
    assert "Secret plan" in ann.text
    for path, data in WRITES:
        ann.post(path, data)

    clock.move_to(end)  # no job has run
    own = {f"/appointments/{found.id}", "/deviations", "/deviations/1"}  # what they were asked, what they told
    for session in (ann, second):
        assert opened(session.client, sorted(more_pages)) <= own
        for path in ("/", "/threads", "/search?q=secret", "/super-users"):
            session.get(path)
            assert "Secret plan" not in session.text
            assert not session.select('a[href="/inner"]') and not session.select('a[href="/review"]')
        for path, data in WRITES:
            session.post(path, data, status=404)
    assert rights_of("ann", home) == plain_rights


def test_news_that_wait_do_not_leave_after_the_end(
    home: Space,
    clock: Any,
    login_as: LoginAs,
    run_jobs: RunJobs,
    mailing: Mailbox,  # noqa: F811 - the fixture
    service: Service,  # noqa: F811 - the fixture
    pushing: dict[str, str],  # noqa: F811 - the fixture
) -> None:
    found = appointed(login_as)
    run_jobs()
    inner, end = inner_space(), found.ends_at
    assert inner is not None and end is not None
    row = row_of(one("ann").id)
    row.quiet_from, row.quiet_until = 20, 6
    clock.move_to(end - HOUR)
    login_as("ann").post("/notifications/push", service.subscription())
    mailing.clear()
    a_reply(a_thread(inner, one("ann"), title="Canary thread"), one("mia"), body="Canary words")
    offers.invite(Said("test", "Canary offer", "Canary text", 5, None), by_id=one("mia").id)
    run_jobs()
    login_as("ann").get("/notifications")
    assert {"Canary thread", "You are invited: Canary offer"} <= set(titles("ann"))
    clock.move_to(end + 12 * HOUR)
    run_jobs()
    offers.invite(Said("test", "Canary later", "Canary text", 5, None), by_id=one("mia").id)
    run_jobs()
    letters = [str(mail["Subject"]) + plain(mail) for mail in mailing.to(one("ann").email)]
    assert not [letter for letter in letters if "Canary" in letter]
    assert service.came == []
    assert "You are invited: Canary later" not in titles("ann")
    ann = login_as("ann")
    ann.get("/notifications")
    assert "Canary" not in ann.text
    assert utcnow() > end
