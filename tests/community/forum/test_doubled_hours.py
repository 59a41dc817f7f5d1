"""What happens in the second of the two hours that clocks show twice stays there while other things are changed."""

from datetime import UTC, datetime, timedelta

import time_machine
from flask import Flask

from community.core.db import db
from community.forum.dates import operations as dates
from community.forum.dates.models import ThreadEvent
from community.superusers.inner.gatherings.models import Gathering
from tests.conftest import LoginAs
from tests.factories import a_member, a_thread

SECOND = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # 02:30 in Amsterdam, for the second time
HOUR = timedelta(hours=1)
ZONE = "Europe/Amsterdam"


def test_an_event_stays_where_it_is(app: Flask, login_as: LoginAs) -> None:
    with time_machine.travel(SECOND - 24 * HOUR, tick=True):
        agent = a_member("sue", role="agent")
        thread = a_thread(None, agent, kind="announcement", title="The clocks are put back")
        dates.set_date(thread, dates.When(SECOND, SECOND + HOUR, ZONE), by_id=agent.id)
        sue, path = login_as("sue"), f"/threads/{thread.id}/event"

        def held() -> tuple[datetime, datetime, str]:
            row = db.session.get_one(ThreadEvent, thread.id, populate_existing=True)
            return row.starts_at, row.ends_at, row.place

        sue.get(path)
        sue.submit("main form", event_place="Room 4")
        assert held() == (SECOND, SECOND + HOUR, "Room 4")
        sue.get(path)
        sue.submit("main form", event_starts="2026-10-25T01:30")
        assert held()[:2] == (SECOND - 2 * HOUR, SECOND + HOUR)
        sue.get(path)
        sue.submit("main form", event_starts="2026-10-25T02:30")  # what is typed anew is the first of the two
        assert held()[:2] == (SECOND - HOUR, SECOND + HOUR)


def test_a_gathering_stays_where_it_is(app: Flask, login_as: LoginAs) -> None:
    with time_machine.travel(SECOND - 24 * HOUR, tick=True):
        a_member("mia", role="manager")
        mia = login_as("mia")
        mia.get("/inner/gatherings/new")
        said = {"title": "Night shift", "agenda": "Who is awake", "spaces": ["any"], "event_zone": ZONE}
        mia.submit("#gathering-form", event_starts="2026-10-25T02:30", **said)
        db.session.expire_all()
        made = db.session.query(Gathering).one()
        made.starts_at, made.ends_at = SECOND, SECOND + HOUR
        mia.get(f"/inner/gatherings/{made.id}/edit")
        mia.submit("#gathering-form", event_place="Room 4")
        db.session.expire_all()
        assert (made.starts_at, made.ends_at, made.place) == (SECOND, SECOND + HOUR, "Room 4")
