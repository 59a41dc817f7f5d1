"""Nobody reads a conversation but those who take part: no staff, no search, no feed, no news, no log of ours."""

import json

import pytest
from flask import Flask
from sqlalchemy import select

from community.accounts.loading import actor_for
from community.accounts.models import Member
from community.core import indexing
from community.core.db import db, transaction
from community.core.events import EventRecord
from community.core.jobs import Delivery
from community.messages import operations, reporting
from community.messages.models import Message
from community.messages.policies import Limits
from community.messages.searching import words_of
from tests.community.messages.conftest import Talk
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_space, a_thread
from tests.security.visiting import every_address, known, narrowed, seen_by
from tests.visit import Visitor

NEEDLES = ("osprey", "cormorant", "ospreys")
WIDE = Limits(conversations=99, messages=999, people=19)
OTHERS = ("", "dan", "boss", "mod", "oskar", "mia")


class Values(dict[str, list[str]]):
    """What may stand for each argument; numbers for those that other tests are about."""

    def __missing__(self, name: str) -> list[str]:
        return ["1", "2"]


@pytest.fixture
def world(talk: Talk, run_jobs: RunJobs) -> Talk:
    """The conversation, with everybody whom a place may have, and everything done that follows from it."""
    space = a_space("home")
    a_thread(space, talk.dan)
    a_member("mod", super_user_in=[space])
    a_member("oskar", role="agent")
    a_member("mia", role="manager")
    talk.say(talk.bob, "The cormorant figure is wrong, @dan would say")
    run_jobs()
    return talk


@pytest.mark.parametrize("handle", OTHERS)
def test_nothing_of_it_is_found_by_others(
    app: Flask, world: Talk, login_as: LoginAs, visitor: Visitor, handle: str
) -> None:
    client = (login_as(handle) if handle else visitor).client
    found = [
        address for address in every_address(app, Values(known())) if not address.startswith(("/avatars", "/sign-in"))
    ]
    addresses = [*found, *narrowed(NEEDLES, ["osprey"]), *(f"/complete/{kind}?q=osp" for kind in ("tags", "people"))]
    addresses += [f"{world.path}?before=99", f"{world.path}?after=0", "/messages?q=osprey", "/messages?q=cormorant"]
    assert seen_by(client, addresses, NEEDLES) == {}


@pytest.mark.parametrize("handle", [name for name in OTHERS if name])
def test_every_address_of_it_is_unknown_to_others(world: Talk, login_as: LoginAs, handle: str) -> None:
    other = login_as(handle)
    for path in (world.path, f"{world.path}/leaving", "/messages/99999"):
        other.get(path, status=404)
    for verb in ("replies", "people", "leaving", "muting", "read"):
        data = {"body": "Let me in", "to": handle, "number": "1"}
        other.post(f"{world.path}/{verb}", data, status=404)
        other.post(f"/messages/99999/{verb}", data, status=404)


def test_it_is_not_in_the_common_index_nor_in_facts_nor_in_jobs(app: Flask, world: Talk) -> None:
    with app.app_context(), transaction(read_only=True):
        kinds = {kind for kind, _count in indexing.rebuild()}
    assert not {"message", "conversation"} & kinds
    facts = [json.dumps(row.payload) for row in db.session.scalars(select(EventRecord))]
    jobs = [json.dumps(row.args) for row in db.session.scalars(select(Delivery)) if row.args]
    assert not [text for text in [*facts, *jobs] for needle in NEEDLES if needle in text]


def test_participants_search_their_own_in_english_and_chinese(talk: Talk, login_as: LoginAs) -> None:
    talk.say(talk.bob, "財務系統的報表打不開，請看一下")
    talk.say(talk.ann, "The invoices were `ERR-1023` again")
    bob = login_as("bob")
    for words, finds in (
        ("figures", True), ("CORMORANT right", True), ("osprey", True), ("财务系统", True), ("报表", True),
        ("財務 報表", True), ("invoice", True), ("err-1023", True), ("invoice cormorant", False), ("%", False),
        ("_", False), ("pelican", False), ("打印机", False), ("' OR 1=1", False),
    ):  # fmt: skip
        bob.get("/messages", q=words)
        assert bool(bob.select(".rows .row")) == finds, words
    assert words_of("") == ""


def test_lists_and_searches_go_on_page_by_page(talk: Talk, login_as: LoginAs) -> None:
    for number in range(34):
        operations.start(sender_id=talk.ann.id, to=[talk.bob], subject=f"Osprey {number}", body="Word", limits=WIDE)
    bob = login_as("bob")
    for path in ("/messages", "/messages?q=osprey"):
        bob.get(path)
        assert len(bob.select(".rows .row")) == 30
        bob.get(str(bob.select("a[rel=next]")[0]["href"]))
        assert len(bob.select(".rows .row")) == 5
        assert bob.select(".row__title a")[-1].get_text() == "The osprey budget"
        assert not bob.select("a[rel=next]")


def test_a_reviewer_is_shown_what_was_reported_and_nothing_else(talk: Talk) -> None:
    first = db.session.scalars(select(Message.id)).one()
    second = talk.say(talk.ann, "Something rude")
    bob, ann, dan, boss = (actor_for(member.id) for member in (talk.bob, talk.ann, talk.dan, _boss()))
    assert reporting.shown_to_reviewer(second) is None
    for other in (ann, dan, boss):
        assert not reporting.can_report(other, second)
        assert not reporting.report(other, second)
    assert reporting.shown_to_reviewer(second) is None
    assert reporting.can_report(bob, second)
    assert reporting.report(bob, second)
    shown = reporting.shown_to_reviewer(second)
    assert shown is not None
    assert (shown.author.name, shown.subject) == ("Ann Ek", "The osprey budget")
    assert "Something rude" in shown.html
    assert reporting.shown_to_reviewer(first) is None


def _boss() -> Member:
    return db.session.scalars(select(Member).where(Member.handle == "boss")).one()
