import contextvars
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

from bridge import cli, seeding
from bridge.demo import letters
from bridge.demo.reading import Told, read
from bridge.handovers.models import HandOver, HandOverState
from bridge.queries.models import IN_WORK, Query, QueryStep
from community.core import cli as kernel_cli
from community.core.db import db
from community.core.jobs import Delivery
from community.core.policies import Role
from community.demo import cli as demo_cli
from community.demo import loading
from community.forum import operations as forum
from community.forum.models import Thread
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_thread
from tests.factories.bridge import a_query
from tests.visit import Visitor


def _demo() -> list[Told]:
    queries: list[Told] = read("queries.toml")["query"]
    return queries


def _everybody() -> None:
    for person in loading.read("community.demo", "members.toml")["member"]:
        a_member(handle=person["handle"], role=Role.AGENT)


def test_the_demo_is_loaded_in_the_past(app: Flask, run_jobs: RunJobs) -> None:
    told = _demo()
    _everybody()
    rows = {key: a_thread(title=f"Thread {key}").id for query in told for key in query["threads"]}
    solved = next(query["threads"][0] for query in told if query["status"] == "resolved")
    thread = db.session.get_one(Thread, rows[solved])
    forum.accept(thread, a_reply(thread), by_id=thread.author_id)
    now = datetime.now(UTC)
    assert seeding.seed(rows, now) == len(told)
    assert db.session.scalar(select(func.count(Query.id))) == len(told)
    found = {query.title: query for query in db.session.scalars(select(Query))}
    for query in told:
        row = found[f"Thread {query['threads'][0]}"]
        wanted = "closed" if query["threads"][0] == solved else query["status"]
        assert row.status == wanted, row.title
        assert row.query_class == query["class"]
        assert row.reclassified_count == ("came_as" in query)
        assert row.received_at < now
        assert (row.restricted, row.major) == (row.query_class == "suspicious_activity", bool(query.get("major")))
    assert all(at <= now for at in db.session.scalars(select(QueryStep.at)))
    run_jobs()


def test_queries_without_their_threads_are_left_out(app: Flask) -> None:
    now, nowhere = datetime.now(UTC), {key: 999_999 for query in _demo() for key in query["threads"]}
    assert seeding.seed({}, now) == 0
    with pytest.raises(LookupError, match="there is no member admin"):
        seeding.seed(nowhere, now)
    _everybody()
    with pytest.raises(LookupError, match="thread 999999 is not there"):
        seeding.seed(nowhere, now)


def test_letters_need_a_query_that_went_to_a_desk(app: Flask) -> None:
    query = a_query()
    for act in (lambda: letters.send(query.id), lambda: letters.release(query.id, by_id=1)):
        with pytest.raises(LookupError, match="has nothing of the kind"):
            act()


class World:
    """The demo world as its people see it."""

    def __init__(self, login_as: LoginAs) -> None:
        self._login_as = login_as
        self._visitors: dict[str, Visitor] = {}

    def load(self) -> str:
        """Run the command; what it says."""
        runner = CliRunner()
        db.session.commit()
        result = contextvars.Context().run(runner.invoke, demo_cli.seed_demo, [], catch_exceptions=False)
        db.session.expire_all()
        return result.output

    def text(self, handle: str, path: str) -> str:
        """A page as somebody reads it, with what its fields hold."""
        page = self._visitor(handle).get(path)
        fields = [*page.soup.select("textarea"), *page.soup.select("input[value]")]
        return " ".join([page.text, *(str(each.get("value") or each.text) for each in fields)])

    def window(self, handle: str, title: str) -> str:
        """What the thread's page says of its way to the desk."""
        self._visitor(handle).get(self.thread(title))
        return " ".join(found.get_text(" ", strip=True) for found in self._visitor(handle).select("#window"))

    def refused(self, handle: str, *paths: str) -> None:
        """These pages are not there for somebody."""
        for path in paths:
            self._visitor(handle).get(path, status=404)

    def thread(self, title: str) -> str:
        """The address of a thread by the beginning of its title."""
        found = select(Thread.id).where(Thread.title.startswith(title))
        return f"/threads/{db.session.scalars(found).one()}"

    def query(self, title: str) -> str:
        """The address of a query at the desk."""
        return f"/desk/queries/{db.session.scalars(select(Query.id).where(Query.title.startswith(title))).one()}"

    def _visitor(self, handle: str) -> Visitor:
        if handle not in self._visitors:
            self._visitors[handle] = self._login_as(handle, password=loading.PASSWORD)
        return self._visitors[handle]


