"""Views are counted outside of the request."""

import pytest
from flask import Flask

from community.core.db import db
from community.forum import operations
from community.forum.reading import viewing
from tests.factories import a_thread


@pytest.fixture(autouse=True)
def uncounted() -> None:
    """Nothing is left from other tests."""
    viewing._views.clear()


def test_views_are_brought_over_in_one_go(app: Flask) -> None:
    one, two = a_thread(), a_thread()
    db.session.commit()
    for thread_id in (one.id, two.id, one.id):
        viewing.count(thread_id)
    db.session.commit()
    assert viewing.flush() == 2
    assert viewing.flush() == 0
    assert (db.session.merge(one).view_count, db.session.merge(two).view_count) == (2, 1)


def test_a_failure_costs_some_views_and_no_thread(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    turns = iter([False, False, True])

    class Pause:
        """Ends the loop after two turns."""

        def wait(self, seconds: float) -> bool:
            return next(turns)

    def fail() -> int:
        raise OSError("gone")

    monkeypatch.setattr(viewing.threading, "Event", Pause)
    monkeypatch.setattr(viewing, "flush", fail)
    viewing._keep_flushing(app)
    assert caplog.text.count("views could not be counted") == 2


def test_a_thread_of_its_own_counts(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[Flask] = []
    monkeypatch.setattr(viewing, "_keep_flushing", done.append)
    before = set(viewing.threading.enumerate())
    viewing.start(app)
    for thread in set(viewing.threading.enumerate()) - before:
        thread.join(5)
    assert done == [app]


def test_restricting_twice_is_restricting_once(app: Flask) -> None:
    thread = a_thread()
    operations.restrict(thread, by_id=None)
    version = thread.version
    operations.restrict(thread, by_id=None)
    assert (thread.restricted, thread.version) == (True, version)
