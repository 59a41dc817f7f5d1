"""The table of rights says what routes do, for each level and each right."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask, current_app

from community.accounts.models import Member
from community.core.db import db, utcnow
from community.core.policies import permissions
from community.forum.models import Post
from community.moderation.cases import open_case
from community.moderation.models import Flag
from community.superusers.rights import table as rights
from community.superusers.rights.said import SAID
from gamification.levels import LEVELS
from gamification.models import Standing
from tests.conftest import LoginAs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor

LEVEL_KEYS = [level.key for level in LEVELS]


def cells(member: Member) -> dict[str, list[rights.Cell]]:
    with current_app.test_request_context():
        return {row.label: list(row.cells) for _name, rows in rights.table(rights.steps_of(member.id)) for row in rows}


def standing_at(number: int, handle: str = "ann") -> Member:
    member = a_member(handle)
    level = LEVELS[number]
    db.session.add(Standing(member_id=member.id, points=level.points, level=level.key))
    return member


def an_old_post(author: Member, days: float) -> Post:
    post = a_reply(a_thread(), author)
    post.created_at = utcnow() - timedelta(days=days)
    return post


@pytest.mark.parametrize("number", range(len(LEVELS)))
def test_the_table_agrees_with_the_routes(app: Flask, login_as: LoginAs, number: int) -> None:
    ann = standing_at(number)
    said = {label: row[number] for label, row in cells(ann).items()}
    who = login_as("ann")
    other = a_reply(a_thread())
    db.session.commit()
    who.post(f"/posts/{other.id}/not-helpful", status=302 if said["Find replies of one person not helpful"] else 404)
    who.get("/super-users/nominate", status=200 if said["Nominate super users, and apply"] else 404)
    days = {"24 hours": (0.9, 1.1), "30 days": (29, 31)}[str(said["Change and take back what one wrote"])]
    within, past = an_old_post(ann, days[0]), an_old_post(ann, days[1])
    who.get(f"/posts/{within.id}/edit")
    who.get(f"/posts/{past.id}/edit", status=404)
    who.get(f"/posts/{other.id}/suggestion", status=200 if said["Suggest a change to what others wrote"] else 404)
    flags_until_refused(who, ann, int(str(said["Report something"]).split()[0]))
    weight = db.session.query(Flag).filter_by(member_id=ann.id, note="real").one().weight
    assert f"{weight:g}" == said["What one report weighs, at first"]


@pytest.mark.parametrize("number", [0, 1])
def test_links_of_newcomers(app: Flask, login_as: LoginAs, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    settings = replace(app.extensions["isthmus.settings"], posting_limits=True)
    monkeypatch.setitem(app.extensions, "isthmus.settings", settings)
    said = cells(standing_at(number))["Links in one post"][number]
    assert said == ("2" if number == 0 else "any number")
    who, thread = login_as("ann"), a_thread()
    db.session.commit()
    for count, taken in ((3, number > 0), (2, True)):
        links = " ".join(f"https://elsewhere.example/{each}" for each in range(count))
        with time_machine.travel(utcnow() + timedelta(hours=count), tick=False):
            who.post(f"/threads/{thread.id}/replies", {"body": f"See {links}"}, status=302 if taken else 422)


def flags_until_refused(who: Visitor, member: Member, most: int) -> None:
    case = open_case("flag", "post", 999_999)
    for number in range(most - 1):
        db.session.add(
            Flag(
                target_kind="post",
                target_id=500_000 + number,
                member_id=member.id,
                reason="spam",
                weight=1,
                case_id=case.id,
            )
        )
    last, one_more = a_reply(a_thread()), a_reply(a_thread())
    db.session.commit()
    who.get(f"/flags/post/{last.id}")
    who.submit("main form", reason="off_topic", note="real")
    who.get(f"/flags/post/{one_more.id}")
    who.submit("main form", reason="off_topic", status=422)


def test_super_users_by_the_table(app: Flask, login_as: LoginAs) -> None:
    home, far = a_space("home"), a_space("far")
    sue = a_member("sue", super_user_in=[home])
    said = {label: row[len(LEVELS)] for label, row in cells(sue).items()}
    who = login_as("sue")
    assert said["Change and take back what one wrote"] == "always"
    who.get(f"/posts/{an_old_post(sue, 400).id}/edit")
    for space, held in ((home, True), (far, False)):
        thread = a_thread(space)
        post = a_reply(thread)
        db.session.commit()
        assert said["Close and reopen threads"] is True
        who.get(f"/posts/{post.id}/edit", status=200 if held else 404)
        who.get(f"/spaces/{space.slug}/manage", status=200 if held else 404)
        who.get(f"/threads/{thread.id}/closing", status=200 if held else 404)
    assert said["Appoint super users, and make agreements"] is False
    who.get("/appointments", status=404)


def test_every_declared_right_has_words(app: Flask) -> None:
    ours = {name for name in permissions if not name.startswith("tests.")}
    assert ours - set(SAID) == set(), "say in community/superusers/rights/said.py what these let people do"


@pytest.mark.parametrize("number", range(len(LEVELS)))
def test_each_member_sees_what_is_missing(app: Flask, login_as: LoginAs, number: int) -> None:
    ann = standing_at(number)
    who = login_as(ann.handle)
    who.get("/rights")
    (notice,) = who.select("#next")
    assert f"You are here: {LEVELS[number].name}" in notice.get_text()
    if number + 1 < len(LEVELS):
        lacking = LEVELS[number + 1].points - LEVELS[number].points
        assert f"{lacking} points more" in notice.get_text()
    else:
        assert "you need" not in notice.get_text()
    login = login_as(a_member("mia", role="manager").handle)
    login.get("/rights")
    assert "You are here: Manager" in login.text