def test_the_demo_shows_what_the_bridge_does(
    app: Flask, login_as: LoginAs, monkeypatch: pytest.MonkeyPatch, run_jobs: RunJobs
) -> None:
    monkeypatch.setattr(kernel_cli, "application", lambda: app)
    world = World(login_as)
    assert "threads." in world.load()
    queries = db.session.scalar(select(func.count(Query.id)))
    _people_step_in(world)
    _staff_decide(world)
    _rules_are_shown(world)
    _a_desk_is_connected(world)
    _classes_are_counted(world)
    run_jobs()
    assert not db.session.scalars(select(Delivery.error).where(Delivery.error != "")).all()
    assert "there already" in world.load()
    assert db.session.scalar(select(func.count(Query.id))) == queries


def _people_step_in(world: World) -> None:
    """A countdown, a claim and a hold, with buttons for those who may step in only."""
    assert "Goes to the service desk" in world.window("ingrid", "Camera in meeting room")
    assert "wait" not in world.window("ingrid", "Camera in meeting room")
    assert "I look at it, wait" in world.window("priya", "Camera in meeting room")
    for handle in ("ingrid", "priya"):
        assert "A super user looks at it until" in world.window(handle, "My own stamps are gone")
        assert "Yusuf drives one tablet" in world.window(handle, "Forklift tablets")
    assert "Let it go on" in world.window("priya", "Forklift tablets")
    assert "Let it go on" not in world.window("ingrid", "Forklift tablets")


def _staff_decide(world: World) -> None:
    """Suggestions are for the desk and the super users of the space; what was dismissed is silent."""
    listed = world.text("jonas", "/desk/suggestions")
    for title in (
        "Camera in meeting room",
        "My own stamps",
        "Forklift tablets",
        "成品库 PDA",
        "New machine depreciates",
    ):
        assert title in listed
    assert "Adwoa Mensah proposes it" in listed
    assert "跟欧洲开 Teams 会" not in world.text("jonas", "/desk/suggestions?rule=standstill-zh")
    assert "Suggested to the service desk" in world.window("mei-ling", "成品库 PDA")
    assert not world.window("lihua", "成品库 PDA")
    assert not world.window("ingrid", "New machine depreciates")
    world.refused("ingrid", "/desk/suggestions")
    world.refused("priya", "/desk/suggestions")


def _rules_are_shown(world: World) -> None:
    """Hours and rules, everywhere and in spaces, for those who set them."""
    rules = world.text("admin", "/admin/promotion-rules")
    for said in (
        "Three people have it too",
        "waits 2 hours",
        "Work stands still",
        "gold",
        "Project Tern",
        "Switched off here",
    ):
        assert said in rules
    assert "现场停线或发货受阻" in world.text("admin", "/admin/promotion-rules?space=china")
    hours = world.text("admin", "/admin/promotion-rules/hours")
    assert "Europe/Oslo" in hours
    assert "Constitution Day" in hours
    hours = world.text("admin", "/admin/promotion-rules/hours?space=china")
    assert "Asia/Shanghai" in hours
    assert "国庆节" in hours
    assert "Constitution Day" not in hours
    world.refused("jonas", "/admin/promotion-rules", "/admin/promotion-rules/hours")


def _a_desk_is_connected(world: World) -> None:
    """One query was answered by letter, of which one is said and one held; another waits."""
    assert set(db.session.scalars(select(HandOver.state))) == {HandOverState.SENT}
    assert "Facilities helpdesk" in world.text("admin", "/admin/desks")
    assert "Worked on at Facilities helpdesk, Ticket #2041" in world.text("jonas", world.query("Floor box"))
    assert "The electrician comes tomorrow" in world.text("jonas", "/desk/mail")
    said = world.text("ingrid", world.thread("Floor box"))
    assert "A clamp has come loose" in said
    assert "The electrician comes tomorrow" not in said
    sockets = world.query("Two more three-phase sockets")
    assert "Worked on at Facilities helpdesk" in world.text("jonas", sockets)
    assert "yellow pillar" in world.text("ingrid", world.thread("Two more three-phase"))
    world.refused("lihua", world.thread("Two more three-phase"))
    world.refused("ingrid", sockets, "/desk/mail", "/admin/desks")


def _classes_are_counted(world: World) -> None:
    """Wrong classes are counted, for managers."""
    assert "3 were wrong" in world.text("oksana", "/desk/triage")
    world.refused("jonas", "/desk/triage")


def test_the_command_lists_the_queue(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    query = a_query(a_thread(title="VPN drops"))
    assert query.status in IN_WORK
    db.session.commit()
    monkeypatch.setattr(kernel_cli, "application", lambda: app)
    result = CliRunner().invoke(cli.list_queries, [], catch_exceptions=False)
    assert query.reference in result.output
    assert "VPN drops" in result.output
