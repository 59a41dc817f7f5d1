"""Account recovery: what it tells nobody, and what its links are good for."""

import contextvars
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from community.accounts.models import Member, SignIn
from community.accounts.operations import link_token, password_matches
from community.core.db import db, utcnow
from community.core.events import EventRecord
from tests.community.accounts.letters import Letters
from tests.conftest import PASSWORD, LoginAs, RunJobs
from tests.factories import a_member
from tests.visit import Visitor

NEW, OTHER = "seven slow rivers bend", "nine quiet herons wade"


def test_recovery_answers_everybody_alike(app: Flask) -> None:
    known = a_member("known")
    unconfirmed, suspended = a_member("unconfirmed"), a_member("suspended")
    unconfirmed.email_confirmed_at, suspended.suspended_at = None, known.joined_at
    addresses = [known.email, unconfirmed.email, suspended.email, "nobody@example.org"]
    for path, more in (("/forgotten", {}), ("/join", {"name": "Ann", "password": "four quiet herons"})):
        answers = set()
        for address in addresses:
            visitor = Visitor(app)
            visitor.get(path)
            visitor.submit("main form", email=address, **more)
            headers = {key for key, _ in visitor.page.response.headers if key != "Content-Length"}
            answers.add((visitor.status, visitor.html.replace(address, "x"), frozenset(headers)))
        assert len(answers) == 1, path
    for address in addresses:
        visitor = Visitor(app)
        visitor.get("/sign-in")
        visitor.submit("main form", email=address, password="a wrong guess", status=422)
        assert "do not belong together" in visitor.text


def a_link(app: Flask, letters: Letters, run_jobs: RunJobs, member: Member) -> str:
    """The link in the letter that a member asked for."""
    visitor = Visitor(app)
    visitor.get("/forgotten")
    visitor.submit("main form", email=member.email)
    run_jobs()
    return letters.link_to(member.email, "/reset/")


def dead(app: Flask, link: str) -> bool:
    """Whether a link neither shows its form nor takes a password."""
    visitor = Visitor(app)
    visitor.get(link)
    shown = bool(visitor.select("main input[type=password]"))
    visitor.post(link, {"password": OTHER})
    visitor.get("/mine", status=302)
    return not shown


def has_password(member: Member, password: str) -> bool:
    db.session.expire_all()
    return password_matches(member, password)


def test_a_link_is_of_one_account_only(app: Flask, letters: Letters, run_jobs: RunJobs) -> None:
    ann, bob = a_member("ann"), a_member("bob")
    link = a_link(app, letters, run_jobs, ann)
    other = a_link(app, letters, run_jobs, bob)
    assert link not in (mail.text for mail in letters.to(bob.email))
    mixed = "/reset/" + ".".join([other[7:].split(".")[0], *link[7:].split(".")[1:]])
    assert dead(app, mixed)
    for name in ("handle", "email", "member_id", "id"):
        visitor = Visitor(app)
        visitor.get(link)
        visitor.post(link, {"password": "short", name: str(getattr(bob, name, bob.id))}, status=422)
    visitor.post(link, {"password": NEW, "email": bob.email, "member_id": str(bob.id)})
    assert has_password(ann, NEW)
    assert has_password(bob, PASSWORD)


def test_a_link_is_used_once_and_takes_those_sent_before_with_it(
    app: Flask, letters: Letters, run_jobs: RunJobs
) -> None:
    ann = a_member("ann")
    links = [a_link(app, letters, run_jobs, ann) for _time in range(2)]
    visitor = Visitor(app)
    visitor.get(links[0])
    visitor.submit("main form", password=NEW)
    assert all(dead(app, link) for link in links)
    assert has_password(ann, NEW)


def test_a_link_used_by_many_at_once_sets_one_password(app: Flask, letters: Letters, run_jobs: RunJobs) -> None:
    ann = a_member("ann")
    link = a_link(app, letters, run_jobs, ann)
    people = [Visitor(app) for _number in range(6)]
    for person in people:
        person.get(link)
    db.session.commit()

    def use(pair: tuple[int, Visitor]) -> int:
        return pair[1].post(link, {"password": f"seven slow rivers {pair[0]}"}).status

    with ThreadPoolExecutor(len(people)) as pool:
        answers = list(pool.map(lambda pair: contextvars.Context().run(use, pair), enumerate(people)))
    assert answers.count(302) == 1
    changes = select(func.count(EventRecord.id)).where(EventRecord.name == "accounts.password.changed")
    assert db.session.scalar(changes) == 1
    assert db.session.scalar(select(func.count(SignIn.id))) == 1


@pytest.mark.parametrize("change", ["password", "address", "a day"])
def test_a_link_dies_with_what_it_was_made_for(
    app: Flask, change: str, letters: Letters, run_jobs: RunJobs, login_as: LoginAs
) -> None:
    ann = a_member("ann")
    link = a_link(app, letters, run_jobs, ann)
    moment = utcnow()
    if change == "password":
        browser = login_as("ann")
        browser.get("/sign-ins")
        browser.submit("/password", current=PASSWORD, password=NEW, again=NEW)
    elif change == "address":
        ann.email = "ann.elsewhere@example.org"
    else:
        moment += timedelta(hours=24, minutes=1)
    with time_machine.travel(moment):
        assert dead(app, link)
    assert not has_password(ann, OTHER)


def test_a_link_for_something_else_resets_nothing(app: Flask) -> None:
    ann = a_member("ann")
    ann.email_confirmed_at = None
    confirming = link_token("confirm", ann)
    assert dead(app, f"/reset/{confirming}")
    assert dead(app, f"/reset/{confirming[:-1]}{'a' if confirming[-1] != 'a' else 'b'}")
    assert not has_password(ann, OTHER)
