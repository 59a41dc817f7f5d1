"""The one inbox: who sees which case, deciding exactly once, together, in bulk, and back again."""

import pytest
from flask import Flask
from sqlalchemy import select

from community.accounts.models import Member
from community.core.db import db
from community.forum.models import Post
from community.moderation.models import Case, Flag, Measure
from tests.conftest import CountStatements, LoginAs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor


@pytest.fixture
def posts(app: Flask) -> list[Post]:
    """Three replies of Bob's in a space of Sue's and Sam's, and one in a space of Olga's."""
    home, far = a_space("home"), a_space("far")
    a_member("sue", super_user_in=[home])
    a_member("sam", super_user_in=[home])
    a_member("olga", super_user_in=[far])
    a_member("boss", role="manager")
    bob = a_member("bob")
    thread = a_thread(home, a_member("ann"), title="The lift stands still")
    return [*(a_reply(thread, bob, f"Buy pills {n}") for n in range(3)), a_reply(a_thread(far), bob, "Buy more")]


def report(login_as: LoginAs, *posts: Post, by: str = "ann") -> list[Case]:
    who = login_as(by)
    for post in posts:
        who.get(f"/flags/post/{post.id}")
        who.submit("main form", reason="spam")
    return list(db.session.scalars(select(Case).order_by(Case.id)))


def decide(who: Visitor, case: Case, key: str, words: str = "No pills here.", status: int | None = None) -> None:
    who.get(f"/review/{case.id}")
    who.post(f"/review/{case.id}/decision", {"decision": key, "words": words}, status=status)


def test_each_sees_the_cases_of_their_space(posts: list[Post], login_as: LoginAs) -> None:
    near, *_rest, far = report(login_as, *posts)
    sue, olga, boss = login_as("sue"), login_as("olga"), login_as("boss")
    sue.get("/review")
    assert "The lift stands still" in sue.text
    assert "3 things need a decision" in sue.text
    sue.get(f"/review/{far.id}", status=404)
    olga.get("/review")
    assert "1 thing needs a decision" in olga.text
    olga.get(f"/review/{near.id}", status=404)
    boss.get("/review")
    assert "4 things need a decision" in boss.text
    for handle in ("ann", "bob"):
        login_as(handle).get("/review", status=404)
        login_as(handle).get(f"/review/{near.id}", status=404)


def test_what_only_staff_may_read_waits_for_staff(posts: list[Post], login_as: LoginAs) -> None:
    posts[0].thread.restricted = True
    (case,) = report(login_as, posts[0])
    sue = login_as("sue")
    sue.get("/review")
    assert "The lift stands still" not in sue.html
    sue.get(f"/review/{case.id}", status=404)
    login_as("boss").get(f"/review/{case.id}")


def test_nobody_decides_about_themselves(posts: list[Post], login_as: LoginAs) -> None:
    own = a_reply(posts[0].thread, db.session.scalars(select(Member).where(Member.handle == "sue")).one(), "My own")
    (case,) = report(login_as, own)
    login_as("sue").get(f"/review/{case.id}", status=404)
    login_as("sam").get(f"/review/{case.id}")


def test_two_decide_at_once_and_nothing_happens_twice(posts: list[Post], login_as: LoginAs) -> None:
    (case,) = report(login_as, posts[0])
    sue, sam = login_as("sue"), login_as("sam")
    sam.get(f"/review/{case.id}")
    decide(sue, case, "hide_warn")
    sam.post(f"/review/{case.id}/decision", {"decision": "fine"}, status=409)
    assert "decided this meanwhile" in sam.text
    db.session.expire_all()
    assert [one.kind for one in db.session.scalars(select(Measure).order_by(Measure.id))] == ["hide", "warn"]
    assert db.session.get_one(Post, posts[0].id).hidden_at is not None


def test_words_are_asked_for_and_kept(posts: list[Post], login_as: LoginAs) -> None:
    (case,) = report(login_as, posts[0])
    sue = login_as("sue")
    decide(sue, case, "hide", words="", status=422)
    assert "Say in a few words why" in sue.text
    decide(sue, case, "hide", words="x" * 501, status=422)
    assert "x" * 501 in sue.html
    decide(sue, case, "nonsense", status=422)
    assert db.session.get_one(Case, case.id).state == "open"


def test_claimed_seconded_handed_over_and_taken_back(posts: list[Post], login_as: LoginAs) -> None:
    (case,) = report(login_as, posts[0])
    sue, sam = login_as("sue"), login_as("sam")
    for who in (sue, sam):
        who.get(f"/review/{case.id}")
        who.post(f"/review/{case.id}/claim")
    db.session.refresh(case)
    assert case.claimed_by is not None
    assert case.claimed_by.handle == "sue"
    sam.get("/review?show=free")
    assert "The lift stands still" not in sam.html
    sue.post(f"/review/{case.id}/second-opinion")
    sam.get("/review?show=second")
    assert "The lift stands still" in sam.text
    sam.post(f"/review/{case.id}/opinion", {"decision": "fine", "words": "It is a joke"})
    sue.get(f"/review/{case.id}")
    assert "sam would decide: It is fine" in sue.text.replace("Sam", "sam")
    sue.post(f"/review/{case.id}/assignment", {"to": "sam", "note": "You know him"})
    sam.get("/review?show=mine")
    assert "You know him" in sam.text
    sue.post(f"/review/{case.id}/assignment", {"to": "bob"}, status=404)
    decide(sam, case, "hide")
    assert db.session.get_one(Post, posts[0].id).hidden_at is not None
    sue.get(f"/review/{case.id}")
    sue.post(f"/review/{case.id}/undoing", status=404)
    sam.get(f"/review/{case.id}")
    sam.submit("main .case form")
    db.session.expire_all()
    assert db.session.get_one(Post, posts[0].id).hidden_at is None
    assert db.session.get_one(Case, case.id).state == "open"
    assert [flag.state for flag in db.session.scalars(select(Flag))] == ["open"]


def test_a_wave_of_spam_is_decided_at_once(posts: list[Post], login_as: LoginAs) -> None:
    report(login_as, *posts)
    boss = login_as("boss")
    boss.get("/review?about=bob")
    boss.submit("#bulk", scope="all", decision="hide", words="No pills here.")
    db.session.expire_all()
    assert all(db.session.get_one(Post, post.id).hidden_at is not None for post in posts)
    assert {case.state for case in db.session.scalars(select(Case))} == {"decided"}
    boss.get("/review?about=bob&show=decided")
    assert "No pills here." in boss.text


def test_only_what_one_may_decide_is_decided_in_bulk(posts: list[Post], login_as: LoginAs) -> None:
    cases = report(login_as, *posts)
    sue = login_as("sue")
    sue.get("/review")
    sue.post("/review/decisions", {"scope": "chosen", "case": [str(case.id) for case in cases], "decision": "fine"})
    db.session.expire_all()
    assert [db.session.get_one(Case, case.id).state for case in cases] == ["decided"] * 3 + ["open"]


def test_the_page_costs_the_same_for_two_and_for_twenty(
    posts: list[Post], login_as: LoginAs, count_statements: CountStatements
) -> None:
    report(login_as, *posts[:2])
    boss = login_as("boss")
    boss.get("/review")
    with count_statements() as few:
        boss.get("/review")
    report(login_as, *(a_reply(posts[0].thread, posts[0].author, f"More pills {n}") for n in range(18)), by="sam")
    with count_statements() as many:
        boss.get("/review")
    assert len(many) <= len(few) + 1
