"""Names and titles that would look like others: what cannot be seen is left out wherever one is typed."""

import pytest
from flask import Flask
from sqlalchemy import select

from community.accounts.models import Member
from community.core.db import db
from community.forum.models import Thread
from community.spaces.models import Space
from tests.conftest import LoginAs
from tests.factories import a_member, a_space, a_thread
from tests.factories.knowledge import an_article
from tests.visit import Visitor

HIDDEN = ["\u200b", "\u200d", "\u2060", "\u202e", "\u2066", "\u200f", "\u00ad"]


@pytest.mark.databases("sqlite")  # what forms leave of a text does not depend on the database
@pytest.mark.parametrize("sign", HIDDEN)
def test_a_name_is_what_is_seen_of_it(app: Flask, sign: str, visitor: Visitor, login_as: LoginAs) -> None:
    a_member("ann", name="Ann Lee")
    visitor.get("/join")
    name = f"A{sign}nn {sign}Lee{sign}"
    visitor.submit("main form", name=name, email="other@example.org", password="four quiet herons")
    ann = login_as("ann")
    ann.get("/preferences")
    ann.submit("main form[action='/preferences'], main form", name=name)
    assert set(db.session.scalars(select(Member.name))) == {"Ann Lee"}


@pytest.mark.databases("sqlite")  # the same
@pytest.mark.parametrize("sign", HIDDEN)
def test_a_title_is_what_is_seen_of_it(app: Flask, sign: str, login_as: LoginAs) -> None:
    space = a_space("open")
    a_member("boss", role="admin")
    article = an_article(space=space)
    thread = a_thread(space)
    boss, title = login_as("boss"), f"{sign}Printer {sign}jam{sign}med again"
    boss.get(f"/posts/{thread.posts[0].id}/edit")
    boss.submit("main form:has(textarea[name=body])", title=title, tags=f"pri{sign}nter")
    boss.get(f"/articles/{article.id}/edit")
    boss.submit("main form:has(textarea[name=issue])", title=title)
    boss.get("/admin/spaces/open")
    boss.submit("main form:has(input[name=slug])", name=title)
    db.session.expire_all()
    assert {thread.title, article.title, space.name} == {"Printer jammed again"}
    assert thread.tags == ["printer"]
    assert db.session.scalar(select(Thread.title)) == db.session.scalar(select(Space.name))
