"""Small texts that everybody reads ask the gate: lines of thanks, where one has a problem, tags, names of newcomers."""

import pytest
from flask import Flask

from community.accounts.models import Member
from community.core.db import db
from community.forum.models import HaveToo, Post, Thread
from community.forum.reactions.thanking import Thanks
from community.forum.tagging.models import Tag
from community.moderation import measures
from community.moderation.models import Case
from community.spaces.models import Space
from tests.community.accounts.letters import Letters
from tests.community.accounts.letters import letters as letters
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_thread
from tests.visit import Visitor

from .conftest import rules

SECRET = "a quiet little brook"
REFUSED, HELD = "“casino” is not published here", "“lottery” is looked at first, which is not done here"


@pytest.fixture
def boss(home: Space, login_as: LoginAs) -> Visitor:
    """Casinos are refused, lotteries looked at, damn is masked and bingo reported, everywhere."""
    boss = login_as("boss")
    for word, action in (("casino", "refuse"), ("lottery", "hold"), ("damn", "mask"), ("bingo", "flag")):
        boss.get("/admin/watched-words")
        boss.submit("#word-form", text=word, look="word", action=action)
    return boss


@pytest.fixture
def post(home: Space) -> Post:
    return a_reply(a_thread(home), a_member("bob"))


def member(handle: str = "ann") -> Member:
    return db.session.query(Member).filter_by(handle=handle).one()


def thanks(who: Visitor, post: Post, line: str, status: int | None = None) -> None:
    who.get(f"/threads/{post.thread_id}")
    who.post(f"/posts/{post.id}/thanks", {"line": line}, status=status)


def line() -> str | None:
    return db.session.query(Thanks.line).filter_by(member_id=member().id).scalar()


def test_a_line_of_thanks(boss: Visitor, ann: Visitor, post: Post) -> None:
    thanks(ann, post, "Meet me at the casino", status=422)
    assert REFUSED in ann.select("#line-error")[0].get_text()
    assert ann.select("#line")[0]["value"] == "Meet me at the casino"
    thanks(ann, post, "You won the lottery", status=422)
    assert HELD in ann.select("#line-error")[0].get_text()
    assert line() is None
    ann.submit(f"/posts/{post.id}/thanks", line="That damn lift goes")
    assert line() == "That ■■■■ lift goes"


def test_what_is_to_be_reported_leads_to_whoever_wrote_it(boss: Visitor, ann: Visitor, post: Post) -> None:
    thanks(ann, post, "See you at the bingo")
    case = db.session.query(Case).filter_by(kind="flag").one()
    assert (case.target_kind, case.target_id, line()) == ("member", member().id, "See you at the bingo")
    boss.get(f"/review/{case.id}")
    assert "bingo" in boss.text


@pytest.mark.usefixtures("limits")
def test_links_of_newcomers(home: Space, ann: Visitor, post: Post) -> None:
    thanks(ann, post, "See https://a.example https://b.example https://c.example", status=422)
    assert "At most 2 links while you are new here." in ann.text
    rules(home, newcomer_links=1)
    thanks(ann, post, "See https://a.example", status=422)
    assert "Please leave the link out." in ann.select("#line-error")[0].get_text()
    thanks(ann, post, "I saw it at last")
    assert line() == "I saw it at last"


def test_whoever_may_not_write_writes_no_line(boss: Visitor, ann: Visitor, post: Post, login_as: LoginAs) -> None:
    silence = measures.take("silence", rule="spam", member_id=member().id, by_id=member("boss").id)
    thanks(ann, post, "Thank you!", status=422)
    assert "You may read, and write nothing, until" in ann.select("#line-error")[0].get_text()
    measures.end(silence, by_id=member("boss").id, how="lifted")
    boss.get("/spaces/home/manage/before-publishing")
    boss.submit("#closing-form", why="We move to the new building.")
    thanks(ann, post, "Thank you!", status=422)
    assert "We move to the new building." in ann.select("#line-error")[0].get_text()
    boss.get("/spaces/home/manage/before-publishing")
    boss.submit("#opening-form")
    thanks(ann, post, "Thank you!")
    assert line() == "Thank you!"


