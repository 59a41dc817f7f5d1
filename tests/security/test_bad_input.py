"""Whatever is typed into a form or an address: an answer, never a failure, and nothing typed is lost."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.core.db import db
from tests.conftest import LoginAs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.security.test_matrix import EXEMPT, SAFE, TABLE, ask, asked, rehearse
from tests.security.world import build

EXAMPLES = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
NASTY = [
    "", " ", "\x00", "a\x00b", "\x01\x02\x1b",
    "\u202egnp.exe", "\u2066x", "\ud7ff\ufffe", "👩‍👩‍👧‍👦" * 20, "w" * 10_000, "字" * 400,
    "<script>alert(1)</script>", "' OR 1=1 --", "%(name)s {{ 7*7 }} {% x %}",
    "../../etc/passwd", "\r\n\r\n", "-1", "NaN",
    "1e309", "9" * 40, "٣", "#" * 300, "[" * 900, "@" * 300, "a@b", "ann@example.org", "\u200b", "=cmd|' /C calc'!A0",
    "x" * 40_000, "\t\n\t", "é" * 161, "İ" * 90, "ß" * 200,
]  # fmt: skip
WORDS = st.one_of(st.sampled_from(NASTY), st.text(max_size=300))


@dataclass(frozen=True)
class Form:
    """A form: where it is sent, its fields, who sends it, and what shows what was typed."""

    path: str
    fields: tuple[str, ...]
    who: str = ""
    kept: tuple[str, ...] = ()
    more: dict[str, str] = field(default_factory=dict)


FORMS = {
    "join": Form("/join", ("name", "email", "password"), kept=("name",)),
    "sign in": Form("/sign-in", ("email", "password")),
    "forgotten": Form("/forgotten", ("email",)),
    "preferences": Form(
        "/preferences", ("name", "about", "language", "time_zone", "theme", "avatar"), "ann", ("about",)
    ),
    "expertise": Form("/preferences/expertise", ("tags",), "ann", ("tags",)),
    "endorsement": Form("/people/ann/endorsements", ("tag",), "boss"),
    "password": Form("/password", ("current", "password", "again"), "ann"),
    "ask": Form("/ask", ("title", "body", "kind", "space", "tags"), "ann", ("title", "body", "tags")),
    "reply": Form("/threads/{thread}/replies", ("body", "reply_to"), "ann", ("body",)),
    "edit": Form("/posts/{post}/edit", ("title", "body", "tags", "reason"), "ann", ("title", "body")),
    "hide": Form("/posts/{post}/hiding", ("reason",), "ann", ("reason",)),
    "preview": Form("/preview", ("text",), "ann"),
    "draft": Form(
        "/drafts", ("draft_for", "draft_id", "draft_version", "draft_writer", "title", "body", "space", "x"), "ann"
    ),
    "message": Form("/messages/new", ("to", "subject", "body"), "boss", ("to", "subject", "body")),
    "notifications": Form("/notifications/preferences", ("reply-here", "x"), "ann"),
    "upload": Form("/files", ("file",), "ann"),
    "new space": Form(
        "/admin/spaces/new",
        ("name", "slug", "description", "charter", "language", "visibility", "run_by", "promise_hours", "tags"),
        "boss",
        ("name", "charter"),
    ),
    "role": Form("/admin/members/ann", ("role",), "boss"),
    "new organisation": Form(
        "/admin/organisations/new", ("name", "slug", "service_level", "mail_domains"), "boss", ("name", "mail_domains")
    ),
    "organisation of a member": Form("/admin/members/ann/organisation", ("organisation",), "boss"),
    "standing": Form("/admin/members/ann/standings", ("kind", "space_id"), "boss"),
}
QUERIES = {
    "/search": ("q", "page", "sort", "thread"),
    "/threads/{thread}": ("quote", "page", "order", "draft"),
    "/posts/{post}/revisions": ("older", "newer"),
    "/suggested-edits": ("post",),
    "/preferences": ("waiting",),
    "/bookmarks": ("show", "q", "page"),
    "/similar": ("q",),
    "/threads": ("kind", "state", "tag", "order", "page"),
    "/spaces/open": ("kind", "state", "tag", "order", "page"),
    "/ask": ("title", "space", "draft", "new"),
    "/drafts": ("x",),
    "/complete/people": ("q", "space"),
    "/complete/tags": ("q", "space"),
    "/complete/articles": ("q", "space"),
    "/admin/members": ("q", "page"),
    "/people": ("q", "tag", "who", "order", "page"),
    "/sign-in": ("next",),
    "/language/en": ("next",),
    "/notifications": ("page",),
    "/messages": ("q", "before"),
    "/messages/new": ("to",),
    "/feeds/threads.atom": ("page", "x"),
}


@pytest.fixture
def places(app: Flask, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Something to send forms to."""
    ann = a_member("ann")
    a_member("boss", role="admin")
    thread = a_thread(a_space("open"), ann)
    a_reply(thread, ann)
    db.session.commit()
    found = {"thread": thread.id, "post": thread.posts[0].id}
    db.session.commit()
    return found


