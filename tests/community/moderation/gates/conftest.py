"""What tests of what is looked at before publishing share."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from community.core.db import at_time, db, utcnow
from community.forum.composing.timing import mark
from community.moderation.gates.holding import scope_of
from community.moderation.gates.models import GateRules, HeldWriting
from community.moderation.models import Case
from community.spaces.models import Space
from tests.conftest import LoginAs
from tests.factories import a_member, a_space
from tests.visit import Visitor

Opened = Callable[[float], str]


@pytest.fixture
def limits(app: Flask) -> Iterator[None]:
    """The installation limits newcomers and holds back by default, as it does outside of tests."""
    before = app.extensions["isthmus.settings"]
    app.extensions["isthmus.settings"] = replace(before, posting_limits=True)
    yield
    app.extensions["isthmus.settings"] = before


@pytest.fixture
def home(app: Flask) -> Space:
    """A space with Sue as its super user, Ann as somebody new, a manager, and another space with Olga."""
    home, far = a_space("home"), a_space("far")
    a_member("sue", super_user_in=[home])
    a_member("olga", super_user_in=[far])
    a_member("boss", role="manager")
    a_member("ann")
    return home


@pytest.fixture
def ann(home: Space, login_as: LoginAs) -> Visitor:
    return login_as("ann")


@pytest.fixture
def opened(app: Flask) -> Opened:
    """The mark of a form that was opened some seconds ago."""

    def made(seconds: float) -> str:
        with app.test_request_context(), at_time(utcnow() - timedelta(seconds=seconds)):
            return mark()

    return made


def asks(who: Visitor, title: str = "The lift stands still", status: int | None = None, **fields: object) -> None:
    """Ask in the space `home`, by the form of the page."""
    who.get("/ask")
    given = {"title": title, "space": "home", "body": f"{title}, since this morning."} | fields
    sends(who, "#ask-form", "/ask", given | {"kind": "question"}, status)


def replies(who: Visitor, thread_id: int, body: str, status: int | None = None, **fields: object) -> None:
    """Reply by the form of the thread's page."""
    who.get(f"/threads/{thread_id}")
    sends(who, "#reply-form", f"/threads/{thread_id}/replies", {"body": body} | fields, status)


def sends(who: Visitor, form: str, path: str, given: dict[str, object], status: int | None) -> None:
    """Send a form; where the page says beforehand that it is no use, as a page that was open since before would."""
    if who.select(f"{form} .btn--primary"):
        who.submit(form, status=status, **given)
    else:
        who.post(path, given, status=status)


def rules(space: Space | None = None, **numbers: int) -> None:
    """Set rules of a space."""
    scope = scope_of(space.id if space is not None else None)
    db.session.merge(GateRules(scope=scope, space_id=space.id if space else None, **numbers))
    db.session.flush()


def waiting() -> list[HeldWriting]:
    return list(db.session.query(HeldWriting).filter_by(state="waiting").order_by(HeldWriting.id))


def case_of(row: HeldWriting) -> Case:
    return db.session.scalars(select(Case).where(Case.kind == "held", Case.target_id == row.id)).one()


def decide(who: Visitor, row: HeldWriting, key: str, words: str = "", status: int | None = None) -> None:
    case = case_of(row)
    who.get(f"/review/{case.id}")
    who.post(f"/review/{case.id}/decision", {"decision": key, "words": words}, status=status)
