"""Votes that an appeal, or a person, gave back are not put before a person again the next night."""

import pytest
from flask import Flask
from sqlalchemy import select

from community.core.db import at_time, db
from community.forum import operations
from community.moderation.models import Case, Measure
from gamification.integrity.detection import detect
from gamification.integrity.reading import table_of_votes
from gamification.integrity.watching import watch_votes
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_thread

from .test_watching import EACH, ago, friendly, picture, the_case, two


@pytest.mark.parametrize("way", ["appeal", "give-back"])
def test_what_was_given_back_is_held_honest(app: Flask, login_as: LoginAs, run_jobs: RunJobs, way: str) -> None:
    ann, bob = two()
    friendly(ann, bob)
    for handle in ("manager", "other"):
        a_member(handle, role="manager")
    run_jobs()
    before = picture()
    watch_votes()
    case = the_case()
    decision = {"decision": "void", "words": "These votes look arranged."}
    login_as("manager").post(f"/review/{case.id}/decision", decision)
    run_jobs()
    measure = db.session.scalars(select(Measure).where(Measure.member_id == bob.id)).one()
    assert picture() != before
    if way == "appeal":
        login_as("bob").post(f"/measures/{measure.id}/appeal", {"words": "We only thanked each other for help."})
        appeal = db.session.scalars(select(Case).where(Case.kind == "appeal")).one()
        login_as("other").post(f"/review/{appeal.id}/decision", {"decision": "reverse", "words": "You are right."})
    else:
        login_as("other").post(f"/measures/{measure.id}/votes/undoing")
    run_jobs()
    assert picture() == before
    watch_votes()
    assert states() == ["decided"]


def states() -> list[str]:
    db.session.expire_all()
    return [row.state for row in db.session.scalars(select(Case).where(Case.kind == "votes").order_by(Case.id))]


def test_of_a_ring_what_one_appeal_gave_back_is_not_proposed_until_votes_were_added(
    app: Flask, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    """Ann and Bob, Bob and Cleo vote for each other, Cleo for Ann; Ann is found right, and goes on with Bob."""
    ann, bob = two()
    cleo = a_member("cleo")
    friendly(bob, cleo)
    about = friendly(ann, bob)[0].thread
    for number in range(EACH):
        with at_time(ago(60 - number)):
            post = a_reply(a_thread(about.space, about.author), ann)
            operations.mark_helpful(post, member_id=cleo.id)
    for handle in ("manager", "other"):
        a_member(handle, role="manager")
    run_jobs()
    watch_votes()
    case = the_case()
    assert case.why[0]["members"] == sorted((ann.id, bob.id, cleo.id))
    decision = {"decision": "void", "words": "These votes look arranged."}
    login_as("manager").post(f"/review/{case.id}/decision", decision)
    run_jobs()
    measure = db.session.scalars(select(Measure).where(Measure.member_id == ann.id)).one()
    login_as("ann").post(f"/measures/{measure.id}/appeal", {"words": "We only thanked each other for help."})
    appeal = db.session.scalars(select(Case).where(Case.kind == "appeal")).one()
    login_as("other").post(f"/review/{appeal.id}/decision", {"decision": "reverse", "words": "You are right."})
    run_jobs()
    standing = {one.ended_at is None for one in db.session.scalars(select(Measure))}
    assert standing == {True, False}, "what Bob and Cleo gave each other stays aside"
    assert detect(table_of_votes(ago(365))), "there is a pattern to be left alone"
    watch_votes()
    assert states() == ["decided"]
    friendly(ann, bob, each=2, days=-10)
    watch_votes()
    assert states() == ["decided"], "two more are hardly news"
    friendly(ann, bob, each=6, days=-20)
    watch_votes()
    assert states() == ["decided", "open"]
