"""Many windows that save at the same moment: each text is kept, and the limit holds."""

import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from community.core.db import db, transaction
from community.drafts import operations
from community.drafts.models import Draft, DraftKind, Place
from community.drafts.operations import Basis, TooManyDrafts, Words
from tests.factories import a_member

TIMES = 12
PLACE = Place(DraftKind.REPLY, 7)


def at_once(app: Flask, what: Callable[[int], object]) -> None:
    """Do it TIMES times in parallel, each in a transaction of its own."""
    db.session.commit()
    start = Barrier(TIMES)

    def one(number: int) -> None:
        start.wait()
        with app.app_context(), suppress(TooManyDrafts), transaction():
            what(number)

    with ThreadPoolExecutor(TIMES) as pool:
        list(pool.map(lambda number: contextvars.Context().run(one, number), range(TIMES)))
    db.session.expire_all()


def bodies() -> list[str]:
    return sorted(db.session.scalars(select(Draft.body)))


def test_no_window_overwrites_another(app: Flask) -> None:
    ann = a_member("ann").id
    at_once(app, lambda number: operations.keep(ann, PLACE, Words(body=f"{number:02}"), Basis(writer=f"w{number}")))
    assert bodies() == [f"{number:02}" for number in range(TIMES)]
    keys = set(db.session.scalars(select(Draft.key)))
    assert "reply:7" in keys
    assert len(keys) == TIMES


def test_all_go_on_with_one_draft_and_none_is_lost(app: Flask) -> None:
    ann = a_member("ann").id
    first = operations.keep(ann, PLACE, Words(body="first"), Basis())
    basis = (first.id, first.version)
    at_once(app, lambda number: operations.keep(ann, PLACE, Words(body=f"{number:02}"), Basis(*basis, f"w{number}")))
    assert bodies() == [f"{number:02}" for number in range(TIMES)]


def test_the_limit_holds(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "MOST", 5)
    ann = a_member("ann").id
    at_once(app, lambda number: operations.keep(ann, PLACE, Words(body=f"{number:02}"), Basis()))
    assert len(bodies()) == 5