def typed() -> st.SearchStrategy[dict[str, str]]:
    """Numbers of fields that are sent, with what is in them."""
    return st.dictionaries(st.integers(0, 8), WORDS, max_size=9)


@pytest.mark.parametrize("name", FORMS)
def test_no_form_fails(
    app: Flask, name: str, places: dict[str, int], login_as: LoginAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = FORMS[name]
    client = login_as(form.who).client if form.who else app.test_client()
    cookie = client.get_cookie("isthmus")
    monkeypatch.setattr(db.session, "commit", rehearse, raising=False)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    path = form.path.format(**places)

    @EXAMPLES
    @given(typed())
    def send(values: dict[int, str]) -> None:
        data: dict[str, Any] = {form.fields[n]: text for n, text in values.items() if n < len(form.fields)}
        browser = app.test_client()
        if cookie is not None:
            browser.set_cookie("isthmus", cookie.value)
        answer = browser.post(path, data=data)
        assert answer.status_code < 500
        if answer.status_code == 422 and answer.mimetype == "text/html":
            check_refusal(form, answer.get_data(as_text=True), data)

    send()


def check_refusal(form: Form, html: str, data: dict[str, str]) -> None:
    """A refused form says why beside the field and keeps what was typed."""
    if "<html" not in html:
        return
    page = BeautifulSoup(html, "lxml")
    errors = page.select("main .error")
    assert errors, "refused without a word beside a field"
    for name in form.kept:
        control = page.select_one(f"main [name='{name}']")
        assert control is not None
        given_text = "".join(data.get(name, "").split())
        if not given_text.isascii() or not given_text.isprintable():
            continue
        shown = control.get_text() if control.name == "textarea" else str(control.get("value", ""))
        if name in data:
            assert "".join(shown.split()) == given_text, name


ODD = [
    "", "\x00", "a\x00b", "\u00b2", "9" * 40, "-1", "2026-13-45", "0001-01-01", "9999-12-31", "0001-01-01T00:00",
    "9999-12-31T23:59",
    "[" * 900, "\u202e'\"<%\\", "x" * 20_000,
]  # fmt: skip


@pytest.mark.parametrize("actor", ["member", "admin"])
def test_no_field_of_any_route_fails(
    app: Flask, actor: str, login_as: LoginAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the table of routes sends that is right, one field after the other holds something odd."""
    world = build(actor, login_as)
    monkeypatch.setattr(db.session, "commit", rehearse, raising=False)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr(app, "testing", False)
    failing = []
    for method, endpoint in sorted(asked(app) & set(TABLE)):
        route = TABLE[method, endpoint]
        if method in SAFE | {"GET"} or endpoint in EXEMPT:
            continue
        thing = world.things["own" if "own" in route.things else next(iter(route.things))]
        right = dict(route.sent(world, thing) or {})
        for name in [name for name, value in right.items() if isinstance(value, str | int)]:
            for odd in ODD:
                answer = ask(app, world, method, endpoint, route.args(world, thing), right | {name: odd})
                if answer.status_code >= 500:
                    failing.append(f"{method} {endpoint}: {name} = {odd[:20]!r}")
    assert not failing, "\n".join(failing)


@pytest.mark.parametrize("path", QUERIES)
def test_no_address_fails(app: Flask, path: str, places: dict[str, int], login_as: LoginAs) -> None:
    names = QUERIES[path]
    client = login_as("boss").client

    @EXAMPLES
    @given(typed())
    def ask(values: dict[int, str]) -> None:
        query = {names[n]: text for n, text in values.items() if n < len(names)}
        assert client.get(path.format(**places), query_string=query).status_code < 500

    ask()


@pytest.mark.parametrize(
    "path",
    [
        "/threads/{}", "/posts/{}", "/people/{}", "/spaces/{}", "/spaces/{}/about", "/files/{}", "/avatars/{}",
        "/avatars/drawn/{}.svg", "/feeds/{}.atom", "/confirm/{}", "/reset/{}", "/unsubscribe/{}", "/language/{}",
        "/assets/x/{}", "/admin/members/{}", "/admin/spaces/{}", "/posts/{}/revisions",
    ],
)  # fmt: skip
def test_no_path_fails(app: Flask, path: str, places: dict[str, int], login_as: LoginAs) -> None:
    client = login_as("boss").client
    for word in [*NASTY, "99999999999999999999", str(2**63), str(2**31), "0", "-1"]:
        text = word.replace("%", "%25").replace("?", "%3F").replace("#", "%23")[:2000]
        assert client.get(path.format(text)).status_code < 500, repr(word)
