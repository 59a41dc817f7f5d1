"""News for later: nowhere before their time, everywhere after it, once."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from community.accounts.models import Member
from community.core.db import db, utcnow
from community.forum.models import Thread
from community.forum.scheduling import operations as scheduling
from community.forum.scheduling.operations import ScheduledNews
from community.notifications.models import Notification
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor

TITLE = "Maintenance of the quicksilver servers"
BODY = "On Sunday the quicksilver servers are off from eight to ten."
PLACES = ("/", "/news", "/threads", "/spaces/home", "/feeds/home.atom", "/feeds/threads.atom", "/search?q=maintenance")


@pytest.fixture
def meg(app: Flask, login_as: LoginAs) -> Visitor:
    """An agent; Ann takes part in the space, so that news concern her."""
    a_reply(a_thread(a_space("home")), a_member("ann"))
    a_member("meg", role="agent")
    return login_as("meg")


def when(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M")


def write(meg: Visitor, at: datetime, status: int | None = None) -> None:
    meg.get("/news/scheduled/new")
    meg.submit("#news-form", status=status, title=TITLE, body=BODY, space="home", at=when(at))


def the_one() -> ScheduledNews:
    return db.session.scalars(select(ScheduledNews)).one()


def publish_due() -> None:
    scheduling.publish_what_is_due()
    db.session.commit()


def seen(visitor: Visitor) -> list[str]:
    """Where the news are shown."""
    return [path for path in PLACES if "quicksilver servers" in visitor.client.get(path).get_data(as_text=True)]


def test_news_appear_at_their_time(meg: Visitor, login_as: LoginAs, visitor: Visitor, run_jobs: RunJobs) -> None:
    write(meg, utcnow() + timedelta(days=1))
    publish_due()
    run_jobs()
    ann = login_as("ann")
    assert seen(visitor) == seen(ann) == seen(meg) == []
    news = select(func.count()).select_from(Notification).where(Notification.kind == "announcement")
    assert db.session.scalar(news) == 0
    the_one().publish_at = utcnow() - timedelta(seconds=1)
    publish_due()
    publish_due()
    run_jobs()
    assert set(seen(visitor)) == set(PLACES)
    thread = db.session.scalars(select(Thread).where(Thread.title == TITLE)).one()
    assert (thread.kind, thread.space.thread_count) == ("announcement", 2)
    told = db.session.scalars(select(Member.handle).join(Notification, Notification.member_id == Member.id))
    assert "ann" in set(told)


def test_the_hour_is_that_of_whoever_writes(meg: Visitor) -> None:
    member = db.session.scalars(select(Member).where(Member.handle == "meg")).one()
    member.time_zone = "Asia/Shanghai"
    day = (utcnow() + timedelta(days=3)).replace(hour=9, minute=30, second=0, microsecond=0)
    write(meg, day)
    assert the_one().publish_at == day.astimezone(UTC) - timedelta(hours=8)
    meg.get(f"/news/scheduled/{the_one().id}")
    assert meg.select("#at")[0]["value"] == when(day)


def test_news_are_changed_published_at_once_or_cancelled(meg: Visitor, visitor: Visitor) -> None:
    for verb in ("publication", "cancellation"):
        write(meg, utcnow() + timedelta(days=1))
        meg.get(f"/news/scheduled/{the_one().id}")
        meg.submit("#news-form", title=f"{TITLE}, put off")
        assert the_one().title == f"{TITLE}, put off"
        meg.get("/news/scheduled")
        meg.submit(f"/news/scheduled/{the_one().id}/{verb}")
        assert db.session.scalar(select(func.count()).select_from(ScheduledNews)) == 0
    assert db.session.scalar(select(func.count()).select_from(Thread).where(Thread.title.contains("put off"))) == 1


def test_times_that_are_over_are_refused(meg: Visitor) -> None:
    for moment in (utcnow() - timedelta(hours=1), utcnow() + timedelta(days=400)):
        write(meg, moment, status=422)
        assert "Choose a time that is still to come" in meg.text


def test_who_may_no_longer_announce_publishes_nothing(meg: Visitor, login_as: LoginAs) -> None:
    write(meg, utcnow() + timedelta(days=1))
    member = db.session.scalars(select(Member).where(Member.handle == "meg")).one()
    member.role = "member"
    the_one().publish_at = utcnow() - timedelta(minutes=1)
    publish_due()
    assert the_one().held
    meg.get("/news/scheduled", status=404)
    a_member("max", role="manager")
    boss = login_as("max")
    boss.get("/news/scheduled")
    assert "Held back" in boss.text
    boss.get(f"/news/scheduled/{the_one().id}")
    boss.submit("#news-form", at=when(utcnow() + timedelta(days=1)))
    assert (the_one().held, the_one().author.handle) == (False, "max")


def test_members_do_not_learn_of_it(meg: Visitor, login_as: LoginAs, visitor: Visitor) -> None:
    write(meg, utcnow() + timedelta(days=1))
    ann, path = login_as("ann"), f"/news/scheduled/{the_one().id}"
    for address in ("/news/scheduled", "/news/scheduled/new", path):
        ann.get(address, status=404)
        visitor.get(address, status=302)
    ann.post(f"{path}/publication", status=404)
    ann.post(f"{path}/cancellation", status=404)
    assert the_one().title == TITLE
