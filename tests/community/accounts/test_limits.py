"""Rate limits, where they are enforced."""

from collections.abc import Iterator

import pytest
from flask import Flask

from community.core.app import limiter
from tests.conftest import PASSWORD, MakeApp
from tests.factories import a_member
from tests.visit import Visitor


@pytest.fixture
def limited(make_app: MakeApp) -> Iterator[Flask]:
    """An application that counts requests; the counter belongs to the process, so it is switched off again."""
    before = limiter.enabled
    app = make_app(testing=False)
    with app.app_context():
        limiter.reset()
        yield app
        limiter.reset()
    limiter.enabled = before


def test_guessing_passwords_is_slowed_down(limited: Flask) -> None:
    ann = a_member("ann")
    visitor = Visitor(limited)
    visitor.get("/sign-in")
    for _ in range(10):
        visitor.submit("main form", email=ann.email, password="a wrong guess", status=422)
    visitor.submit("main form", email=ann.email, password=PASSWORD, status=429)
    assert "That was a little fast" in visitor.text
    visitor.get("/sign-in")
    visitor.get("/")


def test_asking_for_letters_is_slowed_down(limited: Flask) -> None:
    visitor = Visitor(limited)
    visitor.get("/forgotten")
    for number in range(10):
        visitor.post("/forgotten", {"email": f"p{number}@example.org"})
    visitor.post("/forgotten", {"email": "p11@example.org"}, status=429)


def test_a_failure_inside_is_told_without_its_cause(limited: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> str:
        raise RuntimeError("canary-of-the-cause")

    broken.access = limited.view_functions["pages.about"].access  # type: ignore[attr-defined]
    monkeypatch.setitem(limited.view_functions, "pages.help", broken)
    visitor = Visitor(limited)
    visitor.get("/help", status=500)
    assert "Something broke on our side" in visitor.text
    assert "canary" not in visitor.html
