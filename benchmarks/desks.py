"""How long a query takes to a real desk, and a word back: `python -m benchmarks.desks [--queries 100] [DESK ...]`.

Then how long it takes until all that waited are there, carried one at a time and `--at-once`. Desks on the same machine
answer at once and share its processors; with `--far 300` each answer takes so many milliseconds longer.

The worker runs as it does in earnest, woken by each commit. Beside the hand-over stands the desk's own call that makes
a query, measured in the same run. The desks are those of the tests and need what those need.
"""

import argparse
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from rich.console import Console
from rich.progress import track
from rich.table import Table
from sqlalchemy import func, select

from bridge.desks import connecting
from bridge.desks.contract import Desk, DeskSettings, Outgoing
from bridge.handovers.models import DeskMessage, HandOver, HandOverState, ServiceDesk
from bridge.handovers.polling import poll
from bridge.handovers.sending import call
from community.accounts.models import Member
from community.core import migrating
from community.core.app import create_app
from community.core.db import db, transaction, utcnow
from community.core.jobs import Delivery
from community.core.settings import Settings
from community.core.worker import run_in_thread
from community.spaces.models import Space
from tests.bridge.connectors.benches import BENCHES, Bench, desk_of
from tests.bridge.handovers.test_killed import connected
from tests.bridge.handovers.worker_that_dies import ASKS
from tests.factories import a_member, a_space, a_thread
from tests.factories.bridge import a_query
from tests.servers import scratch_folder

console = Console()
PATIENCE = 3600.0
SINGLE = 30
TOGETHER = 20


def main() -> None:
    """Measure each desk in turn and print one table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.desks", description=__doc__)
    parser.add_argument("desks", nargs="*", default=list(BENCHES), help=", ".join(BENCHES))
    parser.add_argument("--queries", type=int, default=100, help="how many wait at once to be drained")
    parser.add_argument("--at-once", type=int, nargs="*", default=[1, 4], help="how many are carried at the same time")
    parser.add_argument("--far", type=int, default=0, help="milliseconds that each answer takes longer")
    options = parser.parse_args()
    table = Table("desk", "own create ms p50 / p95", "hand-over ms p50 / p95", "word back ms p50 / p95", "drained")
    for name in options.desks:
        with BENCHES[name]() as bench, served(bench, max(options.at_once), options.far / 1000) as app:
            drained = [drain(app, options.queries, at_once) for at_once in options.at_once]
            table.add_row(name, *measured(app, bench), "\n".join(drained))
    console.print(table)


class Far:
    """A desk that is far away: each of its answers takes longer."""

    def __init__(self, desk: Desk, seconds: float) -> None:
        self._desk, self._seconds = desk, seconds

    def __getattr__(self, name: str) -> Any:
        asked = getattr(self._desk, name)
        return partial(self._ask, asked) if name in ASKS else asked

    def _ask(self, asked: Callable[..., object], *arguments: object) -> object:
        time.sleep(self._seconds)
        return asked(*arguments)


def _far(make: Callable[[DeskSettings], Desk], seconds: float) -> Callable[[DeskSettings], Any]:
    return lambda settings: Far(make(settings), seconds)


@contextmanager
def served(bench: Bench, threads: int, far: float) -> Iterator[Flask]:
    """An installation with a worker, its queries going to the desk and the desk's pushes coming in."""
    with ExitStack() as stack:
        home = stack.enter_context(scratch_folder("bench-desks"))
        settings = Settings(home=Path(home), secret_key="x" * 40, database_url=f"sqlite:///{home}/isthmus.db")
        app = create_app(settings)
        kind = bench.settings.kind
        connecting.KINDS[kind] = _far(connecting.KINDS[kind], far)
        migrating.upgrade(app)
        with app.app_context(), transaction():
            connected(bench)
        stack.callback(run_in_thread(app, threads=threads))
        over = threading.Event()
        forwarding = threading.Thread(target=_forward, args=(app, bench, over), daemon=True)
        forwarding.start()
        stack.callback(forwarding.join)
        stack.callback(over.set)
        yield app


def _forward(app: Flask, bench: Bench, over: threading.Event) -> None:
    """Bring what the desk pushed to our address, as the desk would."""
    client = app.test_client()
    while not over.wait(0.005):
        while bench.pushes:
            headers, body = bench.pushes.pop(0)
            client.post(f"/desks/{bench.settings.key}/push", data=body, headers=headers)


