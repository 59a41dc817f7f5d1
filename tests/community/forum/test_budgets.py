"""How many statements pages cost, and that the number does not grow with what they show."""

import pytest
from flask import Flask

from community.core.cache import cache
from tests.conftest import CountStatements, LoginAs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor

LISTS = ("/", "/threads", "/spaces/busy", "/unanswered", "/mine", "/unread", "/new", "/people", "/feeds/busy.atom")
BUDGETS = {
    "/": 8,
    "/threads": 5,
    "/spaces/busy": 6,
    "/unanswered": 5,
    "/mine": 5,
    "/unread": 5,
    "/new": 5,
    "/people": 5,
}
BUDGETS["/feeds/busy.atom"] = 4


def fill(rows: int) -> int:
    """A space with some threads, and one thread with as many replies; its id."""
    space = a_space("busy")
    writers = [a_member(f"w{number}") for number in range(rows)]
    for number, writer in enumerate(writers):
        a_thread(space, writer, title=f"Thread {number}", tags=["x"])
    thread = a_thread(space, writers[0], title="The long one")
    for writer in writers:
        a_reply(thread, writer, f"From {writer.handle}")
    return thread.id


def cost(visitor: Visitor, path: str, counting: CountStatements) -> int:
    """Statements of one visit, with nothing cached but what a second visit finds."""
    visitor.client.get(path)
    with counting() as sql:
        assert visitor.client.get(path).status_code == 200
    return len(sql)


def test_a_kept_page_costs_next_to_nothing(app: Flask, visitor: Visitor, count_statements: CountStatements) -> None:
    path = f"/threads/{fill(3)}"
    assert cost(visitor, path, count_statements) <= 3


@pytest.mark.parametrize("rows", [3, 19])
def test_a_thread_for_somebody_signed_in(
    app: Flask, rows: int, login_as: LoginAs, count_statements: CountStatements
) -> None:
    path = f"/threads/{fill(rows)}"
    assert cost(login_as("w0"), path, count_statements) <= 8


@pytest.mark.parametrize("path", LISTS)
def test_lists_cost_the_same_however_long_they_are(
    app: Flask, path: str, login_as: LoginAs, count_statements: CountStatements
) -> None:
    space, ann = a_space("busy"), a_member("ann")
    visitor, costs = login_as("ann"), []
    for _ in range(2):
        for _number in range(10):
            a_reply(a_thread(space, ann), a_member(super_user_in=[space]))
        costs.append(cost(visitor, path, count_statements))
    assert costs[0] == costs[1] <= BUDGETS[path]


def test_a_thread_costs_the_same_however_long_it_is(
    app: Flask, login_as: LoginAs, count_statements: CountStatements
) -> None:
    short, long = a_thread(), a_thread()
    for count, thread in ((3, short), (19, long)):
        for _ in range(count):
            a_reply(thread)
    a_member("ann")
    ann, visitor = login_as("ann"), Visitor(app)
    for who in (ann, visitor):
        costs = []
        for thread in (short, long):
            cache().clear()
            with count_statements() as sql:
                who.get(f"/threads/{thread.id}")
            costs.append(len(sql))
        assert costs[0] == costs[1]


def test_a_reply_costs_a_dozen(app: Flask, login_as: LoginAs, count_statements: CountStatements) -> None:
    path = f"/threads/{a_thread().id}"
    a_member("ann")
    ann = login_as("ann")
    ann.get(path)
    data = {"body": "A reply", "csrf_token": ann.page.csrf_token}
    with count_statements() as sql:
        assert ann.client.post(f"{path}/replies", data=data).status_code == 302
    assert len(sql) <= 12, "\n".join(sql)
