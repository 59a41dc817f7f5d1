"""Every address with every method, for everybody, on everything: as the table in `expected.py` says."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, url_for
from sqlalchemy import Engine, event
from werkzeug.test import TestResponse

from community.core.db import db
from tests.conftest import LoginAs
from tests.security.expected import COMMUNITY, Route
from tests.security.expected_appointing import APPOINTING
from tests.security.expected_arranging import ARRANGING
from tests.security.expected_duty import DUTY
from tests.security.expected_entry import ENTRY
from tests.security.expected_gates import GATES
from tests.security.expected_groups import GROUPS
from tests.security.expected_inner import INNER
from tests.security.expected_measures import MEASURES
from tests.security.expected_messages import MESSAGES
from tests.security.expected_programme import PROGRAMME
from tests.security.expected_recognition import RECOGNITION
from tests.security.expected_upper import ADMITTED, UPPER
from tests.security.world import ACTORS, Thing, World, build

TABLE = COMMUNITY | UPPER | ARRANGING | GROUPS | MESSAGES | INNER | MEASURES | ENTRY | GATES | PROGRAMME | DUTY
TABLE |= APPOINTING | RECOGNITION
SAFE = {"HEAD", "OPTIONS"}
WRITES = ("INSERT", "UPDATE", "DELETE")
EXEMPT = {"notifications.unsubscribe", "pushes.push"}
TOKEN = re.compile(r'(name="csrf-token" content|name="csrf_token" value)="[^"]*"')


def asked(app: Flask) -> set[tuple[str, str]]:
    """Every (method, endpoint) of the application."""
    return {(m, rule.endpoint) for rule in app.url_map.iter_rules() for m in (rule.methods or set()) - SAFE}


def test_every_route_is_in_the_table(app: Flask) -> None:
    assert asked(app) - set(TABLE) == set(), "say in tests/security/expected.py who may use these"


def rehearse() -> None:
    """Instead of a commit: what was done was right, and is undone, so that each request meets the same world."""
    db.session.flush()
    db.session.rollback()


@pytest.fixture
def written(app: Flask) -> Iterator[list[str]]:
    """Statements that write."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(WRITES):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield sent
    event.remove(Engine, "before_cursor_execute", note)


def ask(app: Flask, world: World, method: str, endpoint: str, args: Any, data: Any) -> TestResponse:
    """One request of the world's actor, in a browser of its own."""
    with app.test_request_context():
        path = url_for(endpoint, **args)
    client = app.test_client()
    if world.cookie:
        client.set_cookie("isthmus", world.cookie)
    return client.open(path, method=method, data=dict(data) or None)


def kind_of(answer: TestResponse) -> str:
    """An answer in one word."""
    if answer.status_code == 302 and re.match(r"/sign-in(\?|$)", answer.headers["Location"]):
        return "sign in"
    return "done" if answer.status_code < 400 else str(answer.status_code)


def expected_of(route: Route, actor: str, thing: Thing) -> str:
    """What the table says."""
    if actor == "anonymous" and not route.public:
        return "sign in"
    if not route.may(actor, thing):
        return "404"
    if route.good == ADMITTED:
        return "admitted"
    return str(route.good) if route.good else "done"


def agrees(answer: str, expected: str) -> bool:
    """Whether an answer is what the table says."""
    return answer in ("done", "400", "409", "422") if expected == "admitted" else answer == expected


@pytest.mark.parametrize("actor", ACTORS)
def test_everybody_can_do_exactly_what_the_table_says(
    app: Flask, actor: str, login_as: LoginAs, written: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = build(actor, login_as)
    monkeypatch.setattr(db.session, "commit", rehearse, raising=False)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    wrong, writing = [], []
    for method, endpoint in sorted(asked(app) & set(TABLE)):
        route = TABLE[method, endpoint]
        for name in route.things:
            thing = world.things[name]
            written.clear()
            answer = ask(app, world, method, endpoint, route.args(world, thing), route.sent(world, thing))
            if not agrees(kind_of(answer), expected_of(route, actor, thing)):
                expectation = expected_of(route, actor, thing)
                wrong.append(f"{method} {endpoint} on {name}: {kind_of(answer)}, not {expectation}")
            if method == "GET" and written:
                writing.append(f"{endpoint}: {written[0]}")
    assert not wrong, "\n".join(wrong)
    assert not writing, "\n".join(writing)


def test_unknown_things_look_like_forbidden_ones(
    app: Flask, login_as: LoginAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = build("other", login_as)
    monkeypatch.setattr(db.session, "commit", rehearse, raising=False)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    unknown = Thing("others", 99_999, 99_999, "0" * 24 + ".png", "nobody")
    different = []
    for (method, endpoint), route in sorted(TABLE.items()):
        if len(route.things) < 6 or (method, endpoint) not in asked(app):
            continue
        forbidden = ask(
            app, world, method, endpoint, route.args(world, world.things["restricted"]), route.sent(world, unknown)
        )
        missing = ask(app, world, method, endpoint, route.args(world, unknown), route.sent(world, unknown))
        # A form's token carries the second it was made in.
        pages = [TOKEN.sub("", answer.get_data(as_text=True)) for answer in (forbidden, missing)]
        for thing, text in ((world.things["restricted"], 0), (unknown, 1)):
            for number in (thing.thread, thing.post, thing.file):
                pages[text] = re.sub(rf"(%2F|/){re.escape(str(number))}\b", "", pages[text])
        if forbidden.status_code != 404 or missing.status_code != 404 or pages[0] != pages[1]:
            different.append(f"{method} {endpoint}: {forbidden.status_code} and {missing.status_code}")
    assert not different, "\n".join(different)


@pytest.mark.parametrize("actor", ["anonymous", "member", "admin"])
def test_nothing_is_taken_without_its_token(app: Flask, actor: str, login_as: LoginAs) -> None:
    world = build(actor, login_as)
    taken = []
    for (method, endpoint), route in sorted(TABLE.items()):
        if method == "GET" or endpoint in EXEMPT or (method, endpoint) not in asked(app):
            continue
        if actor == "anonymous" and not route.public:
            continue
        answer = ask(
            app, world, method, endpoint, route.args(world, world.things["own"]), route.sent(world, world.things["own"])
        )
        if answer.status_code not in ({400} if actor != "member" else {400, 404}):
            taken.append(f"{method} {endpoint}: {answer.status_code}")
    assert not taken, "\n".join(taken)


def test_the_one_exemption_takes_only_the_one_click_of_mail_programs(app: Flask, login_as: LoginAs) -> None:
    world = build("anonymous", login_as)
    path = TABLE["POST", "notifications.unsubscribe"].args(world, world.things["own"])
    for data, status in (({}, 400), ({"List-Unsubscribe": "x"}, 400), ({"List-Unsubscribe": "One-Click"}, 200)):
        answer = ask(app, world, "POST", "notifications.unsubscribe", path, data)
        assert answer.status_code == status, data


def test_a_token_of_another_session_is_not_taken(app: Flask, login_as: LoginAs) -> None:
    from tests.visit import Visitor

    stranger = Visitor(app)
    stranger.get("/join")
    token = stranger.page.csrf_token
    a_world = build("member", login_as)
    thing = a_world.things["own"]
    data = {"body": "forged", "csrf_token": token}
    answer = ask(app, a_world, "POST", "forum.reply", {"thread_id": thing.thread}, data)
    assert answer.status_code == 400