def measured(app: Flask, bench: Bench) -> list[str]:
    """The figures of single queries and words at one desk."""
    own = _own_calls(app, bench)
    over = [_hand_over(app) for _number in track(range(SINGLE), "one by one", transient=True)]
    back = [_word_back(app, bench, number) for number in track(range(SINGLE), "back", transient=True)]
    pushed = desk_of(bench).capabilities().push
    words = _figures(back) if pushed else f"poll: {_figures(back)}, at most a minute later"
    return [_figures(own), _figures(over), words]


def drain(app: Flask, queries: int, at_once: int) -> str:
    """How long it takes until all are there that waited while none was carried."""
    _let_at_once(app, 0)
    _wait_in_line(app, queries)
    _until(app, lambda: _due() == 0)
    begun = time.monotonic()
    _let_at_once(app, at_once)
    _until(app, lambda: _unsent() == 0, pause=0.2)
    spent = time.monotonic() - begun
    return f"{at_once} at once: {queries} in {spent:.0f} s ({queries / spent:.1f}/s)"


def _let_at_once(app: Flask, at_once: int) -> None:
    with app.app_context(), transaction():
        desk = db.session.scalars(select(ServiceDesk)).one()
        desk.at_once = at_once
        db.session.flush()
        call(desk.id)


def _due() -> int:
    now = Delivery.state.in_(("due", "running")), Delivery.run_at <= utcnow()
    return db.session.scalar(select(func.count(Delivery.id)).where(*now)) or 0


def _wait_in_line(app: Flask, queries: int) -> None:
    """A few in each transaction: the worker writes meanwhile, and SQLite has one writer at a time."""
    with app.app_context(), transaction():
        author, space = a_member().id, a_space().id
    for first in range(0, queries, TOGETHER):
        with app.app_context(), transaction():
            who, where = db.session.get_one(Member, author), db.session.get_one(Space, space)
            for number in range(first, min(first + TOGETHER, queries)):
                a_query(a_thread(where, who, title=f"Waiting {number}"))


def _own_calls(app: Flask, bench: Bench) -> list[float]:
    """The desk's own way of making a query, without us."""
    desk = desk_of(bench)
    with app.app_context(), transaction():
        a_query(a_thread())
    _until(app, lambda: _unsent() == 0)
    with app.app_context():
        kept = db.session.scalars(select(HandOver)).first()
        assert kept is not None
        outgoing = Outgoing.from_dict(kept.outgoing)
    found = []
    for number in range(SINGLE):
        begun = time.monotonic()
        desk.create(replace(outgoing, ref=f"bench-{time.monotonic_ns()}-{number}"))
        found.append(time.monotonic() - begun)
    return found


def _hand_over(app: Flask) -> float:
    begun = time.monotonic()
    with app.app_context(), transaction():
        a_query(a_thread())
    _until(app, lambda: _unsent() == 0)
    return time.monotonic() - begun


def _word_back(app: Flask, bench: Bench, number: int) -> float:
    """From the agent's words until they are here: told by a push, else by a poll that begins at once."""
    with app.app_context(), transaction(read_only=True):
        remote_id = db.session.scalars(select(HandOver.remote_id).order_by(HandOver.id.desc())).first() or ""
        desk_id = db.session.scalars(select(ServiceDesk.id)).one()
    bench.agent_reply(remote_id, f"word {number}")
    begun = time.monotonic()
    if not desk_of(bench).capabilities().push:
        with app.app_context():
            poll(desk_id=desk_id)
    _until(app, lambda: _received(f"word {number}") == 1)
    return time.monotonic() - begun


def _unsent() -> int:
    return db.session.scalar(select(func.count(HandOver.id)).where(HandOver.state != HandOverState.SENT)) or 0


def _received(text: str) -> int:
    return db.session.scalar(select(func.count(DeskMessage.id)).where(DeskMessage.text == text)) or 0


def _until(app: Flask, done: Callable[[], bool], *, pause: float = 0.004) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with app.app_context(), transaction(read_only=True):
            if done():
                return
            desk = db.session.scalars(select(ServiceDesk)).first()
            failed = desk.last_error if desk else ""
        time.sleep(pause)
    raise TimeoutError(f"it did not arrive: {failed}")


def _figures(seconds: list[float]) -> str:
    ordered = sorted(second * 1000 for second in seconds)
    return f"{statistics.median(ordered):.0f} / {ordered[int(len(ordered) * 0.95)]:.0f}"


if __name__ == "__main__":
    main()
