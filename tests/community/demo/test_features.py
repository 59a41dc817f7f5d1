"""The demo world shows what the forum can do, to those whom it concerns."""

import contextvars

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

from community.core import cli as kernel_cli
from community.core.db import db
from community.core.jobs import Delivery
from community.demo import cli as demo_cli
from community.demo import loading
from community.forum.models import Thread
from tests.conftest import LoginAs
from tests.visit import Visitor


def _load() -> str:
    db.session.commit()
    result = contextvars.Context().run(CliRunner().invoke, demo_cli.seed_demo, [], catch_exceptions=False)
    db.session.expire_all()
    return result.output


def _thread(title: str) -> str:
    return f"/threads/{db.session.scalars(select(Thread.id).where(Thread.title.startswith(title))).one()}"


def test_the_demo_shows_what_the_forum_does(
    app: Flask, login_as: LoginAs, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel_cli, "application", lambda: app)
    monkeypatch.setattr(demo_cli, "PACKAGES", ("community", "gamification"))
    assert "threads." in _load()
    assert not db.session.scalars(select(Delivery.error).where(Delivery.error != "")).all()
    ingrid, lihua, oksana = (login_as(name, password=loading.PASSWORD) for name in ("ingrid", "lihua", "oksana"))
    _threads_are_arranged(visitor)
    _people_say_more(ingrid)
    _organisations_keep_to_themselves(ingrid, lihua)
    _everybody_has_their_own(ingrid, lihua)
    _managers_look_ahead(oksana)
    _moderators_have_work(oksana, login_as("admin", password=loading.PASSWORD))
    threads = db.session.scalar(select(func.count(Thread.id)))
    assert "there already" in _load()
    assert db.session.scalar(select(func.count(Thread.id))) == threads


def _threads_are_arranged(visitor: Visitor) -> None:
    """One is a duplicate, one was split off, ideas are decided, a tag leads to another."""
    assert "VPN asks for the code twice" in visitor.get(_thread("First VPN code is never")).text
    assert "What is on your month-end checklist" in visitor.get(_thread("Where do I see whether a month")).text
    assert "before everybody else" in visitor.get(_thread("Reports should open")).text
    assert "The button is on all forty" in visitor.get(_thread("Order toner")).text
    assert "Reminder procedure 02" in visitor.get(_thread("Second reminder goes out")).text
    tags = visitor.get("/tags").text
    assert "Getting in" in tags
    assert "Devices" in tags
    assert "reaching the company network" in visitor.get("/tags/vpn").text


def _people_say_more(ingrid: Visitor) -> None:
    """Versions and sites, thanks with a line, a vote with a name, a text that was changed twice."""
    text = ingrid.get(_thread("VPN asks for the code twice")).text
    for said in ("known-issue", "5.1.2", "Gothenburg", "You saved my morning"):
        assert said in text
    text = ingrid.get(_thread("Two screens or one wide")).text
    assert "One ordinary screen" in text
    assert "Adwoa Mensah" in text
    assert "one test code" in ingrid.get(_thread("New phone: the code app")).text


def _organisations_keep_to_themselves(ingrid: Visitor, lihua: Visitor) -> None:
    """A thread of one organisation is there for its people only."""
    kept = _thread("报价单审批权限")
    assert "客户组" in lihua.get(kept).text
    ingrid.get(kept, status=404)


def _everybody_has_their_own(ingrid: Visitor, lihua: Visitor) -> None:
    """Drafts, bookmarks, searches and what is unread."""
    text = ingrid.get("/drafts").text
    assert "Does the period lock also hold" in text
    assert "Intercompany posting to Suzhou" in text
    page = ingrid.get("/bookmarks")
    assert "Go through this before closing week" in str(page.soup)
    assert "新同事领手机时发给他们" in str(lihua.get("/bookmarks").soup)
    for path in ("/unread", "/new", "/hot"):
        assert "Camera in meeting room" in ingrid.get(path).text
    assert "Strange mail" not in ingrid.get("/unread").text
    assert "closing" in ingrid.get("/following").text


def _managers_look_ahead(oksana: Visitor) -> None:
    """News that wait for their day, a proposed edit, organisations, and what was searched for in vain."""
    assert "The code app gets a new look" in oksana.get("/news/scheduled").text
    assert "Without the restart" in oksana.get("/suggested-edits").text
    assert "gold" in oksana.get("/admin/organisations").text
    for words in ("parking permit", "班车时刻表"):
        assert words in oksana.get("/admin/searches").text
    assert "Wei Zhang" in oksana.get("/programme/check-on").text
    assert "陈晓明" in oksana.get("/spaces/china/manage/trusted-writers").text


def _moderators_have_work(oksana: Visitor, admin: Visitor) -> None:
    """A circle of votes, somebody who wants to join, an invitation, a spam verdict and spam that is held back."""
    said = {
        "votes": "gave each other 48 votes",
        "registration": "petra.novak@postbox.example",
        "spam": "The service says: seen on many sites.",
        "held": "docks-now.example",
    }
    for kind, words in said.items():
        oksana.get("/review", kind=kind)
        assert words in oksana.text, kind
    assert len(oksana.get("/review", kind="votes").soup.select(".case")) == 1
    assert "astrid.berg@supplier.example" in admin.get("/admin/joining").text
