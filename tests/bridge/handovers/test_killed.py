"""With each real desk: the worker is killed again and again, the desk falls silent, answers get lost, pushes repeat.

Afterwards every query is at the desk exactly once, and every word crossed exactly once in each direction, in order.
"""

import dataclasses
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from bridge.handovers import keys
from bridge.handovers.models import DeskMessage, DeskRoute, HandOver, HandOverState, MessageState, ServiceDesk
from bridge.handovers.polling import poll_all, read_again
from bridge.handovers.sealing import seal
from bridge.queries.models import Query, QueryThread
from community import public
from community.accounts.models import Member
from community.core.db import db, utcnow
from community.core.jobs import Delivery, enqueue
from community.forum.models import Thread
from tests.bridge.connectors.benches import Bench, desk_of
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.factories.bridge import a_query

HAND_OVERS = 100
KILLS = 20
TALKATIVE = 12
LOOK_FOR = 15.0
SAYS = 3
PATIENCE = 600.0


@contextmanager
def working(app: Flask, folder: Path) -> Iterator[Callable[[], None]]:
    """A worker; call what is given to kill it and start another."""
    settings = app.extensions["isthmus.settings"]
    kept = {each.name: getattr(settings, each.name) for each in dataclasses.fields(settings)}
    (folder / "settings.json").write_text(json.dumps(kept, default=str))
    running: list[subprocess.Popen[bytes]] = []

    def start() -> None:
        if running:
            running[-1].kill()
            running[-1].wait()
        (folder / "ready").unlink(missing_ok=True)
        command = [sys.executable, "-m", "tests.bridge.handovers.worker_that_dies", str(folder)]
        with (folder / "worker.log").open("ab") as log:
            running.append(subprocess.Popen(command, stdout=log, stderr=log))
        end = time.monotonic() + PATIENCE
        while not (folder / "ready").exists():
            assert running[-1].poll() is None and time.monotonic() < end, (folder / "worker.log").read_text()[-2000:]
            time.sleep(0.02)

    start()
    try:
        yield start
    finally:
        running[-1].kill()
        running[-1].wait()


def connected(bench: Bench) -> ServiceDesk:
    """The real desk, getting every query."""
    settings = bench.settings
    desk = ServiceDesk(
        key=settings.key,
        name=settings.key,
        kind=settings.kind,
        url=settings.url,
        options=dict(settings.options),
        statuses=dict(settings.statuses),
        sealed=seal(settings.secrets),
        allow_private=True,
        speaker_id=a_member("desk-team", role="agent", name="Support team").id,
    )
    desk.routes = [DeskRoute()]
    db.session.add(desk)
    db.session.flush()
    return desk


def waiting() -> int:
    """How much has not arrived yet."""
    db.session.rollback()
    unsent = db.session.scalar(select(func.count(HandOver.id)).where(HandOver.state != HandOverState.SENT)) or 0
    unsaid = select(func.count(DeskMessage.id)).where(DeskMessage.state.in_(("queued", "sending", "dead")))
    unheard = select(func.count(Delivery.id)).where(
        Delivery.handler.startswith("bridge.handovers.handlers."), Delivery.state != "done"
    )
    return unsent + (db.session.scalar(unsaid) or 0) + (db.session.scalar(unheard) or 0)


def under_way() -> set[tuple[object, ...]]:
    """Steps that were begun and not written down as done, each try one of its own."""
    db.session.rollback()
    sending = select(HandOver.id, HandOver.lease).where(HandOver.state == HandOverState.SENDING)
    saying = select(DeskMessage.id, DeskMessage.attempts, HandOver.lease).join(
        HandOver, HandOver.id == DeskMessage.hand_over_id
    )
    saying = saying.where(DeskMessage.state == MessageState.SENDING)
    return {tuple(row) for row in (*db.session.execute(sending), *db.session.execute(saying))}


def something_new_under_way(before: set[tuple[object, ...]]) -> bool:
    """Wait until the worker is in the midst of a step that it had not begun `before`; a slow machine needs seconds."""
    end = time.monotonic() + LOOK_FOR
    while not (met := under_way() - before) and time.monotonic() < end:
        no_more_pauses()
        time.sleep(0.02)
    return bool(met)


def no_more_pauses() -> None:
    """What waits for its turn after a failure need not wait as long as it would in earnest."""
    soon = utcnow() + timedelta(seconds=1)
    db.session.execute(update(HandOver).where(HandOver.next_try_at > soon).values(next_try_at=soon))
    db.session.execute(update(Delivery).where(Delivery.state == "due", Delivery.run_at > soon).values(run_at=soon))
    db.session.execute(update(ServiceDesk).where(ServiceDesk.paused_until > soon).values(paused_until=soon, failures=0))
    db.session.commit()


def until(done: Callable[[], bool], what: str) -> None:
    """Wait for it, and shorten the pauses on the way."""
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end, f"{what}: {waiting()} still wait"
        no_more_pauses()
        time.sleep(0.5)


