"""From facts to a case, from a decision to votes set aside, and back: points, levels, badges and counts as before."""

from dataclasses import replace
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from community.accounts.loading import actor_for
from community.accounts.models import Member
from community.core.db import at_time, db, utcnow
from community.forum import operations
from community.forum.arranging import posts as arranging_posts
from community.forum.models import HelpfulVote, Post
from community.moderation import cases, kinds
from community.moderation.measures import end
from community.moderation.models import Case, Measure
from community.moderation.policies import can_review
from community.notifications.models import Notification
from gamification.integrity.detection import detect
from gamification.integrity.findings import Finding, Kind
from gamification.integrity.models import VoteFinding
from gamification.integrity.reading import table_of_votes
from gamification.integrity.watching import propose, watch_votes
from gamification.ledger import stand
from gamification.models import BadgeAward, LedgerEntry, Standing
from gamification.rebuilding import rebuild
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread

EACH = 8


def ago(days: float) -> datetime:
    return utcnow() - timedelta(days=days)


def friendly(first: Member, second: Member, *, each: int = EACH, days: float = 60) -> list[Post]:
    """Two who vote for each other's replies, one a day, among what a few others vote."""
    space, others = a_space(), [a_member() for _number in range(12)]
    posts = []
    for number in range(each):
        for author, voter in ((first, second), (second, first)):
            with at_time(ago(days - number)):
                posts.append(a_reply(a_thread(space, others[0]), author))
                operations.mark_helpful(posts[-1], member_id=voter.id)
        with at_time(ago(days - number)):
            for place, other in enumerate(others):
                post = a_reply(a_thread(space, other), others[(place + number) % 12])
                operations.mark_helpful(post, member_id=others[(place + 2 * number + 1) % 12].id)
    return posts


def two() -> tuple[Member, Member]:
    return a_member("ann", name="Ann Arndt"), a_member("bob", name="Bob Berg")


def the_case() -> Case:
    return db.session.scalars(select(Case).where(Case.kind == "votes", Case.state != "decided")).one()


def decide(case: Case, key: str, by: Member, words: str = "") -> None:
    known = kinds.case_kind("votes")
    assert known is not None
    cases.decide(case, known.by_key[key], by_id=by.id, words=words)


def undo(case: Case, by: Member) -> bool:
    known = kinds.case_kind("votes")
    assert known is not None
    return cases.take_back(case, known.by_key[case.decision], by_id=by.id)


def picture() -> tuple[object, ...]:
    """Counts, votes, points, levels, badges: everything that must come back."""
    db.session.expire_all()
    counts = db.session.execute(select(Post.id, Post.helpful_count, Post.not_helpful_count).order_by(Post.id)).all()
    votes = db.session.execute(
        select(HelpfulVote.post_id, HelpfulVote.member_id, HelpfulVote.helpful, HelpfulVote.at).order_by(
            HelpfulVote.post_id, HelpfulVote.member_id
        )
    ).all()
    rows = db.session.scalars(select(Standing).order_by(Standing.member_id))
    standings = [(row.member_id, row.points, row.level) for row in rows if row.points]
    awards = db.session.scalars(select(BadgeAward).order_by(BadgeAward.member_id, BadgeAward.badge))
    return counts, votes, standings, [(row.member_id, row.badge, row.at) for row in awards]


def points_of(member: Member) -> int:
    db.session.expire_all()
    row = db.session.get(Standing, member.id)
    return row.points if row else 0


def test_a_pattern_becomes_one_case_and_nothing_else_happens(app: Flask, run_jobs: RunJobs) -> None:
    ann, bob = two()
    friendly(ann, bob)
    run_jobs()
    before = picture()
    watch_votes()
    watch_votes()
    case = the_case()
    assert case.why[0]["kind"] == Kind.PAIR
    assert sorted(case.why[0]["members"]) == sorted((ann.id, bob.id))
    assert (case.why[0]["number"], case.staff_only) == (2 * EACH, True)
    assert db.session.scalars(select(Measure)).all() == []
    run_jobs()
    assert picture() == before


def test_the_case_says_who_how_many_in_which_time_and_what_chance_would_give(app: Flask) -> None:
    friendly(*two())
    watch_votes()
    case, manager = the_case(), a_member(role="manager")
    db.session.commit()
    known = kinds.case_kind("votes")
    assert known is not None
    with app.test_request_context():
        shown = known.shown([case], {}, actor_for(manager.id))[case.id]
        assert known.shown([case], {}, actor_for(case.why[0]["members"][0])) == {}
    assert shown.title == "Two people vote for each other"
    assert shown.why[0] == "Ann Arndt, Bob Berg gave each other 16 votes."
    assert "within 8 days" in shown.why[1]
    assert "100 %" in shown.why[2]
    assert shown.why[3].startswith("If all voted as the others in their spaces do, it would be about ")


def test_answers_that_stay_are_not_put_before_a_person_every_night(app: Flask) -> None:
    ann, bob = two()
    days = ago(30), ago(1)
    found = Finding(Kind.ANSWERS, tuple(sorted((ann.id, bob.id))), 12, 0.25, *days, 12, 12, ann.id, bob.id)
    assert propose([found]) == 1
    with app.test_request_context():
        decide(the_case(), "void", a_member("mia", role="manager"), "Only among themselves.")
    assert propose([found]) == 0
    assert propose([replace(found, number=30)]) == 1


