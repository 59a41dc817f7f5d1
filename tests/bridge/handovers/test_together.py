"""Several hand-overs are carried to one desk at once: as many as it may have, each once, heeding its pauses."""

import contextvars
import itertools
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from bridge.desks.contract import DeskBusyError, DeskUnreachableError
from bridge.handovers.models import HandOver, HandOverState, ServiceDesk
from bridge.handovers.sending import go_on, resume
from community.core.db import db
from community.core.jobs import Delivery, enqueue, run_all
from tests.bridge.declarative.conftest import guide_file
from tests.bridge.declarative.kontor import Kontor, KontorBench, kontor
from tests.bridge.handovers.conftest import Later
from tests.bridge.handovers.paper import Paper
from tests.bridge.handovers.test_killed import connected, waiting
from tests.conftest import RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.factories.bridge import a_query

ROOT = Path(__file__).parents[3]
PATIENCE = 60.0
QUERIES = 12
AT_ONCE = 3


class Crowded(Kontor):
    """The desk of the guide. It makes its first cases once as many as wanted are asked for at the same time."""

    def __init__(self, wanted: int) -> None:
        super().__init__()
        self.wanted, self.now, self.most = wanted, 0, 0
        self.met, self.counting = threading.Event(), threading.Lock()

    def answer(self, method: str, path: str, query: Mapping[str, str], body: Any, user: str) -> Any:
        if "changed_after" in query:  # the poller's, who carries nothing
            return super().answer(method, path, query, body, user)
        with self.counted():
            if method == "POST" and path.endswith("/cases"):
                self.met.wait(PATIENCE)
                time.sleep(0.02)  # one more would come now
            return super().answer(method, path, query, body, user)

    @contextmanager
    def counted(self) -> Iterator[None]:
        with self.counting:
            self.now += 1
            self.most = max(self.most, self.now)
            if self.now == self.wanted:
                self.met.set()
        try:
            yield
        finally:
            with self.counting:
                self.now -= 1


