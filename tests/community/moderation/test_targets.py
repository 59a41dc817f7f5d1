"""Profiles, messages and articles are reported and decided like posts."""

import pytest
from flask import Flask
from sqlalchemy import select

from community.accounts.models import Member
from community.core.db import db
from community.messages import operations as messages
from community.messages.models import Message
from community.moderation.models import Case, Measure
from tests.conftest import LoginAs
from tests.factories import a_member, a_space
from tests.factories.knowledge import an_article
from tests.visit import Visitor


@pytest.fixture
def people(app: Flask) -> dict[str, Member]:
    home = a_space("home")
    a_member("sue", super_user_in=[home])
    return {"boss": a_member("boss", role="manager"), "ann": a_member("ann"), "bob": a_member("bob")}


def flag(who: Visitor, address: str, reason: str = "unkind") -> Case:
    assert address in who.html
    who.get(address)
    who.submit("main form", reason=reason)
    return db.session.scalars(select(Case).order_by(Case.id.desc()).limit(1)).one()


def decide(who: Visitor, case: Case, key: str) -> None:
    who.get(f"/review/{case.id}")
    who.post(f"/review/{case.id}/decision", {"decision": key, "words": "Be kind."})


@pytest.mark.parametrize(("key", "kind"), [("warn", "warn"), ("mute", "silence"), ("suspend", "suspend"), ("fine", "")])
def test_a_profile_is_reported(people: dict[str, Member], login_as: LoginAs, key: str, kind: str) -> None:
    ann = login_as("ann")
    ann.get("/people/bob")
    case = flag(ann, f"/flags/member/{people['bob'].id}")
    login_as("sue").get(f"/review/{case.id}", status=404)
    decide(login_as("boss"), case, key)
    assert [one.kind for one in db.session.scalars(select(Measure))] == ([kind] if kind else [])
    ann.get("/people/ann")
    assert "/flags/member/" not in ann.html


def test_a_message_is_shown_because_it_was_reported(people: dict[str, Member], login_as: LoginAs) -> None:
    said = {"sender_id": people["bob"].id, "to": [people["ann"]], "subject": "You"}
    talk = messages.start(body="You fool", **said)
    messages.send(talk.id, author_id=people["bob"].id, body="Secret place")
    first, second = db.session.scalars(select(Message.id).order_by(Message.id))
    boss, ann = login_as("boss"), login_as("ann")
    boss.get(f"/flags/message/{first}", status=404)
    ann.get(f"/messages/{talk.id}")
    case = flag(ann, f"/flags/message/{first}")
    assert case.staff_only
    login_as("sue").get(f"/review/{case.id}", status=404)
    boss.get(f"/review/{case.id}")
    assert "You fool" in boss.text
    assert "Secret place" not in boss.text
    assert f"/messages/{talk.id}" not in boss.html
    boss.get(f"/flags/message/{second}", status=404)
    decide(boss, case, "warn")
    (warned,) = db.session.scalars(select(Measure))
    bob = login_as("bob")
    bob.get(f"/measures/{warned.id}")
    assert "You fool" in bob.text


def test_an_article_is_taken_from_view_and_back(people: dict[str, Member], login_as: LoginAs, visitor: Visitor) -> None:
    article = an_article(people["bob"], published=True)
    shown_since = article.published_at
    ann = login_as("ann")
    ann.get(f"/articles/{article.id}")
    case = flag(ann, f"/flags/article/{article.id}", "unsafe")
    boss = login_as("boss")
    decide(boss, case, "hide")
    visitor.get(f"/articles/{article.id}", status=404)
    boss.get(f"/review/{case.id}")
    boss.post(f"/review/{case.id}/undoing")
    visitor.get(f"/articles/{article.id}")
    db.session.refresh(article)
    assert article.published_at == shown_since
