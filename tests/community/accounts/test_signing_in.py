"""Signing in and out, sign-ins as rows, cookies, where one goes on to."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from community.accounts import suspending
from community.accounts.models import SignIn, hash_token
from community.core.db import db, utcnow
from tests.community.accounts.letters import Letters
from tests.conftest import PASSWORD, LoginAs, MakeApp, RunJobs
from tests.factories import a_member
from tests.visit import SeparateClient, Visitor


def sign_in(visitor: Visitor, email: str, password: str = PASSWORD, **options: object) -> None:
    visitor.get("/sign-in")
    visitor.submit("main form", email=email, password=password, **options)  # type: ignore[arg-type]


def sign_ins() -> list[SignIn]:
    return list(db.session.scalars(select(SignIn).order_by(SignIn.id)))


def test_a_wrong_password_and_an_unknown_address_read_alike(app: Flask, visitor: Visitor) -> None:
    ann = a_member("ann")
    sign_in(visitor, ann.email, "wrong password", status=422)
    wrong = visitor.text
    sign_in(visitor, "nobody@example.org", "wrong password", status=422)
    assert visitor.text == wrong
    assert "do not belong together" in wrong
    assert visitor.select("#email")[0]["value"] == "nobody@example.org"
    assert "wrong password" not in visitor.html
    assert sign_ins() == []


def test_an_account_without_a_password_admits_nobody(app: Flask, visitor: Visitor) -> None:
    ann = a_member("ann")
    ann.password_hash = ""
    for guess in ("nobody has this password", PASSWORD):
        sign_in(visitor, ann.email, guess, status=422)


def test_passwords_are_the_same_however_their_letters_are_composed(app: Flask, visitor: Visitor) -> None:
    from community.accounts.operations import hash_password

    ann = a_member("ann")
    ann.password_hash = hash_password("caf\u00e9 au lait, please")
    sign_in(visitor, ann.email, "cafe\u0301 au lait, please")
    visitor.get("/mine")


def test_a_sign_in_ended_elsewhere_is_out_at_once(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    first, second = login_as("ann"), login_as("ann")
    first.get("/sign-ins")
    assert "This browser" in first.text
    (form,) = [form for form in first.select("form") if re.search(r"/sign-ins/\d+/end", str(form.get("action")))]
    first.submit(str(form["action"]))
    second.get("/mine", status=302)
    assert second.location.startswith("/sign-in")
    first.get("/mine")


def test_all_others_end_with_one_button(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    here, *others = [login_as("ann") for _ in range(3)]
    here.get("/sign-ins")
    here.submit("/sign-ins/end-others")
    for other in others:
        other.get("/mine", status=302)
    here.get("/mine")
    assert len(sign_ins()) == 1


def test_nobody_ends_the_sign_in_of_somebody_else(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    a_member("eve")
    ann = login_as("ann")
    (row,) = sign_ins()
    login_as("eve").post(f"/sign-ins/{row.id}/end", status=404)
    ann.get("/mine")


def test_signing_out_ends_the_row_and_a_kept_cookie_is_worthless(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    ann = login_as("ann")
    cookie = ann.client.get_cookie("isthmus")
    assert cookie is not None
    ann.post("/sign-out", follow=True)
    assert "You are signed out" in ann.text
    assert sign_ins() == []
    thief = Visitor(app)
    thief.client.set_cookie("isthmus", cookie.value)
    thief.get("/mine", status=302)


def test_a_sign_in_lasts_thirty_days(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    ann = login_as("ann")
    with time_machine.travel(utcnow() + timedelta(days=29)):
        ann.get("/mine")
    with time_machine.travel(utcnow() + timedelta(days=30, minutes=1)):
        ann.get("/mine", status=302)


def test_who_is_suspended_is_out_at_once_and_not_admitted(app: Flask, visitor: Visitor, login_as: LoginAs) -> None:
    ann = a_member("ann")
    browser = login_as("ann")
    suspending.suspend(ann, by_id=None)
    browser.get("/mine", status=302)
    sign_in(visitor, ann.email, status=422)
    assert "suspended" in visitor.text
    sign_in(visitor, ann.email, "a wrong password", status=422)
    assert "suspended" not in visitor.text
    suspending.reinstate(ann, by_id=None)
    sign_in(visitor, ann.email)


def test_the_database_keeps_no_token(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    ann = login_as("ann")
    (row,) = sign_ins()
    with ann.client.session_transaction() as session:
        token = str(session["_user_id"])
    assert row.token_hash == hash_token(token)
    assert token not in row.token_hash


def test_a_prepared_session_is_not_carried_over(app: Flask, visitor: Visitor) -> None:
    ann = a_member("ann")
    visitor.get("/sign-in")
    with visitor.client.session_transaction() as session:
        session["planted"] = "by somebody else"
        before = dict(session)
    visitor.submit("main form", email=ann.email, password=PASSWORD)
    with visitor.client.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != before.get("csrf_token")


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "https:evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r\nSet-Cookie: a=b",
        " //evil.example",
        "javascript:alert(1)",
        "///evil.example",
        "/%5Cevil.example\\",
        "evil.example",
        "",
    ],
)
def test_next_never_leads_elsewhere(app: Flask, target: str) -> None:
    ann = a_member("ann")
    visitor = Visitor(app)
    visitor.get("/sign-in", next=target)
    visitor.submit("main form", email=ann.email, password=PASSWORD, follow=False)
    assert visitor.page.response.headers["Location"] in ("/", "http://localhost/")
    for path in ("/language/en", "/theme/dark"):
        page = visitor.get(path, next=target, status=302)
        assert page.response.headers["Location"] in ("/", "http://localhost/")


def test_an_address_with_a_nul_in_it_is_refused(visitor: Visitor) -> None:
    for path in ("/sign-in", "/language/en", "/theme/dark"):
        visitor.get(path, next="\x00//evil.example", status=400)


def test_next_leads_back_to_where_one_wanted_to_go(app: Flask, visitor: Visitor) -> None:
    ann = a_member("ann")
    visitor.get("/ask", title="Why & how?", status=302)
    visitor.follow()
    visitor.submit("main form", email=ann.email, password=PASSWORD)
    assert visitor.page.path == "/ask"
    assert visitor.select("#title")[0]["value"] == "Why & how?"


def test_cookies_are_for_the_browser_only(app: Flask, visitor: Visitor) -> None:
    ann = a_member("ann")
    visitor.get("/sign-in")
    visitor.submit("main form", email=ann.email, password=PASSWORD, follow=False)
    (cookie,) = visitor.page.response.headers.getlist("Set-Cookie")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Domain" not in cookie
    visitor.get("/language/zh-Hans", status=302)
    (cookie,) = [c for c in visitor.page.response.headers.getlist("Set-Cookie") if c.startswith("language")]
    assert "HttpOnly" in cookie


def test_behind_tls_cookies_are_secure_and_bound_to_the_host(make_app: MakeApp) -> None:
    app = make_app(public_url="https://community.example")
    client = SeparateClient(app, app.response_class, use_cookies=True)
    answer = client.get("/sign-in", base_url="https://community.example")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-isthmus=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "max-age=" in answer.headers["Strict-Transport-Security"]


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Host": "localhost.evil.example"}])
def test_the_host_header_is_not_believed(app: Flask, headers: dict[str, str]) -> None:
    assert app.test_client().get("/forgotten", headers=headers).status_code == 400


def test_a_forwarded_host_is_not_believed_without_a_proxy(app: Flask, visitor: Visitor) -> None:
    page = visitor.get("/", headers={"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"})
    assert "evil.example" not in page.html


def test_links_in_letters_never_carry_the_host_of_the_request(app: Flask, letters: Letters, run_jobs: RunJobs) -> None:
    ann = a_member("ann")
    visitor = Visitor(app)
    visitor.get("/forgotten")
    visitor.post("/forgotten", {"email": ann.email}, headers={"X-Forwarded-Host": "evil.example"})
    run_jobs()
    assert letters.link_to(ann.email, "/reset/")
    assert not any("evil" in mail.text + mail.html for mail in letters.sent)