@pytest.mark.skipif("ISTHMUS_TEST_DESKS" not in os.environ, reason="minutes for each desk: make desks")
@pytest.mark.databases("postgresql")  # the desks' speed is what counts here; SQLite is asked in `test_crossing`
def test_whatever_dies_each_query_and_each_word_crosses_once(app: Flask, bench: Bench, tmp_path: Path) -> None:
    desk = desk_of(bench)
    fate = random.Random(7)
    at_desk = connected(bench)
    ann, space = a_member("ann"), a_space()
    threads = [a_thread(space, ann, title=f"The printer {number} stops") for number in range(HAND_OVERS)]
    (tmp_path / "shaky").touch()
    with working(app, tmp_path) as kill_and_start:
        queries, cut_off = _killed_again_and_again(threads, ann, tmp_path, kill_and_start, fate)
        until(lambda: _enough_lost(tmp_path) or waiting() == 0, "answers that are lost")
        (tmp_path / "shaky").unlink()
        until(lambda: waiting() == 0, "what was cut off")
        assert cut_off >= KILLS // 4, f"only {cut_off} of {KILLS} kills met anything under way: this proves too little"
        assert _enough_lost(tmp_path), "no answer was lost: this proves nothing"
        for thread in threads[:TALKATIVE]:
            for number in range(SAYS):
                a_reply(thread, ann, body=f"later word {number}")
        db.session.commit()
        until(lambda: waiting() == 0, "the way there")
        told = _agents_speak(bench, at_desk, kill_and_start, fate)
        until(lambda: all(_said(thread) == told[thread.id] for thread in threads[:TALKATIVE]), "the way back")
    sent = {row.query_id: row for row in db.session.scalars(select(HandOver))}
    assert [bench.reference_count(sent[query.id].ref) for query in queries] == [1] * HAND_OVERS
    for thread, query in zip(threads[:TALKATIVE], queries, strict=False):
        own = [post.body for post in public.post_snapshots(thread.id) if post.origin != "desk"][1:]
        there = [words.text for words in desk.get(sent[query.id].remote_id).comments if keys.mark_in(words.text)]
        assert [text.split("\n")[0] for text in there] == own
        assert _said(thread) == told[thread.id]


def _killed_again_and_again(
    threads: list[Thread], ann: Member, folder: Path, kill_and_start: Callable[[], None], fate: random.Random
) -> tuple[list[Query], int]:
    """Queries and words go out while the worker dies twenty times; the queries, and how many deaths cut into a step."""
    queries: list[Query] = []
    cut_off = 0
    db.session.commit()
    for kill in range(KILLS):
        before = under_way()
        queries += [a_query(thread) for thread in threads[len(queries) : len(queries) + HAND_OVERS // KILLS]]
        for number in range(4):
            a_reply(fate.choice(threads[: min(len(queries), TALKATIVE)]), ann, body=f"own word {kill} {number}")
        no_more_pauses()
        if kill == 10:
            (folder / "down").touch()
        if kill == 13:
            (folder / "down").unlink()
        down = (folder / "down").exists()
        met = not down and something_new_under_way(before)
        time.sleep(fate.uniform(0.0, 0.15 if met else 1.0))
        cut_off += bool(under_way() - before)
        kill_and_start()
    return queries, cut_off


def _enough_lost(folder: Path) -> bool:
    """Whether a query was made and words were taken without our hearing of it."""
    lost = folder / "lost"
    return lost.exists() and {"create", "add_comment"} <= set(lost.read_text().split())


def _agents_speak(
    bench: Bench, at_desk: ServiceDesk, kill_and_start: Callable[[], None], fate: random.Random
) -> dict[int, list[str]]:
    """People at the desk answer; pushes of it come three times and shuffled; the worker dies meanwhile."""
    told: dict[int, list[str]] = {}
    ways = db.session.execute(
        select(HandOver.query_id, HandOver.remote_id).order_by(HandOver.id).limit(TALKATIVE)
    ).all()
    for number in range(SAYS):
        for query_id, remote_id in ways:
            thread_id = _thread_of(query_id)
            told.setdefault(thread_id, []).append(f"answer {number} to {thread_id}")
            bench.agent_reply(remote_id, told[thread_id][-1])
            bench.agent_note(remote_id, f"CANARY {number}")
        hints = [remote_id for _query_id, remote_id in ways] * 3
        fate.shuffle(hints)
        for hint in hints:
            read_again(at_desk.id, [hint])
        enqueue(poll_all)
        db.session.commit()
        time.sleep(fate.uniform(0.2, 1.5))
        kill_and_start()
    return told


def _thread_of(query_id: int) -> int:
    return db.session.scalars(select(QueryThread.thread_id).where(QueryThread.query_id == query_id)).one()


def _said(thread: Thread) -> list[str]:
    db.session.rollback()
    return [post.body for post in public.post_snapshots(thread.id) if post.origin == "desk"]
