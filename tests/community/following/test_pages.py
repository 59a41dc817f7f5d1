"""The control on the pages of a thread, a tag, a space and a person, and the page that lists it all."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from community.core.db import db
from community.following.models import Following, FollowingPreference, Level
from community.forum import operations as forum
from tests.conftest import CountStatements, LoginAs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor

WORDS = {"4": "Watching", "3": "Watching first posts", "2": "Tracking", "1": "Normal", "0": "Muted"}


def offered(visitor: Visitor) -> list[str]:
    """The words of the levels that the open page offers."""
    return [word.get_text(strip=True) for word in visitor.select(".level__choice b")]


def chosen(visitor: Visitor) -> str:
    """The word that the control shows."""
    return visitor.select(".level > summary")[0].get_text(" ", strip=True).rpartition(": ")[2]


def pick(visitor: Visitor, level: Level) -> None:
    """Press the button of a level and come back to the page."""
    form = visitor.select(".level form")[0]
    back = str(form.select_one("[name=next]")["value"])  # type: ignore[index]
    visitor.post(str(form["action"]), {"level": str(level.value), "next": back})
    assert visitor.location == back
    visitor.follow()


@pytest.mark.parametrize("path", ["/spaces/busy", "/tags/vpn"])
def test_each_level_of_a_space_and_a_tag_can_be_chosen_and_is_shown(app: Flask, path: str, login_as: LoginAs) -> None:
    a_thread(a_space("busy"), tags=["vpn"])
    a_member("ann")
    ann = login_as("ann")
    ann.get(path)
    assert offered(ann) == list(WORDS.values())
    for number, word in WORDS.items():
        pick(ann, Level(int(number)))
        assert chosen(ann) == word
    assert db.session.scalar(select(func.count(Following.id))) == 1


def test_a_thread_shows_what_its_levels_come_to(app: Flask, login_as: LoginAs) -> None:
    thread = a_thread(a_space("busy"), tags=["vpn"])
    a_member("ann")
    ann = login_as("ann")
    ann.get(f"/threads/{thread.id}")
    assert (offered(ann), chosen(ann)) == (["Watching", "Tracking", "Normal", "Muted"], "Normal")
    ann.post("/tags/vpn/following", {"level": "2", "next": f"/threads/{thread.id}"})
    ann.follow()
    assert chosen(ann) == "Tracking"
    ann.post("/spaces/busy/following", {"level": "0", "next": f"/threads/{thread.id}"})
    ann.follow()
    assert chosen(ann) == "Muted"
    ann.submit("#reply-form", body="I have seen this before.")
    assert chosen(ann) == "Watching"
    pick(ann, Level.MUTED)
    assert chosen(ann) == "Muted"


def test_people_who_are_not_signed_in_see_no_control(app: Flask, visitor: Visitor) -> None:
    thread = a_thread(a_space("busy"), a_member("ann"), tags=["vpn"])
    for path in (f"/threads/{thread.id}", "/spaces/busy", "/tags/vpn", "/people/ann"):
        visitor.get(path)
        assert not visitor.select(".level")


def test_a_level_that_is_not_offered_is_refused(app: Flask, login_as: LoginAs) -> None:
    thread = a_thread(tags=["vpn"])
    a_member("ann"), a_member("bob")
    ann = login_as("ann")
    for path, level in ((f"/threads/{thread.id}", "3"), ("/tags/vpn", "5"), ("/people/bob", "4"), ("/tags/vpn", "")):
        ann.post(f"{path}/following", {"level": level}, status=422)
    ann.post("/people/ann/following", {"level": "0"}, status=404)
    ann.post("/following/preference", {"asking": "0", "joining": "1"}, status=422)
    ann.post("/tags/vpn/following", {"level": "4", "next": "https://elsewhere.example/"})
    assert ann.location == "/"


def test_the_thread_page_costs_no_statement_more(
    app: Flask, login_as: LoginAs, count_statements: CountStatements
) -> None:
    thread = a_thread(tags=["vpn"])
    a_reply(thread, a_member("bob"))
    a_member("ann")
    page = f"/threads/{thread.id}"
    ann, costs = login_as("ann"), []
    for levels in ((), ("/tags/vpn", "/people/bob", page)):
        for path in levels:
            ann.post(f"{path}/following", {"level": "0"})
        ann.get(page)
        with count_statements() as sql:
            ann.get(page)
        costs.append(len(sql))
    assert costs[0] == costs[1] <= 8


def test_posts_of_a_muted_person_are_folded_for_whoever_muted_them(app: Flask, login_as: LoginAs) -> None:
    bob, thread = a_member("bob", name="Bob Lind"), a_thread()
    a_reply(thread, bob, "Loud words.")
    a_member("ann"), a_member("eve")
    ann, eve = login_as("ann"), login_as("eve")
    ann.get("/people/bob")
    assert offered(ann) == ["Following", "Not following", "Muted"]
    pick(ann, Level.MUTED)
    assert chosen(ann) == "Muted"
    ann.get(f"/threads/{thread.id}")
    (folded,) = ann.select("details.folded")
    assert "Bob Lind, whom you muted" in folded.get_text()
    assert "Loud words." in folded.get_text()
    assert eve.get(f"/threads/{thread.id}").soup.select("details.folded") == []


def test_the_page_lists_everything_and_changes_it(app: Flask, login_as: LoginAs) -> None:
    inner = a_space("inner", visibility="members", name="Inner circle")
    ann = a_member("ann", member_of=[inner])
    bob = a_member("bob", name="Bob Lind")
    own, joined = a_thread(author=ann, title="My own thread"), a_thread(a_space("busy"), bob, title="A thread I joined")
    a_reply(joined, ann)
    other = a_thread(title="A thread I track", tags=["vpn"])
    visitor = login_as("ann")
    for path, level in (
        (f"/threads/{other.id}", "2"), ("/tags/vpn", "4"), ("/spaces/inner", "0"), ("/people/bob", "3"),
    ):  # fmt: skip
        visitor.post(f"{path}/following", {"level": level})
    visitor.get("/following")
    for word in ("My own thread", "A thread I joined", "A thread I track", "vpn", "Inner circle", "Bob Lind"):
        assert word in visitor.text
    rows = select(func.count()).select_from(Following).where(Following.member_id == ann.id)
    visitor.submit("#levels")
    assert db.session.scalar(rows) == 4
    visitor.submit("#levels", **{f"level:thread:{own.id}": "0", "level:tag:vpn": "1", "level:person:bob": "0"})
    assert visitor.page.path == "/following"
    level = select(Following.level).where(Following.thread_id == own.id, Following.member_id == ann.id)
    assert db.session.scalar(level) == Level.MUTED
    assert db.session.scalar(select(Following.level).where(Following.person_id == bob.id)) == Level.MUTED
    assert db.session.scalar(select(Following.id).where(Following.tag == "vpn")) is None
    visitor.post("/following", {"level:tag:mail": "9", "was:tag:mail": "1"})
    visitor.post("/following", {f"level:thread:{own.id}": "9", f"was:thread:{own.id}": "0"}, status=422)
    visitor.get("/following")
    visitor.submit("#by-itself-form", asking="2", joining="1")
    assert "A thread I joined" not in visitor.text
    kept = db.session.get_one(FollowingPreference, ann.id)
    assert (kept.when_asking, kept.when_joining) == (Level.TRACKING, Level.NORMAL)
    for grant in ann.grants:
        db.session.delete(grant)
    forum.restrict(other, by_id=None)
    visitor.get("/following")
    assert "Inner circle" not in visitor.text
    assert "A thread I track" not in visitor.text


def test_the_page_costs_the_same_however_much_one_follows(
    app: Flask, login_as: LoginAs, count_statements: CountStatements
) -> None:
    ann = a_member("ann")
    visitor, costs = login_as("ann"), []
    for _ in range(2):
        for number in range(4):
            a_thread(author=ann, tags=[f"tag{number}"])
            visitor.post(f"/tags/tag{number}/following", {"level": "4"})
            visitor.post(f"/people/{a_member().handle}/following", {"level": "3"})
        visitor.get("/following")
        with count_statements() as sql:
            visitor.get("/following")
        costs.append(len(sql))
    assert costs[0] == costs[1] <= 8


def test_nothing_followed_says_how_to_begin(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    ann = login_as("ann")
    ann.get("/following")
    assert "Each tag's page has such a menu" in ann.text
    ann.get("/following", page=2, status=404)