def test_only_managers_decide_and_nobody_about_themselves(app: Flask) -> None:
    ann, bob = two()
    ann.role = "manager"
    friendly(ann, bob)
    watch_votes()
    case, manager = the_case(), a_member(role="manager")
    helper = a_member(super_user_in=[db.session.get_one(type(case.space), case.space_id)] if case.space else [])
    db.session.commit()
    known = kinds.case_kind("votes")
    assert known is not None
    assert can_review(actor_for(manager.id), case)
    assert not can_review(actor_for(helper.id), case)
    assert known.may(actor_for(manager.id), case)
    assert not known.may(actor_for(ann.id), case)


def test_what_was_found_honest_is_not_proposed_again_until_it_grew_by_half(app: Flask) -> None:
    ann, bob = two()
    friendly(ann, bob)
    watch_votes()
    decide(the_case(), "honest", a_member(role="manager"))
    friendly(ann, bob, each=2, days=20)
    watch_votes()
    assert db.session.scalars(select(Case).where(Case.state != "decided")).all() == []
    friendly(ann, bob, each=3, days=10)
    watch_votes()
    assert the_case().why[0]["number"] == 2 * (EACH + 5)
    assert len(db.session.scalars(select(VoteFinding)).all()) == 1


def test_votes_set_aside_take_points_levels_and_badges_along_and_bring_them_back(app: Flask, run_jobs: RunJobs) -> None:
    ann, bob = two()
    friendly(ann, bob, each=10)
    run_jobs()
    watch_votes()
    before, manager = picture(), a_member("manager", role="manager")
    assert (points_of(ann), points_of(bob)) == (50, 50)
    case = the_case()
    decide(case, "void", manager, "These votes look arranged.")
    run_jobs()
    assert (points_of(ann), points_of(bob)) == (0, 0)
    assert db.session.scalars(select(BadgeAward).where(BadgeAward.member_id.in_((ann.id, bob.id)))).all() == []
    told = set(db.session.scalars(select(Notification.member_id).where(Notification.kind == "measure")))
    assert told == {ann.id, bob.id}
    assert {finding.kind for finding in detect(table_of_votes(ago(365)))} == set()
    assert undo(case, manager)
    run_jobs()
    assert picture() == before
    ledger = sorted((row.member_id, row.cause_id, row.points) for row in db.session.scalars(select(LedgerEntry)))
    assert sum(points for member_id, _cause, points in ledger if member_id == ann.id) == 50
    rebuild()
    assert picture() == before
    assert the_case().id == case.id


def test_the_inbox_shows_it_to_a_manager_who_decides_and_takes_that_back(app: Flask, login_as: LoginAs) -> None:
    ann, bob = two()
    ann.role = "manager"
    posts = friendly(ann, bob)
    a_member("manager", role="manager")
    watch_votes()
    case = the_case()
    assert "Two people vote for each other" not in login_as("ann").get("/review").text
    manager = login_as("manager")
    assert "Ann Arndt, Bob Berg gave each other 16 votes." in manager.get("/review").text
    manager.get(f"/review/{case.id}")
    decided = f"/review/{case.id}/decision"
    manager.submit(decided, button="void", words="These votes look arranged.")
    assert sum(post.helpful_count for post in posts) == 0
    manager.get("/review?show=decided")
    manager.submit(f"/review/{case.id}/undoing")
    assert sum(post.helpful_count for post in posts) == 2 * EACH
    manager.get(f"/review/{case.id}")
    manager.submit(decided, button="honest")
    assert db.session.scalars(select(VoteFinding.outcome)).one() == "honest"


def test_points_follow_also_where_threads_were_merged_since(app: Flask, run_jobs: RunJobs) -> None:
    ann, bob = two()
    posts, manager = friendly(ann, bob), a_member(role="manager")
    run_jobs()
    arranging_posts.merge(posts[0].thread, posts[2].thread, by_id=manager.id, reason="same")
    run_jobs()
    before = picture()
    watch_votes()
    decide(the_case(), "void", manager, "These votes look arranged.")
    run_jobs()
    assert (points_of(ann), points_of(bob)) == (0, 0)
    assert undo(db.session.scalars(select(Case).where(Case.kind == "votes")).one(), manager)
    run_jobs()
    assert picture() == before


def test_who_is_right_on_appeal_gets_everything_back_and_so_does_whoever_has_nothing_left(
    app: Flask, run_jobs: RunJobs
) -> None:
    ann, bob = two()
    friendly(ann, bob)
    run_jobs()
    before, manager = picture(), a_member("manager", role="manager")
    watch_votes()
    decide(the_case(), "void", manager, "These votes look arranged.")
    run_jobs()
    measures = db.session.scalars(select(Measure).order_by(Measure.id)).all()
    assert [measure.member_id for measure in measures] == sorted((ann.id, bob.id))
    assert picture() != before
    assert end(measures[1], by_id=manager.id, how="appeal")
    run_jobs()
    assert picture() == before
    assert {measure.ended_at is None for measure in db.session.scalars(select(Measure))} == {False}
    stand(ann.id)
    assert picture() == before
