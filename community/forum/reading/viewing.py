"""Counting views outside the request: in memory, brought to the database now and then by a thread of its own."""

import threading
from collections import Counter

from flask import Flask
from sqlalchemy import update

from community.core.db import db, transaction

from ..models import Thread
from ..searching import log as searching_log
from . import marks as reading

FLUSH_SECONDS = 30

_lock = threading.Lock()
_views: Counter[int] = Counter()


def count(thread_id: int) -> None:
    """One more look at a thread; what a crash loses are some views of the last half minute."""
    with _lock:
        _views[thread_id] += 1


def flush() -> int:
    """Bring what was counted, what was read and what was searched for, to the database; the number of threads."""
    with _lock:
        counted = dict(_views)
        _views.clear()
    with transaction():
        for thread_id, views in sorted(counted.items()):
            db.session.execute(
                update(Thread).where(Thread.id == thread_id).values(view_count=Thread.view_count + views)
            )
        reading.flush()
        searching_log.flush()
    return len(counted)


def start(app: Flask) -> None:
    """Flush every half minute as long as the process lives."""
    threading.Thread(target=_keep_flushing, args=(app,), name="isthmus-views", daemon=True).start()


def _keep_flushing(app: Flask) -> None:
    pause = threading.Event()
    while not pause.wait(FLUSH_SECONDS):
        with app.app_context():
            try:
                flush()
            except Exception:
                app.logger.exception("views could not be counted")