def test_where_one_has_it_too(boss: Visitor, ann: Visitor, post: Post) -> None:
    there = f"/threads/{post.thread_id}/have-too"
    ann.get(f"/threads/{post.thread_id}")
    ann.post(there, {"to": "on"})
    ann.post(f"{there}/details", {"version": "5.1", "site": "The casino"}, status=422)
    assert REFUSED in ann.select("#site-error")[0].get_text()
    assert not ann.select("#version-error")
    said = db.session.query(HaveToo).filter_by(member_id=member().id).one()
    assert (said.version, said.site) == ("", "")
    ann.submit(f"{there}/details", site="The damn mill")
    assert (said.version, said.site) == ("5.1", "The ■■■■ mill")


def test_what_a_tag_is_for(boss: Visitor, home: Space, login_as: LoginAs) -> None:
    a_thread(home, tags=["lift"])
    sue = login_as("sue")
    for name, wrong, said in (("body", "All about casino lifts", REFUSED), ("reason", "A lottery", HELD)):
        sue.get("/tags/lift/edit")
        sue.submit("#tag-form", **{"body": "All about lifts"} | {name: wrong}, status=422)
        assert said in sue.select(f"#{name}-error")[0].get_text()
    assert db.session.query(Tag).filter(Tag.body != "").count() == 0
    sue.submit("#tag-form", body="All about damn lifts", reason="")
    boss.get("/tags/lift/edit")
    boss.submit("#tag-form", body="All about ■■■■ lifts, casino lifts too")
    sue.get("/tags/lift/edit")
    sue.submit("#tag-form", body="All about ■■■■ lifts, casino lifts too, and stairs")
    assert db.session.query(Tag).filter_by(name="lift").one().body.endswith("and stairs")


def test_staff_decides_on_ideas_in_its_own_words(boss: Visitor, home: Space) -> None:
    idea: Thread = a_thread(home, kind="idea")
    boss.get(f"/threads/{idea.id}/decision")
    boss.submit("main form", state="planned", body="The casino gets a lift.")
    assert idea.posts[-1].body == "The casino gets a lift."


def joins(visitor: Visitor, name: str, status: int | None = None) -> None:
    visitor.get("/join")
    visitor.submit("main form", name=name, email="ivo@example.org", password=SECRET, status=status)


def test_the_name_with_which_somebody_joins(boss: Visitor, app: Flask) -> None:
    visitor = Visitor(app)
    joins(visitor, "Casino Ivo", status=422)
    assert REFUSED.casefold() in visitor.select("#name-error")[0].get_text().casefold()
    joins(visitor, "Ivo of the lottery", status=422)
    assert "looked at first" in visitor.select("#name-error")[0].get_text()
    assert db.session.query(Member).filter_by(email="ivo@example.org").count() == 0
    boss.get("/admin/before-publishing")
    boss.submit("#closing-form", why="We move to a new machine.")
    joins(visitor, "Damn Ivo")
    assert db.session.query(Member).filter_by(email="ivo@example.org").one().name == "■■■■ Ivo"


def test_the_name_with_which_somebody_takes_an_invitation(
    boss: Visitor, app: Flask, letters: Letters, run_jobs: RunJobs, login_as: LoginAs
) -> None:
    a_member("adam", role="admin")
    adam = login_as("adam")
    adam.get("/admin/joining")
    adam.submit("#mode-form", mode="open", invitations="2")
    sue = login_as("sue")
    sue.get("/invitations")
    sue.submit("#invite-form", email="ivo@example.org")
    run_jobs()
    visitor = Visitor(app)
    visitor.get(letters.link_to("ivo@example.org", "/invited/"))
    visitor.submit("main form", name="Casino Ivo", password=SECRET, status=422)
    assert "is not published here" in visitor.select("#name-error")[0].get_text()
    visitor.submit("main form", name="Ivo", password=SECRET)
    assert db.session.query(Member).filter_by(email="ivo@example.org").one().name == "Ivo"
