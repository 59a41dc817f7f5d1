"""Addresses from shapes that were found once are those that Flask builds."""

import pytest
from flask import Flask, url_for

from community.core.addresses import address, init_app

MORE: tuple[dict[str, object], ...] = (
    {},
    {"page": 3},
    {"order": "helpful", "_anchor": "reply"},
    {"q": "a b&%"},
    {"next": None},
    {"next": "/threads/7"},
    {"next": "//threads"},
    {"next": "/"},
)


@pytest.mark.databases("sqlite")  # asks no database
def test_addresses_are_those_that_flask_builds(app: Flask) -> None:
    with app.test_request_context("/"):
        for more in MORE:
            wanted = url_for("forum.thread", thread_id=7, **more)
            assert [address("forum.thread", thread_id=7, **more) for _ in range(2)] == [wanted, wanted]
        for handle in ("ann", "ann-b", "安", "a b", "100%", "/ann", "/"):
            wanted = url_for("accounts.profile", handle=handle)
            assert [address("accounts.profile", handle=handle) for _ in range(2)] == [wanted, wanted]


def test_a_route_that_takes_only_certain_words_gets_them() -> None:
    tiny = Flask("tiny")
    init_app(tiny)
    tiny.add_url_rule("/verbs/<any(accept, refuse):verb>/<int:number>", "verbs")
    with tiny.test_request_context("/"):
        for number in (1, 2):
            assert address("verbs", verb="refuse", number=number) == f"/verbs/refuse/{number}"
