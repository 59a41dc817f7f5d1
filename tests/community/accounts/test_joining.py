"""Joining: asking for an account, the mail, the confirmation, the first sign-in."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from community.accounts.models import Member, SignIn
from community.core.db import db, utcnow
from tests.community.accounts.letters import Letters
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member
from tests.visit import Visitor

ADDRESS = "ingrid@example.org"
SECRET = "four quiet herons wade"


def ask_for_account(visitor: Visitor, **changes: str) -> None:
    visitor.get("/join")
    fields = {"name": "Ingrid Solberg", "email": ADDRESS, "password": SECRET} | changes
    visitor.submit("main form", **fields)


def the_member(email: str = ADDRESS) -> Member | None:
    return db.session.scalar(select(Member).where(Member.email == email))


def test_from_joining_to_the_first_sign_in(
    app: Flask, visitor: Visitor, letters: Letters, run_jobs: RunJobs, login_as: LoginAs
) -> None:
    ask_for_account(visitor)
    assert ADDRESS in visitor.text
    run_jobs()
    visitor.get(letters.link_to(ADDRESS, "/confirm/"))
    member = the_member()
    assert member is not None
    assert member.email_confirmed_at is None, "opening the link alone confirms nothing: mail scanners do it too"
    visitor.submit("main form")
    assert "Welcome, Ingrid Solberg" in visitor.text
    visitor.get("/preferences")
    visitor.post("/sign-out")
    login_as("ingrid-solberg", password=SECRET).get("/mine")


def test_a_known_address_gets_the_same_answer_and_another_letter(
    app: Flask, visitor: Visitor, letters: Letters, run_jobs: RunJobs
) -> None:
    ask_for_account(visitor)
    first = visitor.html
    a_member("known", email="known@example.org")
    ask_for_account(visitor, email="known@example.org")
    assert visitor.html.replace("known@example.org", ADDRESS) == first
    run_jobs()
    assert db.session.scalar(select(func.count(Member.id))) == 2
    assert letters.link_to("known@example.org", "/forgotten")


def test_an_address_is_known_whatever_its_case(app: Flask, visitor: Visitor) -> None:
    a_member("known", email="known@example.org")
    ask_for_account(visitor, email="  KNOWN@Example.ORG ")
    assert db.session.scalar(select(func.count(Member.id))) == 1


def test_a_confirmation_is_used_once(app: Flask, visitor: Visitor, letters: Letters, run_jobs: RunJobs) -> None:
    ask_for_account(visitor)
    run_jobs()
    link = letters.link_to(ADDRESS, "/confirm/")
    visitor.get(link)
    visitor.submit("main form")
    other = Visitor(app)
    other.get(link)
    assert "used up or older than 24 hours" in other.text
    other.post(link, {})
    assert db.session.scalar(select(func.count(SignIn.id))) == 1


def test_a_confirmation_is_good_for_a_day(app: Flask, visitor: Visitor, letters: Letters, run_jobs: RunJobs) -> None:
    ask_for_account(visitor)
    run_jobs()
    link = letters.link_to(ADDRESS, "/confirm/")
    with time_machine.travel(utcnow() + timedelta(hours=23, minutes=59)):
        visitor.get(link)
        assert "yours?" in visitor.text
    with time_machine.travel(utcnow() + timedelta(hours=24, minutes=1)):
        visitor.get(link)
        assert "used up or older than 24 hours" in visitor.text


def test_who_is_unconfirmed_is_sent_a_new_link(
    app: Flask, visitor: Visitor, letters: Letters, run_jobs: RunJobs
) -> None:
    ask_for_account(visitor)
    run_jobs()
    visitor.get("/sign-in")
    visitor.submit("main form", email=ADDRESS, password=SECRET, status=422)
    assert "not confirmed yet" in visitor.text
    run_jobs()
    assert len(letters.to(ADDRESS)) == 2
    visitor.get("/mine", status=302)


def test_only_who_knows_the_password_learns_that_an_account_is_unconfirmed(
    app: Flask, visitor: Visitor, letters: Letters, run_jobs: RunJobs
) -> None:
    ask_for_account(visitor)
    visitor.get("/sign-in")
    visitor.submit("main form", email=ADDRESS, password="not the password", status=422)
    assert "not confirmed" not in visitor.text
    run_jobs()
    assert len(letters.to(ADDRESS)) == 1


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": ""}, "Enter the name"),
        ({"email": "nothing"}, "does not look like an e-mail address"),
        ({"password": "short"}, "at least 10 characters"),
        ({"password": "aaaaaaaaaaaa"}, "first things that somebody would try"),
        ({"password": "ingrid12345", "name": "Ingrid"}, "Leave your name and address out"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    app: Flask, visitor: Visitor, fields: dict[str, str], message: str
) -> None:
    visitor.get("/join")
    given = {"name": "Ingrid Solberg", "email": ADDRESS, "password": SECRET} | fields
    visitor.submit("main form", **given, status=422)
    (name,) = [name for name in fields if name != "name"] or ["name"]
    assert message in str(visitor.select(f"#{name}-error"))
    assert visitor.select("#email")[0]["value"] == given["email"]
    assert SECRET not in visitor.html
    assert the_member() is None


@pytest.mark.parametrize("token", ["x", "a.b.c", "WzEsMl0.x.y", "é" * 40])
def test_an_invented_link_confirms_nobody(app: Flask, visitor: Visitor, token: str) -> None:
    for purpose in ("confirm", "reset"):
        visitor.get(f"/{purpose}/{token}")
        assert "used up or older" in visitor.text


def test_a_reset_link_confirms_nothing_and_a_confirmation_resets_nothing(
    app: Flask, visitor: Visitor, letters: Letters, run_jobs: RunJobs
) -> None:
    ask_for_account(visitor)
    run_jobs()
    link = letters.link_to(ADDRESS, "/confirm/").replace("/confirm/", "/reset/")
    visitor.get(link)
    assert "used up or older" in visitor.text


def test_handles_are_made_from_names_and_never_twice(app: Flask, visitor: Visitor) -> None:
    for number, name in enumerate(["Ann Lee", "Ann Lee", "王伟", "王伟", "Ann-Lee", "Å"]):
        ask_for_account(visitor, name=name, email=f"p{number}@example.org")
    handles = list(db.session.scalars(select(Member.handle).order_by(Member.id)))
    assert handles[0] == "ann-lee"
    assert len(set(handles)) == 6
    assert all(handle.isascii() and handle for handle in handles)


def test_the_letter_speaks_the_language_of_the_page(app: Flask, letters: Letters, run_jobs: RunJobs) -> None:
    ask_for_account(Visitor(app, language="zh-CN"))
    member = the_member()
    assert member is not None
    assert member.language == "zh-Hans"
    run_jobs()
    assert letters.to(ADDRESS)