@contextmanager
def a_worker(home: Path, url: str, secret: str) -> Iterator[None]:
    """`isthmus worker` as operators start it, with two jobs at once."""
    search = "" if url.startswith("sqlite") else "postgresql:"
    env = {"ISTHMUS_HOME": str(home), "DATABASE_URL": url, "ISTHMUS_SECRET_KEY": secret, "SEARCH_URL": search}
    command = [sys.executable, "-m", "community.core.entry", "worker", "--jobs", "2"]
    with (home / "worker.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **env}, stdout=log, stderr=log)
    try:
        yield
        assert process.poll() is None, (home / "worker.log").read_text()[-2000:]
    finally:
        process.kill()
        process.wait()


def test_two_workers_carry_as_many_at_once_as_the_desk_may_have_each_once(
    app: Flask, database: str, tmp_path: Path
) -> None:
    (tmp_path / "desks").mkdir()
    (tmp_path / "desks" / "guide.toml").write_text(guide_file(), encoding="utf-8")
    there = Crowded(AT_ONCE)
    with kontor(desk=there) as (url, _), ExitStack() as workers:
        desk = connected(KontorBench(url, there))
        desk.kind, desk.at_once = "file:guide", AT_ONCE
        ann, space = a_member("ann"), a_space()
        threads = [a_thread(space, ann, title=f"The printer {number} stops") for number in range(QUERIES)]
        queries = [a_query(thread) for thread in threads]
        for thread, number in itertools.product(threads, range(3)):
            a_reply(thread, ann, body=f"later word {number}")
        db.session.commit()
        for _number in range(2):  # two jobs each: three at once are of both
            workers.enter_context(a_worker(tmp_path, database, app.extensions["isthmus.settings"].secret_key))
        end = time.monotonic() + PATIENCE
        while waiting():
            db.session.rollback()  # who reads here keeps SQLite's workers from writing
            assert time.monotonic() < end, (tmp_path / "worker.log").read_text()[-2000:]
            time.sleep(0.1)
        assert (there.met.is_set(), there.most) == (True, AT_ONCE)
        refs = db.session.scalars(select(HandOver.ref)).all()
        assert len(refs) == len(queries) == QUERIES
        assert Counter(case["xref"] for case in there.cases.values()) == Counter(refs)
        spoken = [[entry["text"].split("\n")[0] for entry in case["journal"]] for case in there.cases.values()]
        assert spoken == [[f"later word {number}" for number in range(3)]] * QUERIES


@pytest.fixture
def at_work(app: Flask) -> Iterator[Callable[[int], None]]:
    """Let so many workers in this process do what is due, until nothing is."""

    def work(workers: int) -> None:
        db.session.commit()
        with ThreadPoolExecutor(workers) as pool:
            done = [pool.submit(contextvars.Context().run, run_all, app) for _number in range(workers)]
            assert sum(each.result(PATIENCE) for each in done)
        db.session.expire_all()

    yield work


def states() -> Counter[str]:
    """How far the hand-overs are."""
    db.session.expire_all()
    return Counter(db.session.scalars(select(HandOver.state)))


def let_quick_jobs_be_done(app: Flask) -> None:
    """What follows a query at once; its way to the desk is left for later."""
    carrying = Delivery.handler.endswith(".carry_next")
    db.session.execute(update(Delivery).where(carrying).values(state="kept"))
    db.session.commit()
    contextvars.Context().run(run_all, app)
    db.session.execute(update(Delivery).where(Delivery.state == "kept").values(state="due"))
    db.session.commit()


def test_a_pause_that_one_is_told_holds_for_all_and_ends_with_one(
    app: Flask, desk: ServiceDesk, paper: Paper, at_work: Callable[[int], None], run_jobs: RunJobs, later: Later
) -> None:
    told, turns = threading.Event(), itertools.count()

    def ask_for_patience(moment: str) -> None:
        if moment == "create":
            if next(turns) == 0:
                assert told.wait(PATIENCE)
                time.sleep(0.2)  # the other's pause is written down meanwhile
            else:
                told.set()
                raise DeskBusyError("429", timedelta(minutes=10))

    paper.trouble = ask_for_patience
    for _number in range(8):
        a_query()
    let_quick_jobs_be_done(app)
    at_work(2)
    assert states() == {HandOverState.SENT: 1, HandOverState.FAILED: 1, HandOverState.QUEUED: 6}
    assert desk.paused_until is not None
    assert paper.log.count("create") == 2
    later(timedelta(minutes=9))
    enqueue(resume)
    at_work(4)
    assert paper.log.count("create") == 2
    alone: list[int] = []
    paper.trouble = lambda moment: alone.append(_under_way()) if moment == "create" else None
    later(timedelta(minutes=2))
    enqueue(resume)
    at_work(4)
    assert states() == {HandOverState.SENT: 8}
    assert alone[0] == 1, "the first after a pause goes alone"
    assert len({sheet.outgoing.ref for sheet in paper.sheets.values()}) == len(paper.sheets) == 8


def _under_way() -> int:
    with db.engine.connect() as connection:
        return connection.scalar(select(func.count(HandOver.id)).where(HandOver.lease != "")) or 0


def test_a_silence_that_several_meet_at_once_counts_as_one_outage(
    app: Flask, desk: ServiceDesk, paper: Paper, at_work: Callable[[int], None], run_jobs: RunJobs, later: Later
) -> None:
    all_here = threading.Barrier(4)

    def be_silent(moment: str) -> None:
        if moment == "find":
            all_here.wait(PATIENCE)
            raise DeskUnreachableError("connection refused")

    paper.trouble = be_silent
    for _number in range(8):
        a_query()
    let_quick_jobs_be_done(app)
    at_work(4)
    assert (desk.failures, paper.log.count("find")) == (3, 4)
    assert states() == {HandOverState.FAILED: 4, HandOverState.QUEUED: 4}
    paper.trouble = lambda _moment: None
    later(timedelta(minutes=2))
    enqueue(resume)
    at_work(4)
    assert states() == {HandOverState.SENT: 8}
    assert (desk.failures, desk.paused_until) == (0, None)


def test_what_comes_while_a_hand_over_is_carried_is_not_forgotten(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs
) -> None:
    query = a_query()
    run_jobs()
    way = db.session.scalars(select(HandOver)).one()
    asked: list[str] = []

    def ask_meanwhile(moment: str) -> None:
        if moment == "get" and not asked:
            asked.append(moment)
            contextvars.Context().run(_ask_again, app, way_id)

    way_id, paper.trouble = way.id, ask_meanwhile
    go_on(way)
    before = paper.log.count("get")
    run_jobs()
    assert query.id == way.query_id
    assert paper.log.count("get") == before + 2


def _ask_again(app: Flask, hand_over_id: int) -> None:
    with app.app_context():
        go_on(db.session.get_one(HandOver, hand_over_id))
        db.session.commit()
