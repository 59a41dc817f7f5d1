"""Spaces: who sees which, what their pages say, and what a change of visibility does."""

import pytest
from flask import Flask

from tests.conftest import LoginAs
from tests.factories import a_member, a_space, a_thread
from tests.visit import Visitor

INSIDERS = ("reader", "helper", "agent", "manager", "admin")
PATHS = ("/spaces/inner", "/spaces/inner/about")


def test_spaces_are_listed_by_name(app: Flask, visitor: Visitor) -> None:
    for name in ("Workplace", "Finance", "Printing"):
        a_space(name.lower(), name=name)
    visitor.get("/spaces")
    listed = [link for link in visitor.links("main a") if link.startswith("/spaces/") and "about" not in link]
    assert list(dict.fromkeys(listed)) == ["/spaces/finance", "/spaces/printing", "/spaces/workplace"]


def test_a_members_only_space_is_seen_by_its_readers_only(app: Flask, login_as: LoginAs) -> None:
    inner = a_space("inner", visibility="members", name="The inner space")
    a_thread(inner, title="An inner matter")
    other = a_space("other")
    a_member("reader", member_of=[inner])
    a_member("helper", super_user_in=[inner])
    a_member("far", super_user_in=[other], member_of=[other])
    for role in ("agent", "manager", "admin"):
        a_member(role, role=role)
    for handle in ("", "far", *INSIDERS):
        visitor = login_as(handle) if handle else Visitor(app)
        inside = handle in INSIDERS
        for path in PATHS:
            assert visitor.client.get(path).status_code == (200 if inside else 404), (handle, path)
        assert visitor.client.get("/feeds/inner.atom").status_code == 404  # feeds are for everybody, or for nobody
        visitor.get("/spaces")
        assert ("The inner space" in visitor.text) == inside
        visitor.get("/threads")
        assert ("An inner matter" in visitor.text) == inside
        visitor.get("/promise")
        assert ("The inner space" in visitor.text) == inside


def test_who_may_not_read_a_space_may_not_ask_there(app: Flask, login_as: LoginAs) -> None:
    a_space("open")
    inner = a_space("inner", visibility="members")
    a_member("ann")
    ann = login_as("ann")
    ann.get("/ask", space="inner")
    assert "inner" not in [option["value"] for option in ann.select("#space option")]
    data = {
        "title": "A fine title for it",
        "body": "Words enough to be read",
        "kind": "question",
        "space": "inner",
        "tags": "",
    }
    ann.post("/ask", data, status=422)
    assert inner.thread_count == 0


def test_a_standing_that_ended_opens_nothing(app: Flask, login_as: LoginAs) -> None:
    from datetime import timedelta

    from community.core.db import utcnow

    inner = a_space("inner", visibility="members")
    ann = a_member("ann", member_of=[inner])
    visitor = login_as("ann")
    visitor.get("/spaces/inner")
    ann.grants[0].until = utcnow() - timedelta(seconds=1)
    visitor.get("/spaces/inner", status=404)


def test_the_page_about_a_space(app: Flask, visitor: Visitor) -> None:
    space = a_space("print", name="Printing")
    space.charter_html, space.promise_hours = "<p>Be <strong>kind</strong>.</p>", 4
    a_member("sue", name="Sue Hale", super_user_in=[space])
    visitor.get("/spaces/print/about")
    assert visitor.page.heading == "Printing" or "Printing" in visitor.page.heading
    assert "Sue Hale" in visitor.text
    assert visitor.select("strong")


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({}, {"A question", "An idea"}),
        ({"kind": "idea"}, {"An idea"}),
        ({"tag": "vpn"}, {"A question"}),
        ({"state": "solved"}, set()),
        ({"state": "unanswered"}, {"A question"}),
        ({"state": "nonsense", "kind": "nonsense", "order": "nonsense"}, {"A question", "An idea"}),
    ],
)
def test_a_space_can_be_narrowed(app: Flask, visitor: Visitor, query: dict[str, str], titles: set[str]) -> None:
    space = a_space("print")
    a_thread(space, title="A question", tags=["vpn"])
    a_thread(space, title="An idea", kind="idea")
    a_thread(title="Somewhere else")
    visitor.get("/spaces/print", **query)
    assert {row.get_text(strip=True) for row in visitor.select("main .row__title")} == titles


def test_pinned_threads_come_first(app: Flask, visitor: Visitor) -> None:
    space = a_space("print")
    a_thread(space, title="Read this first").pinned = True
    a_thread(space, title="Something newer")
    visitor.get("/spaces/print")
    assert visitor.select("main .row__title")[0].get_text(strip=True) == "Read this first"


def test_long_lists_come_in_pages(app: Flask, visitor: Visitor) -> None:
    space, ann = a_space("print"), a_member("ann")
    for number in range(30):
        a_thread(space, ann, title=f"Thread number {number}")
    visitor.get("/spaces/print")
    assert len(visitor.select("main .row__title")) == 25
    visitor.get("/spaces/print", page=2)
    assert len(visitor.select("main .row__title")) == 5
    visitor.get("/spaces/print", page=3, status=404)
