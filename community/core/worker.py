"""The worker: huey wakes it after each commit and keeps the timetable; what is to be done stands in the database."""

import threading
from collections.abc import Callable

from flask import Flask
from huey.api import Huey, PostgresHuey, RedisHuey, SqliteHuey, crontab
from huey.consumer import Consumer

from .db import transaction
from .jobs import enqueue_timetables, run_all
from .settings import Settings

_LOCK = 0x1574_306  # the search index has the number before it


def build(app: Flask) -> Huey:
    """The queue that the settings ask for, with its two tasks; also lets commits wake the worker."""
    queue = _queue(app.extensions["isthmus.settings"])

    def drain() -> None:
        run_all(app)

    def sweep() -> None:
        """Each minute: turns of the timetables, and whatever a crash left between commit and wake-up."""
        with app.app_context(), transaction():
            enqueue_timetables()
        run_all(app)

    wake: Callable[[], object] = queue.task(name="drain")(drain)
    queue.periodic_task(crontab(), name="sweep")(sweep)
    app.extensions["isthmus.queue"] = queue
    app.extensions["isthmus.wake"] = lambda: _quietly(app, wake)
    return queue


def _queue(settings: Settings) -> Huey:
    if settings.redis_url:
        return RedisHuey("isthmus", url=settings.redis_url)
    if settings.database_url.startswith("postgresql"):
        return _queue_in_postgresql(settings.database_url.replace("+psycopg", ""))
    return SqliteHuey("isthmus", filename=str(settings.home / "queue.db"))


def _queue_in_postgresql(url: str) -> Huey:
    """One process at a time makes the tables: PostgreSQL lets "create if not exists" fail when two do so at once."""
    queue = PostgresHuey("isthmus", dsn=url, create_tables=False)
    queue.storage.ddl.insert(0, f"select pg_advisory_xact_lock({_LOCK})")
    queue.storage.initialize_schema()
    return queue


def _quietly(app: Flask, wake: Callable[[], object]) -> None:
    """A queue that cannot be reached costs a minute, not the request: the sweep finds the work."""
    try:
        wake()
    except Exception:
        app.logger.exception("the worker could not be woken")


def consumer(queue: Huey, *, threads: int) -> Consumer:
    """A consumer that looks for work about twice a second at rest."""
    made: Consumer = queue.create_consumer(
        workers=threads, worker_type="thread", initial_delay=0.05, backoff=1.2, max_delay=0.5, flush_locks=True
    )
    return made


def run_in_thread(app: Flask, *, threads: int) -> Callable[[], None]:
    """Run the worker beside the web server in this process; call what is returned to stop it."""
    working = consumer(build(app), threads=threads)
    setattr(working, "_set_signal_handlers", lambda: None)  # noqa: B010 - signals belong to the main thread, which is the web server's
    thread = threading.Thread(target=working.run, name="isthmus-worker", daemon=True)
    thread.start()
    return lambda: working.stop(graceful=True)


def run_forever(app: Flask, *, threads: int) -> None:
    """Run the worker in this process until it is told to stop."""
    consumer(build(app), threads=threads).run()
