"""Forgotten and changed passwords."""

from datetime import timedelta

import time_machine
from flask import Flask
from sqlalchemy import func, select

from community.accounts.models import Member, SignIn
from community.core.db import db, utcnow
from tests.community.accounts.letters import Letters
from tests.conftest import PASSWORD, LoginAs, RunJobs
from tests.factories import a_member
from tests.visit import Visitor

NEW = "seven slow rivers bend"


def ask_reset(visitor: Visitor, email: str) -> None:
    visitor.get("/forgotten")
    visitor.submit("main form", email=email)


def test_a_forgotten_password_is_set_anew(
    app: Flask, visitor: Visitor, letters: Letters, run_jobs: RunJobs, login_as: LoginAs
) -> None:
    ann = a_member("ann")
    elsewhere = login_as("ann")
    ask_reset(visitor, ann.email)
    run_jobs()
    link = letters.link_to(ann.email, "/reset/")
    visitor.get(link)
    visitor.submit("main form", password=NEW)
    assert "new password is set" in visitor.text
    visitor.get("/mine")
    elsewhere.get("/mine", status=302)
    login_as("ann", password=NEW)
    run_jobs()
    assert [mail for mail in letters.to(ann.email) if "password" in mail.subject.lower()]


def test_a_reset_link_is_used_once(app: Flask, visitor: Visitor, letters: Letters, run_jobs: RunJobs) -> None:
    ann = a_member("ann")
    ask_reset(visitor, ann.email)
    run_jobs()
    link = letters.link_to(ann.email, "/reset/")
    visitor.get(link)
    visitor.submit("main form", password=NEW)
    other = Visitor(app)
    other.get(link)
    assert "used up or older" in other.text
    other.post(link, {"password": "another good password"})
    assert db.session.scalar(select(func.count(SignIn.id))) == 1
    other.get("/mine", status=302)


def test_a_reset_link_dies_with_a_password_change(
    app: Flask, visitor: Visitor, letters: Letters, run_jobs: RunJobs, login_as: LoginAs
) -> None:
    ann = a_member("ann")
    ask_reset(visitor, ann.email)
    run_jobs()
    browser = login_as("ann")
    browser.get("/sign-ins")
    browser.submit("/password", current=PASSWORD, password=NEW, again=NEW)
    visitor.get(letters.link_to(ann.email, "/reset/"))
    assert "used up or older" in visitor.text


def test_a_reset_link_dies_with_the_address(app: Flask, visitor: Visitor, letters: Letters, run_jobs: RunJobs) -> None:
    ann = a_member("ann")
    ask_reset(visitor, ann.email)
    run_jobs()
    link = letters.link_to(ann.email, "/reset/")
    ann.email = "new@example.org"
    visitor.get(link)
    assert "used up or older" in visitor.text


def test_a_reset_link_is_good_for_a_day(app: Flask, visitor: Visitor, letters: Letters, run_jobs: RunJobs) -> None:
    ann = a_member("ann")
    ask_reset(visitor, ann.email)
    run_jobs()
    link = letters.link_to(ann.email, "/reset/")
    with time_machine.travel(utcnow() + timedelta(hours=23, minutes=59)):
        visitor.get(link)
        assert visitor.select("input[type=password]")
    with time_machine.travel(utcnow() + timedelta(hours=24, minutes=1)):
        visitor.get(link)
        assert "used up or older" in visitor.text


def test_an_unknown_address_gets_the_same_answer_and_no_letter(
    app: Flask, visitor: Visitor, letters: Letters, run_jobs: RunJobs
) -> None:
    ann = a_member("ann")
    ask_reset(visitor, ann.email)
    known = visitor.html.replace(ann.email, "x")
    ask_reset(visitor, "nobody@example.org")
    assert visitor.html.replace("nobody@example.org", "x") == known
    run_jobs()
    assert letters.to("nobody@example.org") == []


def test_a_suspended_member_is_not_let_in_by_a_reset(
    app: Flask, visitor: Visitor, letters: Letters, run_jobs: RunJobs
) -> None:
    ann = a_member("ann")
    ask_reset(visitor, ann.email)
    run_jobs()
    ann.suspended_at = utcnow()
    visitor.get(letters.link_to(ann.email, "/reset/"))
    if visitor.select("main form"):
        visitor.submit("main form", password=NEW)
    visitor.get("/mine", status=302)


def test_changing_the_password_ends_other_sign_ins(
    app: Flask, login_as: LoginAs, letters: Letters, run_jobs: RunJobs
) -> None:
    ann = a_member("ann")
    here, elsewhere = login_as("ann"), login_as("ann")
    here.get("/sign-ins")
    here.submit("/password", current=PASSWORD, password=NEW, again=NEW)
    assert "signed in here only" in here.text
    elsewhere.get("/mine", status=302)
    here.get("/mine")
    run_jobs()
    assert letters.to(ann.email)


def test_the_present_password_is_asked_for(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    before = db.session.scalar(select(Member.password_hash))
    ann = login_as("ann")
    ann.get("/sign-ins")
    ann.submit("/password", current="not this one", password=NEW, again=NEW, status=422)
    assert "not your present password" in str(ann.select("#current-error"))
    assert NEW not in ann.html
    ann.submit("/password", current=PASSWORD, password=NEW, again="something else", status=422)
    assert "do not match" in str(ann.select("#again-error"))
    db.session.expire_all()
    assert db.session.scalar(select(Member.password_hash)) == before


def test_after_a_mistake_the_sign_ins_are_still_listed(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    ann = login_as("ann")
    ann.get("/sign-ins")
    ann.submit("/password", current="not this one", password=NEW, again=NEW, status=422)
    assert "This browser" in ann.text
